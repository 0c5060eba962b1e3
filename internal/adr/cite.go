package adr

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/stackinit/stackinit/internal/recommend"
)

// hedged are the statements that credit Python with CPU-bound work: the article
// takes them back in part (FAQ 4), so a record says so wherever it uses them.
var hedged = []int{24, 66}

// cite names the sections behind statements in short, in the order given:
// (When to Choose Python, items 1 and 3; Conclusion).
func (w *writer) cite(statements ...int) string {
	var groups []string
	parts := map[string][]string{}
	hedge := false
	for _, n := range statements {
		s, ok := w.c.Statement(n)
		if !ok {
			continue
		}
		hedge = hedge || slices.Contains(hedged, n)
		group, part := section(s.Section)
		if !slices.Contains(groups, group) {
			groups = append(groups, group)
		}
		if part != "" && !slices.Contains(parts[group], part) {
			parts[group] = append(parts[group], part)
		}
	}
	for i, g := range groups {
		groups[i] = escape(g) + within(g, parts[g])
	}
	if hedge {
		groups = append(groups, "the article hedges this")
	}
	if len(groups) == 0 {
		return ""
	}
	return " (" + strings.Join(groups, "; ") + ")"
}

const table = "Comparison table"

// within gives the items or rows of a group, to stand behind its name.
func within(group string, parts []string) string {
	switch {
	case len(parts) == 0:
		return ""
	case group == table:
		return ": " + strings.Join(escapeAll(parts), ", ")
	case len(parts) == 1:
		return ", item " + parts[0]
	}
	slices.Sort(parts)
	return ", items " + and(parts)
}

// forms are the ones that the headings of the article have.
var forms = sync.OnceValue(func() (h struct{ whenToChoose, tableRow, faq *regexp.Regexp }) {
	h.whenToChoose = regexp.MustCompile(`^(When to Choose .+?) (\d+): `)
	h.tableRow = regexp.MustCompile(`^` + table + `: (.+)$`)
	h.faq = regexp.MustCompile(`^(FAQ \d+): `)
	return h
})

// section splits a heading of the article into the group that a reader looks up
// and the item or row in it, which may be empty.
func section(heading string) (group, part string) {
	if m := forms().whenToChoose.FindStringSubmatch(heading); m != nil {
		return m[1], m[2]
	}
	if m := forms().tableRow.FindStringSubmatch(heading); m != nil {
		return table, m[1]
	}
	if m := forms().faq.FindStringSubmatch(heading); m != nil {
		return m[1], ""
	}
	return strings.TrimSuffix(heading, " bullets"), ""
}

// rank orders the statements that could stand for an answer; the lowest is the
// most telling. A headline beats a summary that repeats it, a strong statement a
// conditional one, and an item of a when-to-choose list a row of the table.
func rank(s recommend.Statement) int {
	group, part := section(s.Section)
	place := 2
	switch {
	case forms().whenToChoose.MatchString(s.Section):
		place = 0
	case group == table && part != "" || forms().faq.MatchString(s.Section):
		place = 1
	}
	strength := slices.Index([]string{"strong", "conditional", "weak"}, s.Strength)
	r := 10*strength + place
	if summary(s) {
		r += 100
	}
	return r
}

// summary reports whether the statement repeats what sections before it said.
func summary(s recommend.Statement) bool {
	return s.Section == "Conclusion" || strings.HasPrefix(s.Section, "What to Choose: ")
}
