//go:build !windows

package testterm

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// ownTerminal makes tty the controlling terminal of cmd in a session of its own.
func ownTerminal(cmd *exec.Cmd, tty *os.File) {
	cmd.ExtraFiles = append(cmd.ExtraFiles, tty)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 2 + len(cmd.ExtraFiles)}
}

// closable gives the terminal's master side such that closing it ends a read
// that waits. Elsewhere than on Linux the poller may not know such files, and
// the side stays as it is.
func closable(master *os.File) (*os.File, error) {
	if runtime.GOOS != "linux" {
		return master, nil
	}
	defer master.Close()
	syscall.ForkLock.RLock() // no program may start between the next two lines and keep the side open
	defer syscall.ForkLock.RUnlock()
	fd, err := syscall.Dup(int(master.Fd()))
	if err != nil {
		return nil, err
	}
	syscall.CloseOnExec(fd)
	if err := syscall.SetNonblock(fd, true); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), master.Name()), nil
}
