// Command guards asks of every refusal in a package whether a test would miss it. It
// switches one guard after the other off and runs the tests, which have to fail:
//
//	go run ./internal/house/guards internal/names internal/pack
//
// A guard is a condition that leads to an error, a finding or the answer of a yes-or-no
// function, and each part of it between ||, and in an answer between &&. Tests are those
// of the package, of all guards first, then the scripts of internal/cli, then the hostile
// packs of internal/e2e. All guards are built into the tests once, by an overlay that
// touches no file, and a file says which is off. With all of them on, each notes that it
// refused: tests in which it never did cannot miss it, and are not run again.
//
// Those that no test misses are printed; the exit code is then 1. What spared.txt names
// is passed over: a second lock behind another one, with the reason why it stays.
package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed spared.txt
var spared string

func main() {
	missed, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "guards:", err)
		os.Exit(2)
	}
	if missed > 0 {
		os.Exit(1)
	}
}

func run(dirs []string) (missed int, err error) {
	work, err := os.MkdirTemp("", "guards-")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(work) }()
	guards, overlay, err := rewrite(dirs, work)
	if err != nil {
		return 0, err
	}
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return 0, err
	}
	s := suite{work: work, overlay: filepath.Join(work, "overlay.json"), seen: map[string]map[int]bool{}, patience: map[string]time.Duration{}}
	if err := os.WriteFile(s.overlay, text, 0o600); err != nil {
		return 0, err
	}
	if err := s.build(dirs); err != nil {
		return 0, err
	}
	left := slices.DeleteFunc(slices.Clone(guards), func(g guard) bool { return strings.Contains(spared, "\n"+g.String()+"\n") })
	for _, tests := range []func(guard) (bool, error){s.missesNear, s.missesFar} { // the quick ones of all guards first
		if left, err = survivors(left, tests); err != nil {
			return 0, err
		}
	}
	for _, g := range left {
		fmt.Println(g)
	}
	fmt.Printf("%d guards, %d that no test misses\n", len(guards), len(left))
	return len(left), nil
}

// survivors are the guards that none of the tests misses. Who waits sees them on the way.
func survivors(guards []guard, misses func(guard) (bool, error)) (left []guard, err error) {
	for _, g := range guards {
		red, err := misses(g)
		if err != nil {
			return nil, err
		}
		if !red {
			fmt.Fprintf(os.Stderr, "%s:%d: not missed so far: %s\n", g.file, g.line, g.text)
			left = append(left, g)
		}
	}
	return left, nil
}

// rewrite gives the guards of the packages, and what stands for each file in the overlay.
func rewrite(dirs []string, work string) (guards []guard, overlay map[string]string, err error) {
	overlay = map[string]string{}
	for _, dir := range dirs {
		files, err := sources(dir)
		if err != nil {
			return nil, nil, err
		}
		for _, name := range files {
			src, found, err := findGuards(filepath.Join(dir, name), len(guards))
			if err != nil {
				return nil, nil, err
			}
			guards = append(guards, found...)
			if err := put(overlay, work, filepath.Join(dir, name), src); err != nil {
				return nil, nil, err
			}
		}
		if err := put(overlay, work, filepath.Join(dir, "guard_switch.go"), switchFile(filepath.Base(dir), work)); err != nil {
			return nil, nil, err
		}
	}
	return guards, overlay, nil
}

// put writes what stands for a file into the overlay.
func put(overlay map[string]string, work, path, text string) error {
	whole, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	overlay[whole] = filepath.Join(work, strconv.Itoa(len(overlay))+".go")
	return os.WriteFile(overlay[whole], []byte(text), 0o600)
}

// switchFile is the source of guardOn and guardSeen in a package.
func switchFile(pkg, work string) string {
	return fmt.Sprintf(`package %[1]s

import (
	"os"
	"sync"
)

// The file of notes is opened at once: a test may become a user who cannot.
var (
	guardOff, _   = os.ReadFile(%[2]q)
	guardNotes, _ = os.OpenFile(%[3]q, os.O_WRONLY|os.O_APPEND, 0)
	guardNoted    sync.Map
)

func guardOn(n string) bool { return n != string(guardOff) }

func guardSeen(n string) bool {
	if len(guardOff) == 0 {
		if _, old := guardNoted.LoadOrStore(n, true); !old {
			_, _ = guardNotes.WriteString(n + "\n")
		}
	}
	return true
}
`, pkg, offFile(work), notesFile(work))
}

func offFile(work string) string { return filepath.Join(work, "off") }

func notesFile(work string) string { return filepath.Join(work, "notes") }
