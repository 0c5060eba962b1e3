package apply

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
)

// Whatever stands there stays, and is found before anybody answers questions.
func TestNewFileReplacesNothing(t *testing.T) {
	for _, o := range occupants {
		dir := t.TempDir()
		name := filepath.Join(dir, "plan.json")
		if err := o.make(name); err != nil {
			t.Logf("%s: skipped: %v", o.name, err)
			continue
		}
		before := snapshot(t, dir)
		for _, err := range []error{NewFile(name, []byte("new")), CheckFile(name)} {
			if kindOf(t, err) != diag.InTheWay || !strings.Contains(err.Error(), name+" is already there") {
				t.Errorf("%s: %v", o.name, err)
			}
		}
		if d := gocmp.Diff(before, snapshot(t, dir)); d != "" {
			t.Errorf("%s: %s", o.name, d)
		}
	}
}

func TestNewFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "plan.json")
	if err := errors.Join(CheckFile(name), NewFile(name, []byte("new"))); err != nil {
		t.Fatal(err)
	}
	if body, err := os.ReadFile(name); err != nil || string(body) != "new" {
		t.Errorf("%q, %v", body, err)
	}
	closed := filepath.Join(filepath.Dir(name), "closed")
	if err := errors.Join(os.Mkdir(closed, 0o555), os.Chmod(filepath.Dir(name), 0o755), os.Chmod(filepath.Dir(filepath.Dir(name)), 0o755)); err != nil {
		t.Fatal(err)
	}
	var err error
	if boundByModes(func() { err = NewFile(filepath.Join(closed, "plan.json"), nil) }) && !errors.Is(err, fs.ErrPermission) {
		t.Errorf("in a closed folder: %v", err)
	}
	missing := filepath.Join(filepath.Dir(name), "none", "plan.json")
	if err := NewFile(missing, nil); kindOf(t, err) != diag.Environment || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in no folder: %v", err)
	}
}
