//go:build unix

package cli_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stackinit/stackinit/internal/testterm"
)

// A person in a terminal who plans without --out is shown what would be made, and no
// wall of JSON.
func TestPlanInATerminal(t *testing.T) {
	term, dir := session(t, "plan", "orders", "--defaults")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for _, want := range []string{"orders would hold", "Nothing was written", "--out plan.json writes this plan into a file"} {
		if !strings.Contains(term.Raw(), want) {
			t.Errorf("there is no %q in\n%s", want, term.Raw())
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("%v %v", entries, err)
	}
}

// The interview of plan is that of new, and its plan makes the same project.
func TestPlanAsks(t *testing.T) {
	term, dir := session(t, "plan", "orders", "--out", "plan.json")
	walk(t, term, c03)
	walk(t, term, []step{{"Accept:", testterm.Enter}, {"Anything to add?", testterm.Enter}})
	if code := term.Wait(); code != 0 || !strings.Contains(term.Raw(), "Planned orders: node-express") {
		t.Fatalf("exit code %d\n%s", code, term.Raw())
	}
	if out, err := stackinit(dir, "apply", "plan.json").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	record, err := os.ReadFile(filepath.Join(dir, "orders", ".stackinit.yaml"))
	if err != nil || !bytes.Contains(record, []byte("confirmed: true")) {
		t.Errorf("%v\n%s", err, record)
	}
}

// stackinit is a run of the program in a folder.
func stackinit(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("stackinit", args...) // testscript.Main has put it into PATH
	cmd.Dir = dir
	return cmd
}

// Ctrl-C ends a run that waits for a stdin without an end, and nothing is written.
func TestSignalWhileStdinIsRead(t *testing.T) {
	for _, args := range [][]string{{"apply", "-"}, {"new", "orders", "--answers", "-"}, {"plan", "orders", "--answers", "-", "--out", "p"}} {
		dir := t.TempDir()
		cmd := stackinit(dir, args...)
		never, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond) // it has begun to read
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		late := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		err = cmd.Wait()
		late.Stop()
		_ = never.Close() // kept open until here
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 130 {
			t.Errorf("%v: %v", args, err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
			t.Errorf("%v: %v %v", args, entries, err)
		}
	}
}
