package planfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
)

var anyDigest = regexp.MustCompile(`"digest": "sha256:[0-9a-f]{64}"`)

// sealed gives a plan the digest that fits its bytes: anybody can.
func sealed(src string) []byte {
	at := anyDigest.FindStringIndex(src)
	if at == nil {
		return []byte(src)
	}
	blank := src[:at[0]] + `"digest": ""` + src[at[1]:]
	return []byte(src[:at[0]] + `"digest": "` + digestOf(blank) + `"` + src[at[1]:])
}

func digestOf(blank string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(blank))) }

// swap replaces the first place, which has to be there.
func swap(old, new string) func(string) string {
	return func(s string) string {
		if !strings.Contains(s, old) {
			panic("the plan does not hold " + old)
		}
		return strings.Replace(s, old, new, 1)
	}
}

func path(p string) func(string) string {
	return swap(`"path": "bin/run"`, fmt.Sprintf(`"path": %q`, p))
}

// hostile are plans that somebody wrote with bad intent: each has a digest that fits.
var hostile = []struct {
	name   string
	change func(string) string
	want   string
}{
	{"leaves the project", path("../run"), `files[2] "../run": the path "../run" is not portable: it holds . or ..`},
	{"leaves it in the middle", path("bin/../../run"), "it holds . or .."},
	{"absolute", path("/etc/cron.d/run"), "it is absolute"},
	{"a drive", path("C:/run"), `a part holds one of`},
	{"backslashes", path(`bin\\..\\..\\run`), `a part holds one of`},
	{"git's folder", path(".git/hooks/post-checkout"), "a spelling of .git"},
	{"git's folder on Windows", path("GIT~1/config"), "a spelling of .git"},
	{"git's folder on macOS", path(".Git/config"), "a spelling of .git"},
	{"git's folder below", path("sub/.git/config"), "a spelling of .git"},
	{"a device", path("bin/aux.txt"), "a device on Windows"},
	{"a stream", path("bin/run::$DATA"), "a part holds one of"},
	{"a dot at the end", path("bin/run."), "ends in a dot"},
	{"an invisible character", path("bin/r\u202eun"), "invisible character"},
	{"not in normal form", path("bin/re\u0301sume"), "normal form C"},
	{"no path", path(""), "the path has 0 bytes"},
	{"an endless path", path(strings.Repeat("a/", 200) + "b"), "1 to 240 are allowed"},
	{"twice", path("README.md"), `the path "README.md" is there twice`},
	{"the same but for case", path("ReadMe.md"), "are the same where case does not count"},
	{"a file and a folder", path("README.md/run"), "needs it to be a folder"},
	{"not sorted", path("Makefile"), "not sorted"},
	{"setuid", swap(`"mode": "0755"`, `"mode": "4755"`), `the mode is "4755"; 0644, 0755 and 0600 are allowed`},
	{"for everybody to write", swap(`"mode": "0755"`, `"mode": "0777"`), `the mode is "0777"`},
	{"a link", swap(`"mode": "0755"`, `"mode": "120000"`), `the mode is "120000"`},
	{"no mode", swap(`"mode": "0755"`, `"mode": ""`), `the mode is ""`},
	{"secrets for all to read", swap(`"mode": "0600"`, `"mode": "0644"`), "for its owner alone: 0600"},
	{"a secret where git keeps it", swap(`"path": ".env"`, `"path": ".env.example"`), "it would hold a secret, and only .env may"},
	{"a secret of no number", swap(`"secret": 2`, `"secret": -2`), "there is no secret -2"},
	{"too many secrets", swap(`"secret": 2`, `"secret": 65`), "there is no secret 65"},
	{"a piece of nothing", swap(`"text": "\nB="`, `"text": ""`), "piece 2 is empty"},
	{"an unknown key", swap(` "name": "orders",`, " \"run\": \"rm -rf /\",\n \"name\": \"orders\","), `plan.json:5:3: a plan has one form: here stands "run": "rm -rf /", where stackinit writes "name": "orders",`},
	{"an unknown key in a file", swap(`"mode": "0755",`, "\"mode\": \"0755\",\n   \"owner\": \"root\","), "owner"},
	{"a key twice", swap(` "name": "orders",`, " \"name\": \"nothing\",\n \"name\": \"orders\","), "plan.json:5:11: a plan has one form"},
	{"a key in other letters", swap(`"name": "orders"`, `"Name": "orders"`), "plan.json:5:3: a plan has one form"},
	{"keys in another order", swap(" \"name\": \"orders\",\n \"stack\": \"node-express\",", " \"stack\": \"node-express\",\n \"name\": \"orders\","), "plan.json:5:3: a plan has one form"},
	{"a wrong type", swap(`"name": "orders"`, `"name": ["orders"]`), "plan.json:5:10: name: array does not belong here"},
	{"a number for a text", swap(`"path": "bin/run"`, `"path": 7`), "files.path: number does not belong here"},
	{"files that are none", swap(`"files": [`, `"files": [7, `), "files"},
	{"nothing for a text", swap(`"source": "x"`, `"source": null`), "source: it is empty"},
	{"something behind the end", func(s string) string { return s + "{}" }, "invalid character"},
	{"a broken escape", swap(`#!/bin/sh\n`, `#!/bin/sh\ud800`), "bin/run"},
	{"no UTF-8", swap(`#!/bin/sh`, "#!/bin/\xff"), "bin/run"},
	{"base64 of text", swap(`"text": "#!/bin/sh\n"`, `"base64": "IyEvYmluL3NoCg=="`), "a plan has one form"},
	{"base64 with more bits", swap(`"base64": "iVD//g=="`, `"base64": "iVD//h=="`), "a plan has one form"},
	{"base64 of nothing", swap(`"base64": "iVD//g=="`, `"base64": "%%%%"`), `files[4] "logo.png": its base64 cannot be read`},
	{"two bodies", swap(`"text": "#!/bin/sh\n"`, `"text": "#!/bin/sh\n", "base64": "eA=="`), "bin/run"},
	{"no body", swap(",\n   \"text\": \"#!/bin/sh\\n\"", ""), `files[2] "bin/run": it has no body`},
	{"another body", swap(`#!/bin/sh`, `#!/bin/zsh`), `files[2] "bin/run" does not have the sha256`},
	{"nested deep", swap(`"npm ci"`, strings.Repeat("[", 200_000)), "exceeded max depth"},
	{"nested half deep", swap(`"npm ci"`, strings.Repeat("[", 5000)+strings.Repeat("]", 5000)), "next: array does not belong here"},
	{"no files", func(s string) string { return s[:strings.Index(s, `"files": [`)] + "\"files\": []\n}\n" }, "files: there are 0"},
	{"too many files", swap(`"files": [`, `"files": [`+strings.Repeat(`{"path":"a","mode":"0644","source":"x","text":""},`, 20_001)), "1 to 20000 are allowed"},
	{"empty files without end", swap(`"files": [`, `"files": [`+strings.Repeat("{},", 200_001)), "brackets and commas"},
	{"empty pieces without end", swap(`"pieces": [`, `"pieces": [`+strings.Repeat("{},", 200_001)), "brackets and commas"},
	{"too many lines", swap(`"npm ci"`, strings.Repeat(`"x",`, 200)+`"npm ci"`), "100 entries at most"},
	{"a name that is a path", swap(`"name": "orders"`, `"name": "../orders"`), "is not a project name"},
	{"a name of nothing", swap(`"name": "orders"`, `"name": ""`), "the project name"},
	{"a terminal that is steered", swap(`"npm ci"`, `"npm ci\u001b[2Aecho"`), "next[0]: it is empty"},
	{"a command that hides", swap(`"npm ci"`, `"npm ci \u202e# x"`), "next[0]: it is empty"},
	{"a message that steers", swap(`Two lines\n`, `Two lines\u0007`), "after: it holds a control"},
	{"a tool that nobody knows", swap(`"tool": "node"`, `"tool": "sh"`), `cannot look for the tool "sh"`},
	{"a version that is a command", swap(`"oldest": "24"`, `"oldest": "24;id"`), `needs[1]: "24;id 24.21.0" is no version`},
	{"an endless version", swap(`"oldest": "24"`, `"oldest": "24`+strings.Repeat(".1", 20)+`"`), "is no version"},
	{"a task of too many words", swap(`"argv": [`, `"argv": [`+strings.Repeat(`"x",`, 101)), "tasks[0]: the command has 104 words; 1 to 100 are allowed"},
	{"a task of nothing", swap("\"npm\",\n    \"ci\",\n    \"\"\n", ""), "tasks[0]: the command has 0 words"},
	{"an author with a line of its own", swap(`"name": "Ada Lovelace"`, `"name": "Ada\ncommitter Eve"`), "commit.author.name: it is empty"},
	{"an author alone", swap("\"committer\": {\n   \"name\": \"Ada Lovelace\",\n   \"email\": \"ada@example.org\"\n  }", `"committer": null`), "author and committer are both known"},
	{"an empty author", swap(`"name": "Ada Lovelace"`, `"name": ""`), "commit.author.name: it is empty"},
	{"no message", swap(`"message": "Start orders\n\nMade by a plan.\n"`, `"message": "\n"`), "there is no message"},
	{"an endless message", swap(`Made by a plan.`, strings.Repeat("x", 70_000)), "larger than 64 KiB"},
	{"no time", swap(`"time": "2026-03-01T12:00:00-03:30"`, `"time": "yesterday"`), `the time "yesterday" is not of RFC 3339`},
	{"a time before time", swap(`"time": "2026-03-01T12:00:00-03:30"`, `"time": "1903-03-01T12:00:00-03:30"`), "from 1970 to 9999"},
	{"a time in parts", swap(`12:00:00-03:30`, `12:00:00.5-03:30`), "whole seconds"},
	{"the same time in other letters", swap(`12:00:00-03:30`, `12:00:00.0-03:30`), "a plan has one form"},
	{"a digest of another kind", func(s string) string { return strings.Replace(s, `"digest": "sha256:`, `"digest": "sha1:`, 1) }, `plan.json:3:16: a plan has one form: here stands "digest": "sha1:`},
	{"no digest", func(s string) string {
		return anyDigest.ReplaceAllString(s, `"digest": ""`)
	}, `plan.json:3:13: a plan has one form: here stands "digest": "",`},
}

