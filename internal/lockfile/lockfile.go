// Package lockfile makes the lock files of a generated project, offline and in
// milliseconds: it cuts a universe of resolved packages down to what the
// project's direct dependencies need.
//
// A universe holds every direct dependency that any template layer can ask for,
// resolved once by the real package manager when the templates are maintained.
// Here nothing is resolved: the package at the end of each kept edge is the very
// one that npm or uv chose for that edge.
//
// A universe may come with somebody else's pack, so loading one also refuses
// whatever would make a package manager fetch from a place that the lock names.
// Every error is a *diag.Error of kind Refused: the pack is at fault.
package lockfile

import (
	"cmp"
	"maps"
	"slices"

	"github.com/stackinit/stackinit/internal/diag"
)

// refused is the error for a universe or a request that cannot be right.
func refused(hint, format string, args ...any) error {
	return diag.New(diag.Refused, hint, format, args...)
}

// notResolved is the hint for a dependency that the universe does not have.
func notResolved[R any](name string, direct map[string]R) string {
	return cmp.Or(diag.DidYouMean(name, slices.Sorted(maps.Keys(direct))), "stackinit has not resolved it; add it by hand once the project is made")
}

// remake is the hint for a universe that its maintenance command did not write.
const remake = "make the universe again with its maintenance command instead of editing it"
