//go:build unix

package source

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
)

// oddGit gives a store whose git is a script.
func oddGit(t *testing.T, script string) *Store {
	t.Helper()
	st, _ := newStore(t)
	st.Git = filepath.Join(t.TempDir(), "git")
	write(t, st.Git, "#!/bin/sh\nfor last; do :; done\n"+script)
	if err := os.Chmod(st.Git, 0o755); err != nil {
		t.Fatal(err)
	}
	return st
}

// A git that does not do what it is there for, or talks to a server that gives something else.
func TestOddGit(t *testing.T) {
	commit, other := strings.Repeat("a", 40), strings.Repeat("b", 40)
	for name, c := range map[string]struct {
		script string
		kind   diag.Kind
		words  string
	}{
		"does nothing":   {"exit 0", diag.Environment, "left no trace"},
		"short trace":    {"echo abc > $GIT_DIR/FETCH_HEAD", diag.Environment, "left no trace"},
		"other trace":    {"echo " + strings.Repeat("x", 40) + " > $GIT_DIR/FETCH_HEAD", diag.Environment, "left no trace"},
		"no commit":      {"echo " + commit + " > $GIT_DIR/FETCH_HEAD; case $last in *commit*) echo zzz;; esac", diag.Refused, "names no commit"},
		"another commit": {"echo " + other + " > $GIT_DIR/FETCH_HEAD; case $last in *commit*) echo " + other + ";; esac", diag.Environment, "does not give commit " + commit + " any more"},
		"sends too much": {"dd if=/dev/null of=$GIT_DIR/objects/x bs=1 seek=300000000; sleep 5", diag.Refused, "sends more than 256 MiB"},
		"says rubbish":   {"echo " + commit + " > $GIT_DIR/FETCH_HEAD; case $last in *{commit}) echo " + commit + ";; *:) printf 'x\\000';; esac", diag.Environment, "git ls-tree printed"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := oddGit(t, c.script).Open(t.Context(), parse(t, "gh:a/b@v1").At(commit))
			failsAs(t, err, c.kind, c.words)
		})
	}
}

// Whoever interrupts is told so, whatever git is about to do.
func TestInterruptWhileGitReads(t *testing.T) {
	cause := errors.New("interrupted")
	head := "echo " + strings.Repeat("a", 40) + " > $GIT_DIR/FETCH_HEAD; "
	for name, script := range map[string]string{
		"fetch":    "touch $GIT_DIR/../here; sleep 5",
		"the name": head + "case $last in *commit*) touch $GIT_DIR/../here; sleep 5;; esac",
		"the list": head + "case $last in *commit*) echo " + strings.Repeat("a", 40) + ";; *:) touch $GIT_DIR/../here; sleep 5;; esac",
		"files":    head + "case $last in *commit*) echo " + strings.Repeat("a", 40) + ";; *:) printf '100644 blob 12 1\\ta\\000';; --buffer) touch $GIT_DIR/../here; sleep 5;; esac",
	} {
		t.Run(name, func(t *testing.T) {
			st := oddGit(t, script)
			ctx, cancel := context.WithCancelCause(t.Context())
			here := filepath.Join(os.Getenv("TMPDIR"), "here")
			go func() {
				for ctx.Err() == nil {
					if os.Remove(here) == nil {
						cancel(cause)
					}
					time.Sleep(10 * time.Millisecond)
				}
			}()
			if _, err := st.Open(ctx, parse(t, "gh:a/b")); !errors.Is(err, cause) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestNoPlaceForARepository(t *testing.T) {
	st, _ := newStore(t)
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
	_, err := st.Open(t.Context(), parse(t, "gh:a/b"))
	failsAs(t, err, diag.Environment, "no place for a repository")
	_, err = st.ask(t.Context(), parse(t, "gh:a/b"))
	failsAs(t, err, diag.Environment, "no place for a repository")
}
