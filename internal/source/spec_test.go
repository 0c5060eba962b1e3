package source

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/diag"
)

var teamList = map[string]string{
	"web": "gh:acme/packs//web@v2", "local": "/srv/packs/x", "evil": "ext::sh -c id", "loop": "loop", "-x": "./x", "secret": "https://u:pw@host.example/r.git",
}

func TestParse(t *testing.T) {
	for text, want := range map[string]Spec{
		"./x":                          {folder: "x"},
		"x/y":                          {folder: "x/y"},
		"../x/./y/":                    {folder: "../x/y"},
		"/srv//packs":                  {folder: "/srv/packs"},
		"/srv/a:b":                     {folder: "/srv/a:b"},
		".":                            {folder: "."},
		"..":                           {folder: ".."},
		"local":                        {folder: "/srv/packs/x"},
		"./a@b":                        {folder: "a@b"},
		"gh:acme/packs":                {repo: "gh:acme/packs", url: "https://github.com/acme/packs.git"},
		"web":                          {repo: "gh:acme/packs", url: "https://github.com/acme/packs.git", dir: "web", ref: "v2"},
		"gh:a.b/c-d@1.0":               {repo: "gh:a.b/c-d", url: "https://github.com/a.b/c-d.git", ref: "1.0"},
		"gh:a/b//x/y@@scope/pkg@1.0":   {repo: "gh:a/b", url: "https://github.com/a/b.git", dir: "x/y", ref: "@scope/pkg@1.0"},
		"gl:g/s/u/b//x@feature/y":      {repo: "gl:g/s/u/b", url: "https://gitlab.com/g/s/u/b.git", dir: "x", ref: "feature/y"},
		"https://host.example/a/b.git": {repo: "https://host.example/a/b.git", url: "https://host.example/a/b.git"},
		"HTTPS://Host.Example:8443/a/b.git//c@v1":             {repo: "https://host.example:8443/a/b.git", url: "https://host.example:8443/a/b.git", dir: "c", ref: "v1"},
		"https://[::1]:8443/a.git":                            {repo: "https://[::1]:8443/a.git", url: "https://[::1]:8443/a.git"},
		"http://localhost/a.git":                              {repo: "http://localhost/a.git", url: "http://localhost/a.git"},
		"http://[::1]:80/a.git":                               {repo: "http://[::1]:80/a.git", url: "http://[::1]:80/a.git"},
		"http://[::1]/a.git":                                  {repo: "http://[::1]/a.git", url: "http://[::1]/a.git"},
		"http://127.0.0.1:80/a.git":                           {repo: "http://127.0.0.1:80/a.git", url: "http://127.0.0.1:80/a.git"},
		"ssh://git@host.example:22/a/b.git//c@v1":             {repo: "ssh://git@host.example:22/a/b.git", url: "ssh://git@host.example:22/a/b.git", dir: "c", ref: "v1"},
		"ssh://host.example/~u/b":                             {repo: "ssh://host.example/~u/b", url: "ssh://host.example/~u/b"},
		"git@host.example:a/b.git//c@v1":                      {repo: "git@host.example:a/b.git", url: "git@host.example:a/b.git", dir: "c", ref: "v1"},
		"git@host.example:/srv/b.git":                         {repo: "git@host.example:/srv/b.git", url: "git@host.example:/srv/b.git"},
		"gh:a/b@" + strings.Repeat("0123456789", 4):           {repo: "gh:a/b", url: "https://github.com/a/b.git", ref: strings.Repeat("0123456789", 4)},
		"https://user:p%40ss@host.example/a/b.git//c@v1":      {repo: "https://host.example/a/b.git", url: "https://host.example/a/b.git", dir: "c", ref: "v1"},
		"https://token@host.example/a/b.git":                  {repo: "https://host.example/a/b.git", url: "https://host.example/a/b.git"},
		"https://odd@name:p@ss:w@host.example/a/b.git//c@v1@": {repo: "https://host.example/a/b.git", url: "https://host.example/a/b.git", dir: "c", ref: "v1@"},
	} {
		got, err := Parse(text, teamList)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		hadLogin := strings.HasPrefix(text, "https://") && strings.Contains(strings.Split(text, "/")[2], "@")
		if (got.login != nil) != hadLogin {
			t.Errorf("%q: login %v", text, got.login)
		}
		login := got.login
		got.login = nil
		if fmt.Sprintf("%+v", fields(got)) != fmt.Sprintf("%+v", fields(want)) {
			t.Errorf("%q: got %+v; want %+v", text, fields(got), fields(want))
		}
		// What is recorded gives the same again, without the login.
		again, err := Parse(got.String(), nil)
		if err != nil || fields(again) != fields(got) {
			t.Errorf("%q: recorded as %q, which gives %+v, %v", text, got, fields(again), err)
		}
		if login != nil {
			if secret, ok := login.Password(); ok && strings.Contains(got.String(), secret) {
				t.Errorf("%q: %q shows the password", text, got)
			}
		}
	}
}