// Every one is refused, by name of file and field, within a second.
func TestHostilePlans(t *testing.T) {
	good := string(encoded(t, whole()))
	if _, err := Decode("plan.json", sealed(good)); err != nil {
		t.Fatalf("a plan that nobody touched: %v", err)
	}
	for _, c := range hostile {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			_, err := Decode("plan.json", sealed(c.change(good)))
			var e *diag.Error
			if !errors.As(err, &e) || e.Kind != diag.Refused || e.Findings[0].Pos.File != "plan.json" {
				t.Fatalf("%v", err)
			}
			if !strings.Contains(err.Error(), c.want) || len(err.Error()) > 600 {
				t.Errorf("%v\nwant %s", err, c.want)
			}
			if took := time.Since(start); took > time.Second {
				t.Errorf("that took %v", took)
			}
		})
	}
}

// What is no plan at all is bad input, and a plan of another version says so.
func TestNoPlan(t *testing.T) {
	for src, want := range map[string]string{
		"":                                "this is no plan",
		"{}":                              "this is no plan",
		"null":                            "this is no plan",
		"[[[[":                            "this is no plan",
		"name: orders\n":                  "this is no plan",
		`{"error": {}}`:                   "this is no plan",
		"\xff\xfe{":                       "this is no plan",
		`{"schema": "stackinit.pack/v1"}`: "this is no plan",
		`{"schema": "stackinit.plan/v2"}`: `its schema is "stackinit.plan/v2"`,
		`{"schema": 1}`:                   "this is no plan",
		`["schema", "stackinit.plan/v1"]`: "this is no plan",
		`{"digest": "stackinit.plan/v1"}`: "this is no plan",
	} {
		_, err := Decode("plan.json", []byte(src))
		var e *diag.Error
		if !errors.As(err, &e) || e.Kind != diag.Usage || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", src, err)
		}
	}
	if _, err := Decode("plan.json", make([]byte, MaxBytes+1)); err == nil || !strings.Contains(err.Error(), "larger than 64 MiB") {
		t.Errorf("%v", err)
	}
}

