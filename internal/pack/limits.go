package pack

import (
	"regexp/syntax"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
)

// What a manifest may ask for in few bytes and would take long to do: every glob is held
// against every file, and braces and repetitions multiply.
const (
	maxGlob         = 250         // bytes of a glob; a path has 240
	maxAlternatives = 100         // texts that its braces stand for
	maxClasses      = 60          // bytes of a glob between brackets, each tried at every character
	maxMatching     = 150_000_000 // bytes of globs times bytes of paths; 10,000 files of 40 bytes and 45 globs of 8
	maxPattern      = 1000        // bytes of a regular expression
	maxProgram      = 2000        // its instructions
	maxChoices      = 1000        // of a question
)

// signs are what makes a glob out of a path.
const signs = `*?[{\`

// alternatives counts what the braces of a glob stand for, or more: {a,b}{c,d} are four.
func alternatives(glob string) int {
	n := 1
	for group := range strings.SplitSeq(glob, "{") {
		n = min(n*(1+strings.Count(group, ",")), maxAlternatives+1)
	}
	return n
}

// classes counts the bytes between brackets.
func classes(glob string) (n int) {
	for _, part := range strings.Split(glob, "[")[1:] {
		class, _, _ := strings.Cut(part, "]")
		n += len(class)
	}
	return n
}

// checkCost refuses more globs than can be held against all files in a moment.
func (l *Layer) checkCost(lists map[string][]string) error {
	weight, length := 0, 0
	for _, globs := range lists {
		for _, g := range globs {
			switch {
			case strings.Contains(g, "*"):
				weight += len(g) * alternatives(g)
			case strings.ContainsAny(g, signs):
				weight += alternatives(g)
			}
		}
	}
	for _, f := range l.Files {
		length += len(f.Path)
	}
	if weight > 0 && length > maxMatching/weight {
		var list diag.List
		list.Add(diag.Pos{File: l.Manifest.At["name"].File}, "name folders: docs/** is one glob", "its globs are too many, or too long, for %d files", len(l.Files))
		return list.Err(diag.Refused)
	}
	return nil
}

// modest tells whether a regular expression can be compiled and matched in a moment.
func modest(pattern string) bool {
	if len(pattern) > maxPattern {
		return false
	}
	re, err := syntax.Parse(pattern, syntax.Perl)
	return err != nil || instructions(re) <= maxProgram // what is wrong with it, compiling says
}

// instructions estimates the size of a compiled expression: {1000} multiplies.
func instructions(re *syntax.Regexp) int {
	n := 1
	for _, sub := range re.Sub {
		n = min(n+instructions(sub), maxProgram+1)
	}
	if re.Op == syntax.OpLiteral {
		n += len(re.Rune)
	}
	if re.Op == syntax.OpRepeat {
		n = min(n*max(re.Min, re.Max, 1), maxProgram+1)
	}
	return n
}
