package source

import (
	"os/exec"
	"strconv"
	"syscall"
)

// ownGroup keeps Ctrl-C from a command and ends it with everything it starts.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
	cmd.Cancel = func() error {
		if err := exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(cmd.Process.Pid)).Run(); err != nil {
			return cmd.Process.Kill()
		}
		return nil
	}
}

// sharedTerminal leaves a command where it can ask in the terminal.
func sharedTerminal(cmd *exec.Cmd) { ownGroup(cmd) }
