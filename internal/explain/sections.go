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

// source names the section that says most for a side; empty if there is none.
func (e Case) source(cites []int, side string) string {
	all := e.Criteria.Sections(cites, side)
	if len(all) == 0 {
		return ""
	}
	return recommend.ShortSection(all[0])
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
	all := e.Criteria.Sections(o.Cites, "")
	for i, heading := range all {
		all[i] = recommend.ShortSection(heading)
	}
	return strings.Join(all, "; ")
}
