//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// stacks are all starters, for what does not depend on their tools.
var stacks = []*kit{nodeExpress, nodeRealtime, nodeFullstack, pythonFlask, pythonDjango, pythonData}

func TestGitFacts(t *testing.T) {
	slow(t)
	tool(t, "git")
	for _, k := range stacks {
		t.Run(k.stack, func(t *testing.T) {
			t.Parallel()
			env := home(t, ada)
			parent := t.TempDir()
			run(t, parent, env, program(t), "new", "orders", "--defaults", "--stack", k.stack)
			git := func(args ...string) string {
				return strings.TrimSpace(run(t, filepath.Join(parent, "orders"), env, append([]string{"git"}, args...)...))
			}
			for _, c := range []struct{ args, want string }{
				{"fsck --strict --full --no-progress", ""},
				{"status --porcelain --ignored", ""},
				{"rev-list --count --all", "1"},
				{"log --format=%an|%ae|%cn|%ce", "Ada Lovelace|ada@example.com|Ada Lovelace|ada@example.com"},
				{"symbolic-ref HEAD", "refs/heads/trunk"},
				{"for-each-ref --format=%(refname)", "refs/heads/trunk"},
				{"gc --auto --quiet", ""}, // nothing that git would want to tidy up
			} {
				if got := git(strings.Fields(c.args)...); got != c.want {
					t.Errorf("git %s: %q, want %q", c.args, got, c.want)
				}
			}
		})
	}
}

// The same answers and author give the same commit, whoever makes it wherever.
func TestSameCommit(t *testing.T) {
	slow(t)
	tool(t, "git")
	elsewhere := [][]string{
		{"TZ=UTC", "LANG=C", "umask 022"},
		{"TZ=Asia/Kathmandu", "LANG=de_DE.UTF-8", "umask 077"},
		{"TZ=America/St_Johns", "LC_ALL=tr_TR.UTF-8", "umask 002"},
		{"TZ=:nonsense", "LC_ALL=nonsense", "umask 000"},
	}
	for _, k := range stacks {
		t.Run(k.stack, func(t *testing.T) {
			t.Parallel()
			var first string
			for _, where := range elsewhere {
				parent := t.TempDir() // and a home of its own
				env := append(home(t, ada), "SOURCE_DATE_EPOCH=1767225600", where[0], where[1])
				run(t, parent, env, "sh", "-ec", where[2]+` && exec "$@"`, "sh", program(t), "new", "orders", "--defaults", "--stack", k.stack)
				hash := run(t, filepath.Join(parent, "orders"), env, "git", "log", "--format=%H %ci")
				if first == "" {
					first = hash
				}
				if hash != first || !strings.Contains(hash, "2026-01-01 00:00:00 +0000") {
					t.Errorf("%v gives %s, before it was %s", where, hash, first)
				}
			}
		})
	}
}

// What the program makes without git is what it commits with it.
func TestNoGit(t *testing.T) {
	slow(t)
	for _, k := range stacks {
		t.Run(k.stack, func(t *testing.T) {
			with, without := made(t, k), made(t, k, "--no-git")
			if _, err := os.Stat(filepath.Join(without, ".git")); err == nil {
				t.Error("--no-git makes a repository")
			}
			if d := cmp.Diff(tree(t, with), tree(t, without)); d != "" {
				t.Error(d)
			}
		})
	}
}
