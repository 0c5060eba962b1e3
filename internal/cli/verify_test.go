//go:build unix

package cli_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stackinit/stackinit/internal/testterm"
)

// faked makes a project and gives its folder, with an environment in which node
// serves and npm is a script of the test.
func faked(t *testing.T, npm string) (dir string, env []string) {
	t.Helper()
	parent := t.TempDir()
	dir = filepath.Join(parent, "svc")
	if _, code := run(t, "", "new", "svc", "--defaults", "--stack", "node-express", "--no-git", "--dir", parent); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	bin := t.TempDir()
	for name, script := range map[string]string{"npm": npm, "node": `case $1 in --version) echo v24.21.0 ;; *) exec service ;; esac`} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir, append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "WORK="+parent, "TMPDIR="+t.TempDir(), "TERM=xterm-256color", "ACCESSIBLE=")
}

// gone waits until a process has ended; one that nobody has collected yet has.
func gone(t *testing.T, pid int) {
	t.Helper()
	for range 100 {
		stat, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || strings.Contains(string(stat), ") Z ") {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("process %d is left", pid)
	_ = syscall.Kill(pid, syscall.SIGKILL) // the test has failed already
}

// written waits for a file that holds a process id.
func written(t *testing.T, file string) int {
	t.Helper()
	for range 500 {
		text, _ := os.ReadFile(file)
		if pid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
			return pid
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s does not come", file)
	return 0
}

// A signal ends verify and everything that it started, grandchildren too and those
// that do not want to; nothing is left in the folder for temporary files.
func TestInterruptedVerifyLeavesNothing(t *testing.T) {
	const child = `sleep 600 & echo $! >"$WORK/child"; wait`
	for _, tt := range []struct {
		name, npm string
		env       []string
		sig       syscall.Signal
		code      int
	}{
		{"Ctrl-C in a command", `[ "$1" = test ] || exit 0; ` + child, nil, syscall.SIGINT, 130},
		{"SIGTERM in a command", `[ "$1" = test ] || exit 0; ` + child, nil, syscall.SIGTERM, 143},
		{"Ctrl-C in a command that goes on", `[ "$1" = test ] || exit 0; trap '' TERM; ` + child, nil, syscall.SIGINT, 130},
		{"Ctrl-C while the service runs", `exit 0`, []string{"SERVICE=unready"}, syscall.SIGINT, 130},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir, env := faked(t, tt.npm)
			env = append(env, tt.env...)
			exe, err := exec.LookPath("stackinit")
			if err != nil {
				t.Fatal(err)
			}
			var stdout, stderr strings.Builder
			cmd := exec.Command(exe, "verify", "--json", dir)
			cmd.Env, cmd.Stdout, cmd.Stderr = env, &stdout, &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			pid := written(t, filepath.Join(filepath.Dir(dir), "child"))
			if err := cmd.Process.Signal(tt.sig); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // the code is read from its state
			if code := cmd.ProcessState.ExitCode(); code != tt.code {
				t.Errorf("exit code %d, want %d\n%s", code, tt.code, stderr.String())
			}
			gone(t, pid)
			if !strings.HasPrefix(stdout.String(), "{\n  \"error\"") || strings.Contains(stdout.String(), "steps") {
				t.Errorf("a report of what was not finished: %s", stdout.String())
			}
			if !strings.Contains(stderr.String(), "with all that was started") {
				t.Errorf("stderr: %s", stderr.String())
			}
			left, err := os.ReadDir(value(env, "TMPDIR"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

func value(env []string, name string) (v string) {
	for _, e := range env {
		if rest, ok := strings.CutPrefix(e, name+"="); ok {
			v = rest
		}
	}
	return v
}

// In a terminal one line tells what is being done and for how long; the report stays.
func TestVerifyInATerminal(t *testing.T) {
	for _, dumb := range []bool{false, true} {
		dir, env := faked(t, `[ "$1" != test ] || sleep 1.5`)
		if dumb {
			env = append(env, "TERM=dumb")
		}
		exe, err := exec.LookPath("stackinit")
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(exe, "verify", "--timeout", "20s")
		cmd.Dir, cmd.Env = dir, env
		term := testterm.Start(t, cmd, 80, 24)
		if !dumb {
			term.Until("the seconds of the test", func(screen []string) bool {
				return regexp.MustCompile(`(?m)^  \.\.\.      test +1 s$`).MatchString(strings.Join(screen, "\n"))
			})
		}
		if code := term.Wait(); code != 0 {
			t.Fatalf("exit code %d\n%s", code, strings.Join(term.Screen(), "\n"))
		}
		screen := strings.Join(term.Screen(), "\n")
		if !regexp.MustCompile(`(?m)^  ok       test +[1-9]\d*\.\d s$`).MatchString(screen) || !strings.Contains(screen, "svc is fine") {
			t.Errorf("the report is not there:\n%s", screen)
		}
		if plain := strings.Contains(screen, "test ..."); plain != dumb || strings.Contains(screen, "  ...  ") {
			t.Errorf("TERM=dumb: %t, and left on the screen is\n%s", dumb, screen)
		}
		if strings.Contains(term.Raw(), "\x1b") || dumb && strings.Contains(strings.ReplaceAll(term.Raw(), "\r\n", ""), "\r") {
			t.Errorf("TERM=dumb: %t, and the terminal is steered: %q", dumb, term.Raw())
		}
		if w := term.Wrapped(); len(w) > 0 {
			t.Errorf("lines that the terminal had to wrap: %q", w)
		}
	}
}
