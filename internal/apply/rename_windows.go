package apply

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// renameNew renames a folder within the folder dir and never replaces anything:
// MoveFileEx without MOVEFILE_REPLACE_EXISTING refuses a target that exists.
func renameNew(_ *os.Root, dir, from, to string) error {
	old, err := windows.UTF16PtrFromString(filepath.Join(dir, from))
	if err != nil {
		return err
	}
	target, err := windows.UTF16PtrFromString(filepath.Join(dir, to))
	if err != nil {
		return err
	}
	return windows.MoveFileEx(old, target, 0)
}

// writable cannot be told from a folder's attributes here: access lists decide,
// and writing asks them.
func writable(string) error { return nil }
