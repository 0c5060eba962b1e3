package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/diag"
)

// Every kind of error has an exit code of its own, and the help topic names it.
func TestEveryKindHasAnExitCode(t *testing.T) {
	seen := map[int]bool{}
	for kind := diag.Bug; kind <= diag.Terminated; kind++ {
		code := exitCode(kind)
		if seen[code] || code == 0 {
			t.Errorf("kind %d has code %d", kind, code)
		}
		seen[code] = true
		if !strings.Contains(exitCodesText(), fmt.Sprintf("\n  %3d  ", code)) {
			t.Errorf("the help topic does not name %d", code)
		}
		if _, name := exitOf(kind); name == "" || !strings.Contains(strings.Join(strings.Fields(scriptsText), " "), " "+name) {
			t.Errorf("the topic for scripts does not name the kind %q", name)
		}
	}
	if len(seen) != len(exitCodes) {
		t.Errorf("%d kinds, %d codes", len(seen), len(exitCodes))
	}
}

// What is not a *diag.Error is a bug and says so; text cannot steer the terminal.
func TestReport(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	codes := []int{
		report(w, nil),
		report(w, errors.New("oops")),
		report(w, fmt.Errorf("outer: %w", diag.New(diag.Refused, "", "bad \x1b[31m\u202etext"))),
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	out := make([]byte, 1000)
	n, err := r.Read(out)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(codes) != "[0 1 4]" {
		t.Errorf("codes %v", codes)
	}
	if text := string(out[:n]); strings.ContainsAny(text, "\x1b\u202e") || !strings.Contains(text, "bug in stackinit") {
		t.Errorf("%q", text)
	}
}
