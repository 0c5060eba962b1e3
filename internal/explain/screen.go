package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/recommend"
)

// Screen explains the recommendation in plain text of at most 80 columns, short
// enough to stand above the menu of the review: the verdict, the contrast with
// the other runtime, the best argument for that one, what would flip the result,
// and what does not fit together. A close call has no verdict: both runtimes
// stand side by side, for a person to choose. A conflict has none either, but the
// ways out of it.
func (e Case) Screen() string {
	p, tail := &page{}, &page{}
	if e.Decision.Runtime == recommend.Conflict {
		e.conflictLines(p)
		return p.String()
	}
	for _, text := range e.contradictions() {
		tail.add("  ! ", text)
	}
	room := screenLines - len(tail.lines)
	if e.Decision.CloseCall {
		e.closeCallLines(p)
		e.settlingLines(p, room)
	} else {
		e.verdictLines(p)
		e.flipLines(p, min(3, max(1, room-len(p.lines)-1)))
	}
	p.lines = append(p.lines, tail.lines...)
	return p.String()
}

// screenLines is what the review leaves of 24 lines, with its two lines about the
// project above and its menu below. Examples of other answers give way first.
const screenLines = 14

func (e Case) verdictLines(p *page) {
	r := e.Decision.Recommendation
	p.addRight("", recommend.StackLabel(string(r.Stack)), e.score())
	if len(r.Components) == 2 {
		p.add("  = ", recommend.StackLabel(r.Components[0])+" + "+recommend.StackLabel(r.Components[1]))
	}
	for _, line := range e.decider() {
		p.add("  ", line)
	}
	e.contrastLines(p)
	for _, text := range e.prices() {
		p.add("  ", "Accepting that "+text+".")
	}
}

// score is the confidence in a word with both sums.
func (e Case) score() string {
	r := e.Decision.Recommendation
	return fmt.Sprintf("%s (%d : %d)", r.Confidence.Word(), r.Node, r.Python)
}

func (e Case) contrastLines(p *page) {
	c := e.contrast()
	lacks := func(side string) bool { return slices.Contains(c.lack, side) }
	if winner := e.Decision.Runtime; lacks(winner) {
		p.add("  + ", noAnswer(winner))
	}
	for _, arg := range c.pro {
		e.argumentLines(p, "  + ", arg)
	}
	switch {
	case c.con != nil:
		e.argumentLines(p, "  - ", *c.con)
	case c.price != "":
		p.add("  - ", c.price)
	case len(c.lack) > 0:
		p.add("  - ", noAnswer(c.lack[len(c.lack)-1]))
	}
}

func noAnswer(side string) string {
	return "No answer speaks for " + recommend.RuntimeLabel(side) + "."
}

// argumentLines shows a row on one line: the answer, its points, NodeJS first,
// and the article's section that says most about it.
func (e Case) argumentLines(p *page, lead string, arg argument) {
	const answer = 40
	o := e.option(arg.row)
	text := o.Label
	if about := text + " (" + topic(arg.row.Question) + ")"; width(about) <= answer {
		text = about
	}
	line := lead + pad(text, answer) + fmt.Sprintf(" %2d : %-2d  ", arg.row.Node, arg.row.Python)
	p.add(line, e.source(o.Cites, arg.side))
	if hedge := e.hedge(arg); hedge != "" {
		p.add("     ", hedge)
	}
}

// hedge says that the article takes an argument for Python back in part.
func (e Case) hedge(arg argument) string {
	if arg.side == recommend.Python && isHedged(e.Criteria, e.option(arg.row).Cites) {
		return " (the article hedges this)"
	}
	return ""
}

// flipLines names the answers that would change the runtime, as many as shown says.
func (e Case) flipLines(p *page, shown int) {
	flips := e.runtimeFlips()
	switch n := len(flips); {
	case n == 0:
		p.add("  ", noFlip)
		return
	case n == 1:
		p.add("  ", "Only this would flip it:")
	case n <= shown:
		p.add("  ", "Only these would flip it:")
	default:
		p.add("  ", fmt.Sprintf("Would flip it, among %d single answers:", n))
	}
	for _, fl := range flips[:min(shown, len(flips))] {
		p.add("    ", e.flipText(fl))
	}
}

const (
	noFlip      = "No other single answer changes the runtime."
	noStackFlip = "No other single answer changes the stack alone."
)

func (e Case) conflictLines(p *page) {
	r := e.Decision.Recommendation
	p.add("", "No recommendation: what is fixed cannot hold together.")
	for _, key := range r.Conflicts {
		p.add("  ! ", e.ticksLabel(e.Criteria.ConflictTicks(key))+" exclude each other.")
	}
	p.add("  ", "Ways out:")
	for _, rep := range r.Repairs {
		p.add("    - ", "drop "+e.ticksLabel(rep.Drop)+" -> "+stackLabel(rep.Stack, rep.Components))
	}
}

// ticksLabel quotes constraints by their labels.
func (e Case) ticksLabel(keys []string) string {
	q, _ := e.constraints()
	labels := make([]string, len(keys))
	for i, key := range keys {
		o, _ := q.Option(key)
		labels[i] = `"` + o.Label + `"`
	}
	return strings.Join(labels, " and ")
}
