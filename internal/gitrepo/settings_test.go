package gitrepo

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
)

var (
	adaIdent   = Ident{"Ada Lovelace", "ada@example.com"}
	graceIdent = Ident{"Grace Hopper", "grace@example.com"}
)

// withoutGit hides all programs from the rest of the test.
func withoutGit(t *testing.T) { t.Setenv("PATH", t.TempDir()) }

func TestResolve(t *testing.T) {
	graceAuthor := []string{"GIT_AUTHOR_NAME=Grace Hopper", "GIT_AUTHOR_EMAIL=grace@example.com"}
	graceCommitter := []string{"GIT_COMMITTER_NAME=Grace Hopper", "GIT_COMMITTER_EMAIL=grace@example.com"}
	type want struct {
		author, committer Ident
		branch            string
		sign              bool
	}
	for _, tt := range []struct {
		name, config, flag string
		env                []string
		want               want
	}{
		{name: "nothing", want: want{branch: "main"}},
		{name: "configuration", config: ada, want: want{adaIdent, adaIdent, "main", false}},
		{name: "the flag before all, for both", config: ada, env: graceAuthor, flag: "Alan  Turing <alan@example.com>",
			want: want{Ident{"Alan  Turing", "alan@example.com"}, Ident{"Alan  Turing", "alan@example.com"}, "main", false}},
		{name: "the flag and a committer", env: graceCommitter, flag: "Ada Lovelace <ada@example.com>", want: want{adaIdent, graceIdent, "main", false}},
		{name: "the flag and half a committer", env: graceCommitter[:1], flag: "Ada Lovelace <ada@example.com>", want: want{adaIdent, adaIdent, "main", false}},
		{name: "environment before configuration", config: ada, env: graceAuthor, want: want{graceIdent, adaIdent, "main", false}},
		{name: "committer apart", config: ada, env: graceCommitter, want: want{adaIdent, graceIdent, "main", false}},
		{name: "author only", env: graceAuthor, want: want{graceIdent, graceIdent, "main", false}},
		{name: "name and address from different places", config: ada, env: []string{"GIT_AUTHOR_EMAIL=x@example.com"},
			want: want{Ident{"Ada Lovelace", "x@example.com"}, adaIdent, "main", false}},
		{name: "empty variables", config: ada, env: []string{"GIT_AUTHOR_NAME=", "GIT_AUTHOR_EMAIL= "}, want: want{adaIdent, adaIdent, "main", false}},
		{name: "author.* and committer.*", config: ada + "[author]\nname=Grace Hopper\nemail=grace@example.com\n[committer]\nname=C\n",
			want: want{graceIdent, Ident{"C", "ada@example.com"}, "main", false}},
		{name: "EMAIL", config: "[user]\nname=Ada Lovelace\n", env: []string{"EMAIL=ada@example.com"}, want: want{adaIdent, adaIdent, "main", false}},
		{name: "name only", config: "[user]\nname=Ada Lovelace\n", want: want{branch: "main"}},
		{name: "address only", config: "[user]\nemail=ada@example.com\n", want: want{branch: "main"}},
		{name: "the last one counts", config: "[user]\nname=X\n" + ada, want: want{adaIdent, adaIdent, "main", false}},
		{name: "crud", config: "[user]\nname = \" Ada <Lovelace>.,\"\nemail = <ada@example.com>\n", want: want{adaIdent, adaIdent, "main", false}},
		{name: "only crud", config: "[user]\nname = \"<>\"\nemail = ada@example.com\n", want: want{branch: "main"}},
		{name: "capitals", config: "[USER]\nNAME=Ada Lovelace\nEmail=ada@example.com\n[Init]\nDefaultBranch=Trunk\n", want: want{adaIdent, adaIdent, "Trunk", false}},
		{name: "sections with a name", config: ada + "[user \"x\"]\nname=X\n[init \"x\"]\ndefaultBranch=x\n", want: want{adaIdent, adaIdent, "main", false}},
		{name: "a value of several lines", config: ada + "[alias]\nx = \"a\\nuser.name=X\\ninit.defaultbranch=x\"\n", want: want{adaIdent, adaIdent, "main", false}},
		{name: "branch", config: "[init]\ndefaultBranch = a/b-c_d.é\n", want: want{branch: "a/b-c_d.é"}},
		{name: "sign: bare", config: "[commit]\ngpgsign\n", want: want{branch: "main", sign: true}},
		{name: "sign: true", config: "[commit]\ngpgsign = TRUE\n", want: want{branch: "main", sign: true}},
		{name: "sign: number", config: "[commit]\ngpgSign = 1\n", want: want{branch: "main", sign: true}},
		{name: "sign: off", config: "[commit]\ngpgsign = off\n", want: want{branch: "main"}},
		{name: "the repository of a hook", config: ada, env: []string{"GIT_DIR=/nowhere", "GIT_WORK_TREE=/nowhere", "GIT_INDEX_FILE=/nowhere", "GIT_CONFIG=/nowhere"},
			want: want{adaIdent, adaIdent, "main", false}},
	} {
		check := func(t *testing.T) {
			env, _ := environment(t, tt.config, tt.env...)
			s := resolved(t, t.TempDir(), tt.flag, env)
			got := want{s.Author, s.Committer, s.Branch, s.Sign}
			if d := cmp.Diff(tt.want, got, cmp.AllowUnexported(want{})); d != "" {
				t.Error(d)
			}
		}
		t.Run(tt.name, func(t *testing.T) { need(t, "git"); check(t) })
		t.Run(tt.name+", without git", func(t *testing.T) { withoutGit(t); check(t) })
	}
}

