// Package adr writes the decision records of a generated project: what was decided
// in the interview, with the arguments of the criteria. The package is pure: dates,
// names and decisions come in as values.
package adr

import (
	"slices"
	"strings"
	"time"

	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/recommend"
)

// AnswersPath is where a project keeps the interview's answers, for a replay.
const AnswersPath = decisionlog.Dir + "/answers.yaml"

// CriteriaPath is where a project keeps a team's criteria, if it was made with some.
const CriteriaPath = decisionlog.Dir + "/criteria.yaml"

// Replay is the command that runs a project's answers again.
func Replay(c *recommend.Criteria) string {
	if c.TeamFile() == nil {
		return "stackinit recommend --answers " + AnswersPath
	}
	return "stackinit recommend --answers " + AnswersPath + " --criteria " + CriteriaPath
}

// Subject is what the record is about, beyond the decision itself.
type Subject struct {
	Title, Description string   // free text
	Deciders           []string // names; may be empty
	Date               time.Time
	// Confirm are the commands of the generated project that would show the
	// choice to be wrong; the record names no others.
	Confirm []Command
}

// Command is a line to type and what it shows, as a clause: "starts the server".
type Command struct{ Run, Shows string }

// Runtime writes record 0001: which runtime the backend uses, and why. The
// recommendation in d must come from c and a and must not be a conflict: where
// nothing was decided there is nothing to record.
func Runtime(c *recommend.Criteria, a recommend.Answers, d recommend.Decision, s Subject) decisionlog.Record {
	w := newWriter(c, a, d, s)
	h := decisionlog.Head{
		Number:   1,
		Title:    "Use " + runtimeName(d.Choice.Runtime) + " for the backend",
		Status:   decisionlog.Proposed,
		Date:     s.Date,
		Deciders: s.Deciders,
		Tags:     []string{"runtime", "backend"},
	}
	if d.Confirmed && !d.CloseCall {
		h.Status = decisionlog.Accepted
	}
	w.reviewBy = h.ReviewBy()
	w.line(strings.TrimSuffix(h.Markdown(), "\n"))
	for _, part := range []func(){
		w.context, w.drivers, w.considered, w.outcome, w.confidence, w.consequences, w.confirmation, w.prosAndCons,
		w.changes, w.followUps, w.source,
	} {
		part()
	}
	return decisionlog.Record{
		Number: h.Number, Slug: decisionlog.Slug(h.Title), Title: h.Title,
		Status: h.Status, Date: isoDate(s.Date), Body: []byte(w.page.String()),
	}
}

// writer composes a record. Every sentence comes from the subject, the labels,
// the statements behind the answers, and the tensions.
type writer struct {
	c        *recommend.Criteria
	a        recommend.Answers
	d        recommend.Decision
	s        Subject
	answers  []answer // with points or, of the constraints, ticked
	options  []recommend.Choice
	reviewBy string
	page     strings.Builder
}

// answer is one that bears on the decision.
type answer struct {
	phrase
	question     string // key
	option       recommend.Option
	node, python int    // points
	fixed        bool   // a constraint
	demands      string // the runtime that the constraint alone leads to
	only         bool   // and no other is possible then
}

// excludes reports whether the answer is a constraint that a runtime breaks. A
// library that is a must is met by a hybrid too, a team with one language is not.
func (x answer) excludes(runtime string) bool {
	return x.fixed && runtime != x.demands && (x.only || runtime != recommend.Hybrid)
}

// points are those for one side.
func (x answer) points(side string) int {
	if side == recommend.Node {
		return x.node
	}
	return x.python
}

// lead is by how much the answer favours a side; negative: the other one.
func (x answer) lead(side string) int { return x.points(side) - x.points(other(side)) }

// other is the other side; a hybrid has none.
func other(side string) string {
	if side == recommend.Node {
		return recommend.Python
	}
	return recommend.Node
}

