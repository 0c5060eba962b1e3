package apply

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// helperParent names the folder in which a child process makes the project; it
// turns the test binary into that child.
const helperParent = "APPLY_TEST_PARENT"

func TestMain(m *testing.M) {
	if parent := os.Getenv(helperParent); parent != "" {
		os.Exit(helper(parent))
	}
	os.Exit(m.Run())
}

// helper says when it begins, makes the project and says that it is done.
func helper(parent string) int {
	fmt.Println("begin")
	err := New(context.Background(), Options{Parent: parent, Name: "app", Files: project(),
		Commit: func(_ context.Context, dir string, _ []Written) error {
			git := filepath.Join(dir, ".git")
			return errors.Join(os.Mkdir(git, 0o777), os.WriteFile(filepath.Join(git, "HEAD"), []byte("ref"), 0o666))
		}})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("done")
	return 0
}

// startHelper starts a child and returns when it begins to write.
func startHelper(t *testing.T, parent string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), helperParent+"="+parent)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(out)
	if line, err := r.ReadString('\n'); err != nil || line != "begin\n" {
		t.Fatalf("the child said %q: %v", line, err)
	}
	return cmd, r
}

// middle is the median of five runs.
func middle(run func() time.Duration) time.Duration {
	var all []time.Duration
	for range 5 {
		all = append(all, run())
	}
	slices.Sort(all)
	return all[2]
}

func published() map[string]string {
	want := wanted("app", project())
	want["app/.git"], want["app/.git/HEAD"] = "d", "ref"
	return want
}

// TestKill ends a process by SIGKILL at random points: the target is absent or
// whole. A staging folder may stay, with its telling name; nothing else may.
func TestKill(t *testing.T) {
	rounds := 500
	if testing.Short() {
		rounds = 25
	}
	span := middle(func() time.Duration { // from a child's begin to its end
		cmd, out := startHelper(t, t.TempDir())
		start := time.Now()
		if line, err := out.ReadString('\n'); err != nil || line != "done\n" {
			t.Fatalf("the child said %q: %v", line, err)
		}
		took := time.Since(start)
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
		return took
	})
	// The span follows what is seen: another load of the machine would otherwise move
	// all kills to before the writing, or to after it.
	absent, whole, staging := 0, 0, 0
	for range rounds {
		parent := t.TempDir()
		cmd, _ := startHelper(t, parent)
		time.Sleep(time.Duration(rand.Float64() * 1.5 * float64(span)))
		if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Fatal(err)
		}
		_ = cmd.Wait() // its error is the kill

		got := snapshot(t, parent)
		maps.DeleteFunc(got, func(p, _ string) bool { return strings.HasPrefix(p, ".app.stackinit-") })
		entries, err := os.ReadDir(parent)
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), ".app.stackinit-") }) {
			staging++
		}
		switch {
		case len(got) == 0:
			absent++
			span += span / 20
		case gocmp.Equal(published(), got):
			whole++
			span -= span / 20
		default:
			t.Fatalf("half a project: %s", gocmp.Diff(published(), got))
		}
	}
	t.Logf("%d kills within %v: target absent %d times, whole %d times; %d staging folders left", rounds, span, absent, whole, staging)
	if !testing.Short() && (staging == 0 || absent == 0 || whole == 0) {
		t.Error("the kills did not fall into the time of writing: the test shows nothing")
	}
}

// TestInterrupt ends the context, as the signals' handler does, at random points:
// the target is absent or whole and nothing else is left.
func TestInterrupt(t *testing.T) {
	rounds := 200
	if testing.Short() {
		rounds = 25
	}
	span := middle(func() time.Duration {
		parent, start := t.TempDir(), time.Now()
		if err := New(t.Context(), Options{Parent: parent, Name: "app", Files: project()}); err != nil {
			t.Fatal(err)
		}
		return time.Since(start)
	})
	absent, whole := 0, 0
	for range rounds {
		parent := t.TempDir()
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.Float64()*3*float64(span)))
		err := New(ctx, Options{Parent: parent, Name: "app", Files: project()})
		cancel()
		got := snapshot(t, parent)
		switch {
		case err == nil && gocmp.Equal(wanted("app", project()), got):
			whole++
			span -= span / 20
		case errors.Is(err, context.DeadlineExceeded) && len(got) == 0:
			absent++
			span += span / 20
		default:
			t.Fatalf("error %v and %v", err, slices.Sorted(maps.Keys(got)))
		}
	}
	t.Logf("%d interruptions within %v: absent %d, whole %d", rounds, span, absent, whole)
	if !testing.Short() && (absent == 0 || whole == 0) {
		t.Error("the interruptions did not fall into the time of writing: the test shows nothing")
	}
}
