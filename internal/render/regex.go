package render

import (
	"errors"
	"regexp"
	"regexp/syntax"
)

// Caps on a regular expression. Matching takes no more than the size of the text
// times that of the program, but {1000} makes a large program of few characters.
const (
	maxPattern = 1000 // bytes
	maxProgram = 2000 // instructions
)

func (r *Renderer) regexMatch(re, s string) (bool, error) {
	c, _, err := r.compile(re, s)
	return err == nil && c.MatchString(s), err
}

// regexReplaceAll looks for ever more matches, as each may read the whole text, and
// there are only so many if they are counted first.
func (r *Renderer) regexReplaceAll(re, s, with string) (string, error) {
	c, search, err := r.compile(re, s)
	if err != nil {
		return "", err
	}
	// A match of nothing can stand between all characters, and with may name a
	// group again and again.
	if (len(s)+1)*(len(with)+1) > maxText {
		return "", errTooLong
	}
	var found [][]int
	for n := 8; len(found) == n/8 || n == 8; n *= 8 {
		if err := r.budget.step(n * search); err != nil {
			return "", err
		}
		found = c.FindAllStringSubmatchIndex(s, n)
	}
	var out []byte
	end := 0
	for _, m := range found {
		out = append(out, s[end:m[0]]...)
		out = c.ExpandString(out, with, s, m)
		end = m[1]
	}
	return string(append(out, s[end:]...)), nil
}

// compile counts what the expression and one search of s cost, before either, and gives
// what a search costs.
func (r *Renderer) compile(re, s string) (c *regexp.Regexp, search int, err error) {
	if len(re) > maxPattern {
		return nil, 0, errors.New("the regular expression is too long")
	}
	tree, err := syntax.Parse(re, syntax.Perl)
	if err != nil {
		return nil, 0, err
	}
	size := programSize(tree)
	if size > maxProgram {
		return nil, 0, errors.New("the regular expression repeats too much")
	}
	search = 1 + len(s)*size/16
	if err := r.budget.step(100 + 30*len(re) + 5*size + search); err != nil {
		return nil, 0, err
	}
	c, err = regexp.Compile(re)
	return c, search, err
}

// programSize estimates the instructions before they are made.
func programSize(re *syntax.Regexp) int {
	n := 1
	for _, sub := range re.Sub {
		n = min(n+programSize(sub), maxProgram+1)
	}
	switch re.Op {
	case syntax.OpLiteral:
		n += len(re.Rune)
	case syntax.OpRepeat:
		n = min(n*max(re.Min, re.Max, 1), maxProgram+1)
	}
	return n
}
