package recommend

import (
	"strconv"
	"strings"
)

// Table shows every question with its answer and its points, and the totals, in
// plain text of 79 columns.
func (c *Criteria) Table(r *Recommendation, a Answers) string {
	p := &page{}
	p.row("Question", "Answer", "NodeJS", "Python")
	p.lines = append(p.lines, strings.Repeat("-", columns))
	for i := range c.questions {
		q := &c.questions[i]
		node, python := "-", "-"
		for _, row := range r.Rows {
			if row.Question == q.Key {
				node, python = strconv.Itoa(row.Node), strconv.Itoa(row.Python)
			}
		}
		p.row(q.Prompt, c.AnswerLabel(a, q.Key), node, python)
	}
	p.lines = append(p.lines, strings.Repeat("-", columns))
	p.row("Total", "", strconv.Itoa(r.Node), strconv.Itoa(r.Python))
	return p.String()
}

// row adds the cells of one row: 31 and 30 columns for the words, 6 for a number.
func (p *page) row(question, answer, node, python string) {
	left, right := wrap(question, 31), wrap(answer, 30)
	for i := range max(len(left), len(right)) {
		line := pad(at(left, i), 33) + at(right, i)
		if i == 0 {
			line = pad(line, 65) + right6(node) + "  " + right6(python)
		}
		p.lines = append(p.lines, strings.TrimRight(line, " "))
	}
}

func right6(s string) string { return strings.Repeat(" ", max(0, 6-width(s))) + s }

// AnswerLabel says the answer to a question in people's words: its label, the
// labels of what is fixed, that it was not asked and why, or that it is open.
func (c *Criteria) AnswerLabel(a Answers, key string) string {
	i := c.index(key)
	if i < 0 {
		return ""
	}
	q := &c.questions[i]
	if by, skipped := c.SkippedBy(a, key); skipped {
		settler, _ := c.Question(by)
		return `not asked: settled by "` + settler.Prompt + `"`
	}
	labels := []string{}
	for _, k := range q.keysOf(c.read(a).given[i]) {
		o, _ := q.Option(k)
		labels = append(labels, o.Label)
	}
	switch {
	case q.Multi && len(labels) == 0:
		return "Nothing is fixed"
	case !q.answered(a):
		return "not sure"
	}
	return strings.Join(labels, "; ")
}
