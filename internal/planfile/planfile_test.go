package planfile

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/plan"
)

var update = flag.Bool("update", false, "write testdata/plan.json anew")

// whole is a plan with one of everything.
func whole() *Plan {
	ada := Person{"Ada Lovelace", "ada@example.org"}
	return &Plan{
		Stackinit: "1.2.3", Name: "orders", Stack: "node-express",
		Packs:  []Pack{{"node-express", "built-in", "", "sha256:00"}, {"house", "gh:acme/house", "0123abcd", "sha256:11"}},
		Commit: &Commit{"Start orders\n\nMade by a plan.\n", time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", -3*3600-1800)), "trunk", ada, ada},
		Needs:  []pack.Need{{Tool: "git", Optional: true}, {Tool: "node", Oldest: "24", Bring: "24.21.0"}},
		Next:   []string{"npm ci", "npm run dev"}, After: "Two lines\nfrom a pack", Tasks: []plan.Task{{Pack: "house", Argv: []string{"npm", "ci", ""}}},
		Files: []File{
			{".env", 0o600, "postgres/template/.env.tmpl", []Piece{{Bytes: []byte("A=")}, {Secret: 1}, {Bytes: []byte("\nB=")}, {Secret: 2}, {Secret: 1}}},
			{"README.md", 0o644, "common/template/README.md.tmpl", []Piece{{Bytes: []byte("# Orders \u2028 & <\"more\"> \x00\n{\"secret\": 1}")}}},
			{"bin/run", 0o755, "x", []Piece{{Bytes: []byte("#!/bin/sh\n")}}},
			{"empty", 0o644, "x", []Piece{{}}},
			{"logo.png", 0o644, "x", []Piece{{Bytes: []byte{0x89, 'P', 0xff, 0xfe}}}},
		},
	}
}

func encoded(t testing.TB, p *Plan) []byte {
	t.Helper()
	src, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// The form of a plan, byte for byte: other versions of stackinit and other programs
// rely on it.
func TestForm(t *testing.T) {
	const golden = "testdata/plan.json"
	got := encoded(t, whole())
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeGivesWhatWasEncoded(t *testing.T) {
	nobody := whole()
	nobody.Commit.Author, nobody.Commit.Committer = Person{}, Person{}
	bare := &Plan{Stackinit: "dev", Name: "orders", Files: []File{{"a", 0o644, "x", []Piece{{Bytes: []byte("a")}}}}}
	lone := &Plan{Stackinit: "dev", Name: "orders", Files: []File{{".env", 0o600, "x", []Piece{{Secret: 1}}}}}
	joined := whole() // words of Persian and Hindi
	joined.After, joined.Next = "می\u200cخواهم", []string{"क\u200d्ष two words"}
	for _, p := range []*Plan{whole(), nobody, bare, lone, joined} {
		src := encoded(t, p)
		got, err := Decode("plan.json", src)
		if err != nil {
			t.Fatal(err)
		}
		if again := encoded(t, got); !bytes.Equal(again, src) {
			t.Errorf("encoded again it is\n%s", again)
		}
		if Digest(src) == "" || !bytes.Contains(src, []byte(Digest(src))) {
			t.Errorf("digest %q", Digest(src))
		}
	}
	if src := encoded(t, lone); bytes.Contains(src, []byte(`"sha256"`)) {
		t.Errorf("the sum of a file that is a secret is known:\n%s", src)
	}
	got, err := Decode("plan.json", encoded(t, whole()))
	if err != nil {
		t.Fatal(err)
	}
	sameZone := cmp.Comparer(func(a, b time.Time) bool { return a.Format(time.RFC3339) == b.Format(time.RFC3339) })
	empty := cmp.Comparer(func(a, b []byte) bool { return bytes.Equal(a, b) })
	if diff := cmp.Diff(whole(), got, sameZone, empty); diff != "" {
		t.Error(diff)
	}
}

// Whatever bit is turned, the plan is refused; in the schema's line it is no plan.
func TestEveryBitCounts(t *testing.T) {
	src := encoded(t, whole())
	for i := range src {
		for bit := range 8 {
			src[i] ^= 1 << bit
			var e *diag.Error
			if _, err := Decode("plan.json", src); !errors.As(err, &e) || e.Kind != diag.Refused && (e.Kind != diag.Usage || i > 40) {
				t.Fatalf("bit %d of byte %d: %v", bit, i, err)
			}
			src[i] ^= 1 << bit
		}
	}
	for n := range src {
		var e *diag.Error
		if _, err := Decode("plan.json", src[:n]); !errors.As(err, &e) || e.Kind != diag.Refused && e.Kind != diag.Usage {
			t.Fatalf("the first %d bytes: %v", n, err)
		}
	}
}

// A file of the project that was changed is named.
func TestChangesAreNamed(t *testing.T) {
	src := string(encoded(t, whole()))
	for old, c := range map[string]struct{ new, want string }{
		`#!/bin/sh\n`:     {`#!/bin/zsh\n`, `files[2] "bin/run" does not have the sha256`},
		`"npm run dev"`:   {`"npm run de"`, "its digest is"},
		`"secret": 2`:     {`"secret": 3`, "its digest is"},
		"\"name\": \"ord": {"\"name\":  \"ord", `plan.json:5:10: a plan has one form: here`},
		"\n":              {"\r\n", `plan.json:1:2: a plan has one form: spaces`},
	} {
		_, err := Decode("plan.json", []byte(strings.ReplaceAll(src, old, c.new)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", old, err, c.want)
		}
	}
}

// built plans one file that does something with two secrets.
func built(body func(a, b string) string, after func(a string) string) func(func() string) (*plan.Plan, error) {
	return func(secret func() string) (*plan.Plan, error) {
		a, b := secret(), secret()
		return &plan.Plan{Name: "orders", After: after(a), Files: []plan.File{{Path: ".env", Mode: 0o600, Source: "x", Secret: true, Body: []byte(body(a, b))}}}, nil
	}
}

// A plan holds references, and nothing that comes of a secret in another way.
func TestMake(t *testing.T) {
	n := 0
	draw := func() string { n++; return strings.Repeat(fmt.Sprintf("secret%04d_", n), 6) }
	quiet := func(string) string { return "done" }
	_, files, err := Make(built(func(a, b string) string { return "A=" + a + b + "\n" + a }, quiet), draw)
	if err != nil {
		t.Fatal(err)
	}
	want := []Piece{{Bytes: []byte("A=")}, {Secret: 1}, {Secret: 2}, {Bytes: []byte("\n")}, {Secret: 1}}
	if diff := cmp.Diff(want, files[0].Body); diff != "" {
		t.Error(diff)
	}
	for name, build := range map[string]func(func() string) (*plan.Plan, error){
		"cut":       built(func(a, _ string) string { return a[:20] }, quiet),
		"encoded":   built(func(a, _ string) string { return fmt.Sprintf("%x", a) }, quiet),
		"chosen by": built(func(a, _ string) string { return map[bool]string{true: "x", false: "y"}[strings.Contains(a, "7")] }, quiet),
		"said":      built(func(a, _ string) string { return a }, func(a string) string { return "It is " + a }),
	} {
		n = 4 // so that one of the two plans gets number 7
		var e *diag.Error
		if _, _, err := Make(build, draw); !errors.As(err, &e) || e.Kind != diag.Refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Of two plans everything is compared.
func TestCompareSeesEveryDifference(t *testing.T) {
	for name, change := range map[string]func(f *File){
		"path":            func(f *File) { f.Path = "a.env" },
		"mode":            func(f *File) { f.Mode = 0o644 },
		"more pieces":     func(f *File) { f.Body = append(f.Body, Piece{Secret: 1}) },
		"fewer pieces":    func(f *File) { f.Body = f.Body[:2] },
		"another secret":  func(f *File) { f.Body[1].Secret = 2 },
		"text of a piece": func(f *File) { f.Body[0].Bytes = []byte("B=") },
	} {
		p := whole()
		change(&p.Files[0])
		if path, same := compare(whole().Files, p.Files); same || path != ".env" {
			t.Errorf("%s: %q, %v", name, path, same)
		}
	}
	files := whole().Files
	for name, two := range map[string][2][]File{"one more": {files[:4], files}, "one less": {files, files[:4]}} {
		if path, same := compare(two[0], two[1]); same || path != "logo.png" {
			t.Errorf("%s: %q, %v", name, path, same)
		}
	}
}

// Secrets are drawn when a project is made: each once, and the same in all its places.
func TestProject(t *testing.T) {
	n := 0
	made := whole().Project(func() string { n++; return fmt.Sprint("<", n, ">") })
	if got := string(made.Files[0].Body); got != "A=<1>\nB=<2><1>" || !made.Files[0].Secret || made.Files[1].Secret {
		t.Errorf("%q", got)
	}
	if made.Message != whole().Commit.Message || len(made.Files) != 5 || made.Files[2].Mode != 0o755 {
		t.Errorf("%+v", made)
	}
}

// Some of it no JSON could hold.
func TestEncodeRefusesWhatDecodeWould(t *testing.T) {
	for want, change := range map[string]func(p *Plan){
		`files[1] "../README.md"`:                     func(p *Plan) { p.Files[1].Path = "../README.md" },
		"after: it is larger than 64 KiB or no UTF-8": func(p *Plan) { p.After = "\xff" },
		"a plan file has 64 MiB at most": func(p *Plan) { // a byte of zero is written as six
			p.Files[1].Body[0].Bytes = make([]byte, maxBody)
			p.Files[2].Body = p.Files[1].Body
		},
		"it has 8388609 bytes; 8388608 are the most": func(p *Plan) { p.Files[1].Body[0].Bytes = make([]byte, maxBody+1) },
		"seconds from 1970 to 9999":                  func(p *Plan) { p.Commit.When = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		p := whole()
		change(p)
		if src, err := p.Encode(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s\n%s", err, want, src)
		}
	}
}
