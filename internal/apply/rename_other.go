//go:build !linux && !darwin && !windows

package apply

import "os"

// renameNew renames a folder within parent. Systems without an exclusive rename
// get the checked one.
func renameNew(parent *os.Root, _, from, to string) error {
	return checkedRename(parent, from, to)
}

// writable is left to the attempt on systems that nobody has tried.
func writable(string) error { return nil }
