package explain

import (
	"fmt"
	"strings"

	"github.com/stackinit/stackinit/internal/recommend"
)

// Bars of the two sides differ in their sign as well as in their colour, and
// stand on different sides of a line: who sees no colour reads them as well.
const (
	nodeBar, pythonBar = "#", "="
	barWidth           = 22 // columns of a bar at most
	topicWidth         = 22 // columns for the name of a question
)

// chartLines shows the points of each answer as bars to the left and the right of
// a line, the sums below.
func (e Case) chartLines(p *page) {
	scored, scale := e.scored()
	if len(scored) == 0 {
		return
	}
	sign := "a sign is a point"
	if scale > 1 {
		sign = fmt.Sprintf("a sign is up to %d points", scale)
	}
	p.heading(fmt.Sprintf("Points (%s NodeJS, %s Python; %s)", nodeBar, pythonBar, sign))
	bar := func(sign string, points int) string { return strings.Repeat(sign, (points+scale-1)/scale) }
	for _, row := range scored {
		left, right := bar(nodeBar, row.Node), bar(pythonBar, row.Python)
		gap := strings.Repeat(" ", barWidth-len(left))
		name := pad(cut(topic(row.Question), topicWidth), topicWidth)
		line := "  " + name + gap + p.paint(green, left) + fmt.Sprintf(" %3d | %-3d ", row.Node, row.Python) + p.paint(cyan, right)
		p.lines = append(p.lines, strings.TrimRight(line, " "))
	}
	sums := fmt.Sprintf("  %s%s %3d | %d", pad("total", topicWidth), strings.Repeat(" ", barWidth), e.Decision.Node, e.Decision.Python)
	p.lines = append(p.lines, sums)
}

// scored are the rows with points, and how many points a sign stands for, so that
// the longest bar has room.
func (e Case) scored() (rows []recommend.Row, scale int) {
	longest := 0
	for _, row := range e.Decision.Rows {
		if row.Node != 0 || row.Python != 0 {
			rows = append(rows, row)
			longest = max(longest, row.Node, row.Python)
		}
	}
	return rows, max(1, (longest+barWidth-1)/barWidth)
}

// cut shortens a text to n columns.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
