//go:build unix

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	// Makes go test's cache see every change of the program.
	_ "github.com/stackinit/stackinit/internal/cli"
)

// scratch is a folder for all tests together, gone at the end.
var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "stackinit-e2e-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	stopServers()
	if err := os.RemoveAll(scratch); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// slow skips a test with -short.
func slow(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes too long for -short")
	}
}

// need skips the test where something is missing that only some machines have;
// under CI=true that is a failure.
func need(t testing.TB, what string, there bool) {
	t.Helper()
	switch {
	case there:
	case os.Getenv("CI") == "true":
		t.Fatalf("needs %s, and CI=true promises it", what)
	default:
		t.Skipf("needs %s", what)
	}
}

// tool needs a command in PATH.
func tool(t testing.TB, name string) {
	t.Helper()
	_, err := exec.LookPath(name)
	need(t, name, err == nil)
}

var build = sync.OnceValues(func() (string, error) {
	exe := filepath.Join(scratch, "stackinit")
	out, err := exec.Command("go", "build", "-o", exe, "../../cmd/stackinit").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return exe, err
})

// program gives the path of the program, built once.
func program(t testing.TB) string {
	t.Helper()
	exe, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

// home makes a home with a git configuration and gives the environment of a
// person who lives there and has set nothing else.
func home(t testing.TB, gitconfig string) []string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, ".gitconfig"), gitconfig)
	return []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "GIT_CONFIG_NOSYSTEM=1"}
}

const ada = "[user]\n\tname = Ada Lovelace\n\temail = ada@example.com\n[init]\n\tdefaultBranch = trunk\n"

// command makes a command that is ended with all its children after a while.
func command(ctx context.Context, dir string, env []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, env
	cmd.Path = lookPath(args[0], env)
	cmd.Err = nil
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// lookPath finds a command in the PATH of env, not in the tests' own.
func lookPath(name string, env []string) string {
	if strings.ContainsRune(name, '/') {
		return name
	}
	for _, dir := range filepath.SplitList(value(env, "PATH")) {
		p := filepath.Join(dir, name)
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return p
		}
	}
	return name
}

// value is what the last entry of env says about a variable.
func value(env []string, name string) (v string) {
	for _, e := range env {
		if k, val, _ := strings.Cut(e, "="); k == name {
			v = val
		}
	}
	return v
}

// try runs a command and gives what it printed, both streams.
func try(t testing.TB, dir string, env []string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	out, err := command(ctx, dir, env, args...).CombinedOutput()
	return string(out), err
}

// run runs a command that has to succeed.
func run(t testing.TB, dir string, env []string, args ...string) string {
	t.Helper()
	out, err := try(t, dir, env, args...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tree reads all files below dir but those of git's own, as path -> mode and text.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == ".git" {
			return filepath.SkipDir
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		var body []byte
		if info.Mode().IsRegular() {
			if body, err = os.ReadFile(p); err != nil {
				return err
			}
		}
		files[strings.TrimPrefix(p, dir)] = info.Mode().String() + "\n" + string(bytes.Clone(body))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
