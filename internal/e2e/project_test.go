//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// project is a generated project on a machine that can run it.
type project struct {
	*kit
	on   machine
	dir  string
	env  []string      // of its commands
	took time.Duration // by the install, from empty caches
}

// ours are variables of this machine that would reach into a project.
var ours = []string{
	"PORT", "HOST", "LOG_LEVEL", "DATABASE_PATH", "DATABASE_URL", "REDIS_URL", "CORS_ORIGINS", "TRUST_PROXY",
	"DEBUG", "SECRET_KEY", "PUBLIC_URL", "DJANGO_SETTINGS_MODULE",
	"NODE_ENV", "NODE_OPTIONS", "FORCE_COLOR", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "UV_PROJECT_ENVIRONMENT",
	"MAKEFLAGS", "MFLAGS", "MAKELEVEL",
}

// environment is this machine's, so that npm and pip find their registries, but for
// what would reach into a project or git; extra entries win.
func environment(t testing.TB, extra ...string) []string {
	t.Helper()
	env := slices.DeleteFunc(os.Environ(), func(e string) bool {
		name, _, _ := strings.Cut(e, "=")
		return slices.Contains(ours, name) || strings.HasPrefix(name, "GIT_") && name != "GIT_SSL_CAINFO"
	})
	config := filepath.Join(t.TempDir(), "gitconfig")
	write(t, config, ada)
	env = append(env, "NO_COLOR=1", "GIT_CONFIG_GLOBAL="+config, "GIT_CONFIG_NOSYSTEM=1",
		"npm_config_update_notifier=false", "npm_config_audit=false", "npm_config_fund=false", "PIP_DISABLE_PIP_VERSION_CHECK=1")
	return append(env, extra...)
}

// made makes a project called orders by the program and gives its folder.
func made(t testing.TB, k *kit, args ...string) string {
	t.Helper()
	parent := t.TempDir()
	run(t, parent, home(t, ada), append([]string{program(t), "new", "orders", "--defaults", "--stack", k.stack}, append(k.options[:len(k.options):len(k.options)], args...)...)...)
	return filepath.Join(parent, "orders")
}

// installed makes a project and installs what its lock file names.
func installed(t *testing.T, k *kit, m machine) *project {
	t.Helper()
	p := &project{kit: k, on: m, env: append(m.environment(t), k.env...)}
	p.settle(made(t, k))
	start := time.Now()
	p.install(t)
	p.took = time.Since(start)
	return p
}

func (p *project) install(t *testing.T) {
	t.Helper()
	for _, args := range p.on.install {
		p.run(t, args...)
	}
	if p.build != nil {
		p.run(t, p.build...)
	}
}

// settle says where the project is.
func (p *project) settle(dir string) {
	p.dir = dir
	if p.bin != "" {
		p.env = append(p.env[:len(p.env):len(p.env)], "PATH="+p.path(p.bin)+":"+os.Getenv("PATH"))
	}
}

// sibling is another project, with its packages installed.
func (p *project) sibling(t *testing.T, dir string) *project {
	t.Helper()
	q := *p
	q.dir = dir
	for _, lock := range p.locks {
		if read(t, q.path(lock)) != read(t, p.path(lock)) {
			q.settle(dir)
			q.install(t)
			return &q
		}
	}
	if p.bin == "" { // else PATH still names the commands of p
		link(t, p.path(p.packages), q.path(p.packages))
	}
	if q.build != nil {
		q.run(t, q.build...)
	}
	return &q
}

// link copies a folder by hard links: a copy that costs nothing, as long as nobody
// writes into its files.
func link(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := to + strings.TrimPrefix(path, from)
		switch {
		case d.IsDir():
			return os.Mkdir(target, 0o777)
		case d.Type() == os.ModeSymlink:
			dest, err := os.Readlink(path)
			if err != nil {
				return err
			}
			return os.Symlink(dest, target)
		}
		return os.Link(path, target)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// clone is a copy of what git has of the project, to be changed by a test.
func (p *project) clone(t *testing.T) *project {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "orders")
	p.run(t, "git", "clone", "--quiet", p.dir, dir)
	return p.sibling(t, dir)
}

// try runs a command in the project and gives what it printed.
func (p *project) try(t *testing.T, args ...string) (string, error) {
	t.Helper()
	return try(t, p.dir, p.env, args...)
}

// run runs a command that has to succeed.
func (p *project) run(t *testing.T, args ...string) string {
	t.Helper()
	return run(t, p.dir, p.env, args...)
}

// stdout runs a command that has to succeed and gives what it prints on stdout.
func (p *project) stdout(t *testing.T, args ...string) string {
	t.Helper()
	return p.run(t, append([]string{"sh", "-c", `exec "$@" 2>/dev/null`, "sh"}, args...)...)
}

// fails runs a command that must not succeed.
func (p *project) fails(t *testing.T, args ...string) string {
	t.Helper()
	out, err := p.try(t, args...)
	if err == nil {
		t.Errorf("%s succeeds, and must not:\n%s", strings.Join(args, " "), out)
	}
	return out
}

func (p *project) path(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

// edit replaces a text that has to be in a file.
func (p *project) edit(t *testing.T, name, old, with string) {
	t.Helper()
	text := read(t, p.path(name))
	if !strings.Contains(text, old) {
		t.Fatalf("%s does not hold %q", name, old)
	}
	write(t, p.path(name), strings.Replace(text, old, with, 1))
}

// green runs the checks and the tests, as the workflow does.
func (p *project) green(t *testing.T) {
	t.Helper()
	p.counted(t, p.run(t, "make", "ci"))
}

// tests runs the tests and gives how many there are; there have to be some.
func (p *project) tests(t *testing.T) string {
	t.Helper()
	return p.counted(t, p.run(t, p.test...))
}

func (p *project) counted(t *testing.T, out string) string {
	t.Helper()
	found := p.passed.FindStringSubmatch(out)
	if found == nil || found[1] == "0" {
		t.Fatalf("no test was run:\n%s", out)
	}
	return found[1]
}
