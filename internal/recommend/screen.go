package recommend

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Screen explains the recommendation for the answers in plain text of at most 80
// columns: the verdict, the contrast with the other runtime, the best argument
// for that one, what would flip the result, and what does not fit together. A
// close call has no verdict: both runtimes stand side by side, for a person to
// choose. A conflict has none either, but the ways out of it.
func (c *Criteria) Screen(r *Recommendation, a Answers) string {
	p, tail := &page{}, &page{}
	if r.Runtime == Conflict {
		c.conflictScreen(p, r)
		return p.String()
	}
	for _, key := range r.Contradictions {
		remark, _ := c.Contradiction(key)
		tail.add("  ! ", remark.Text)
	}
	room := screenLines - len(tail.lines)
	if r.CloseCall {
		c.closeCallScreen(p, r, a, room)
	} else {
		c.verdictScreen(p, r, a, room)
	}
	p.lines = append(p.lines, tail.lines...)
	return p.String()
}

// screenLines is what the review leaves of 24 lines, with its two lines about the
// project above and its menu below. Examples of other answers give way first.
const screenLines = 14

func (c *Criteria) verdictScreen(p *page, r *Recommendation, a Answers, room int) {
	p.addRight("", StackLabel(string(r.Stack)), fmt.Sprintf("%s (%d : %d)", r.Confidence.Word(), r.Node, r.Python))
	if len(r.Components) == 2 {
		p.add("  = ", StackLabel(r.Components[0])+" + "+StackLabel(r.Components[1]))
	}
	c.decider(p, r, a)
	c.contrast(p, r)
	for _, key := range r.Tensions {
		// The price of a hybrid already stands in the contrast.
		if t, _ := c.Tension(key); r.Runtime != Hybrid || key != r.Tensions[len(r.Tensions)-1] {
			p.add("  ", "Accepting that "+t.Text+".")
		}
	}
	c.flipLines(p, r.RuntimeFlips(), a, min(3, max(1, room-len(p.lines)-1)))
}

// decider says what decided before the score could.
func (c *Criteria) decider(p *page, r *Recommendation, a Answers) {
	switch {
	case r.DecidedBy == "constraint" && c.constraints >= 0:
		p.add("  Fixed: ", c.AnswerLabel(a, c.questions[c.constraints].Key))
	case r.DecidedBy == "core_needs":
		rule, _ := c.Rule(string(r.Rule))
		behind := func(n int) bool { return slices.Contains(rule.Cites, n) }
		for _, need := range c.Needs(a) {
			if i := slices.IndexFunc(need.Cites, behind); i >= 0 {
				p.add("  Core need: ", c.statements[need.Cites[i]].Text)
			}
		}
	}
}

// contrast shows the three largest differences in favour of the runtime, and the
// best argument against it.
func (c *Criteria) contrast(p *page, r *Recommendation) {
	switch r.Runtime {
	case Hybrid:
		for _, row := range top(r.Rows, func(row Row) int { return abs(row.Node - row.Python) }) {
			side := Node
			if row.Python > row.Node {
				side = Python
			}
			c.argument(p, "  + ", row, side)
		}
		if n := len(r.Tensions); n > 0 {
			t, _ := c.Tension(r.Tensions[n-1])
			p.add("  - ", "With a hybrid, "+t.Text)
		}
	case Node:
		c.contrastOf(p, r.Rows, Node, Python, func(row Row) int { return row.Node - row.Python }, func(row Row) int { return row.Python })
	case Python:
		c.contrastOf(p, r.Rows, Python, Node, func(row Row) int { return row.Python - row.Node }, func(row Row) int { return row.Node })
	}
}

func (c *Criteria) contrastOf(p *page, rows []Row, winner, loser string, lead, lost func(Row) int) {
	reasons := top(rows, lead)
	if len(reasons) == 0 {
		p.add("  + ", "No answer speaks for "+RuntimeLabel(winner)+".")
	}
	for _, row := range reasons {
		c.argument(p, "  + ", row, winner)
	}
	against := slices.DeleteFunc(slices.Clone(rows), func(row Row) bool { return lost(row) == 0 })
	if len(against) == 0 {
		p.add("  - ", "No answer speaks for "+RuntimeLabel(loser)+".")
		return
	}
	best := slices.MinFunc(against, func(a, b Row) int { return cmp.Compare(lead(a), lead(b)) })
	c.argument(p, "  - ", best, loser)
}