func TestBadSettings(t *testing.T) {
	for _, tt := range []struct{ name, config, text string }{
		{"broken file", "[user\nname", "git's configuration|git cannot read its configuration"},
		{"truth", "[commit]\ngpgsign = perhaps\n", "commit.gpgsign"},
		{"branch", "[init]\ndefaultBranch = a..b\n", "init.defaultBranch"},
		{"empty branch", "[init]\ndefaultBranch = \"\"\n", "init.defaultBranch"},
	} {
		check := func(t *testing.T) {
			env, _ := environment(t, tt.config)
			_, err := Resolve(t.Context(), t.TempDir(), "", env)
			if kindOf(t, err) != diag.Environment {
				t.Errorf("kind of %v, want Environment", err)
			}
			a, b, _ := strings.Cut(tt.text, "|")
			if s := err.Error(); !strings.Contains(s, a) && (b == "" || !strings.Contains(s, b)) || strings.Count(s, "\n") != 1 {
				t.Errorf("unclear: %s", s)
			}
		}
		t.Run(tt.name, func(t *testing.T) { need(t, "git"); check(t) })
		t.Run(tt.name+", without git", func(t *testing.T) { withoutGit(t); check(t) })
	}
}

// TestBranchNames compares what is allowed with git's own answer.
func TestBranchNames(t *testing.T) {
	need(t, "git")
	for _, name := range []string{
		"main", "a/b/c", "x.y", "größe", "@x", "x@", "a@b", "-x", "x-", "HEAD", "head", "a..b", "a.", "a.lock", "a.lock/b", "a/.b", ".a",
		"a//b", "/a", "a/", "a b", "a\tb", "a\x7fb", "a~b", "a^b", "a:b", "a?b", "a*b", "a[b", "a]b", `a\b`, "a@{b", "{", "a/-b", "refs/heads/a",
	} {
		theirs := exec.CommandContext(t.Context(), "git", "check-ref-format", "--branch", name).Run()
		if ours := checkBranch(name); (ours == nil) != (theirs == nil) {
			t.Errorf("%q: we say %v, git says %v", name, ours, theirs)
		}
	}
}