func fields(s Spec) [5]string { return [5]string{s.folder, s.repo, s.url, s.dir, s.ref} }

func TestParseOnWindows(t *testing.T) {
	for _, text := range []string{`C:\packs\x`, `C:/packs/x`, `\\server\share`, `..\x`, `packs\x`, `\packs\a:b`} {
		if s, err := Parse(text, nil); err != nil || !s.IsFolder() || s.folder != filepath.Clean(text) {
			t.Errorf("%q: %+v, %v", text, s, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, words := range map[string]string{
		"":                                   "is empty",
		"-x":                                 "begins with a dash",
		"--upload-pack=touch /x":             "begins with a dash",
		"evil":                               "none of the forms",
		"ext::sh -c id":                      "none of the forms",
		"file:///etc":                        "scheme file",
		"file://host/x":                      "scheme file",
		"http://host.example/a":              "scheme http",
		"git://host.example/a":               "scheme git",
		"ftp://host.example/a":               "scheme ftp",
		"svn+ssh://host.example/a":           "scheme svn+ssh",
		"https://http://x/y":                 "names no host",
		"http://127.0.0.1.evil.example/a":    "scheme http",
		"http://localhost@evil.example/a":    "scheme http",
		"https:///a/b":                       "names no host",
		"https://host.example":               "no path",
		"https://host.example/":              "no path",
		"https://host.example//a":            "no path",
		"https://-oProxyCommand=x/a":         "names no host",
		"ssh://-oProxyCommand=x/a":           "names no host",
		"ssh://-oProxy@host.example/a":       "login",
		"ssh://git:pw@host.example/a":        "login",
		"git@-oProxyCommand=x:a":             "no address",
		"-git@host:a":                        "begins with a dash",
		"git@host:-a":                        "no address",
		"$x@host:a":                          "no address",
		"git@[::1]:a":                        "no address",
		"git@host:a b":                       "no address",
		"a-b:c":                              "none of the forms",
		"https://host.example/a/../b":        "no path",
		"https://host.example/../b":          "no path",
		"https://host.example/a?x=y":         "no path",
		"https://host.example/a#x":           "no path",
		"https://host.example/a;x":           "no path",
		"https://host.example/$(x)":          "no path",
		"https://u:p%zz@host.example/a":      "login that cannot be read",
		"https://u:p%0a@host.example/a":      "login that cannot be read",
		"gh:a":                               "owner and a repository",
		"gh:a/b/c":                           "owner and a repository",
		"gh:/b":                              "no name",
		"gh:../b":                            "no name",
		"gh:./b":                             "no name",
		"gh:-a/b":                            "no name",
		"gh:a/b?":                            "no name",
		"gl:a":                               "owner and a repository",
		"gh:a/b@":                            "no name of a tag",
		"gh:a/b@-x":                          "no name of a tag",
		"gh:a/b@@":                           "no name of a tag",
		"gh:a/b@v1.":                         "no name of a tag",
		"gh:a/b@a/.b":                        "no name of a tag",
		"gh:a/b@--upload-pack=x":             "no name of a tag",
		"gh:a/b@+x":                          "no name of a tag",
		"gh:a/b@a:b":                         "no name of a tag",
		"gh:a/b@a..b":                        "no name of a tag",
		"gh:a/b@a/-b":                        "no name of a tag",
		"gh:a/b@a//b":                        "no name of a tag",
		"gh:a/b@a.lock":                      "no name of a tag",
		"gh:a/b@a^":                          "no name of a tag",
		"gh:a/b@a~1":                         "no name of a tag",
		"gh:a/b@HEAD@{1}":                    "no name of a tag",
		"gh:a/b@a b":                         "no name of a tag",
		"gh:a/b@*":                           "no name of a tag",
		"gh:a/b@" + strings.Repeat("x", 201): "no name of a tag",
		"gh:a/b//../x":                       "cannot be",
		"gh:a/b//x/../../y":                  "cannot be",
		"gh:a/b///x":                         "cannot be",
		"gh:a/b//":                           "cannot be",
		"gh:a/b//.git/x":                     "cannot be",
		"gh:a/b//x\\y":                       "cannot be",
		"gh:a/b//con":                        "cannot be",
		"gh:a/b\n":                           "not one line",
		"./a\x1b[31m":                        "not one line",
		"./a\u202eb":                         "not one line",
		"./\xff":                             "not one line",
		strings.Repeat("x", 1001):            "not one line",
	} {
		s, err := Parse(text, teamList)
		if err == nil {
			t.Errorf("%q gave %+v", text, fields(s))
			continue
		}
		failsAs(t, err, diag.Usage, words)
	}
}

func TestErrorsShowNoLogin(t *testing.T) {
	for _, text := range []string{
		"ftp://ann:sesame@host.example/a", "https://ann:sesame@host.example", "https://ann:sesame@-host/a", "https://ann:sesame@host.example/a?b",
		"https://ann:sesame@host.example/a@-x", "https://ann:sesame%zz@host.example/a", "https://ann:ses/ame@sesame/a b@x", "ssh://git:sesame@host.example/a",
	} {
		_, err := Parse(text, nil)
		if err == nil || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%v", err)
		}
	}
}

func TestJoin(t *testing.T) {
	for _, c := range [][3]string{
		{"gh:a/b//web@v1", "../base", "gh:a/b//base@v1"},
		{"gh:a/b//web@v1", "..", ""}, // no path by itself
		{"gh:a/b//web@v1", "../", "gh:a/b@v1"},
		{"gh:a/b//web", "./base", "gh:a/b//web/base"},
		{"gh:a/b", "./base", "gh:a/b//base"},
		{"gh:a/b//x/web", "../../base", "gh:a/b//base"},
		{"gh:a/b//web", "../../base", ""},
		{"gh:a/b//web", "../x/../../base", ""},
		{"gh:a/b", "../base", ""},
		{"gh:a/b//web", "../.git/x", ""},
		{"gh:a/b//web", "../a\x00b", ""},
		{"gh:a/b//web", `..\base`, ""},
		{"gh:a/b//web", `./..\base`, ""},
		{"gh:a/b//web", "gh:c/d//e@v2", "gh:c/d//e@v2"},
		{"gh:a/b//web", "/etc", ""},
		{"gh:a/b//web", "base", ""},
		{"gh:a/b//web", "file:///etc", ""},
		{"gh:a/b//web", "ext::sh -c id", ""},
		{"gh:a/b//web", "--upload-pack=x", ""},
		{"./packs/web", "../base", "./packs/base"},
		{"./packs/web", "./base", "./packs/web/base"},
		{"./web", "../../base", "../base"},
		{"/srv/web", "../../../../base", "/base"},
		{"./web", "/etc", ""},
		{"./web", "gh:c/d", "gh:c/d"},
	} {
		got, err := parse(t, c[0]).Join(c[1])
		if c[2] == "" {
			if err == nil {
				t.Errorf("%s + %s gives %s", c[0], c[1], got)
				continue
			}
			failsAs(t, err, diag.Refused, c[0])
			continue
		}
		if err != nil || got.String() != c[2] {
			t.Errorf("%s + %s gives %s, %v; want %s", c[0], c[1], got, err, c[2])
		}
	}
	s, err := parse(t, "gh:a/b//web@v1").At(strings.Repeat("a", 40)).Join("../base")
	if err != nil || s.commit != strings.Repeat("a", 40) {
		t.Errorf("a neighbour at commit %q, %v", s.commit, err)
	}
	if other, err := s.Join("gh:c/d"); err != nil || other.commit != "" {
		t.Errorf("another repository at commit %q, %v", other.commit, err)
	}
}

func TestJoinSaysWhy(t *testing.T) {
	const outside, noPath = "lies outside of its repository", "which is no path"
	for _, c := range [][3]string{
		{"gh:a/b//web", "file:///etc", "which is no source of packs"},
		{"gh:a/b//web", "/etc", "a folder of this machine"},
		{"gh:a/b//web", "../..", outside},
		{"gh:a/b//web", "../../base", outside},
		{"gh:a/b//web", "../a@b", noPath},
		{"gh:a/b//web", "../con", noPath},
		{"./web", "../a\u202eb", noPath},
		{"./web", "../a\xff", noPath},
		{"./web", `../a\b`, noPath},
		{"./web", "../c:x", noPath},
		{"./web", "../" + strings.Repeat("x", maxText), noPath},
	} {
		_, err := parse(t, c[0]).Join(c[1])
		failsAs(t, err, diag.Refused, c[2])
	}
}

// FuzzParse: whatever is typed, a source gives itself again, holds nothing that git,
// ssh or a shell could take for an option, and shows no login.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"./x", "gh:a/b//c@v1", "gl:a/b/c//d@e/f", "https://u:p@host/x.git//y@z", "ssh://git@host:22/x", "git@host:a/b.git//c@d", `C:\x`, "web",
		"ext::sh -c id", "-x", "https://-x/y", "gh:a/b@-x", "http://localhost/x", "https://[::1]/x", "gh:a/b//../x", "https://a%00:b@h/x", "a@b:c", "gh:a/b@@", "\\\\x", "https://p:ssssss@h/ssssss",
	} {
		f.Add(text, "../x")
	}
	f.Add("./x", "./\x80")
	f.Fuzz(func(t *testing.T, text, base string) {
		s, err := Parse(text, teamList)
		if err != nil {
			var e *diag.Error
			if !errors.As(err, &e) || e.Kind != diag.Usage {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		check(t, s)
		if j, err := s.Join(base); err == nil {
			check(t, j)
			if !s.IsFolder() && j.IsFolder() {
				t.Errorf("%q leads %q to a folder", base, text)
			}
		}
	})
}

func check(t *testing.T, s Spec) {
	t.Helper()
	again, err := Parse(s.String(), nil)
	if err != nil && len(s.String()) <= maxText || err == nil && fields(again) != fields(s) {
		t.Errorf("%q gives %q, %v", s, again, err)
	}
	if s.IsFolder() {
		return
	}
	if strings.HasPrefix(s.url, "-") || strings.HasPrefix(s.ref, "-") || strings.ContainsAny(s.url+s.ref, " \n$`;|&<>\"'\\(){}*?^\x00") {
		t.Errorf("%q: url %q, ref %q", s, s.url, s.ref)
	}
	scheme, _, _ := strings.Cut(s.url, ":")
	if scheme != "https" && scheme != "ssh" && !strings.Contains(scheme, "@") && !(scheme == "http" && (strings.HasPrefix(s.url, "http://127.0.0.1") || strings.HasPrefix(s.url, "http://localhost") || strings.HasPrefix(s.url, "http://[::1]"))) {
		t.Errorf("%q: url %q", s, s.url)
	}
	for part := range strings.SplitSeq(s.dir, "/") {
		if part == ".." || strings.EqualFold(part, ".git") {
			t.Errorf("%q leads out", s)
		}
	}
}
