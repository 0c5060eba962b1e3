package verify

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// ownGroup keeps Ctrl-C from a command: verify ends it.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// endGroup ends a process with its children; Windows has no signal that asks for it.
func endGroup(p *os.Process) error {
	if err := exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(p.Pid)).Run(); err != nil {
		return p.Kill()
	}
	return nil
}

// killGroup has nothing to do: a process that has ended does not know its children any more.
func killGroup(*os.Process) bool { return false }

func stop(p *os.Process) error { return endGroup(p) }

const stopsByItself = false

func sameVariable(a, b string) bool { return strings.EqualFold(a, b) }
