package render

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// listFunctions look at lists and maps. Members are compared only if they are
// plain: comparing lists inside lists has no bound.
var listFunctions = map[string]function{
	"list":      func(args []any) (any, error) { return slices.Clone(args), nil },
	"first":     f1(func(l []any) (any, error) { return member(l, 0), nil }),
	"last":      f1(func(l []any) (any, error) { return member(l, len(l)-1), nil }),
	"rest":      f1(func(l []any) ([]any, error) { return l[min(1, len(l)):], nil }),
	"initial":   f1(func(l []any) ([]any, error) { return l[:max(0, len(l)-1)], nil }),
	"reverse":   f1(func(l []any) ([]any, error) { l = slices.Clone(l); slices.Reverse(l); return l, nil }),
	"compact":   f1(func(l []any) ([]any, error) { return slices.DeleteFunc(slices.Clone(l), empty), nil }),
	"uniq":      f1(func(l []any) ([]any, error) { return distinct(l, nil) }),
	"without":   many(func(l []any, omit []any) ([]any, error) { return distinctFrom(l, omit) }),
	"has":       f2(has),
	"keys":      f1(func(m map[string]any) ([]string, error) { return slices.Sorted(maps.Keys(m)), nil }),
	"values":    f1(sortedValues),
	"sortAlpha": f1(func(l []any) ([]string, error) { s, err := texts(l); slices.Sort(s); return s, err }),
	"index":     many(index),
	"len":       f1(length),
	"until":     f1(func(n int) ([]int, error) { return seq(0, n-1) }),
	"seq":       f2(seq),
}

// member gives nothing where there is none, as sprig does.
func member(l []any, i int) any {
	if i < 0 || i >= len(l) {
		return nil
	}
	return l[i]
}

// plain gives what a map's key can be made of.
func plain(v any) (any, error) {
	switch v := v.(type) {
	case nil, string, int, float64, bool, Text, Secret:
		return v, nil
	}
	return nil, fmt.Errorf("%s cannot be compared", kind(v))
}

// distinct gives every member once that is not seen yet.
func distinct(l []any, seen map[any]bool) ([]any, error) {
	if seen == nil {
		seen = map[any]bool{}
	}
	out := []any{}
	for _, v := range l {
		key, err := plain(v)
		if err != nil {
			return nil, err
		}
		if !seen[key] {
			seen[key] = true
			out = append(out, v)
		}
	}
	return out, nil
}

// distinctFrom gives the members that are none of omit.
func distinctFrom(l, omit []any) ([]any, error) {
	out, unwanted := []any{}, map[any]bool{}
	for _, v := range omit {
		key, err := plain(v)
		if err != nil {
			return nil, err
		}
		unwanted[key] = true
	}
	for _, v := range l {
		key, err := plain(v)
		if err != nil {
			return nil, err
		}
		if !unwanted[key] {
			out = append(out, v)
		}
	}
	return out, nil
}

func has(needle any, l []any) (bool, error) {
	want, err := plain(needle)
	if err != nil {
		return false, err
	}
	for _, v := range l {
		if key, err := plain(v); err != nil || key == want {
			return err == nil, err
		}
	}
	return false, nil
}

func sortedValues(m map[string]any) ([]any, error) {
	vs := make([]any, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		vs = append(vs, m[k])
	}
	return vs, nil
}

// index takes numbers for lists and texts for maps. A key that a map does not
// have gives nothing, which if can ask about and nothing can print.
func index(v any, keys []any) (any, error) {
	for _, key := range keys {
		if m, ok := v.(map[string]any); ok {
			name, ok := key.(string)
			if !ok {
				return nil, fmt.Errorf("the key of a map is a text, not %s", kind(key))
			}
			v = m[name]
			continue
		}
		l, ok := list(v)
		if !ok {
			return nil, fmt.Errorf("%s has no members", kind(v))
		}
		i, ok := key.(int)
		if !ok || i < 0 || i >= len(l) {
			return nil, fmt.Errorf("there is no member %v of %d, counted from 0", shownKey(key), len(l))
		}
		v = l[i]
	}
	return v, nil
}

// shownKey keeps values of any size out of errors.
func shownKey(key any) any {
	if i, ok := key.(int); ok {
		return i
	}
	return kind(key)
}

func length(v any) (int, error) {
	switch v := v.(type) {
	case string:
		return len(v), nil
	case Text:
		return len(v), nil
	case Secret:
		return len(v), nil
	case map[string]any:
		return len(v), nil
	}
	if l, ok := list(v); ok {
		return len(l), nil
	}
	return 0, fmt.Errorf("%s has no length", kind(v))
}

func seq(from, to int) ([]int, error) {
	n := uint64(to) - uint64(from) + 1 // very large for those that run backwards
	if n > maxList {
		return nil, fmt.Errorf("a sequence from %d to %d has too many members or runs backwards", from, to)
	}
	s := make([]int, n)
	for i := range s {
		s[i] = from + i
	}
	return s, nil
}

// texts turns a list into strings; free text needs its encoder first.
func texts(l []any) ([]string, error) {
	out, size := make([]string, len(l)), 0
	for i, v := range l {
		var err error
		if out[i], err = printable(v); err != nil {
			return nil, err
		}
		if size += len(out[i]) + 1; size > maxText {
			return nil, errors.New("the texts of the list are too long")
		}
	}
	return out, nil
}
