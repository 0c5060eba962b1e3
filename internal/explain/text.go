package explain

import (
	"fmt"
	"strings"

	"github.com/stackinit/stackinit/internal/markdown"
	"github.com/stackinit/stackinit/internal/recommend"
)

// Style says how much of an explanation is shown, and whether in colour. Whatever
// colour says, a sign or a word says, too.
type Style struct {
	Full  bool // with the critical weights and the answers that change the stack alone
	Color bool // with the colours of a terminal (ECMA-48 SGR)
}

// Text is the whole explanation in lines of at most 79 columns: the verdict, what
// was taken instead, the reasons, the points as bars, what would flip it, every
// answer with its points and the sections behind them.
func (e Case) Text(s Style) string {
	p := &page{color: s.Color}
	r := e.Decision.Recommendation
	if r.Runtime == recommend.Conflict {
		e.conflictLines(p)
	} else {
		e.outcomeLines(p)
	}
	e.chartLines(p)
	if r.Runtime != recommend.Conflict {
		e.changeLines(p, s)
	}
	p.heading("Every answer, with the article's sections behind its points")
	e.tableLines(p, func(l line) {
		if s := e.sectionsOf(l); s != "" {
			p.add("    ", s)
		}
	})
	if s.Full && r.Runtime != recommend.Conflict {
		e.weightLines(p)
	}
	p.lines = append(p.lines, "")
	p.add("", e.origin())
	for _, n := range e.Notes {
		p.add("! ", markdown.OneLine(n))
	}
	return p.String()
}

// outcomeLines are the verdict with its reasons, and an override beside it.
func (e Case) outcomeLines(p *page) {
	r := e.Decision.Recommendation
	if r.CloseCall {
		e.closeCallLines(p)
	} else {
		e.verdictLines(p)
	}
	for _, text := range e.contradictions() {
		p.add("  ! ", text)
	}
	if !e.Decision.Override {
		return
	}
	p.heading("Taken instead: " + stackLabel(e.Decision.Choice.Stack, e.Decision.Choice.Components))
	p.add("  Recommended: ", stackLabel(string(r.Stack), r.Components))
	p.add("  Reason: ", e.reason())
	for _, t := range e.Criteria.TensionsOf(e.Answers, e.Decision.Choice.Runtime) {
		p.add("  ", "Accepting that "+t.Text+".")
	}
}

// reason is why another stack was taken than the recommended one.
func (e Case) reason() string {
	if e.Decision.Reason == "" {
		return "no reason given"
	}
	return markdown.OneLine(e.Decision.Reason)
}

// changeLines name every single answer that would change the outcome.
func (e Case) changeLines(p *page, s Style) {
	p.heading("What would flip it")
	p.add("  ", e.slack())
	if e.Decision.CloseCall {
		settling := openFirst(e.settlingAll(), e.Decision.Open)
		e.flipList(p, "These would settle it:", noSettling, settling, e.flipText)
	}
	e.flipList(p, "Each of these, by itself, changes the runtime:", noFlip, e.runtimeFlips(), e.flipText)
	if s.Full {
		e.flipList(p, "These change the stack alone:", noStackFlip, e.stackFlips(), e.stackFlipText)
	}
}

func (e Case) flipList(p *page, some, none string, flips []recommend.Flip, text func(recommend.Flip) string) {
	if len(flips) == 0 {
		p.add("  ", none)
		return
	}
	p.add("  ", some)
	for _, fl := range flips {
		p.addRight("    ", text(fl), points(fl.PointsMoved))
	}
}

func points(n int) string {
	if n == 1 {
		return " 1 point "
	}
	return fmt.Sprintf("%2d points", n)
}

// slack says how far the runtime is from another one.
func (e Case) slack() string {
	r := e.Decision.Recommendation
	switch {
	case r.Slack == nil:
		return "No number of points would change the runtime."
	case *r.Slack == 0:
		return "The points are level, so the tie-break decides; any point would decide in its stead."
	}
	margin := strings.TrimSpace(points(max(r.Margin, -r.Margin)))
	return fmt.Sprintf("The margin is %s; the runtime changes when it moves by %s.", margin, strings.TrimSpace(points(*r.Slack)))
}

// weightLines name the weights that would tie the score, and which rule decided.
func (e Case) weightLines(p *page) {
	p.heading("Critical weights")
	p.add("  ", e.ruleText())
	if len(e.Decision.CritWeights) == 0 {
		p.add("  ", noWeights)
	}
	for _, w := range e.Decision.CritWeights {
		q, _ := e.Criteria.Question(w.Question)
		p.addRight("    ", q.Prompt, e.weightText(w))
	}
}

const noWeights = "No change of one weight ties the score."

func (e Case) weightText(w recommend.CriticalWeight) string {
	q, _ := e.Criteria.Question(w.Question)
	return fmt.Sprintf("weight %d: a tie at %s times as much", q.Weight, w.Factor)
}

// ruleText says which rule named the runtime, in the words of the criteria file.
func (e Case) ruleText() string {
	return fmt.Sprintf("Decided by %s, rule %s.", topic(e.Decision.DecidedBy), e.Decision.Rule)
}

// origin names the criteria, and what points are not.
func (e Case) origin() string {
	id := e.Decision.Criteria
	return fmt.Sprintf("Criteria %s, version %d, sha256 %.12s. Points rank arguments; they do not measure anything.", id.ID, id.Version, id.SHA256)
}