// TestIncludes: git follows includes, also those for certain folders, which match
// once there is a repository.
func TestIncludes(t *testing.T) {
	need(t, "git")
	work := t.TempDir()
	env, home := environment(t, ada+"[include]\n\tpath = more\n[includeIf \"gitdir:"+filepath.ToSlash(work)+"/\"]\n\tpath = work\n")
	for name, body := range map[string]string{"more": "[init]\n\tdefaultBranch = trunk\n", "work": "[user]\n\temail = ada@work.example\n"} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(body), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for parent, want := range map[string]string{work: "ada@work.example", t.TempDir(): "ada@example.com"} {
		dir := filepath.Join(parent, "app")
		files := put(t, dir, project())
		out, err := First(t.Context(), dir, files, resolved(t, parent, "", env), first1)
		if err != nil {
			t.Fatal(err)
		}
		if got := git(t, dir, env, "log", "--format=%ae %ce %D"); got != want+" "+want+" HEAD -> trunk" || out.Author.Email != want {
			t.Errorf("committed by %s (%v), want %s", got, out.Author, want)
		}
	}
	// The flag still comes first.
	dir := filepath.Join(work, "flag")
	files := put(t, dir, project())
	if _, err := First(t.Context(), dir, files, resolved(t, work, graceIdent.String(), env), first1); err != nil {
		t.Fatal(err)
	}
	if got := git(t, dir, env, "log", "--format=%an <%ae>|%cn <%ce>"); got != graceIdent.String()+"|"+graceIdent.String() {
		t.Errorf("committed by %s", got)
	}
}

