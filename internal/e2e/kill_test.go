//go:build unix

package e2e

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// target is where the kills are aimed at: a project being made.
type target struct {
	exe  string
	env  []string
	want map[string]string // the project's files
	head string            // its commit
	span time.Duration     // how long it takes to make, as far as seen
}

func newTarget(t *testing.T) *target {
	t.Helper()
	slow(t)
	tool(t, "git")
	// With git alone in PATH the program does not wait for Node to tell its version:
	// the kills would mostly fall into that time.
	bin := t.TempDir()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(git, filepath.Join(bin, "git")); err != nil {
		t.Fatal(err)
	}
	a := &target{exe: program(t), env: append(home(t, ada), "SOURCE_DATE_EPOCH=1767225600", "PATH="+bin)}
	var spans []time.Duration
	for range 9 {
		parent, start := t.TempDir(), time.Now()
		if err := a.start(t, parent).Wait(); err != nil {
			t.Fatal(err)
		}
		spans = append(spans, time.Since(start))
		dir := filepath.Join(parent, "orders")
		a.want, a.head = tree(t, dir), run(t, dir, a.env, "git", "rev-parse", "HEAD")
	}
	slices.Sort(spans)
	a.span = spans[len(spans)/2]
	return a
}

func (a *target) start(t *testing.T, parent string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(a.exe, "new", "orders", "--defaults", "--stack", nodeExpress.stack, "--dir", parent)
	cmd.Env = a.env
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// hit starts the program, sends it a signal at a random point of its time and
// waits for its end.
func (a *target) hit(t *testing.T, parent string, sig syscall.Signal) *os.ProcessState {
	t.Helper()
	cmd := a.start(t, parent)
	time.Sleep(time.Duration(rand.Float64() * 1.2 * float64(a.span)))
	if err := cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	_ = cmd.Wait() // how it ended is in its state
	return cmd.ProcessState
}

// whole tells whether the target is there, and fails where only a part of it is.
// The span follows what it sees: another load of the machine would otherwise move
// all signals to before the writing, or to after it.
func (a *target) whole(t *testing.T, parent string) bool {
	t.Helper()
	dir := filepath.Join(parent, "orders")
	if _, err := os.Lstat(dir); errors.Is(err, os.ErrNotExist) {
		a.span += a.span / 20
		return false
	}
	a.span -= a.span / 20
	if got := tree(t, dir); !cmp.Equal(got, a.want) {
		t.Fatalf("half a project: %s", cmp.Diff(a.want, got))
	}
	if out := run(t, dir, a.env, "git", "status", "--porcelain"); out != "" {
		t.Fatalf("half a repository: %s", out)
	}
	if head := run(t, dir, a.env, "git", "rev-parse", "HEAD"); head != a.head {
		t.Fatalf("another commit: %s", head)
	}
	return true
}

// others lists what lies beside the target.
func others(t *testing.T, parent string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(parent)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "orders" {
			names = append(names, e.Name())
		}
	}
	return names
}

func TestSIGKILL(t *testing.T) {
	const rounds = 500
	a := newTarget(t)
	absent, whole, staging := 0, 0, 0
	for range rounds {
		parent := t.TempDir()
		a.hit(t, parent, syscall.SIGKILL)
		for _, name := range others(t, parent) {
			if !strings.HasPrefix(name, ".orders.stackinit-") {
				t.Fatalf("left beside the target: %s", name)
			}
			staging++
		}
		if a.whole(t, parent) {
			whole++
		} else {
			absent++
		}
		remove(t, parent)
	}
	t.Logf("%d kills within %v: target absent %d times, whole %d times, half 0 times; %d staging folders left", rounds, a.span, absent, whole, staging)
	if absent == 0 || whole == 0 || staging == 0 {
		t.Error("the kills did not fall into the time of writing: the test shows nothing")
	}
}

func TestSIGINT(t *testing.T) {
	const rounds = 200
	a := newTarget(t)
	absent, whole, early := 0, 0, 0
	for range rounds {
		parent := t.TempDir()
		state := a.hit(t, parent, syscall.SIGINT)
		if names := others(t, parent); len(names) > 0 {
			t.Fatalf("left beside the target: %s", names)
		}
		status, _ := state.Sys().(syscall.WaitStatus)
		switch made := a.whole(t, parent); {
		case made && state.ExitCode() == 0:
			whole++
		case !made && state.ExitCode() == 130:
			absent++
		case !made && status.Signaled() && status.Signal() == syscall.SIGINT:
			early++ // before the first line of the program ran; a shell calls that 130, too
		default:
			t.Fatalf("%v, and the target is there: %v", state, made)
		}
		remove(t, parent)
	}
	t.Logf("%d interruptions within %v: absent %d times, %d more before the program began, whole %d times; left beside it: 0", rounds, a.span, absent, early, whole)
	if absent == 0 || whole == 0 {
		t.Error("the interruptions did not fall into the time of writing: the test shows nothing")
	}
}

// remove takes a folder away at once: hundreds of them would fill a small disk.
func remove(t *testing.T, dir string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
}
