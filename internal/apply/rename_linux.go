package apply

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// renameNew renames a folder within parent and never replaces anything.
func renameNew(parent *os.Root, _, from, to string) error {
	err := atFolder(parent, func(fd int) error {
		return unix.Renameat2(fd, from, fd, to, unix.RENAME_NOREPLACE)
	})
	// EINVAL: the file system knows no flags (NFS). ENOSYS: a kernel or a sandbox
	// without the call.
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.ENOTSUP) {
		return checkedRename(parent, from, to)
	}
	return err
}
