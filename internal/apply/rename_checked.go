//go:build !windows

package apply

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
)

// checkedRename is the publishing rename for file systems that have no rename
// that refuses to replace (NFS and some FUSE file systems). rename(2) of a folder
// onto a file, a link or a folder that holds anything fails by itself, so all
// that could still be replaced, in the instant after the look, is an empty
// folder. Claiming the name with mkdir first would close that gap, and open
// another: a kill between the two leaves an empty target.
func checkedRename(parent *os.Root, from, to string) error {
	if _, err := parent.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return cmp.Or(err, fs.ErrExist)
	}
	return parent.Rename(from, to)
}
