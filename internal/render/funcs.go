package render

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

// fromSprig are sprig's functions that are total, pure and bounded by their
// input. Whatever is not listed does not exist in a template.
var fromSprig = strings.Fields(`
	camelcase coalesce compact contains default empty first has hasPrefix hasSuffix initial
	kebabcase last list lower nospace rest reverse snakecase splitList ternary trim trimAll
	trimPrefix trimSuffix uniq untitle upper without`)

// Caps on what one call may build.
const (
	maxText = 1 << 20 // bytes
	maxList = 10_000  // members
)

// functions gives the closed list: sprig's harmless ones, strict versions of
// those that panic, guess, depend on map order or grow without bound, and the
// encoders. Ours replace text/template's own js, html and print family, which would
// print free text unencoded.
func functions() template.FuncMap {
	sprigs := sprig.TxtFuncMap()
	funcs := template.FuncMap{}
	for _, name := range fromSprig {
		funcs[name] = sprigs[name]
	}
	maps.Copy(funcs, strict)
	maps.Copy(funcs, encoders)
	return funcs
}

// strict are our own versions.
var strict = template.FuncMap{
	"add":             func(a, b int) (int, error) { return bounded(float64(a) + float64(b)) },
	"sub":             func(a, b int) (int, error) { return bounded(float64(a) - float64(b)) },
	"mul":             func(a, b int) (int, error) { return bounded(float64(a) * float64(b)) },
	"div":             div,
	"atoi":            atoi,
	"quote":           encoder(quoteJSON),
	"toJson":          encoder(quoteJSON),
	"join":            join,
	"replace":         replace,
	"repeat":          repeat,
	"indent":          indent,
	"nindent":         func(n int, s string) (string, error) { s, err := indent(n, s); return "\n" + s, err },
	"substr":          substr,
	"until":           func(n int) ([]int, error) { return seq(0, n-1) },
	"seq":             seq,
	"keys":            func(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) },
	"values":          sortedValues,
	"sortAlpha":       func(l []any) ([]string, error) { s, err := texts(l); slices.Sort(s); return s, err },
	"regexMatch":      func(re, s string) (bool, error) { r, err := compile(re); return err == nil && r.MatchString(s), err },
	"regexReplaceAll": regexReplaceAll,
	"print":           func(vs ...any) (string, error) { return printed(" ", vs) },
	"println":         func(vs ...any) (string, error) { s, err := printed(" ", vs); return s + "\n", err },
	"printf":          printf,
}

// builtins are text/template's own functions that are let through; the parser
// needs their names alone. call, urlquery and slice are left out; html is our own.
var builtins = map[string]any{
	"and": true, "or": true, "not": true, "len": true, "index": true,
	"eq": true, "ne": true, "lt": true, "le": true, "gt": true, "ge": true,
}

func bounded(f float64) (int, error) {
	if math.Abs(f) > 1<<53 {
		return 0, errors.New("the number is too large")
	}
	return int(f), nil
}

func div(a, b int) (int, error) {
	if b == 0 {
		return 0, errors.New("division by zero")
	}
	return a / b, nil
}

func atoi(s string) (int, error) {
	var n int
	if _, err := fmt.Sscanf(s, "%d", &n); err != nil || fmt.Sprint(n) != s {
		return 0, fmt.Errorf("%q is not a whole number", s)
	}
	return n, nil
}

// texts turns a list into strings; free text needs its encoder first.
func texts(l []any) ([]string, error) {
	out := make([]string, len(l))
	for i, v := range l {
		var err error
		if out[i], err = emit(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func printed(sep string, vs []any) (string, error) {
	s, err := texts(vs)
	return strings.Join(s, sep), err
}

// join takes any list, as sprig's does, but no free text.
func join(sep string, list any) (string, error) {
	switch l := list.(type) {
	case []string:
		return strings.Join(l, sep), nil
	case []any:
		return printed(sep, l)
	}
	return "", fmt.Errorf("only a list can be joined, not a %T", list)
}

// printf knows %s, %d, %q, %v and %%, each with its own kind of value.
func printf(format string, vs ...any) (string, error) {
	if strings.Count(strings.ReplaceAll(format, "%%", ""), "%") != len(vs) {
		return "", fmt.Errorf("printf %q has another number of values", format)
	}
	for _, v := range vs {
		if _, err := emit(v); err != nil {
			return "", err
		}
	}
	s := fmt.Sprintf(format, vs...)
	if len(s) > maxText || strings.Contains(s, "%!") {
		return "", fmt.Errorf("printf %q does not fit its values", format)
	}
	return s, nil
}

func replace(old, with, s string) (string, error) {
	if n := strings.Count(s, old); len(s)+n*len(with) > maxText {
		return "", errors.New("the text grows too long")
	}
	return strings.ReplaceAll(s, old, with), nil
}

func repeat(n int, s string) (string, error) {
	if n < 0 || n > maxText || n*len(s) > maxText {
		return "", fmt.Errorf("cannot repeat a text %d times", n)
	}
	return strings.Repeat(s, n), nil
}

// indent indents every line that is not empty.
func indent(n int, s string) (string, error) {
	if n < 0 || n > 100 {
		return "", fmt.Errorf("cannot indent by %d", n)
	}
	lines := strings.Split(s, "\n")
	if len(s)+n*len(lines) > maxText {
		return "", errors.New("the text grows too long")
	}
	for i, line := range lines {
		if line != "" {
			lines[i] = strings.Repeat(" ", n) + line
		}
	}
	return strings.Join(lines, "\n"), nil
}

// substr counts characters, not bytes; a range outside the text is an error.
func substr(from, to int, s string) (string, error) {
	r := []rune(s)
	if from < 0 || to < from || to > len(r) {
		return "", fmt.Errorf("%q has no characters %d to %d", s, from, to)
	}
	return string(r[from:to]), nil
}

func seq(from, to int) ([]int, error) {
	const far = 1 << 30 // keeps the difference from overflowing
	if from < -far || to > far || to-from >= maxList || to-from < -1 {
		return nil, fmt.Errorf("a sequence from %d to %d has too many members or runs backwards", from, to)
	}
	s := make([]int, 0, to-from+1)
	for i := from; i <= to; i++ {
		s = append(s, i)
	}
	return s, nil
}

func sortedValues(m map[string]any) []any {
	vs := make([]any, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		vs = append(vs, m[k])
	}
	return vs
}

func compile(re string) (*regexp.Regexp, error) {
	if len(re) > 1000 {
		return nil, errors.New("the regular expression is too long")
	}
	return regexp.Compile(re)
}

func regexReplaceAll(re, s, with string) (string, error) {
	r, err := compile(re)
	if err != nil {
		return "", err
	}
	// A match of nothing can stand between all characters.
	if (len(s)+1)*(len(with)+1) > maxText {
		return "", errors.New("the text grows too long")
	}
	return r.ReplaceAllString(s, with), nil
}