func newWriter(c *recommend.Criteria, a recommend.Answers, d recommend.Decision, s Subject) *writer {
	w := &writer{c: c, a: a, d: d, s: s}
	for _, q := range c.Questions() {
		if !q.Multi {
			continue
		}
		for _, o := range q.Options {
			if slices.Contains(a[q.Key], o.Key) {
				x := newAnswer(q, o, 0, 0)
				alone := c.Recommend(recommend.Answers{q.Key: {o.Key}})
				x.demands, x.only = alone.Runtime, alone.Confidence == recommend.Forced
				w.answers = append(w.answers, x)
			}
		}
	}
	for _, row := range d.Rows {
		q, _ := c.Question(row.Question)
		if o, ok := q.Option(row.Answer); ok && row.Node+row.Python > 0 {
			w.answers = append(w.answers, newAnswer(q, o, row.Node, row.Python))
		}
	}
	w.options = considered(c, a, d)
	return w
}

func newAnswer(q recommend.Question, o recommend.Option, node, python int) answer {
	p, ok := phrases[[2]string{q.Key, o.Key}]
	if !ok || p.label != o.Label {
		p = phrase{
			label: o.Label,
			says:  `to "` + escape(q.Prompt) + `" the answer is "` + escape(o.Label) + `"`,
			noun:  `the answer "` + escape(o.Label) + `"`,
		}
	}
	return answer{phrase: p, question: q.Key, option: o, node: node, python: python, fixed: q.Multi}
}

// fixed are the constraints that were ticked.
func (w *writer) fixed() []answer {
	return slices.DeleteFunc(slices.Clone(w.answers), func(x answer) bool { return !x.fixed })
}

// favouring are the answers that lean to a side, the strongest first.
func (w *writer) favouring(side string) []answer {
	return w.strongest(func(x answer) int { return x.lead(side) })
}

// scoring are the answers with points for a side, even if the other side has more.
func (w *writer) scoring(side string) []answer {
	return w.strongest(func(x answer) int { return x.points(side) })
}

// strongest gives the answers of a positive measure, the highest first.
func (w *writer) strongest(measure func(answer) int) []answer {
	list := slices.DeleteFunc(slices.Clone(w.answers), func(x answer) bool { return measure(x) <= 0 })
	slices.SortStableFunc(list, func(x, y answer) int { return measure(y) - measure(x) })
	return list
}

// statement picks the most telling statement for a side, or failing that for
// both, out of those cited; used ones only if there is no other.
func (w *writer) statement(side string, cites []int, used []int) (recommend.Statement, bool) {
	var best recommend.Statement
	lowest := 0
	for _, n := range cites {
		s, ok := w.c.Statement(n)
		if !ok || s.Side != side && s.Side != "both" {
			continue
		}
		r := rank(s)
		if s.Side == "both" {
			r += 1000
		}
		if slices.Contains(used, n) {
			r += 10_000
		}
		if best.Number == 0 || r < lowest {
			best, lowest = s, r
		}
	}
	return best, best.Number != 0
}

// argument is a statement for a side as a clause, with the sections behind it.
type argument struct {
	text  string // without cites
	more  string // what it means as a consequence, behind the text
	cites string
	by    []int // the statements
}

func (g argument) String() string { return g.text + g.cites }

// argue says why an answer, or whatever cites these statements, speaks for a
// side. used keeps one list from saying the same thing twice.
func (w *writer) argue(side, subject string, cites []int, used *[]int) (argument, bool) {
	s, ok := w.statement(side, cites, *used)
	if !ok {
		return argument{}, false
	}
	by := []int{s.Number}
	for _, n := range cites {
		if t, _ := w.c.Statement(n); t.Side == s.Side && n != s.Number && t.Section == "Conclusion" {
			by = append(by, n)
		}
	}
	*used = append(*used, s.Number)
	return argument{text: clause(subject, s.Text), cites: w.cite(by...), by: by}, true
}

func isoDate(t time.Time) string { return t.Format(time.DateOnly) }

// line writes a line of the page.
func (w *writer) line(texts ...string) {
	for _, t := range texts {
		w.page.WriteString(t)
	}
	w.page.WriteByte('\n')
}

// heading writes a heading with the blank lines around it.
func (w *writer) heading(text string) {
	w.line()
	w.line(text)
	w.line()
}
