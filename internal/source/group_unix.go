//go:build unix

package source

import (
	"os/exec"
	"syscall"
)

// ownGroup gives a command a session of its own: it ends with everything it starts,
// and ssh finds no terminal to ask in.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// sharedTerminal leaves a command where it can ask in the terminal. It is asked to
// end, so that git ends what it started and ssh leaves the terminal as it was.
func sharedTerminal(cmd *exec.Cmd) {
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
}
