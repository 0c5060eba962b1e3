package apply

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// renameNew renames a folder within parent and never replaces anything.
func renameNew(parent *os.Root, _, from, to string) error {
	err := atFolder(parent, func(fd int) error {
		return unix.RenameatxNp(fd, from, fd, to, unix.RENAME_EXCL)
	})
	// ENOTSUP, EINVAL: the file system has no exclusive rename (VOL_CAP_INT_RENAME_EXCL).
	if errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		return checkedRename(parent, from, to)
	}
	return err
}
