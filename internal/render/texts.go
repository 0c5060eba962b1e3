package render

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/Masterminds/sprig/v3"
)

// textFunctions work on plain text; free text goes through its encoder first.
func textFunctions() map[string]function {
	all := map[string]function{
		"upper":      f1(total(strings.ToUpper)),
		"lower":      f1(total(strings.ToLower)),
		"trim":       f1(total(strings.TrimSpace)),
		"trimAll":    f2(trimAll),
		"trimPrefix": f2(func(prefix, s string) (string, error) { return strings.TrimPrefix(s, prefix), nil }),
		"trimSuffix": f2(func(suffix, s string) (string, error) { return strings.TrimSuffix(s, suffix), nil }),
		"contains":   f2(func(part, s string) (bool, error) { return strings.Contains(s, part), nil }),
		"hasPrefix":  f2(func(prefix, s string) (bool, error) { return strings.HasPrefix(s, prefix), nil }),
		"hasSuffix":  f2(func(suffix, s string) (bool, error) { return strings.HasSuffix(s, suffix), nil }),
		"splitList":  f2(splitList),
		"join":       f2(join),
		"replace":    f3(replace),
		"repeat":     f2(repeat),
		"indent":     f2(indent),
		"nindent":    f2(func(n int, s string) (string, error) { s, err := indent(n, s); return "\n" + s, err }),
		"substr":     f3(substr),
		"print":      func(args []any) (any, error) { return printed(" ", args) },
		"println":    func(args []any) (any, error) { s, err := printed(" ", args); return s + "\n", err },
		"printf":     many(printf),
	}
	theirs := sprig.TxtFuncMap()
	for _, name := range []string{"camelcase", "kebabcase", "nospace", "snakecase", "untitle"} { // how these cut words is sprig's own
		all[name] = f1(total(theirs[name].(func(string) string)))
	}
	return all
}

// trimAll compares each character with each of the signs.
func trimAll(signs, s string) (string, error) {
	if len(signs) > 32 {
		return "", fmt.Errorf("%d bytes of signs to trim; 32 are the most", len(signs))
	}
	return strings.Trim(s, signs), nil
}

func splitList(sep, s string) ([]string, error) {
	n := utf8.RuneCountInString(s)
	if sep != "" {
		n = strings.Count(s, sep) + 1
	}
	if n > maxList {
		return nil, fmt.Errorf("a list of %d members; %d are the most", n, maxList)
	}
	return strings.Split(s, sep), nil
}

func printed(sep string, vs []any) (string, error) {
	s, err := texts(vs)
	return strings.Join(s, sep), err
}

// join takes any list, as sprig's does, but no free text.
func join(sep string, l []any) (string, error) {
	if len(sep)*len(l) > maxText {
		return "", errTooLong
	}
	return printed(sep, l)
}

// printf knows %s, %d, %q, %v and %%, each with its own kind of value, and
// widths and precisions of up to two digits.
func printf(format any, vs []any) (string, error) {
	f, ok := format.(string)
	if !ok {
		return "", fmt.Errorf("the format of printf is a text, not %s", kind(format))
	}
	verbs, err := countVerbs(f)
	if err != nil {
		return "", err
	}
	if verbs != len(vs) {
		return "", fmt.Errorf("printf %.50q has %d verbs for %d values", f, verbs, len(vs))
	}
	if _, err := texts(vs); err != nil { // free text, lists, too much
		return "", err
	}
	s := fmt.Sprintf(f, vs...)
	if strings.Contains(s, "%!") {
		return "", fmt.Errorf("printf %.50q does not fit its values", f)
	}
	return s, nil
}

// countVerbs refuses every verb, flag and width that printf does not know.
func countVerbs(format string) (n int, err error) {
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		rest := strings.TrimLeft(format[i+1:], "+-0 #")
		for range 2 { // width, and precision behind a point
			digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
			if digits > 2 {
				return 0, fmt.Errorf("printf %.50q: widths have two digits at the most", format)
			}
			rest = strings.TrimPrefix(rest[digits:], ".")
		}
		verb, _ := utf8.DecodeRuneInString(rest)
		switch verb {
		case 's', 'd', 'q', 'v', 'f', 'x', 'X':
			n++
		case '%':
		default:
			return 0, fmt.Errorf("printf %.50q: only %%s, %%d, %%f, %%q, %%v and %%x are known", format)
		}
		i = len(format) - len(rest)
	}
	return n, nil
}

func replace(old, with, s string) (string, error) {
	if n := strings.Count(s, old); len(s)+n*(len(with)-len(old)) > maxText {
		return "", errTooLong
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
	lines := strings.Count(s, "\n") + 1
	if len(s)+n*lines > maxText {
		return "", errTooLong
	}
	var b strings.Builder
	b.Grow(len(s) + n*lines)
	pad := strings.Repeat(" ", n)
	for line := range strings.SplitAfterSeq(s, "\n") {
		if line != "" && line != "\n" {
			b.WriteString(pad)
		}
		b.WriteString(line)
	}
	return b.String(), nil
}

// substr counts characters, not bytes; a range outside the text is an error.
func substr(from, to int, s string) (string, error) {
	r := []rune(s)
	if from < 0 || to < from || to > len(r) {
		return "", errors.New(cut(s) + " has no characters " + fmt.Sprintf("%d to %d", from, to))
	}
	return string(r[from:to]), nil
}

func cut(s string) string { return fmt.Sprintf("%.50q", s) }