// TestForeignRepository: neither a bare repository around the project nor one
// that a hook is run for decides anything, and both stay as they are.
func TestForeignRepository(t *testing.T) {
	need(t, "git")
	env, _ := environment(t, ada)
	bare := t.TempDir()
	git(t, bare, env, "init", "-q", "--bare")
	git(t, bare, env, "config", "user.name", "Wrong Person")
	before := git(t, bare, env, "for-each-ref") + git(t, bare, env, "count-objects", "-v")

	hook := append(env, "GIT_DIR="+bare, "GIT_WORK_TREE="+bare, "GIT_INDEX_FILE="+filepath.Join(bare, "index"), "GIT_OBJECT_DIRECTORY="+filepath.Join(bare, "objects"))
	for _, e := range [][]string{env, hook} {
		dir := filepath.Join(bare, "app")
		files := put(t, dir, project())
		if _, err := First(t.Context(), dir, files, resolved(t, bare, "", e), first1); err != nil {
			t.Fatal(err)
		}
		healthy(t, dir, env)
		if got := git(t, dir, env, "log", "--format=%an"); got != "Ada Lovelace" {
			t.Errorf("committed by %s", got)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	if after := git(t, bare, env, "for-each-ref") + git(t, bare, env, "count-objects", "-v"); after != before {
		t.Errorf("the other repository changed from %s to %s", before, after)
	}
}

// TestWithoutGit makes the commit with no git to be found, and checks it with git.
func TestWithoutGit(t *testing.T) {
	need(t, "git")
	env, _ := environment(t, ada)
	path := os.Getenv("PATH")
	withoutGit(t)
	dir, out := makeFirst(t, project(), env)
	t.Setenv("PATH", path)
	if out.Hash == "" || out.Note != "" {
		t.Errorf("%+v", out)
	}
	healthy(t, dir, env)
}

// TestBrokenGit: a git that cannot run is as good as none (the stub of macOS).
func TestBrokenGit(t *testing.T) {
	env, _ := environment(t, ada)
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "git"), []byte("#!/bin/sh\necho no developer tools were found >&2\nexit 1\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	if s := resolved(t, t.TempDir(), "", env); s.Git != "" || s.Author != adaIdent {
		t.Errorf("git %q, author %v", s.Git, s.Author)
	}
}

func TestConfigFiles(t *testing.T) {
	for _, tt := range []struct {
		name string
		env  map[string]string
		want []string
	}{
		{"nothing", nil, []string{"/etc/gitconfig"}},
		{"home", map[string]string{"HOME": "/h"}, []string{"/etc/gitconfig", "/h/.config/git/config", "/h/.gitconfig"}},
		{"XDG", map[string]string{"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, []string{"/etc/gitconfig", "/x/git/config", "/h/.gitconfig"}},
		{"no system", map[string]string{"HOME": "/h", "GIT_CONFIG_NOSYSTEM": "1"}, []string{"/h/.config/git/config", "/h/.gitconfig"}},
		{"others", map[string]string{"HOME": "/h", "GIT_CONFIG_SYSTEM": "/s", "GIT_CONFIG_GLOBAL": "/g"}, []string{"/s", "/g"}},
	} {
		var got []string
		for _, f := range configFiles(tt.env) {
			got = append(got, filepath.ToSlash(f))
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s: %s", tt.name, d)
		}
	}
}

func TestParseIdent(t *testing.T) {
	for text, want := range map[string]Ident{
		"Ada Lovelace <ada@example.com>":   adaIdent,
		"  Ada Lovelace<ada@example.com> ": adaIdent,
		"Zoë O'Neil-李 <z@localhost>":       {"Zoë O'Neil-李", "z@localhost"},
	} {
		if got, err := ParseIdent("--author", text); err != nil || got != want {
			t.Errorf("%q gives %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "Ada", "ada@example.com", "<ada@example.com>", "Ada <>", "Ada <a b>", "Ada <a@b> x", "Ada <<a@b>>",
		"A\nB <a@b>", "A\x1b[31m <a@b>", "A\u202e <a@b>", "\xff <a@b>", ". <a@b>", "Ada <...>", "Ada <a@b\n>"} {
		if got, err := ParseIdent("--author", text); err == nil {
			t.Errorf("%q gives %v, want an error", text, got)
		} else if kindOf(t, err) != diag.Usage || !strings.HasPrefix(err.Error(), "--author: ") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestEnclosing(t *testing.T) {
	top := t.TempDir()
	if real, err := filepath.EvalSymlinks(top); err == nil {
		top = real
	}
	outside := []string{"GIT_CEILING_DIRECTORIES=" + filepath.Dir(top)}
	at := func(names ...string) string { return filepath.Join(append([]string{top}, names...)...) }
	for _, d := range []string{"repo/.git/objects", "repo/.git/refs", "repo/deep/er", "linked/sub", "notes/.git"} {
		if err := os.MkdirAll(at(d), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.WriteFile(at("repo/.git/HEAD"), nil, 0o666), os.WriteFile(at("linked/.git"), []byte("gitdir: ../x\n"), 0o666)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		folder, want string
		env          []string
	}{
		{top, "", outside},
		{at("repo"), at("repo"), outside},
		{at("repo/deep/er"), at("repo"), outside},
		{at("linked/sub"), at("linked"), outside},
		{at("notes"), "", outside},
		{at("repo/deep"), "", []string{"GIT_CEILING_DIRECTORIES=" + at("repo")}},
		{at("repo"), at("repo"), []string{"GIT_CEILING_DIRECTORIES=" + at("repo")}},
	} {
		if got := enclosing(tt.folder, environ(tt.env)); got != tt.want {
			t.Errorf("%s lies in %q, want %q", tt.folder, got, tt.want)
		}
	}
	if err := os.Symlink(at("repo/deep"), at("link")); err == nil {
		if got := enclosing(at("link"), environ(outside)); got != at("repo") {
			t.Errorf("through a link: %q", got)
		}
	} else if !errors.Is(err, fs.ErrPermission) {
		t.Log(err)
	}
}

// A record of a repository names whom that repository names, linked work trees
// included; a name is enough for it.
func TestUserName(t *testing.T) {
	need(t, "git")
	home := t.TempDir()
	repo, tree := filepath.Join(home, "repo"), filepath.Join(home, "tree")
	env := []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "GIT_CONFIG_NOSYSTEM=1"}
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", args...)
		cmd.Env = append(env, "GIT_COMMITTER_NAME=c", "GIT_COMMITTER_EMAIL=c@example.com")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	if got := UserName(t.Context(), home, env); got != "" {
		t.Errorf("%q though nobody is named", got)
	}
	git("config", "--global", "user.name", "Grace Hopper")
	git("init", "--quiet", repo)
	if got := UserName(t.Context(), repo, env); got != "Grace Hopper" {
		t.Errorf("%q, want the user's own", got)
	}
	git("-C", repo, "config", "user.name", "Ada Lovelace")
	git("-C", repo, "-c", "user.email=a@example.com", "commit", "--quiet", "--allow-empty", "--message", "x")
	git("-C", repo, "worktree", "add", "--quiet", tree)
	for _, dir := range []string{repo, tree} {
		if got := UserName(t.Context(), dir, env); got != "Ada Lovelace" {
			t.Errorf("%s: %q, want the repository's", dir, got)
		}
	}
	if got := UserName(t.Context(), repo, append(env, "GIT_AUTHOR_NAME=Alan Turing")); got != "Alan Turing" {
		t.Errorf("%q, want the environment's", got)
	}
}
