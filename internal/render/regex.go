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
	c, err := r.compile(re, s)
	return err == nil && c.MatchString(s), err
}

func (r *Renderer) regexReplaceAll(re, s, with string) (string, error) {
	c, err := r.compile(re, s)
	if err != nil {
		return "", err
	}
	// A match of nothing can stand between all characters, and with may name a
	// group again and again.
	if (len(s)+1)*(len(with)+1) > maxText {
		return "", errTooLong
	}
	return c.ReplaceAllString(s, with), nil
}

// compile counts what the expression and matching s with it cost.
func (r *Renderer) compile(re, s string) (*regexp.Regexp, error) {
	if len(re) > maxPattern {
		return nil, errors.New("the regular expression is too long")
	}
	if err := r.budget.step(100 + 30*len(re)); err != nil {
		return nil, err
	}
	tree, err := syntax.Parse(re, syntax.Perl)
	if err != nil {
		return nil, err
	}
	size := programSize(tree)
	if size > maxProgram {
		return nil, errors.New("the regular expression repeats too much")
	}
	if err := r.budget.step(size*5 + len(s)*size/8); err != nil {
		return nil, err
	}
	return regexp.Compile(re)
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
