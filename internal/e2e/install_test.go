//go:build unix

package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func sameBytes(t *testing.T, p *project) {
	other := made(t, p.kit)
	if d := cmp.Diff(tree(t, made(t, p.kit)), tree(t, other)); d != "" {
		t.Error(d)
	}
}

// residue is what a template engine or its author leaves behind.
var residue = regexp.MustCompile(`\{\{ *[.-]|<no value>|__NAME__|(?i)change ?me|changethis|TODO|FIXME|lorem ipsum`)

func noResidue(t *testing.T, p *project) {
	for path, text := range tree(t, made(t, p.kit)) {
		if strings.HasPrefix(path, "/.github/workflows/") {
			continue // its ${{ }} is GitHub's; parsed by item 28
		}
		if found := residue.FindString(text); found != "" {
			t.Errorf("%s holds %q", path, found)
		}
	}
}

// Installing was done when the project was made: did that change anything?
func installChangesNothing(t *testing.T, p *project) {
	if out := p.run(t, "git", "status", "--porcelain"); out != "" {
		t.Errorf("after %v:\n%s%s", p.on.install, out, p.run(t, "git", "diff"))
	}
	t.Logf("installed from empty caches in %.1f s", p.took.Seconds())
}

// npm writes a lock without the binaries that its registry lacks at that moment
// and then rejects that lock on the machines that need them.
func lockIsWhole(t *testing.T, p *project) {
	if !p.npm() {
		// Hash mode refuses a pin without a hash: nothing is left to walk but the pins.
		for _, lock := range p.locks {
			text := read(t, p.path(lock))
			pins := regexp.MustCompile(`(?m)^[][a-z0-9.,_-]+==`).FindAllString(text, -1)
			hashed := regexp.MustCompile(`(?m)^[][a-z0-9.,_-]+==[^\n]*\\\n +--hash=sha256:`).FindAllString(text, -1)
			if len(pins) == 0 || len(pins) != len(hashed) {
				t.Errorf("%s: %d pins, %d of them with hashes", lock, len(pins), len(hashed))
			}
		}
		return
	}
	var lock struct {
		Packages map[string]struct {
			Integrity            string
			HasInstallScript     bool
			OptionalDependencies map[string]string
		}
	}
	if err := json.Unmarshal([]byte(read(t, p.path("package-lock.json"))), &lock); err != nil {
		t.Fatal(err)
	}
	optional := 0
	for at, pkg := range lock.Packages {
		if at != "" && pkg.Integrity == "" {
			t.Errorf("%s has no hash", at)
		}
		for name := range pkg.OptionalDependencies {
			optional++
			if _, ok := lock.Packages["node_modules/"+name]; !ok {
				t.Errorf("%s needs %s on some platform, and the lock has no entry for it", at, name)
			}
		}
	}
	if optional == 0 {
		t.Error("no optional dependency at all: this test saw nothing")
	}
}

func noInstallScripts(t *testing.T, p *project) {
	if !p.npm() {
		// A wheel cannot run anything; only a source package could.
		q := p.clone(t)
		out := q.run(t, "python", "-m", "venv", "wheels")
		out += q.run(t, "wheels/bin/python", "-m", "pip", "install", "--quiet", "--dry-run", "--only-binary=:all:", "--require-hashes", "-r", "requirements-dev.txt")
		if strings.Contains(out, "ERROR") {
			t.Error(out)
		}
		return
	}
	q := p.clone(t)
	q.run(t, "npm", "ci", "--strict-allow-scripts", "--prefer-offline")
}

func firstAnswer(t *testing.T, p *project) {
	start := time.Now()
	s := p.start(t)
	for _, path := range []string{"/health/live", "/health/ready"} {
		if a := s.get(t, path); a.status != 200 || a.json(t, "status") != "ok" {
			t.Errorf("%s answers %d: %s", path, a.status, a.body)
		}
	}
	took := time.Since(start)
	t.Logf("install %.1f s + start %.1f s = %.1f s", p.took.Seconds(), took.Seconds(), (p.took + took).Seconds())
	s.stop(t)
}

func wrongRuntime(t *testing.T, p *project) {
	if !p.npm() {
		out := p.fails(t, "python", "-c", "import sys; sys.version_info = (3, 10, 0); import app")
		if !strings.Contains(out, "3.11") || strings.Count(out, "\n") != 1 {
			t.Errorf("not one sentence that names 3.11: %s", out)
		}
		return
	}
	old := os.Getenv("STACKINIT_TEST_OLD_NODE")
	if old == "" {
		old, _ = exec.LookPath("node")
	}
	major := nodeMajor(old)
	need(t, "a Node before 24", major > 0 && major < 24)
	q := *p
	q.env = append(p.env[:len(p.env):len(p.env)], "PATH="+filepath.Dir(old)+":"+value(p.env, "PATH"))
	for _, args := range [][]string{{"npm", "ci"}, {"npm", "test"}, {"npm", "run", "check"}} {
		if out := q.fails(t, args...); !strings.Contains(out, ">=24") || !strings.Contains(out, "EBADDEVENGINES") {
			t.Errorf("%v does not name the version it needs:\n%s", args, out)
		}
	}
}
