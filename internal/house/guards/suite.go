package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// suite runs the tests that could miss a guard.
type suite struct{ work, overlay string }

// patience is for a test that hangs without its guard, which counts as missing it.
const patience = 3 * time.Minute

// witnesses are the tests that look at the whole program.
var witnesses = []struct{ dir, run string }{
	{"internal/cli", "TestScripts"},
	{"internal/e2e", "Hostile"},
}

// build compiles all tests with the overlay, and makes sure that they pass as they are.
func (s suite) build(dirs []string) error {
	all := dirs
	for _, w := range witnesses {
		all = append(all[:len(all):len(all)], w.dir)
	}
	for _, dir := range all {
		cmd := exec.Command("go", "test", "-c", "-overlay", s.overlay, "-o", s.binary(dir), "./"+filepath.ToSlash(dir))
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", dir, err, out)
		}
	}
	if err := os.WriteFile(offFile(s.work), nil, 0o600); err != nil {
		return err
	}
	for _, dir := range dirs {
		if green, out := s.passes(dir, "."); !green {
			return fmt.Errorf("the tests of %s fail with every guard on:\n%s", dir, out)
		}
	}
	for _, w := range witnesses {
		if green, out := s.passes(w.dir, w.run); !green {
			return fmt.Errorf("the tests of %s fail with every guard on:\n%s", w.dir, out)
		}
	}
	return nil
}

// missesNear tells whether a test of its own package fails without the guard.
func (s suite) missesNear(g guard) (bool, error) {
	if err := s.off(g); err != nil {
		return false, err
	}
	green, _ := s.passes(g.dir, ".")
	return !green, nil
}

// missesFar tells whether one of the whole program does.
func (s suite) missesFar(g guard) (bool, error) {
	if err := s.off(g); err != nil {
		return false, err
	}
	for _, w := range witnesses {
		if green, _ := s.passes(w.dir, w.run); !green {
			return true, nil
		}
	}
	return false, nil
}

func (s suite) off(g guard) error {
	return os.WriteFile(offFile(s.work), []byte(strconv.Itoa(g.number)), 0o600)
}

// passes runs the tests of a package. The program that they start is built with the
// overlay too.
func (s suite) passes(dir, run string) (bool, []byte) {
	bin := s.binary(dir)
	if _, err := os.Stat(bin); errors.Is(err, os.ErrNotExist) {
		return true, nil // a package without tests
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, "-test.short", "-test.failfast", "-test.run", run)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-overlay="+s.overlay)
	out, err := cmd.CombinedOutput()
	return err == nil, out
}

func (s suite) binary(dir string) string {
	return filepath.Join(s.work, filepath.Base(dir)+".test")
}
