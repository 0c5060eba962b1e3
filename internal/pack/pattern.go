package pack

import (
	"regexp/syntax"
	"slices"
)

// onlyNames tells whether a pattern lets nothing through but letters, digits, _, .
// and -: such a text means the same in every file, so that it needs no encoder, and
// it can stand in the name of a file.
func onlyNames(pattern string) bool {
	re, err := syntax.Parse(pattern, syntax.Perl)
	return err == nil && inert(re)
}

func inert(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 { // the fold of k and s leaves ASCII
			return false
		}
		return !slices.ContainsFunc(re.Rune, func(r rune) bool { return !inertRune(r) })
	case syntax.OpCharClass:
		for i := 0; i < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				if !inertRune(r) {
					return false
				}
			}
		}
		return true
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return false
	}
	return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !inert(sub) })
}

func inertRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' || r == '.'
}
