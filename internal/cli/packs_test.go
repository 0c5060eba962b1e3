package cli_test

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// The packs of examples/ pass their own tests, what go-tool makes is a Go program that
// passes its tests, and a pack whose files are not as expected fails.
func TestExamplePacks(t *testing.T) {
	packs, err := filepath.Abs(filepath.Join(root, "examples", "packs"))
	if err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (string, error) {
		cmd := exec.Command("stackinit", args...)
		cmd.Dir = packs
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run("template", "test", "acme-service"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	for _, pack := range []string{"acme-service", "go-tool"} {
		if out, err := run("template", "lint", pack); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
	if out, err := run("template", "test", "go-tool", "--run", "go vet ./... && go test ./... && test -z \"$(gofmt -l .)\""); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := run("template", "test", "go-tool", "--run", "exit 3"); err == nil {
		t.Errorf("a failing command passed:\n%s", out)
	}
}

// Our own stacks go through what packs of others go through.
func TestBuiltInStacksAsPacks(t *testing.T) {
	if testing.Short() {
		t.Skip("plans a hundred projects twice")
	}
	if out, err := exec.Command("stackinit", "template", "test", "--built-in").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestBuiltInStacksHaveNoMistakes(t *testing.T) {
	if out, err := exec.Command("stackinit", "template", "lint", "--built-in").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
