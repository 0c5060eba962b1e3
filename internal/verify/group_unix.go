//go:build unix

package verify

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ownGroup makes a command the leader of a process group, so that it can be ended
// with everything that it starts.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// endGroup asks a group to end.
func endGroup(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGTERM) }

// killGroup ends what is left of a group whose leader has ended, and tells whether
// anything was, a moment later.
func killGroup(p *os.Process) bool {
	for range 20 {
		if errors.Is(syscall.Kill(-p.Pid, 0), syscall.ESRCH) {
			return false
		}
		time.Sleep(10 * time.Millisecond)
	}
	left := lives(p.Pid)
	return syscall.Kill(-p.Pid, syscall.SIGKILL) == nil && left
}

// lives tells whether a group has more than the dead in it, whom nobody collects in
// containers without an init. Where there is no /proc it has.
func lives(group int) bool {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue // gone by now
		}
		// pid (name) state parent group …; the name may hold anything.
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(fields) > 2 && fields[0] != "Z" && fields[2] == strconv.Itoa(group) {
			return true
		}
	}
	return err != nil || len(stats) == 0
}

// stop asks a service to end as a supervisor does: only its first process.
func stop(p *os.Process) error { return p.Signal(syscall.SIGTERM) }

// stopsByItself tells whether stop leaves the end to the process, whose exit code
// then means something.
const stopsByItself = true

// sameVariable compares names of environment variables.
func sameVariable(a, b string) bool { return a == b }
