package explain

import (
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/recommend"
)

// hedged lists the statements that the article takes back in part: that Python is
// good at CPU-bound work (24) becomes "may", "depending on the implementation" (66).
var hedged = []int{24, 66}

// isHedged reports whether the article hedges one of the statements.
func isHedged(c *recommend.Criteria, cites []int) bool {
	return c.Article() == recommend.Embedded().Article() &&
		slices.ContainsFunc(cites, func(n int) bool { return slices.Contains(hedged, n) })
}

// sectionRank puts the sections that compare first: they are the article's own reasons.
func sectionRank(heading string) int {
	switch {
	case strings.HasPrefix(heading, "When to Choose"):
		return 0
	case strings.HasPrefix(heading, "Comparison table: "):
		return 1
	}
	return 2
}

// shortSection cuts a heading to what is needed to find it: "When to Choose
// NodeJS 1: Real-Time Applications" becomes "When to Choose NodeJS, 1".
func shortSection(heading string) string {
	head, tail, found := strings.Cut(heading, ": ")
	switch {
	case !found:
		return heading
	case head == "Comparison table":
		return tail
	case strings.HasPrefix(head, "When to Choose "):
		if i := strings.LastIndexByte(head, ' '); len(head)-i == 2 {
			return head[:i] + "," + head[i:]
		}
	case strings.HasPrefix(head, "FAQ "):
		return head
	}
	return strings.TrimSuffix(heading, " bullets")
}

// headings gives the sections with a statement for the side, or with any of the
// statements when side is empty; those that compare come first.
func headings(c *recommend.Criteria, cites []int, side string) (all []string) {
	for _, n := range cites {
		s, _ := c.Statement(n)
		if (side == "" || s.Side == side || s.Side == "both") && !slices.Contains(all, s.Section) {
			all = append(all, s.Section)
		}
	}
	slices.SortStableFunc(all, func(a, b string) int { return sectionRank(a) - sectionRank(b) })
	return all
}

// sources names the sections in short, at most limit, in which the article speaks
// for a side.
func sources(c *recommend.Criteria, cites []int, side string, limit int) []string {
	all := headings(c, cites, side)
	for i, h := range all {
		all[i] = shortSection(h)
	}
	return all[:min(limit, len(all))]
}

// sectionsOf names all sections behind the points of a line of the table; a line
// without points has none.
func (e Case) sectionsOf(l line) string {
	if l.row == nil {
		return ""
	}
	o := e.option(*l.row)
	if len(o.Cites) == 0 {
		return "no statement: it speaks for neither side"
	}
	return strings.Join(sources(e.Criteria, o.Cites, "", len(o.Cites)), "; ")
}
