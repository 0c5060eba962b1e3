package gitrepo

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFirst(t *testing.T) {
	need(t, "git")
	for _, tt := range []struct {
		name, config, branch string
		files                []File
	}{
		{"default branch", ada, "main", project()},
		{"odd branch", ada + "[init]\n\tdefaultBranch = team/größe/x.y\n", "team/größe/x.y", project()},
		{"fileMode off", ada + "[core]\n\tfileMode = false\n", "main", project()},
		{"autocrlf", ada + "[core]\n\tautocrlf = true\n", "main", project()},
		{"hooks and templates", ada + "[core]\n\thooksPath = /bin\n[init]\n\ttemplateDir = /etc\n", "main", project()},
		{"no files", ada, "main", nil},
		{"many files", ada, "main", many(300)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			env, _ := environment(t, tt.config)
			dir, out := makeFirst(t, tt.files, env)
			healthy(t, dir, env)
			want := Outcome{Hash: git(t, dir, env, "rev-parse", "HEAD"), Branch: tt.branch, Author: Ident{"Ada Lovelace", "ada@example.com"}}
			if d := cmp.Diff(want, out); d != "" {
				t.Error(d)
			}
			got := git(t, dir, env, "log", "--format=%D|%an <%ae>|%cn <%ce>|%ad|%cd|%P|%B", "--date=raw")
			who := "Ada Lovelace <ada@example.com>"
			if want := "HEAD -> " + tt.branch + "|" + who + "|" + who + "|1795449896 -0330|1795449896 -0330||Make the project\n\nWith a body."; got != want {
				t.Errorf("log says\n%s\nwant\n%s", got, want)
			}
			if got := git(t, dir, env, "reflog", "--format=%H %gn %gs"); got != out.Hash+" Ada Lovelace commit (initial): Make the project" {
				t.Errorf("reflog says %s", got)
			}
		})
	}
}