// top gives the three rows with the largest positive measure, largest first.
func top(rows []Row, measure func(Row) int) []Row {
	rows = slices.DeleteFunc(slices.Clone(rows), func(row Row) bool { return measure(row) <= 0 })
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(measure(b), measure(a)) })
	return rows[:min(3, len(rows))]
}

// argument shows a row on one line: the answer, its points, NodeJS first, and
// the article's section that says most about it.
func (c *Criteria) argument(p *page, lead string, row Row, side string) {
	const answer = 40
	q, _ := c.Question(row.Question)
	o, _ := q.Option(row.Answer)
	text := o.Label
	if about := text + " (" + topic(q.Key) + ")"; width(about) <= answer {
		text = about
	}
	line := lead + pad(text, answer) + fmt.Sprintf(" %2d : %-2d  ", row.Node, row.Python)
	p.add(line, strings.Join(c.sources(o.Cites, side, 1), ""))
	if hedge := c.hedge(o.Cites); hedge != "" && side == Python {
		p.add("     ", hedge)
	}
}

// topic is a question's key in words, for where its prompt would be too long.
func topic(key string) string { return strings.ReplaceAll(key, "_", " ") }

func (c *Criteria) hedge(cites []int) string {
	if c.isHedged(cites) {
		return " (the article hedges this)"
	}
	return ""
}

// RuntimeFlips gives the flips that people are shown: those of the runtime, to a
// real answer, with the open questions first.
func (r *Recommendation) RuntimeFlips() []Flip {
	flips := slices.DeleteFunc(slices.Clone(r.Flips), func(f Flip) bool {
		return f.Runtime == r.Runtime || f.Answer == NotSure
	})
	return openFirst(flips, r.Open)
}

func openFirst(flips []Flip, open []string) []Flip {
	place := func(f Flip) int {
		if slices.Contains(open, f.Question) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(flips, func(a, b Flip) int { return place(a) - place(b) })
	return flips
}

func (c *Criteria) flipLines(p *page, flips []Flip, a Answers, shown int) {
	switch n := len(flips); {
	case n == 0:
		p.add("  ", "No other single answer changes the runtime.")
		return
	case n == 1:
		p.add("  ", "Only this would flip it:")
	case n <= shown:
		p.add("  ", "Only these would flip it:")
	default:
		p.add("  ", fmt.Sprintf("Would flip it, among %d single answers:", n))
	}
	for _, fl := range flips[:min(shown, len(flips))] {
		p.add("    ", c.flipText(fl, a))
	}
}

// flipText says which other answer leads where, and whether the question is open.
func (c *Criteria) flipText(fl Flip, a Answers) string {
	q, _ := c.Question(fl.Question)
	o, _ := q.Option(fl.Answer)
	open := ""
	if given := a[fl.Question]; len(given) != 1 || given[0] == NotSure {
		open = " (open)"
	}
	return fmt.Sprintf("%s%s: %s -> %s", topic(q.Key), open, o.Label, flipRuntime(fl.Runtime))
}

// flipRuntime is the shortest name of a runtime.
func flipRuntime(runtime string) string {
	if runtime == Hybrid {
		return "hybrid"
	}
	return RuntimeLabel(runtime)
}

func (c *Criteria) conflictScreen(p *page, r *Recommendation) {
	p.add("", "No recommendation: what is fixed cannot hold together.")
	for _, cf := range c.conflicts {
		if slices.Contains(r.Conflicts, cf.key) {
			p.add("  ! ", c.ticksLabel(c.questions[c.constraints].keysOf(cf.ticks))+" exclude each other.")
		}
	}
	p.add("  ", "Ways out:")
	for _, rep := range r.Repairs {
		text := "drop " + c.ticksLabel(rep.Drop) + " -> " + StackLabel(rep.Stack)
		if len(rep.Components) == 2 {
			text += ": " + StackLabel(rep.Components[0]) + " + " + StackLabel(rep.Components[1])
		}
		p.add("    - ", text)
	}
}

// ticksLabel quotes constraints by their labels.
func (c *Criteria) ticksLabel(keys []string) string {
	labels := make([]string, len(keys))
	for i, key := range keys {
		o, _ := c.questions[c.constraints].Option(key)
		labels[i] = `"` + o.Label + `"`
	}
	return strings.Join(labels, " and ")
}
