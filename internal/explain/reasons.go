package explain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/recommend"
)

// most is how many reasons are given: few causes explain better than all of them
// (Miller 2019, arxiv 1706.07269).
const most = 3

// argument is an answer that speaks for a side, recommend.Node or recommend.Python.
type argument struct {
	row  recommend.Row
	side string
}

// contrast is why this runtime and not the other one.
type contrast struct {
	pro   []argument // the largest differences, largest first
	con   *argument  // the best argument for the other side, if there is one
	price string     // of a hybrid, instead of con
	lack  []string   // what no answer speaks for
}

// contrast gives the three largest differences in favour of the runtime, and the
// best argument against it.
func (e Case) contrast() contrast {
	r := e.Decision.Recommendation
	switch r.Runtime {
	case recommend.Node:
		return contrastOf(r.Rows, recommend.Node, recommend.Python)
	case recommend.Python:
		return contrastOf(r.Rows, recommend.Python, recommend.Node)
	}
	var c contrast
	for _, row := range top(r.Rows, func(row recommend.Row) int { return max(row.Node-row.Python, row.Python-row.Node) }) {
		side := recommend.Node
		if row.Python > row.Node {
			side = recommend.Python
		}
		c.pro = append(c.pro, argument{row, side})
	}
	if n := len(r.Tensions); n > 0 {
		t, _ := e.Criteria.Tension(r.Tensions[n-1])
		c.price = "With a hybrid, " + t.Text
	}
	return c
}

func contrastOf(rows []recommend.Row, winner, loser string) (c contrast) {
	lead := func(row recommend.Row) int { return pointsFor(row, winner) - pointsFor(row, loser) }
	for _, row := range top(rows, lead) {
		c.pro = append(c.pro, argument{row, winner})
	}
	if len(c.pro) == 0 {
		c.lack = append(c.lack, winner)
	}
	against := slices.DeleteFunc(slices.Clone(rows), func(row recommend.Row) bool { return pointsFor(row, loser) == 0 })
	if len(against) == 0 {
		c.lack = append(c.lack, loser)
		return c
	}
	best := slices.MinFunc(against, func(a, b recommend.Row) int { return cmp.Compare(lead(a), lead(b)) })
	c.con = &argument{best, loser}
	return c
}

func pointsFor(row recommend.Row, side string) int {
	if side == recommend.Python {
		return row.Python
	}
	return row.Node
}

// top gives the three rows with the largest positive measure, largest first.
func top(rows []recommend.Row, measure func(recommend.Row) int) []recommend.Row {
	rows = slices.DeleteFunc(slices.Clone(rows), func(row recommend.Row) bool { return measure(row) <= 0 })
	slices.SortStableFunc(rows, func(a, b recommend.Row) int { return cmp.Compare(measure(b), measure(a)) })
	return rows[:min(most, len(rows))]
}

// decider says what decided before the score could, a line each.
func (e Case) decider() (lines []string) {
	r := e.Decision.Recommendation
	switch q, ok := e.constraints(); {
	case r.DecidedBy == "constraint" && ok:
		return []string{"Fixed: " + e.AnswerLabel(q.Key)}
	case r.DecidedBy == "core_needs":
		rule, _ := e.Criteria.Rule(string(r.Rule))
		behind := func(n int) bool { return slices.Contains(rule.Cites, n) }
		for _, need := range e.Criteria.Needs(e.Answers) {
			if i := slices.IndexFunc(need.Cites, behind); i >= 0 {
				s, _ := e.Criteria.Statement(need.Cites[i])
				lines = append(lines, "Core need: "+s.Text)
			}
		}
	}
	return lines
}

// prices are the tensions that are not told elsewhere: the price of a hybrid
// already stands in the contrast.
func (e Case) prices() (texts []string) {
	r := e.Decision.Recommendation
	for i, key := range r.Tensions {
		if t, _ := e.Criteria.Tension(key); r.Runtime != recommend.Hybrid || i != len(r.Tensions)-1 {
			texts = append(texts, t.Text)
		}
	}
	return texts
}

// contradictions are answers that do not fit together, a sentence each.
func (e Case) contradictions() (texts []string) {
	for _, key := range e.Decision.Contradictions {
		remark, _ := e.Criteria.Contradiction(key)
		texts = append(texts, remark.Text)
	}
	return texts
}

// runtimeFlips gives the flips that people are shown: those of the runtime, to a
// real answer, with the open questions first.
func (e Case) runtimeFlips() []recommend.Flip {
	r := e.Decision.Recommendation
	flips := slices.DeleteFunc(slices.Clone(r.Flips), func(f recommend.Flip) bool {
		return f.Runtime == r.Runtime || f.Answer == recommend.NotSure
	})
	return openFirst(flips, r.Open)
}

// stackFlips gives the real answers that change the stack and not the runtime.
func (e Case) stackFlips() []recommend.Flip {
	r := e.Decision.Recommendation
	flips := slices.DeleteFunc(slices.Clone(r.Flips), func(f recommend.Flip) bool {
		return f.Runtime != r.Runtime || f.Answer == recommend.NotSure
	})
	return openFirst(flips, r.Open)
}

// openFirst puts the flips of open questions first and changes no other order.
func openFirst(flips []recommend.Flip, open []string) []recommend.Flip {
	place := func(f recommend.Flip) int {
		if slices.Contains(open, f.Question) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(flips, func(a, b recommend.Flip) int { return place(a) - place(b) })
	return flips
}

// flipText says which other answer leads where, and whether the question is open.
func (e Case) flipText(fl recommend.Flip) string {
	q, _ := e.Criteria.Question(fl.Question)
	o, _ := q.Option(fl.Answer)
	open := ""
	if slices.Contains(e.Decision.Open, fl.Question) {
		open = " (open)"
	}
	return topic(q.Key) + open + ": " + o.Label + " -> " + target(fl)
}

// target is the shortest name of what a flip leads to: the runtime.
func target(fl recommend.Flip) string {
	if fl.Runtime == recommend.Hybrid {
		return "hybrid"
	}
	return recommend.RuntimeLabel(fl.Runtime)
}

// stackFlipText says the same of a flip that changes the stack alone.
func (e Case) stackFlipText(fl recommend.Flip) string {
	return strings.TrimSuffix(e.flipText(fl), target(fl)) + fl.Stack
}

// topic is a question's key in words, for where its prompt would be too long.
func topic(key string) string { return strings.ReplaceAll(key, "_", " ") }

// stackLabel names a stack, and the two that a hybrid is made of.
func stackLabel(stack string, components []string) string {
	label := recommend.StackLabel(stack)
	if len(components) == 2 {
		label += ": " + recommend.StackLabel(components[0]) + " + " + recommend.StackLabel(components[1])
	}
	return label
}
