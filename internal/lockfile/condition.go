package lockfile

import (
	"slices"
	"strings"
)

// condition says on which machines a package is needed: an "or" of "and"s of
// markers, each "and" sorted. Without any "and" it is never; an empty one means
// always. No "and" in it holds all markers of another one, which would add nothing.
type condition [][]string

// or adds one more "and", unless c says that much already; the second value
// reports whether it was added.
func (c condition) or(and []string) (condition, bool) {
	for _, have := range c {
		if holdsAll(and, have) {
			return c, false
		}
	}
	left := slices.DeleteFunc(slices.Clone(c), func(have []string) bool { return holdsAll(have, and) })
	return append(left, and), true
}

// holdsAll reports whether every marker of sub is in and; both are sorted.
func holdsAll(and, sub []string) bool {
	for _, m := range sub {
		i, ok := slices.BinarySearch(and, m)
		if !ok {
			return false
		}
		and = and[i+1:]
	}
	return true
}

// with gives the sorted "and" of markers with one more; "" adds nothing.
func with(and []string, marker string) []string {
	i, ok := slices.BinarySearch(and, marker)
	if ok || marker == "" {
		return and
	}
	return slices.Insert(slices.Clone(and), i, marker)
}

// String writes the condition as an environment marker, "" for always.
func (c condition) String() string {
	ors := make([]string, 0, len(c))
	for _, and := range c {
		if len(and) == 0 {
			return ""
		}
		ands := slices.Clone(and)
		for i, m := range ands {
			if strings.Contains(m, " or ") && len(and) > 1 {
				ands[i] = "(" + m + ")"
			}
		}
		text := strings.Join(ands, " and ")
		if len(ands) > 1 && len(c) > 1 {
			text = "(" + text + ")"
		}
		ors = append(ors, text)
	}
	slices.Sort(ors)
	return strings.Join(ors, " or ")
}
