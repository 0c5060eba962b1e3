package apply

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
)

// project is a tree of about the size of a starter.
func project() []File {
	files := []File{
		{Path: "README.md", Mode: 0o644, Body: []byte("# hello\n")},
		{Path: "bin/run", Mode: 0o755, Body: []byte("#!/bin/sh\n")},
		{Path: "docs/adr/größe.md", Mode: 0o644, Body: []byte("ü\n")},
		{Path: "empty", Mode: 0o644},
	}
	for i := range 36 {
		files = append(files, File{
			Path: fmt.Sprintf("src/part%d/file%02d.txt", i%5, i), Mode: 0o644,
			Body: bytes.Repeat([]byte{byte('a' + i%26)}, 100*i),
		})
	}
	return files
}

// snapshot maps every path below dir to what is there: "d", "l target" or mode and content.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == dir {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		switch {
		case d.IsDir():
			got[rel] = "d"
		case d.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(p)
			got[rel] = "l " + target
			return err
		default:
			body, err := os.ReadFile(p)
			got[rel] = string(body)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// wanted is the snapshot of a parent folder with nothing but the files in name.
func wanted(name string, files []File) map[string]string {
	want := map[string]string{name: "d"}
	for _, d := range folders(files) {
		want[name+"/"+d] = "d"
	}
	for _, f := range files {
		want[name+"/"+f.Path] = string(f.Body)
	}
	return want
}

func kindOf(t *testing.T, err error) diag.Kind {
	t.Helper()
	var d *diag.Error
	if !errors.As(err, &d) {
		t.Fatalf("got %v (%T), want a *diag.Error", err, err)
	}
	return d.Kind
}

func TestNew(t *testing.T) {
	parent := t.TempDir()
	var committed []Written
	var staging string
	err := New(t.Context(), Options{Parent: parent, Name: "app", Files: project(),
		Commit: func(_ context.Context, dir string, files []Written) error {
			staging, committed = dir, files
			return os.WriteFile(filepath.Join(dir, "made-by-commit"), nil, 0o666)
		}})
	if err != nil {
		t.Fatal(err)
	}
	want := wanted("app", project())
	want["app/made-by-commit"] = ""
	if d := gocmp.Diff(want, snapshot(t, parent)); d != "" {
		t.Error(d)
	}
	if filepath.Dir(staging) != parent || !strings.HasPrefix(filepath.Base(staging), ".app.stackinit-") {
		t.Errorf("staged in %s, want a sibling of the target", staging)
	}
	for i, f := range project() {
		now, err := os.Lstat(filepath.Join(parent, "app", filepath.FromSlash(f.Path)))
		if err != nil {
			t.Fatal(err)
		}
		got := committed[i]
		if got.Path != f.Path || got.Mode != f.Mode || !bytes.Equal(got.Body, f.Body) {
			t.Errorf("Commit got %s %v, want %s %v", got.Path, got.Mode, f.Path, f.Mode)
		}
		if got.Info.Size() != now.Size() || !got.Info.ModTime().Equal(now.ModTime()) || !os.SameFile(got.Info, now) {
			t.Errorf("%s: the stat that Commit got is not that of the published file", f.Path)
		}
		if runtime.GOOS != "windows" && (now.Mode()&0o100 != 0) != (f.Mode == 0o755) {
			t.Errorf("%s: mode %v, want like %v", f.Path, now.Mode(), f.Mode)
		}
	}
}

func TestRelativeParent(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := New(t.Context(), Options{Parent: ".", Name: "app", Files: project()}); err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(wanted("app", project()), snapshot(t, dir)); d != "" {
		t.Error(d)
	}
}

// occupants are things that may stand at the target.
var occupants = []struct {
	name, text string
	make       func(target string) error
}{
	{"empty folder", "an empty folder", func(p string) error { return os.Mkdir(p, 0o777) }},
	{"full folder", "a folder", func(p string) error {
		return errors.Join(os.Mkdir(p, 0o777), os.WriteFile(filepath.Join(p, "mine"), []byte("x"), 0o666))
	}},
	{"file", "a file", func(p string) error { return os.WriteFile(p, []byte("x"), 0o666) }},
	{"empty file", "a file", func(p string) error { return os.WriteFile(p, nil, 0o666) }},
	{"dangling link", "a link that leads nowhere", func(p string) error { return os.Symlink("nowhere", p) }},
	{"link to itself", "a link", func(p string) error { return os.Symlink(filepath.Base(p), p) }},
	{"link to a folder", "a link", func(p string) error { return os.Symlink(".", p) }},
	{"link out of the parent", "a link", func(p string) error { return os.Symlink(os.TempDir(), p) }},
}

