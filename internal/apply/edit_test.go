package apply

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
)

// folder makes a folder with three files and gives it.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range map[string]string{"log/a.md": "a", "log/b.md": "b", "other.txt": "o"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// contents are the files of a folder, with folders as "/".
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, p)
		if err != nil || d.IsDir() {
			all[filepath.ToSlash(name)] = "/"
			return err
		}
		if d.Type()&fs.ModeSymlink != 0 {
			all[filepath.ToSlash(name)] = "a link"
			return nil
		}
		body, err := os.ReadFile(p)
		all[filepath.ToSlash(name)] = string(body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// changes of every kind: a file changes, one goes away, one is new in a new folder.
var everyKind = []Change{
	{"log/a.md", []byte("a"), []byte("A")},
	{"log/b.md", []byte("b"), nil},
	{"new/deep/c.md", nil, []byte("C")},
}

func TestEdit(t *testing.T) {
	dir := folder(t)
	if err := os.Chmod(filepath.Join(dir, "log/a.md"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := Edit(context.Background(), EditOptions{Dir: dir, Changes: everyKind}); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{".": "/", "log": "/", "log/a.md": "A", "new": "/", "new/deep": "/", "new/deep/c.md": "C", "other.txt": "o"}
	if diff := cmp.Diff(want, contents(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if info, err := os.Stat(filepath.Join(dir, "log/a.md")); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("the rights of the file are not those it had: %v, %v", info.Mode(), err)
	}
}

// Whichever step fails, all is as it was.
func TestEditUndoes(t *testing.T) {
	full := errors.New("no space")
	for fail := 0; ; fail++ {
		dir, step, failed := folder(t), 0, ""
		before := contents(t, dir)
		err := Edit(context.Background(), EditOptions{Dir: dir, Changes: everyKind, fault: func(op, name string) error {
			if step++; step == fail+1 {
				failed = op + " " + name
				return full
			}
			return nil
		}})
		if failed == "" {
			if fail < 12 || err != nil {
				t.Errorf("%d steps, %v", fail, err)
			}
			return
		}
		if !errors.Is(err, full) {
			t.Errorf("%s: the error is %v", failed, err)
		}
		if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
			t.Errorf("%s failed (-before +after):\n%s", failed, diff)
		}
	}
}

func TestEditStopsWithItsContext(t *testing.T) {
	dir := folder(t)
	before := contents(t, dir)
	ctx, cancel := context.WithCancelCause(context.Background())
	cause := errors.New("interrupted")
	err := Edit(ctx, EditOptions{Dir: dir, Changes: everyKind, fault: func(op, _ string) error {
		if op == "publish" {
			cancel(cause)
		}
		return nil
	}})
	if !errors.Is(err, cause) {
		t.Errorf("the error is %v", err)
	}
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

func TestEditRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		prepare func(dir string) error
		change  Change
	}{
		"changed": {nil, Change{"log/a.md", []byte("x"), []byte("A")}},
		"longer":  {nil, Change{"log/a.md", []byte(""), []byte("A")}},
		"gone":    {nil, Change{"log/z.md", []byte("z"), []byte("Z")}},
		"there":   {nil, Change{"other.txt", nil, []byte("O")}},
		"folder":  {nil, Change{"log", nil, []byte("O")}},
		"link": {func(dir string) error { return os.Symlink("a.md", filepath.Join(dir, "log/l.md")) },
			Change{"log/l.md", []byte("a"), []byte("A")}},
		"file for a folder": {nil, Change{"other.txt/x", nil, []byte("O")}},
		"link out of the folder": {func(dir string) error { return os.Symlink(os.TempDir(), filepath.Join(dir, "out")) },
			Change{"out/stackinit-test.md", nil, []byte("O")}},
	} {
		dir := folder(t)
		if tt.prepare != nil {
			if err := tt.prepare(dir); err != nil {
				t.Logf("%s: skipped, no links here: %v", name, err)
				continue
			}
		}
		before := contents(t, dir)
		// Another change comes first: not even that one may be made.
		err := Edit(context.Background(), EditOptions{Dir: dir, Changes: []Change{{"log/b.md", []byte("b"), []byte("B")}, tt.change}})
		var d *diag.Error
		if !errors.As(err, &d) || d.Kind != diag.InTheWay && name != "file for a folder" {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
			t.Errorf("%s (-before +after):\n%s", name, diff)
		}
	}
	for _, p := range []string{"", ".", "..", "../x", "/x", "a/../b"} {
		if err := Edit(context.Background(), EditOptions{Dir: t.TempDir(), Changes: []Change{{p, nil, []byte("x")}}}); err == nil || !strings.Contains(err.Error(), "no file to change") {
			t.Errorf("%q: %v", p, err)
		}
	}
}

// A file that changes between the check and its turn is left alone.
func TestEditSeesLateChanges(t *testing.T) {
	dir := folder(t)
	err := Edit(context.Background(), EditOptions{Dir: dir, Changes: everyKind, fault: func(op, name string) error {
		if op == "create" && strings.HasSuffix(name, ".old") && strings.Contains(name, "b.md") {
			return os.WriteFile(filepath.Join(dir, "log/b.md"), []byte("somebody's"), 0o644)
		}
		return nil
	}})
	var d *diag.Error
	if !errors.As(err, &d) || d.Kind != diag.InTheWay {
		t.Errorf("the error is %v", err)
	}
	want := map[string]string{".": "/", "log": "/", "log/a.md": "a", "log/b.md": "somebody's", "other.txt": "o"}
	if diff := cmp.Diff(want, contents(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func ExampleEdit() {
	dir, _ := os.MkdirTemp("", "edit")
	defer func() { _ = os.RemoveAll(dir) }()
	err := Edit(context.Background(), EditOptions{Dir: dir, Changes: []Change{{Path: "a/b.md", New: []byte("hello")}}})
	body, _ := os.ReadFile(filepath.Join(dir, "a", "b.md"))
	fmt.Println(string(body), err)
	// Output: hello <nil>
}
