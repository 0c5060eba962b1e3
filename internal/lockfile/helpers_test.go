package lockfile_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/diag"
)

// universes are the ones that the templates really use.
const universes = "../../templates/universe"

func read(tb testing.TB, path ...string) []byte {
	tb.Helper()
	raw, err := os.ReadFile(filepath.Join(append([]string{universes}, path...)...))
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

// must gives a value that cannot fail in a test.
func must[T any](tb testing.TB) func(T, error) T {
	return func(v T, err error) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return v
	}
}

// subsets gives every pair of names and, from a fixed seed, n random choices.
func subsets(names []string, n int) [][]string {
	var all [][]string
	for i := range names {
		for _, other := range names[i+1:] {
			all = append(all, []string{names[i], other})
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		all = append(all, slices.DeleteFunc(slices.Clone(names), func(string) bool { return r.IntN(3) > 0 }))
	}
	return all
}

// wantRefused checks that err is shown to people as a fault of the pack, on at
// most three lines, and gives its text.
func wantRefused(t *testing.T, err error) string {
	t.Helper()
	var e *diag.Error
	if !errors.As(err, &e) || e.Kind != diag.Refused {
		t.Fatalf("the error is %v, want one of kind Refused", err)
	}
	text := e.Error()
	for _, f := range e.Findings {
		if lines := strings.Count(f.String(), "\n") + 1; lines > 3 || len(f.String()) > 600 {
			t.Errorf("%d lines, %d bytes", lines, len(f.String()))
		}
	}
	return text
}
