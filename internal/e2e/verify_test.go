//go:build unix

package e2e

import (
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// verified is what verify --json prints.
type verified struct {
	OK      bool
	Stack   string
	Seconds float64
	Steps   []struct {
		Name, Status, Note, Repeat string
		Output                     []string
		Seconds                    float64
	}
}

// verify runs stackinit verify on a project, which has to be fine and stays as it is.
func verify(t *testing.T, dir string, env []string, args ...string) verified {
	t.Helper()
	before := run(t, dir, env, "git", "status", "--porcelain", "--ignored")
	script := append([]string{"sh", "-c", `exec "$@" 2>"$STDERR"`, "sh", program(t), "verify", "--json", dir}, args...)
	stderr := filepath.Join(t.TempDir(), "stderr")
	out, err := try(t, dir, append(env[:len(env):len(env)], "STDERR="+stderr), script...)
	var v verified
	if bad := json.Unmarshal([]byte(out), &v); bad != nil {
		t.Fatalf("stdout is no JSON: %v\n%s%s", bad, out, read(t, stderr))
	}
	if err != nil || !v.OK {
		t.Fatalf("%v\n%s%s", err, out, read(t, stderr))
	}
	var times []string
	for _, s := range v.Steps {
		times = append(times, s.Name+" "+s.Status)
	}
	t.Logf("%.1f s: %s", v.Seconds, strings.Join(times, ", "))
	for line := range strings.Lines(run(t, dir, env, "git", "status", "--porcelain", "--ignored")) {
		name := strings.TrimSpace(strings.TrimPrefix(line, "!!"))
		known := slices.ContainsFunc(installs, func(i string) bool { return name == i || strings.HasSuffix(name, "/"+i) })
		if !strings.Contains(before, line) && !known && !strings.HasSuffix(name, "__pycache__/") {
			t.Errorf("verify leaves behind: %s", line)
		}
	}
	return v
}

// installs are the files and folders, all ignored by git and in a hybrid below its parts, that installing and checking make;
// data/, models/ and .env, which are the user's, are not among them.
var installs = []string{"node_modules/", "dist/", ".venv/", ".coverage", ".mypy_cache/", ".pytest_cache/", ".ruff_cache/"}

// verifies is item 30 of the checklist: verify is green, and finds what is not.
func verifies(t *testing.T, p *project) {
	v := verify(t, p.dir, p.env, "--no-install")
	if v.Stack != p.stack || len(v.Steps) < 7 {
		t.Errorf("%+v", v)
	}
	q := p.clone(t)
	q.edit(t, p.registered[0][0], p.registered[0][1], "this is no code (\n"+p.registered[0][1])
	out, err := q.try(t, program(t), "verify", "--no-install", q.dir)
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 6 || !strings.Contains(out, "  failed   "+cmp.Or(p.brokenIn, "check")+" ") || !strings.Contains(out, "    again: cd ") {
		t.Errorf("a project that does not even parse: %v\n%s", err, out)
	}
}

// Node is too old here: verify brings one that fits, to the user's cache, once.
func TestVerifyBringsNode(t *testing.T) {
	slow(t)
	tool(t, "npm")
	t.Parallel()
	old := os.Getenv("STACKINIT_TEST_OLD_NODE")
	if old == "" {
		old, _ = exec.LookPath("node")
	}
	major := nodeMajor(old)
	need(t, "a Node before 24", major > 0 && major < 24)
	dir, cache := made(t, nodeExpress), t.TempDir()
	env := environment(t, "PATH="+filepath.Dir(old)+":"+os.Getenv("PATH"), "XDG_CACHE_HOME="+cache, "HOME="+cache, "npm_config_cache="+t.TempDir())
	v := verify(t, dir, env)
	if v.Steps[1].Name != "node" || v.Steps[1].Note != "Node 24.21.0 from "+cache+"/stackinit is used" {
		t.Errorf("Node was not brought: %+v", v.Steps[1])
	}
	first := v.Steps[1].Seconds
	v = verify(t, dir, env, "--no-install")
	if again := v.Steps[1].Seconds; v.Steps[1].Name != "node" || again > 1 && again > first/2 {
		t.Errorf("it takes %.1f s to find the Node that was brought in %.1f s", again, first)
	}
}

// From nothing but the project: with pip, and with uv where that is installed.
func TestVerifyInstallsPython(t *testing.T) {
	slow(t)
	t.Parallel()
	t.Run("pip", func(t *testing.T) {
		m := withPip(t)
		t.Parallel()
		env := m.environment(t)
		path := slices.DeleteFunc(filepath.SplitList(value(env, "PATH")), func(dir string) bool {
			_, err := os.Stat(filepath.Join(dir, "uv"))
			return err == nil
		})
		verify(t, made(t, pythonFlask), append(env, "PATH="+strings.Join(path, ":")))
	})
	t.Run("uv", func(t *testing.T) {
		m := withUv(t)
		t.Parallel()
		dir := made(t, pythonFlask)
		verify(t, dir, m.environment(t))
		// The README's pip works in the environment that uv made.
		run(t, dir, m.environment(t), ".venv/bin/python", "-m", "pip", "--version")
	})
}
