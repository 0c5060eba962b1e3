package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// suite runs the tests that could miss a guard.
type suite struct {
	work, overlay string
	seen          map[string]map[int]bool // of the tests of a package: the guards that refused
	patience      map[string]time.Duration
}

// A test may hang without its guard, which counts as missing it: patience is a few times
// as long as the tests take with every guard on, and this at least.
const leastPatience = 40 * time.Second

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
		if err := s.baseline(dir, "."); err != nil {
			return err
		}
	}
	for _, w := range witnesses {
		if err := s.baseline(w.dir, w.run); err != nil {
			return err
		}
	}
	return nil
}

// baseline runs tests with every guard on, and learns which guards refuse in them.
func (s suite) baseline(dir, run string) error {
	if err := os.WriteFile(notesFile(s.work), nil, 0o600); err != nil {
		return err
	}
	start := time.Now()
	if green, out := s.passes(dir, run, 5*time.Minute); !green {
		return fmt.Errorf("the tests of %s fail with every guard on:\n%s", dir, out)
	}
	s.patience[dir] = max(leastPatience, 3*time.Since(start))
	notes, err := os.ReadFile(notesFile(s.work))
	if err != nil {
		return err
	}
	seen := map[int]bool{}
	for _, note := range strings.Fields(string(notes)) {
		n, err := strconv.Atoi(note)
		if err != nil {
			return err
		}
		seen[n] = true
	}
	s.seen[dir] = seen
	return nil
}

// missesNear tells whether a test of its own package fails without the guard.
func (s suite) missesNear(g guard) (bool, error) {
	if err := s.off(g); err != nil {
		return false, err
	}
	return s.fails(g.dir, ".", g), nil
}

// missesFar tells whether one of the whole program does.
func (s suite) missesFar(g guard) (bool, error) {
	if err := s.off(g); err != nil {
		return false, err
	}
	for _, w := range witnesses {
		if s.fails(w.dir, w.run, g) {
			return true, nil
		}
	}
	return false, nil
}

// fails runs tests again without a guard, if it ever refused in them.
func (s suite) fails(dir, run string, g guard) bool {
	if !s.seen[dir][g.number] {
		return false
	}
	green, _ := s.passes(dir, run, s.patience[dir])
	return !green
}

func (s suite) off(g guard) error {
	return os.WriteFile(offFile(s.work), []byte(strconv.Itoa(g.number)), 0o600)
}

// passes runs the tests of a package. The program that they start is built with the
// overlay too.
func (s suite) passes(dir, run string, patience time.Duration) (bool, []byte) {
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
