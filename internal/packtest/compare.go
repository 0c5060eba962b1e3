package packtest

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/plan"
)

// Failure is one thing that is not as a test wants it.
type Failure struct {
	File string `json:"file"` // of the project; empty: all of it
	Text string `json:"text"`
}

// Brought gives the files of a project that a pack brings or changes, by path. Files
// that hold secrets differ each time and are left out.
func Brought(p *plan.Plan, packName string) map[string][]byte {
	files := map[string][]byte{}
	for _, f := range p.Files {
		ours := slices.ContainsFunc(strings.Split(f.Source, ", "), func(s string) bool { return strings.HasPrefix(s, packName+"/") })
		if ours && !f.Secret {
			files[f.Path] = f.Body
		}
	}
	return files
}

// Compare holds the files that a pack brings against the expected ones: the same
// paths, the same bytes.
func Compare(made, expected map[string][]byte) (failures []Failure) {
	all := maps.Clone(made)
	maps.Copy(all, expected)
	for _, path := range slices.Sorted(maps.Keys(all)) {
		got, is := made[path]
		want, wanted := expected[path]
		switch {
		case !is:
			failures = append(failures, Failure{path, "is expected, and the pack does not bring it"})
		case !wanted:
			failures = append(failures, Failure{path, "is brought by the pack, and not expected"})
		case !bytes.Equal(got, want):
			failures = append(failures, Failure{path, difference(want, got)})
		}
	}
	return failures
}

// Unwanted names the files that a set says must not be there.
func (s Set) Unwanted(p *plan.Plan) (failures []Failure) {
	for _, f := range p.Files {
		if pack.MatchAny(s.Absent, f.Path) {
			failures = append(failures, Failure{f.Path, "is there, and must be absent"})
		}
	}
	return failures
}

// difference shows the first line in which two files differ.
func difference(want, got []byte) string {
	w, g := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	line := 0
	for line < len(w) && line < len(g) && w[line] == g[line] {
		line++
	}
	show := func(lines []string) string {
		if line >= len(lines) {
			return "the end of the file"
		}
		const most = 60
		if r := []rune(lines[line]); len(r) > most {
			return fmt.Sprintf("%q", string(r[:most])+"…")
		}
		return fmt.Sprintf("%q", lines[line])
	}
	if bytes.Contains(want, []byte("\r\n")) && !bytes.Contains(got, []byte("\r\n")) {
		return "the expected file has the line ends of Windows; keep git from changing them: tests/** -text in .gitattributes"
	}
	return fmt.Sprintf("line %d is %s, and %s is expected", line+1, show(g), show(w))
}

// Same tells whether two plans are the same bytes, and else names a file.
func Same(a, b *plan.Plan) (file string, same bool) {
	for i, f := range a.Files {
		if i >= len(b.Files) || b.Files[i].Path != f.Path || b.Files[i].Mode != f.Mode || !bytes.Equal(b.Files[i].Body, f.Body) {
			return f.Path, false
		}
	}
	return "", len(a.Files) == len(b.Files)
}
