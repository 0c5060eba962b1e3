package render

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"text/template"
)

// logic compares and chooses. and and or are text/template's own.
var logic = map[string]function{
	"eq": many(equalsAny),
	"ne": f2(func(a, b any) (bool, error) { same, err := equals(a, b); return !same, err }),
	"lt": ordered(func(c int) bool { return c < 0 }),
	"le": ordered(func(c int) bool { return c <= 0 }),
	"gt": ordered(func(c int) bool { return c > 0 }),
	"ge": ordered(func(c int) bool { return c >= 0 }),

	"not":      f1(func(v any) (bool, error) { return empty(v), nil }),
	"empty":    f1(func(v any) (bool, error) { return empty(v), nil }),
	"default":  many(fallback),
	"coalesce": func(args []any) (any, error) { return coalesce(args), nil },
	"ternary": f3(func(yes, no any, choice bool) (any, error) {
		if choice {
			return yes, nil
		}
		return no, nil
	}),
}

// arithmetic is that of whole numbers.
var arithmetic = map[string]function{
	"add":  f2(func(a, b int) (int, error) { return bounded(float64(a) + float64(b)) }),
	"sub":  f2(func(a, b int) (int, error) { return bounded(float64(a) - float64(b)) }),
	"mul":  f2(func(a, b int) (int, error) { return bounded(float64(a) * float64(b)) }),
	"div":  f2(div),
	"atoi": f1(atoi),
}

// empty is what if takes for false.
func empty(v any) bool {
	truth, _ := template.IsTrue(v)
	return !truth
}

// fallback gives the first value where there is no other, or an empty one.
func fallback(otherwise any, given []any) (any, error) {
	if len(given) == 0 || empty(given[0]) {
		return otherwise, nil
	}
	return given[0], nil
}

func coalesce(args []any) any {
	for _, v := range args {
		if !empty(v) {
			return v
		}
	}
	return nil
}

func equalsAny(a any, others []any) (bool, error) {
	if len(others) == 0 {
		return false, errors.New("wrong number of arguments: at least 2 are wanted")
	}
	for _, b := range others {
		if same, err := equals(a, b); same || err != nil {
			return same, err
		}
	}
	return false, nil
}

// equals compares values of one kind. Whole and other numbers are one kind, so
// are texts, typed or not; nothing is equal to nothing only.
func equals(a, b any) (bool, error) {
	if a == nil || b == nil {
		return a == nil && b == nil, nil
	}
	if x, ok := a.(bool); ok {
		if y, ok := b.(bool); ok {
			return x == y, nil
		}
	}
	c, err := compare(a, b)
	return c == 0, err
}

func ordered(fits func(int) bool) function {
	return f2(func(a, b any) (bool, error) {
		c, err := compare(a, b)
		return err == nil && fits(c), err
	})
}

// compare orders numbers and texts.
func compare(a, b any) (int, error) {
	if x, ok := text(a); ok {
		if y, ok := text(b); ok {
			return cmp.Compare(x, y), nil
		}
	}
	if x, ok := number(a); ok {
		if y, ok := number(b); ok {
			return cmp.Compare(x, y), nil
		}
	}
	return 1, fmt.Errorf("%s and %s cannot be compared", kind(a), kind(b))
}

func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case Text:
		return string(v), true
	case Secret:
		return string(v), true
	}
	return "", false
}

// number is exact up to 2^53, which bounded holds for all that templates compute.
func number(v any) (float64, bool) {
	if i, ok := v.(int); ok {
		return float64(i), true
	}
	f, ok := v.(float64)
	return f, ok
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
	if b == -1 { // the one quotient that can be too large
		return bounded(-float64(a))
	}
	return a / b, nil
}

func atoi(s string) (int, error) {
	n, _ := strconv.Atoi(s)
	if strconv.Itoa(n) != s { // neither what is no number nor what is too large comes out as it was
		return 0, fmt.Errorf("%.50q is not a whole number", s)
	}
	return n, nil
}
