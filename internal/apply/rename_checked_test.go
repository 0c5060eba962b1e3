//go:build !windows

package apply

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheckedRename(t *testing.T) {
	for _, o := range occupants {
		t.Run(o.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := errors.Join(os.Mkdir(filepath.Join(dir, "from"), 0o777), o.make(filepath.Join(dir, "to"))); err != nil {
				t.Skip(err)
			}
			before := snapshot(t, dir)
			root, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = root.Close() })
			if err := checkedRename(root, "from", "to"); !errors.Is(err, fs.ErrExist) {
				t.Errorf("got %v, want fs.ErrExist", err)
			}
			if d := cmp.Diff(before, snapshot(t, dir)); d != "" {
				t.Error(d)
			}
			if err := checkedRename(root, "from", "free"); err != nil {
				t.Error(err)
			}
		})
	}
}
