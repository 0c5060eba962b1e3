package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
)

// when is the time of all commits here, in a zone of its own.
var when = time.Date(2026, 11, 23, 12, 34, 56, 0, time.FixedZone("", -(3*3600+1800)))

var first1 = Commit{Message: "Make the project\n\nWith a body.\n", When: when}

// need skips a test for want of a tool, except where CI promises all of them.
func need(t testing.TB, tool string) {
	t.Helper()
	if _, err := exec.LookPath(tool); err == nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing, and CI=true promises it", tool)
	}
	t.Skipf("needs %s", tool)
}

// environment gives a clean environment with a home of its own, whose .gitconfig
// is config, and the home.
func environment(t testing.TB, config string, more ...string) (env []string, home string) {
	t.Helper()
	home = t.TempDir()
	if err := os.WriteFile(filepath.Join(home, ".gitconfig"), []byte(config), 0o666); err != nil {
		t.Fatal(err)
	}
	env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "GIT_CONFIG_NOSYSTEM=1", "GIT_CEILING_DIRECTORIES=" + os.TempDir()}
	return append(env, more...), home
}

const ada = "[user]\n\tname = Ada Lovelace\n\temail = ada@example.com\n"

// project is a tree with what is special about trees: executables, folders that
// sort as if they ended in a slash, twice the same text, names outside of ASCII.
func project() []File {
	return []File{
		{Path: "README.md", Mode: 0o644, Body: []byte("# hello\n")},
		{Path: "a", Mode: 0o644, Body: []byte("same")},
		{Path: "a-b/x", Mode: 0o644, Body: []byte("same")},
		{Path: "a.txt", Mode: 0o644},
		{Path: "a0", Mode: 0o644, Body: bytes.Repeat([]byte("long "), 50_000)},
		{Path: "bin/run", Mode: 0o755, Body: []byte("#!/bin/sh\n")},
		{Path: "docs/größe/日本.md", Mode: 0o644, Body: []byte("ü\n")},
		{Path: ".gitignore", Mode: 0o644, Body: []byte("*.txt\n")},
		{Path: "deep/er/and/deep/er", Mode: 0o644, Body: []byte("x")},
		{Path: "deep.er", Mode: 0o644, Body: []byte("x")},
		{Path: "with space", Mode: 0o644, Body: []byte("x")},
	}
}

// many is a tree of n files with about as much text as those of a starter.
func many(n int) []File {
	var files []File
	for i := range n {
		var b bytes.Buffer
		for line := range 40 {
			fmt.Fprintf(&b, "line %d of file %d says %x\n", line, i, line*i*7919)
		}
		files = append(files, File{Path: fmt.Sprintf("src/part%02d/file%03d.txt", i/10, i), Mode: 0o644, Body: b.Bytes()})
	}
	return files
}

// put writes files into dir and fills in their stats.
func put(t testing.TB, dir string, files []File) []File {
	t.Helper()
	for i, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		perm := fs.FileMode(0o666)
		if f.Mode == 0o755 {
			perm = 0o777
		}
		err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, f.Body, perm))
		if err != nil {
			t.Fatal(err)
		}
		if files[i].Info, err = os.Lstat(name); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// git runs git in dir with env and gives what it prints, errors included.
func git(t testing.TB, dir string, env []string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", args...)
	cmd.Dir, cmd.Env = dir, env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// resolved gives the settings for a project in parent, or fails.
func resolved(t testing.TB, parent, author string, env []string) Settings {
	t.Helper()
	s, err := Resolve(t.Context(), parent, author, env)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// makeFirst makes a project with its first commit in a new folder.
func makeFirst(t testing.TB, files []File, env []string) (dir string, out Outcome) {
	t.Helper()
	dir = t.TempDir()
	out, err := First(t.Context(), dir, put(t, dir, files), resolved(t, filepath.Dir(dir), "", env), first1)
	if err != nil {
		t.Fatal(err)
	}
	return dir, out
}

// healthy checks a repository with one commit by git's own means.
func healthy(t *testing.T, dir string, env []string) {
	t.Helper()
	for _, args := range [][]string{
		{"fsck", "--strict", "--full", "--no-progress"},
		{"status", "--porcelain", "--ignored"},
		{"diff-files"}, // unlike status it does not refresh the index first
		{"count-objects"},
	} {
		if out := git(t, dir, env, args...); out != "" && out != "0 objects, 0 kilobytes" {
			t.Errorf("git %s: %s", strings.Join(args, " "), out)
		}
	}
	if n := git(t, dir, env, "rev-list", "--count", "--all"); n != "1" {
		t.Errorf("%s commits, want 1", n)
	}
}

func kindOf(t *testing.T, err error) diag.Kind {
	t.Helper()
	var d *diag.Error
	if !errors.As(err, &d) {
		t.Fatalf("got %v (%T), want a *diag.Error", err, err)
	}
	return d.Kind
}
