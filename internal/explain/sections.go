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
	return c.Identity().ID == "article-node-or-python" &&
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

// sources names the sections, at most limit, in which the article speaks for a side.
func sources(c *recommend.Criteria, cites []int, side string, limit int) []string {
	headings := []string{}
	for _, n := range cites {
		if s, _ := c.Statement(n); (s.Side == side || s.Side == "both") && !slices.Contains(headings, s.Section) {
			headings = append(headings, s.Section)
		}
	}
	slices.SortStableFunc(headings, func(a, b string) int { return sectionRank(a) - sectionRank(b) })
	for i, h := range headings {
		headings[i] = shortSection(h)
	}
	return headings[:min(limit, len(headings))]
}
