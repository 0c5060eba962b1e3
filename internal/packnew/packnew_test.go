package packnew

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/pack"
)

func TestLeave(t *testing.T) {
	for _, c := range []struct {
		path string
		mode fs.FileMode
		size int64
		why  string // a part; empty: it is taken
	}{
		{"main.go", 0o644, 10, ""},
		{"src", fs.ModeDir | 0o755, 4096, ""},
		{"a/.git", fs.ModeDir | 0o755, 4096, "history"},
		{".git", 0o644, 30, "history"}, // a worktree's
		{"web/node_modules", fs.ModeDir | 0o755, 0, "made anew"},
		{"x/__pycache__", fs.ModeDir | 0o755, 0, "made anew"},
		{".env", 0o600, 10, "secrets"},
		{"deploy/.env.production", 0o600, 10, "secrets"},
		{".env.example", 0o644, 10, ""},
		{"sub/.ENV", 0o644, 10, "secrets"},
		{".Env.Local", 0o644, 10, "secrets"},
		{"keys/id_rsa", 0o600, 10, "secrets"},
		{"tls/server.KEY", 0o600, 10, "secrets"},
		{".ssh", fs.ModeDir | 0o700, 0, "secrets"},
		{".netrc", 0o600, 10, "secrets"},
		{".key", 0o600, 10, ""},
		{"src/key", 0o600, 10, ""},
		{".stackinit.yaml", 0o644, 10, "record"},
		{"docs/.stackinit.yaml", 0o644, 10, ""},
		{"link", fs.ModeSymlink | 0o777, 3, "a link"},
		{"pipe", fs.ModeNamedPipe | 0o644, 0, "neither"},
		{"full.bin", 0o644, pack.MaxFile, ""},
		{"large.bin", 0o644, pack.MaxFile + 1, "larger than 1024 KiB"},
		{"large", fs.ModeDir | 0o755, pack.MaxFile + 1, ""},
		{"aux.txt", 0o644, 1, "some systems"},
		{"a:b", 0o644, 1, "some systems"},
	} {
		why := Leave(c.path, c.mode, c.size)
		if (why == "") != (c.why == "") || !strings.Contains(why, c.why) {
			t.Errorf("%s: left out because of %q, not %q", c.path, why, c.why)
		}
	}
}

func TestTells(t *testing.T) {
	for body, want := range map[string]bool{
		"-----BEGIN OPENSSH PRIVATE KEY-----\nabc": true, "//registry.example/:_authToken=npm_abc\n": true, "engine-strict=true\n": false,
		"//registry.example/:_authToken=${NPM_TOKEN}\n": false, "a:_authToken=${A}\nb:_authToken=abc": true, "npmAuthToken: abc": true, "": false,
	} {
		if got := Tells([]byte(body)); (got != "") != want {
			t.Errorf("%q: %q", body, got)
		}
	}
}

func TestApart(t *testing.T) {
	var files []File
	for _, p := range []string{"A/x", "README", "a/y", "readme", "z"} {
		files = append(files, File{Path: p})
	}
	kept, left := Apart(files)
	var names []string
	for _, f := range kept {
		names = append(names, f.Path)
	}
	if d := cmp.Diff([]string{"A/x", "README", "z"}, names); d != "" {
		t.Error(d)
	}
	if len(left) != 2 || !slices.ContainsFunc(left, func(l Left) bool { return l.Path == "readme" && strings.Contains(l.Why, "README") }) {
		t.Error(left)
	}
}

// What a manifest says of odd names has to name exactly those files.
func TestPackNamesItsFiles(t *testing.T) {
	project := []File{
		{Path: "[id].tmpl"}, {Path: "{a,b}.tmpl"}, {Path: "{{ x }}.txt"}, {Path: "run.sh", Executable: true},
		{Path: "x.tmpl/y{{", Executable: true}, {Path: "plain", Body: []byte("{{")}, {Path: "a.tmpl", Executable: true}, {Path: "i.tmpl"},
	}
	files := Pack("odd", `a "quoted" line`, "", project)
	tree, err := pack.NewTree("./odd", "", files)
	if err != nil {
		t.Fatal(err)
	}
	layer, err := pack.FromTree(tree)
	if err != nil {
		t.Fatal(err)
	}
	if layer.Description != `a "quoted" line` {
		t.Errorf("its description is %q", layer.Description)
	}
	var got []File
	for _, f := range layer.Files {
		if f.Rendered {
			t.Errorf("%s would be rendered", f.Path)
		}
		if strings.Contains(f.Path, "{{") && !f.Verbatim {
			t.Errorf("the name %s would be rendered", f.Path)
		}
		got = append(got, File{Path: f.Path, Body: f.Body, Executable: pack.MatchAny(layer.Executable, f.Path)})
	}
	byPath := func(a, b File) int { return strings.Compare(a.Path, b.Path) }
	slices.SortFunc(got, byPath)
	slices.SortFunc(project, byPath)
	if d := cmp.Diff(project, got); d != "" {
		t.Error(d)
	}
}
