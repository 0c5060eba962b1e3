//go:build unix

package apply

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestUmask: modes are those that mkdir and creat give anybody.
func TestUmask(t *testing.T) {
	for _, umask := range []int{0, 0o002, 0o022, 0o027, 0o077} {
		t.Run(fmt.Sprintf("%03o", umask), func(t *testing.T) {
			parent := t.TempDir()
			old := syscall.Umask(umask)
			defer syscall.Umask(old)
			if err := New(t.Context(), Options{Parent: parent, Name: "app", Files: project()}); err != nil {
				t.Fatal(err)
			}
			for name, full := range map[string]fs.FileMode{"": 0o777, "src/part0": 0o777, "bin/run": 0o777, "README.md": 0o666} {
				info, err := os.Stat(filepath.Join(parent, "app", name))
				if err != nil {
					t.Fatal(err)
				}
				if want := full &^ fs.FileMode(umask); info.Mode().Perm() != want {
					t.Errorf("%q has mode %v, want %v", name, info.Mode().Perm(), want)
				}
			}
		})
	}
}
