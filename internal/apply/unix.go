//go:build linux || darwin

package apply

import (
	"os"

	"golang.org/x/sys/unix"
)

// atFolder calls f with the descriptor of the folder that root holds open, so
// that a rename happens in that folder even if its path has changed meanwhile.
func atFolder(root *os.Root, f func(fd int) error) error {
	folder, err := root.Open(".")
	if err != nil {
		return err
	}
	defer func() { _ = folder.Close() }() // opened for reading: nothing to lose
	conn, err := folder.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	if err := conn.Control(func(fd uintptr) { inner = f(int(fd)) }); err != nil {
		return err
	}
	return inner
}

// writable says why this user cannot make an entry in dir.
func writable(dir string) error { return unix.Access(dir, unix.W_OK|unix.X_OK) }
