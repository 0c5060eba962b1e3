package explain

import (
	"slices"
	"strconv"
	"strings"

	"github.com/stackinit/stackinit/internal/recommend"
)

// line is a question in the table. A question without points has no row: it was
// not answered, or settled by another, or asks for constraints.
type line struct {
	prompt, answer string
	row            *recommend.Row
}

// points are the two cells with the points, a dash where there are none to give.
func (l line) points() (node, python string) {
	if l.row == nil {
		return "-", "-"
	}
	return strconv.Itoa(l.row.Node), strconv.Itoa(l.row.Python)
}

// lines gives every question in the order of the interview.
func (e Case) lines() []line {
	var all []line
	for _, q := range e.Criteria.Questions() {
		l := line{prompt: q.Prompt, answer: e.AnswerLabel(q.Key)}
		if i := slices.IndexFunc(e.Decision.Rows, func(row recommend.Row) bool { return row.Question == q.Key }); i >= 0 {
			l.row = &e.Decision.Rows[i]
		}
		all = append(all, l)
	}
	return all
}

// Table shows every question with its answer and its points, and the totals, in
// plain text of 79 columns.
func (e Case) Table() string {
	p := &page{}
	e.tableLines(p, func(line) {})
	return p.String()
}

// tableLines writes the table; below is called after each row.
func (e Case) tableLines(p *page, below func(line)) {
	p.row("Question", "Answer", "NodeJS", "Python")
	p.lines = append(p.lines, strings.Repeat("-", columns))
	for _, l := range e.lines() {
		node, python := l.points()
		p.row(l.prompt, l.answer, node, python)
		below(l)
	}
	p.lines = append(p.lines, strings.Repeat("-", columns))
	p.row("Total", "", strconv.Itoa(e.Decision.Node), strconv.Itoa(e.Decision.Python))
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
func (e Case) AnswerLabel(key string) string {
	q, ok := e.Criteria.Question(key)
	if !ok {
		return ""
	}
	if by, skipped := e.Criteria.SkippedBy(e.Answers, key); skipped {
		settler, _ := e.Criteria.Question(by)
		return `not asked: settled by "` + settler.Prompt + `"`
	}
	given, labels := e.Answers[key], []string{}
	for _, o := range q.Options {
		if slices.Contains(given, o.Key) {
			labels = append(labels, o.Label)
		}
	}
	switch {
	case q.Multi && len(labels) == 0:
		return "Nothing is fixed"
	case !q.Multi && (len(given) != 1 || len(labels) != 1):
		return "not sure"
	}
	return strings.Join(labels, "; ")
}
