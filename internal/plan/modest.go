package plan

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
)

// What merging and proving structured files may cost. Parsers compare every key of a
// mapping with every other, and what is nested grows with the square of its depth.
const (
	maxParsed = 256 << 10   // bytes of a file that is merged or proven
	maxParts  = 10_000      // its lines, commas and brackets
	maxNested = 64          // brackets inside each other
	maxDots   = 200         // of a line of TOML: a.b.c is nested, too
	maxEffort = 120_000_000 // the sum of the squares of all files' parts
)

// effort adds up what the structured files of a project cost.
type effort int

// merge puts the upper file into the lower one, if both are modest.
func (e *effort) merge(lower, upper File) (File, error) {
	err := cmp.Or(e.take(format(upper.Path), lower.Body), e.take(format(upper.Path), upper.Body))
	var merged File
	if err == nil {
		merged, err = merge(lower, upper)
	}
	if err != nil {
		return File{}, diag.New(diag.Refused, "what is not plain JSON, TOML, YAML or lines replaces the file below: leave it out of merge", "%s cannot be merged into %s: %w", upper.Source, lower.Source, err)
	}
	return merged, nil
}

// take refuses a file that would take long to read, or one too many.
func (e *effort) take(format string, body []byte) error {
	parts := bytes.Count(body, []byte("\n")) + bytes.Count(body, []byte(",")) + bytes.Count(body, []byte("[")) + bytes.Count(body, []byte("{"))
	switch {
	case len(body) > maxParsed || parts > maxParts:
		return fmt.Errorf("it is too large: %d KiB, and %d lines, commas and brackets are the most", maxParsed>>10, maxParts)
	case format != "lines" && nested(format, body):
		return fmt.Errorf("it is nested more than %d deep", maxNested)
	}
	if *e += effort(parts * parts); *e > maxEffort {
		return fmt.Errorf("the project has too many files of that kind and size")
	}
	return nil
}

// nested reports whether a file is nested too deeply. Brackets in strings count too,
// which is harmless at this limit, as they close again.
func nested(format string, body []byte) bool {
	depth := 0
	for _, b := range body {
		switch b {
		case '[', '{':
			if depth++; depth > maxNested {
				return true
			}
		case ']', '}':
			depth = max(0, depth-1)
		}
	}
	switch format {
	case "yaml":
		return bytes.Contains(body, []byte(strings.Repeat("- ", maxNested)))
	case "toml":
		for line := range bytes.Lines(body) {
			if bytes.Count(line, []byte(".")) > maxDots {
				return true
			}
		}
	}
	return false
}