// Whatever bytes come in, decoding ends; what it takes is the one form of a plan, its
// digest fits, and it keeps every rule.
func FuzzPlanFile(f *testing.F) {
	good := string(encoded(f, whole()))
	f.Add([]byte(good))
	for _, c := range hostile {
		if s := sealed(c.change(good)); len(s) < 10_000 {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, src := range [][]byte{src, sealed(string(src)), resealed(src)} {
			p, err := Decode("plan.json", src)
			if err != nil {
				var e *diag.Error
				if !errors.As(err, &e) || e.Kind != diag.Refused && e.Kind != diag.Usage || len(e.Findings) == 0 {
					t.Fatalf("%v", err)
				}
				continue
			}
			again, err := p.Encode()
			if err != nil || !bytes.Equal(again, src) {
				t.Fatalf("%v\n%s\n%s", err, src, again)
			}
			if blank := bytes.Replace(src, []byte(Digest(src)), nil, 1); digestOf(string(blank)) != Digest(src) {
				t.Fatalf("digest %s", Digest(src))
			}
			for _, file := range p.Project(func() string { return "secret" }).Files {
				if !filepath.IsLocal(filepath.FromSlash(file.Path)) || file.Mode&^os.FileMode(0o755) != 0 {
					t.Fatalf("%s %o", file.Path, file.Mode)
				}
			}
		}
	})
}

// resealed lets the fuzzer past both kinds of digests, if the rest can be read.
func resealed(src []byte) []byte {
	p, err := whole().with(src)
	if err != nil {
		return src
	}
	out, err := p.encode()
	if err != nil {
		return src
	}
	return out
}

// with takes pieces of src for what a plan holds.
func (p *Plan) with(src []byte) (*Plan, error) {
	parts := bytes.SplitN(src, []byte{'"'}, 6)
	if len(parts) < 6 {
		return nil, errors.New("too short")
	}
	p.Files[2].Path, p.Files[2].Body[0].Bytes, p.Files[2].Source = string(parts[0]), parts[1], string(parts[2])
	p.Next[0], p.Commit.Author.Name, p.Commit.Message = string(parts[3]), string(parts[4]), string(parts[5])
	return p, nil
}

// The sha256 beside a body is that of the file that will be written.
func TestSumsAreThoseOfFiles(t *testing.T) {
	s := sha256.Sum256([]byte("#!/bin/sh\n"))
	if src := encoded(t, whole()); !bytes.Contains(src, []byte(`"sha256": "`+hex.EncodeToString(s[:])+`"`)) {
		t.Errorf("%s", src)
	}
}
