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
	"time"

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
	link := func(to, name string) func(string) error {
		return func(dir string) error { return os.Symlink(to, filepath.Join(dir, name)) }
	}
	for name, tt := range map[string]struct {
		prepare func(dir string) error
		change  Change
		kind    diag.Kind
		want    string
	}{
		"changed":                {nil, Change{"log/a.md", []byte("x"), []byte("A")}, diag.InTheWay, "log/a.md has changed"},
		"longer":                 {nil, Change{"log/a.md", []byte(""), []byte("A")}, diag.InTheWay, "log/a.md has changed"},
		"gone":                   {nil, Change{"log/z.md", []byte("z"), []byte("Z")}, diag.InTheWay, "log/z.md has changed"},
		"there":                  {nil, Change{"other.txt", nil, []byte("O")}, diag.InTheWay, "other.txt is in the way (a file)"},
		"folder":                 {nil, Change{"log", nil, []byte("O")}, diag.InTheWay, "log is in the way (a folder)"},
		"folder for a file":      {nil, Change{"log", []byte("a"), []byte("O")}, diag.InTheWay, "log is in the way (a folder)"},
		"link":                   {link("a.md", "log/l.md"), Change{"log/l.md", []byte("a"), []byte("A")}, diag.InTheWay, "log/l.md is in the way (a link)"},
		"file for a folder":      {nil, Change{"other.txt/x", nil, []byte("O")}, diag.Environment, "other.txt/x"},
		"link to no folder":      {link("nowhere", "out"), Change{"out/x", nil, []byte("O")}, diag.InTheWay, "something stands in the way"},
		"link out of the folder": {link(os.TempDir(), "out"), Change{"out/stackinit-test.md", nil, []byte("O")}, diag.InTheWay, "out/stackinit-test.md"},
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
		// On Windows a file that is in the way of a folder is found a step later.
		if kindOf(t, err) != tt.kind && name != "file for a folder" || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
			t.Errorf("%s (-before +after):\n%s", name, diff)
		}
	}
	for _, c := range []Change{{Path: "", New: []byte("x")}, {Path: ".", New: []byte("x")}, {Path: "..", New: []byte("x")}, {Path: "../x", New: []byte("x")},
		{Path: "/x", New: []byte("x")}, {Path: "a/../b", New: []byte("x")}, {Path: "nothing"}} {
		if err := Edit(context.Background(), EditOptions{Dir: t.TempDir(), Changes: []Change{c}}); err == nil || !strings.Contains(err.Error(), "no file to change") {
			t.Errorf("%q: %v", c.Path, err)
		}
	}
	missing := filepath.Join(t.TempDir(), "none")
	if err := Edit(context.Background(), EditOptions{Dir: missing}); kindOf(t, err) != diag.Environment || !strings.Contains(err.Error(), "cannot open the folder "+missing) {
		t.Errorf("no folder: %v", err)
	}
}

func TestEditOfAnUnreadableFile(t *testing.T) {
	dir := folder(t)
	for name, mode := range map[string]os.FileMode{filepath.Dir(dir): 0o755, dir: 0o755, filepath.Join(dir, "other.txt"): 0} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if !boundByModes(func() {
		err = Edit(context.Background(), EditOptions{Dir: dir, Changes: []Change{{"other.txt", []byte("o"), []byte("O")}}})
	}) {
		t.Skip("needs a user whom file modes bind")
	}
	if kindOf(t, err) != diag.Environment || !strings.Contains(err.Error(), "cannot read other.txt") {
		t.Error(err)
	}
}

// A file that changes between the check and its turn is left alone, whatever of it changes.
func TestEditSeesLateChanges(t *testing.T) {
	was := time.Now().Add(-time.Hour)
	write := func(body string, at time.Time) func(string) error {
		return func(name string) error {
			return errors.Join(os.WriteFile(name, []byte(body), 0o644), os.Chtimes(name, at, at))
		}
	}
	for name, tt := range map[string]struct {
		path   string
		change func(name string) error
		left   string // what stands there then
	}{
		"size":         {"log/b.md", write("somebody's", was), "somebody's"},
		"time":         {"log/b.md", write("B", was.Add(time.Second)), "B"},
		"another file": {"log/b.md", func(name string) error { return errors.Join(write("B", was)(name+"2"), os.Rename(name+"2", name)) }, "B"},
		"gone":         {"log/b.md", os.Remove, ""},
		"new":          {"new/deep/c.md", write("theirs", was), "theirs"},
	} {
		dir := folder(t)
		if err := write("b", was)(filepath.Join(dir, "log/b.md")); err != nil {
			t.Fatal(err)
		}
		err := Edit(context.Background(), EditOptions{Dir: dir, Changes: everyKind, fault: func(op, name string) error {
			if op == "publish" && name == "log/a.md" {
				return tt.change(filepath.Join(dir, tt.path))
			}
			return nil
		}})
		if kindOf(t, err) != diag.InTheWay || !strings.Contains(err.Error(), tt.path+" has changed while") {
			t.Errorf("%s: the error is %v", name, err)
		}
		want := map[string]string{".": "/", "log": "/", "log/a.md": "a", "log/b.md": "b", "other.txt": "o", tt.path: tt.left}
		if tt.left == "" {
			delete(want, tt.path)
		}
		if tt.path == "new/deep/c.md" { // their folders stay
			want["new"], want["new/deep"] = "/", "/"
		}
		if diff := cmp.Diff(want, contents(t, dir)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What could not be undone is told, with the place of what stood there, beside the reason.
func TestEditTellsWhatItCannotUndo(t *testing.T) {
	dir := folder(t)
	reason := diag.New(diag.InTheWay, "", "stopped")
	err := Edit(context.Background(), EditOptions{Dir: dir, Changes: everyKind, fault: func(op, name string) error {
		if op != "publish" || name != "log/b.md" {
			return nil
		}
		a := filepath.Join(dir, "log/a.md")
		return errors.Join(os.Remove(a), os.MkdirAll(filepath.Join(a, "theirs"), 0o755), reason)
	}})
	var d *diag.Error
	if !errors.As(err, &d) || d.Kind != diag.InTheWay || len(d.Findings) != 2 || d.Findings[0].Text != "stopped" {
		t.Fatalf("%v", err)
	}
	_, kept, found := strings.Cut(d.Findings[1].Text, "log/a.md is changed; what stood there is in ")
	kept, _, _ = strings.Cut(kept, ":")
	if body, err := os.ReadFile(filepath.Join(dir, kept)); !found || err != nil || string(body) != "a" {
		t.Errorf("%s: %q, %v", d.Findings[1].Text, body, err)
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