func TestTargetInTheWay(t *testing.T) {
	for _, o := range occupants {
		t.Run(o.name, func(t *testing.T) {
			parent := t.TempDir()
			target := filepath.Join(parent, "app")
			if err := o.make(target); err != nil {
				t.Skip(err)
			}
			before := snapshot(t, parent)
			staged := false
			err := New(t.Context(), Options{Parent: parent, Name: "app", Files: project(), fault: func(string, string) error {
				staged = true
				return nil
			}})
			for _, err := range []error{err, Check(parent, "app")} {
				if got := kindOf(t, err); got != diag.InTheWay {
					t.Errorf("kind %v, want InTheWay", got)
				}
				if s := err.Error(); !strings.Contains(s, target+" is already there ("+o.text+")") {
					t.Errorf("unclear: %s", s)
				}
			}
			if staged {
				t.Error("something was written before the target was looked at")
			}
			if d := gocmp.Diff(before, snapshot(t, parent)); d != "" {
				t.Errorf("the parent changed: %s", d)
			}
		})
	}
}

// TestTargetAppears puts something at the target at the last moment: the rename
// itself has to refuse.
func TestTargetAppears(t *testing.T) {
	for _, o := range occupants {
		t.Run(o.name, func(t *testing.T) {
			parent := t.TempDir()
			var before map[string]string
			err := New(t.Context(), Options{Parent: parent, Name: "app", Files: project(), fault: func(op, _ string) error {
				if op != "publish" {
					return nil
				}
				err := o.make(filepath.Join(parent, "app"))
				before = snapshot(t, parent)
				return err
			}})
			if got := kindOf(t, err); got != diag.InTheWay {
				t.Errorf("kind %v, want InTheWay: %v", got, err)
			}
			after := snapshot(t, parent)
			for p := range before {
				if strings.HasPrefix(p, ".app.stackinit-") {
					delete(before, p)
				}
			}
			if d := gocmp.Diff(before, after); d != "" {
				t.Errorf("what came in between was touched, or something is left: %s", d)
			}
		})
	}
}

func TestParents(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ parent, text string }{
		{filepath.Join(dir, "missing", "deep"), "there is no folder"},
		{file, "cannot open the folder"},
	} {
		for _, err := range []error{
			New(t.Context(), Options{Parent: tt.parent, Name: "app", Files: project()}),
			Check(tt.parent, "app"),
		} {
			if got := kindOf(t, err); got != diag.Environment {
				t.Errorf("%s: kind %v, want Environment", tt.parent, got)
			}
			if !strings.Contains(err.Error(), tt.text) || !strings.Contains(err.Error(), tt.parent) {
				t.Errorf("unclear: %v", err)
			}
		}
	}
	if err := Check(dir, "app"); err != nil {
		t.Error(err)
	}
	long := strings.Repeat("x", 300) // a name that cannot even be looked for
	for _, err := range []error{New(t.Context(), Options{Parent: dir, Name: long}), Check(dir, long)} {
		if kindOf(t, err) != diag.Environment || !strings.Contains(err.Error(), "cannot look at "+filepath.Join(dir, long)) {
			t.Errorf("unclear: %v", err)
		}
	}
}

// A process may stand in a folder that is gone.
func TestNoCurrentFolder(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.Remove(dir); err != nil {
		t.Skip("this system keeps the folder that one is in:", err)
	}
	for _, err := range []error{
		New(t.Context(), Options{Parent: ".", Name: "app"}),
		Check(".", "app"),
		Edit(t.Context(), EditOptions{Dir: "."}),
	} {
		if kindOf(t, err) != diag.Environment || !strings.Contains(err.Error(), "the current folder is not known") {
			t.Error(err)
		}
	}
}

func TestReadOnlyParent(t *testing.T) {
	parent := t.TempDir()
	for dir, mode := range map[string]os.FileMode{filepath.Dir(parent): 0o755, parent: 0o555} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(parent, 0o777) })
	var errs []error
	if !boundByModes(func() { errs = append(errs, New(t.Context(), Options{Parent: parent, Name: "app"})) }) {
		t.Skip("needs a user whom file modes bind")
	}
	if os.Getuid() > 0 { // Check asks for the user of the whole process
		errs = append(errs, Check(parent, "app"))
	}
	for _, err := range errs {
		if kindOf(t, err) != diag.Environment || !strings.Contains(err.Error(), "permission denied") {
			t.Error(err)
		}
	}
}

// What could not be removed is told beside the reason why nothing was made.
func TestLeftoverIsTold(t *testing.T) {
	parent := t.TempDir()
	for dir, mode := range map[string]os.FileMode{filepath.Dir(parent): 0o755, parent: 0o777} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(parent, 0o777) })
	commit := func(context.Context, string, []Written) error {
		locked := make(chan error)
		go func() { locked <- os.Chmod(parent, 0o555) }() // by the owner: not on the bound thread
		return errors.Join(<-locked, diag.New(diag.Refused, "", "no git"))
	}
	var err error
	if !boundByModes(func() { err = New(t.Context(), Options{Parent: parent, Name: "app", Commit: commit}) }) {
		t.Skip("needs a user whom file modes bind")
	}
	var d *diag.Error
	if !errors.As(err, &d) || d.Kind != diag.Refused || len(d.Findings) != 2 || d.Findings[0].Text != "no git" ||
		!strings.Contains(d.Findings[1].Text, "the unfinished folder "+filepath.Join(parent, ".app.stackinit-")) {
		t.Error(err)
	}
}

