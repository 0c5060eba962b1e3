package apply

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
)

// step is one thing that can fail.
type step struct{ op, name string }

// few is a smaller project: its steps are tried one by one.
func few() []File { return project()[:9] }

// run makes the project with a neighbour beside it, and calls before before each
// step, one step at a time.
func run(t *testing.T, ctx context.Context, before func(s step) error) (parent string, err error) {
	t.Helper()
	parent = t.TempDir()
	if err := os.WriteFile(filepath.Join(parent, "neighbour"), []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex // several workers take steps
	err = New(ctx, Options{Parent: parent, Name: "app", Files: few(),
		Commit: func(ctx context.Context, dir string, _ []Written) error {
			return cmp.Or(ctx.Err(), os.WriteFile(filepath.Join(dir, "pack"), []byte("x"), 0o444))
		},
		fault: func(op, name string) error {
			mu.Lock()
			defer mu.Unlock()
			if strings.HasPrefix(name, ".app.stackinit-") {
				name = "" // the staging folder, under a name that is random
			}
			return before(step{op, name})
		}})
	return parent, err
}

// allSteps lists the steps of a run without a fault, and checks that run.
func allSteps(t *testing.T) []step {
	t.Helper()
	var steps []step
	parent, err := run(t, t.Context(), func(s step) error {
		steps = append(steps, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(whole(), snapshot(t, parent)); d != "" {
		t.Error(d)
	}
	// mkdir and open of the staging folder, its folders, three steps a file, commit, publish.
	if want := 2 + len(folders(few())) + 3*len(few()) + 2; len(steps) != want {
		t.Errorf("%d steps, want %d: %v", len(steps), want, steps)
	}
	return steps
}

// whole is the snapshot that a finished run leaves.
func whole() map[string]string {
	want := wanted("app", few())
	want["app/pack"], want["neighbour"] = "x", "mine"
	return want
}

// TestFullDisk makes every step fail in turn.
func TestFullDisk(t *testing.T) {
	for _, bad := range allSteps(t) {
		parent, err := run(t, t.Context(), func(s step) error {
			if s == bad {
				return &fs.PathError{Op: s.op, Path: s.name, Err: syscall.ENOSPC}
			}
			return nil
		})
		if kindOf(t, err) != diag.Environment || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%v: %v", bad, err)
		}
		if s := err.Error(); !strings.Contains(s, parent) || !strings.Contains(s, "free some space") || strings.Contains(s, ".app.stackinit-") {
			t.Errorf("%v is unclear: %s", bad, s)
		}
		if d := gocmp.Diff(map[string]string{"neighbour": "mine"}, snapshot(t, parent)); d != "" {
			t.Errorf("%v left something or touched a neighbour: %s", bad, d)
		}
	}
}

// TestCancelAtEachStep ends the context at every step in turn, as SIGINT does.
func TestCancelAtEachStep(t *testing.T) {
	stop := errors.New("interrupted")
	for _, last := range allSteps(t) {
		ctx, cancel := context.WithCancelCause(t.Context())
		var after []step
		parent, err := run(t, ctx, func(s step) error {
			if ctx.Err() != nil {
				after = append(after, s)
			}
			if s == last {
				cancel(stop)
			}
			return nil
		})
		cancel(nil)
		got := snapshot(t, parent)
		if last.op == "publish" { // too late to stop
			if d := gocmp.Diff(whole(), got); err != nil || d != "" {
				t.Errorf("cancelled while publishing: %v %s", err, d)
			}
		} else if !errors.Is(err, stop) || len(got) != 1 {
			t.Errorf("cancelled at %v: error %v, left %v", last, err, slices.Sorted(maps.Keys(got)))
		}
		// Each worker may finish its file, nothing else begins.
		begun := slices.ContainsFunc(after, func(s step) bool { return s.op == "mkdir" || s.op == "commit" || s.op == "publish" })
		if len(after) > 3*4 || begun {
			t.Errorf("cancelled at %v, and then came %v", last, after)
		}
	}
}

// TestAdvice fails the first step with each of the usual errors: what is said
// names the place and the reason, and helps.
func TestAdvice(t *testing.T) {
	for errno, advice := range map[syscall.Errno]string{
		syscall.ENOSPC:       "free some space",
		syscall.EDQUOT:       "free some space",
		syscall.EROFS:        "--dir",
		syscall.EACCES:       "rights",
		syscall.EPERM:        "rights",
		syscall.ENAMETOOLONG: "shorter name",
		syscall.EMFILE:       "ulimit -n",
		syscall.ENFILE:       "ulimit -n",
		syscall.EIO:          "check the disk",
	} {
		parent, err := run(t, t.Context(), func(s step) error {
			return &fs.PathError{Op: s.op, Path: s.name, Err: errno}
		})
		if kindOf(t, err) != diag.Environment {
			t.Errorf("%v: %v", errno, err)
		}
		if s := err.Error(); !strings.Contains(s, parent) || !strings.Contains(s, errno.Error()) || strings.Count(s, "\n") != 1 {
			t.Errorf("%v is unclear: %s", errno, s)
		} else if !strings.Contains(s, advice) {
			t.Errorf("%v: %s\nwant advice like %q", errno, s, advice)
		}
	}
}