// TestSameAsGit compares tree, index and repository with what git makes of the
// same files.
func TestSameAsGit(t *testing.T) {
	need(t, "git")
	env, _ := environment(t, ada+"[init]\n\tdefaultBranch = main\n")
	dir := t.TempDir()
	files := put(t, dir, project())
	readme := filepath.Join(dir, "README.md") // modified and changed (ctime) at different times
	err := os.Chtimes(readme, when, when)
	if err == nil {
		files[0].Info, err = os.Lstat(readme)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := First(t.Context(), dir, files, resolved(t, filepath.Dir(dir), "", env), first1); err != nil {
		t.Fatal(err)
	}

	theirs := t.TempDir()
	put(t, theirs, project())
	git(t, theirs, env, "init", "-q")
	git(t, theirs, env, "add", "-Af")
	git(t, theirs, env, "commit", "-qm", "x")
	for _, args := range [][]string{
		{"rev-parse", "HEAD^{tree}"},
		{"ls-files", "-s"},
		{"ls-tree", "-rt", "HEAD"},
		{"config", "--local", "--list"},
		{"symbolic-ref", "HEAD"},
	} {
		if d := cmp.Diff(git(t, theirs, env, args...), git(t, dir, env, args...)); d != "" {
			t.Errorf("git %s: %s", strings.Join(args, " "), d)
		}
	}
	for _, d := range skeleton {
		if info, err := os.Stat(filepath.Join(theirs, ".git", d)); err != nil || !info.IsDir() {
			t.Errorf("git itself makes no folder %s", d)
		}
	}

	// The stats in the index are those that git would have taken.
	ours := git(t, dir, env, "ls-files", "--debug")
	if err := os.Remove(filepath.Join(dir, ".git", "index")); err != nil {
		t.Fatal(err)
	}
	git(t, dir, env, "reset", "-q")
	if d := cmp.Diff(git(t, dir, env, "ls-files", "--debug"), ours); d != "" {
		t.Errorf("index: %s", d)
	}
}

// TestUsable goes on with the repository as a person would.
func TestUsable(t *testing.T) {
	need(t, "git")
	env, _ := environment(t, ada)
	dir, out := makeFirst(t, project(), env)
	if err := os.WriteFile(filepath.Join(dir, "README.md"), []byte("changed\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := git(t, dir, env, "status", "--porcelain"); got != "M README.md" {
		t.Errorf("status says %q", got)
	}
	git(t, dir, env, "commit", "-qam", "second")
	git(t, dir, env, "gc", "-q")
	git(t, dir, env, "fsck", "--strict")
	clone := filepath.Join(t.TempDir(), "clone")
	git(t, dir, env, "clone", "-q", dir, clone)
	if got := git(t, clone, env, "rev-parse", "HEAD^"); got != out.Hash {
		t.Errorf("the clone's first commit is %s, want %s", got, out.Hash)
	}
}

// TestModesNotKept: on a file system without modes git has to be told.
func TestModesNotKept(t *testing.T) {
	need(t, "git")
	env, _ := environment(t, ada)
	dir := t.TempDir()
	files := put(t, dir, project())
	for i, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		var err error
		if files[i].Info, err = os.Lstat(name); err == nil {
			err = os.Chmod(name, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[i].Info, err = os.Lstat(name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := First(t.Context(), dir, files, resolved(t, filepath.Dir(dir), "", env), first1); err != nil {
		t.Fatal(err)
	}
	healthy(t, dir, env)
	if got := git(t, dir, env, "ls-tree", "HEAD", "bin/run"); !strings.HasPrefix(got, "100755 ") {
		t.Errorf("the commit records %s, want mode 100755", got)
	}
}

// TestSameHash: the same content, time and person give the same commit, whatever
// is different about the place.
func TestSameHash(t *testing.T) {
	commit := Commit{Message: "x", When: time.Unix(1_700_000_000, 0).UTC()}
	hashes := map[string]bool{}
	for _, more := range [][]string{{"TZ=Asia/Kathmandu"}, {"LANG=de_DE.UTF-8", "LC_ALL=C"}, {"GIT_AUTHOR_DATE=1 +0000"}} {
		env, _ := environment(t, "[user]\n\tname = somebody\n\temail = else@example.com\n", more...)
		dir := t.TempDir()
		out, err := First(t.Context(), dir, put(t, dir, project()), resolved(t, filepath.Dir(dir), "Ada Lovelace <ada@example.com>", env), commit)
		if err != nil {
			t.Fatal(err)
		}
		hashes[out.Hash] = true
	}
	// Made by git itself: init, add -Af and commit of the same files, dates and names.
	if want := map[string]bool{"b3452fae79ec185ba71bfcffc2bf7ac9dd728c21": true}; !cmp.Equal(want, hashes) {
		t.Errorf("hashes %v, want %v", hashes, want)
	}
}

func TestNoIdentity(t *testing.T) {
	need(t, "git")
	env, _ := environment(t, "")
	dir, out := makeFirst(t, project(), env)
	if out.Hash != "" || out.Branch != "main" || !strings.Contains(out.Note, "staged") || !strings.Contains(out.Hint, "git config --global user.name") {
		t.Errorf("%+v", out)
	}
	for _, line := range strings.Split(git(t, dir, env, "status", "--porcelain"), "\n") {
		if !strings.HasPrefix(line, "A  ") {
			t.Errorf("status says %q, want everything added", line)
		}
	}
	if got := git(t, dir, env, "fsck", "--strict", "--no-progress"); strings.Contains(got, "dangling") || strings.Contains(got, "error") {
		t.Error(got)
	}
	// What the hint says works.
	git(t, dir, append(env, "GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.com"),
		"commit", "-qm", "x")
	if got := git(t, dir, env, "status", "--porcelain"); got != "" {
		t.Errorf("after committing: %s", got)
	}
}

func TestInsideWorkTree(t *testing.T) {
	parent := t.TempDir()
	env, _ := environment(t, ada)
	if err := errors.Join(os.MkdirAll(filepath.Join(parent, ".git/objects"), 0o777), os.Mkdir(filepath.Join(parent, ".git/refs"), 0o777),
		os.WriteFile(filepath.Join(parent, ".git/HEAD"), nil, 0o666)); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(parent, "sub", "app")
	files := put(t, dir, project())
	s := resolved(t, filepath.Join(parent, "sub"), "", env)
	out, err := First(t.Context(), dir, files, s, first1)
	if err != nil {
		t.Fatal(err)
	}
	if out.Hash != "" || out.Branch != "" || !strings.Contains(out.Note, s.Enclosing) || filepath.Base(s.Enclosing) != filepath.Base(parent) {
		t.Errorf("%+v within %q", out, s.Enclosing)
	}
	if _, err := os.Lstat(filepath.Join(dir, ".git")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a repository was made: %v", err)
	}
}

// TestEveryStepFails makes each step fail in turn, as a full disk does.
func TestEveryStepFails(t *testing.T) {
	env, _ := environment(t, ada+"[init]\n\tdefaultBranch = a/b\n")
	steps := 0
	for n := 1; ; n++ {
		dir := t.TempDir()
		count := 0
		_, err := first(t.Context(), dir, put(t, dir, project()), resolved(t, filepath.Dir(dir), "", env), first1, func(op, name string) error {
			if count++; count == n {
				return &fs.PathError{Op: op, Path: name, Err: syscall.ENOSPC}
			}
			return nil
		})
		if count < n {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
		steps++
		if !errors.Is(err, syscall.ENOSPC) || count != n {
			t.Errorf("step %d of %d: %v", n, count, err)
		}
	}
	if want := 1 + len(skeleton) + 2 + 4 + 1 + 2 + 3; steps != want {
		t.Errorf("%d steps, want %d", steps, want)
	}
}

// TestOccupied: a .git that is there already is not touched.
func TestOccupied(t *testing.T) {
	env, _ := environment(t, ada)
	dir := t.TempDir()
	files := put(t, dir, project())
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := First(t.Context(), dir, files, resolved(t, filepath.Dir(dir), "", env), first1); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want fs.ErrExist", err)
	}
	if entries, err := os.ReadDir(filepath.Join(dir, ".git")); err != nil || len(entries) != 0 {
		t.Errorf("%v %v", entries, err)
	}
}