func TestHostilePaths(t *testing.T) {
	for _, p := range []string{"", ".", "..", "../x", "/etc/x", "a/../../x", "a//b", "a/", "./a", "a/."} {
		parent := t.TempDir()
		if err := New(t.Context(), Options{Parent: parent, Name: "app", Files: []File{{Path: p, Mode: 0o644}}}); err == nil || !strings.Contains(err.Error(), "is no path inside a project") {
			t.Errorf("path %q: %v", p, err)
		}
		if got := snapshot(t, parent); len(got) != 0 {
			t.Errorf("path %q left %v", p, got)
		}
	}
	for _, name := range []string{"", ".", "..", "a/b", "../x", "/x"} {
		if err := New(t.Context(), Options{Parent: t.TempDir(), Name: name}); err == nil || !strings.Contains(err.Error(), "is no name of a folder") {
			t.Errorf("name %q: %v", name, err)
		}
	}
}

// TestPlantedLink swaps a folder for a link to the outside, before it is opened and
// while files are written: os.Root must not follow it.
func TestPlantedLink(t *testing.T) {
	for _, at := range []string{"mkdir zoo", "create lib/x"} {
		parent, outside := t.TempDir(), t.TempDir()
		files := []File{{Path: "lib/x", Mode: 0o644, Body: []byte("x")}, {Path: "zoo/y", Mode: 0o644}}
		err := New(t.Context(), Options{Parent: parent, Name: "app", Files: files, fault: func(op, name string) error {
			if op+" "+name != at {
				return nil
			}
			staging, err := filepath.Glob(filepath.Join(parent, ".app.stackinit-*"))
			if err != nil || len(staging) != 1 {
				return fmt.Errorf("staging folders %v: %w", staging, err)
			}
			lib := filepath.Join(staging[0], "lib")
			return errors.Join(os.Remove(lib), os.Symlink(outside, lib))
		}})
		if err == nil {
			t.Errorf("%s: wrote through a link", at)
		}
		if got := snapshot(t, outside); len(got) != 0 {
			t.Errorf("%s: outside now holds %v", at, got)
		}
		if got := snapshot(t, parent); len(got) != 0 {
			t.Errorf("%s: left %v", at, got)
		}
	}
}

func TestTwoFilesOnePath(t *testing.T) {
	parent := t.TempDir()
	files := []File{{Path: "a", Mode: 0o644}, {Path: "a", Mode: 0o644, Body: []byte("2")}}
	err := New(t.Context(), Options{Parent: parent, Name: "app", Files: files})
	var d *diag.Error
	if err == nil || errors.As(err, &d) {
		t.Errorf("got %v, want an error that counts as a bug", err)
	}
	if got := snapshot(t, parent); len(got) != 0 {
		t.Errorf("left %v", got)
	}
}

func TestCommitFails(t *testing.T) {
	parent := t.TempDir()
	refused := diag.New(diag.Environment, "", "no git")
	err := New(t.Context(), Options{Parent: parent, Name: "app", Files: project(),
		Commit: func(context.Context, string, []Written) error { return refused }})
	if !errors.Is(err, refused) {
		t.Errorf("got %v, want what Commit returned", err)
	}
	if got := snapshot(t, parent); len(got) != 0 {
		t.Errorf("left %v", got)
	}
}

func TestPanicInCommit(t *testing.T) {
	parent := t.TempDir()
	defer func() {
		if recover() == nil {
			t.Error("the panic was swallowed")
		}
		if got := snapshot(t, parent); len(got) != 0 {
			t.Errorf("left %v", got)
		}
	}()
	_ = New(t.Context(), Options{Parent: parent, Name: "app", Files: project(),
		Commit: func(context.Context, string, []Written) error { panic("a bug") }})
}

// TestSwappedStaging puts a stranger's folder where the staging folder was: it stays.
func TestSwappedStaging(t *testing.T) {
	parent := t.TempDir()
	err := New(t.Context(), Options{Parent: parent, Name: "app", Files: project(),
		Commit: func(_ context.Context, dir string, _ []Written) error {
			return errors.Join(os.Rename(dir, filepath.Join(parent, "moved")), os.Mkdir(dir, 0o777),
				os.WriteFile(filepath.Join(dir, "theirs"), nil, 0o666), errors.New("stop"))
		}})
	if err == nil {
		t.Fatal("no error")
	}
	theirs, err := filepath.Glob(filepath.Join(parent, ".app.stackinit-*", "theirs"))
	if err != nil || len(theirs) != 1 {
		t.Errorf("a folder of somebody else was removed: %v %v", theirs, err)
	}
}
