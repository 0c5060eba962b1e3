package explain

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/stackinit/stackinit/internal/markdown"
	"github.com/stackinit/stackinit/internal/recommend"
)

// Markdown is the whole explanation as a page that can stand in a pull request.
// Of the style, colour has no meaning here.
func (e Case) Markdown(s Style) string {
	d := &document{}
	r := e.Decision.Recommendation
	if r.Runtime == recommend.Conflict {
		e.conflictSection(d)
	} else {
		e.outcomeSection(d)
		e.changeSection(d, s)
	}
	e.tableSection(d)
	if s.Full && r.Runtime != recommend.Conflict {
		e.weightSection(d)
	}
	d.heading("Source")
	d.paragraph(markdown.Escape(e.origin()))
	for _, n := range e.Notes {
		d.paragraph("Note: " + markdown.Escape(n))
	}
	return d.String()
}

// document gathers blocks, which a blank line parts.
type document struct{ blocks []string }

func (d *document) String() string { return strings.Join(d.blocks, "\n\n") + "\n" }

func (d *document) paragraph(text string) { d.blocks = append(d.blocks, text) }

func (d *document) heading(text string) { d.paragraph("## " + text) }

func (d *document) list(items []string) {
	if len(items) > 0 {
		d.paragraph("* " + strings.Join(items, "\n* "))
	}
}

func (d *document) table(head, align string, rows []string) {
	d.paragraph(head + "\n" + align + "\n" + strings.Join(rows, "\n"))
}

// cells are one row of a table; an empty cell has one blank.
func cells(texts ...string) string {
	row := "|"
	for _, t := range texts {
		row += strings.TrimRight(" "+t, " ") + " |"
	}
	return row
}

func (e Case) conflictSection(d *document) {
	r := e.Decision.Recommendation
	d.paragraph("# No recommendation: what is fixed cannot hold together")
	var items []string
	for _, key := range r.Conflicts {
		items = append(items, markdown.Escape(e.ticksLabel(e.Criteria.ConflictTicks(key)))+" exclude each other.")
	}
	d.list(items)
	d.heading("Ways out")
	items = nil
	for _, rep := range r.Repairs {
		items = append(items, "Drop "+markdown.Escape(e.ticksLabel(rep.Drop))+": "+markdown.Escape(stackLabel(rep.Stack, rep.Components)))
	}
	d.list(items)
}

func (e Case) outcomeSection(d *document) {
	r := e.Decision.Recommendation
	if r.CloseCall {
		d.paragraph("# A close call: NodeJS " + strconv.Itoa(r.Node) + ", Python " + strconv.Itoa(r.Python))
		d.paragraph("The answers do not settle it; a person chooses.")
		for _, choice := range e.Criteria.Contenders(e.Answers) {
			e.sideSection(d, choice)
		}
	} else {
		d.paragraph("# " + markdown.Escape(recommend.StackLabel(string(r.Stack))))
		d.paragraph(fmt.Sprintf("%s: NodeJS %d, Python %d.", title(r.Confidence.Word()), r.Node, r.Python))
		if len(r.Components) == 2 {
			d.paragraph("Parts: " + markdown.Escape(recommend.StackLabel(r.Components[0])+" and "+recommend.StackLabel(r.Components[1])) + ".")
		}
		d.heading("Why")
		d.list(e.reasonItems())
	}
	var items []string
	for _, text := range e.contradictions() {
		items = append(items, markdown.Escape(text))
	}
	if len(items) > 0 {
		d.heading("Answers that do not fit together")
		d.list(items)
	}
	e.overrideSection(d)
}

func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// sideSection is one side of a close call.
func (e Case) sideSection(d *document, choice recommend.Choice) {
	d.heading(markdown.Escape(recommend.StackLabel(choice.Stack)))
	pro, con := e.side(choice)
	var items []string
	for _, text := range pro {
		items = append(items, "For it: "+markdown.Escape(text))
	}
	if len(pro) == 0 {
		items = append(items, "For it: "+noneYet)
	}
	for _, text := range con {
		items = append(items, "Against it: "+markdown.Escape(text))
	}
	d.list(items)
}

// reasonItems are the contrast, best argument against included, and the prices.
func (e Case) reasonItems() (items []string) {
	c := e.contrast()
	item := func(word string, arg argument) {
		o := e.option(arg.row)
		source := e.source(o.Cites, arg.side)
		items = append(items, fmt.Sprintf("%s: %s, %d to %d (%s)%s", word, markdown.Escape(o.Label), arg.row.Node, arg.row.Python, markdown.Escape(source), e.hedge(arg)))
	}
	for _, text := range e.decider() {
		items = append(items, markdown.Escape(text))
	}
	for _, arg := range c.pro {
		item("For it", arg)
	}
	if c.con != nil {
		item("Against it", *c.con)
	}
	for _, side := range c.lack {
		items = append(items, noAnswer(side))
	}
	if c.price != "" {
		items = append(items, "Against it: "+markdown.Escape(c.price))
	}
	for _, text := range e.prices() {
		items = append(items, "Accepting that "+markdown.Escape(text))
	}
	return items
}

func (e Case) overrideSection(d *document) {
	if !e.Decision.Override {
		return
	}
	d.heading("Taken instead: " + markdown.Escape(recommend.StackLabel(e.Decision.Choice.Stack)))
	r := e.Decision.Recommendation
	items := []string{
		"Taken: " + markdown.Escape(stackLabel(e.Decision.Choice.Stack, e.Decision.Choice.Components)),
		"Recommended: " + markdown.Escape(stackLabel(string(r.Stack), r.Components)),
		"Reason: " + markdown.Escape(e.reason()),
	}
	for _, t := range e.Criteria.TensionsOf(e.Answers, e.Decision.Choice.Runtime) {
		items = append(items, "Accepting that "+markdown.Escape(t.Text))
	}
	d.list(items)
}

func (e Case) changeSection(d *document, s Style) {
	d.heading("What would flip it")
	d.paragraph(e.slack())
	if e.Decision.CloseCall {
		e.flipTable(d, "What would settle it", noSettling, openFirst(e.settlingAll(), e.Decision.Open), e.flipText)
	}
	e.flipTable(d, "What changes the runtime", noFlip, e.runtimeFlips(), e.flipText)
	if s.Full {
		e.flipTable(d, "What changes the stack alone", noStackFlip, e.stackFlips(), e.stackFlipText)
	}
}

func (e Case) flipTable(d *document, head, none string, flips []recommend.Flip, text func(recommend.Flip) string) {
	if len(flips) == 0 {
		d.paragraph(none)
		return
	}
	var rows []string
	for _, fl := range flips {
		rows = append(rows, cells(markdown.Escape(text(fl)), strings.TrimSpace(points(fl.PointsMoved))))
	}
	d.table(cells(head, "Moves the margin by"), "| --- | --- |", rows)
}

func (e Case) tableSection(d *document) {
	d.heading("Every answer")
	var rows []string
	for _, l := range e.lines() {
		node, python := l.points()
		rows = append(rows, cells(markdown.Escape(l.prompt), markdown.Escape(l.answer), node, python, markdown.Escape(e.sectionsOf(l))))
	}
	rows = append(rows, cells("**Total**", "", fmt.Sprintf("**%d**", e.Decision.Node), fmt.Sprintf("**%d**", e.Decision.Python), ""))
	d.table(cells("Question", "Answer", "NodeJS", "Python", "Section of the article"), "| --- | --- | ---: | ---: | --- |", rows)
}

func (e Case) weightSection(d *document) {
	d.heading("Critical weights")
	d.paragraph(markdown.Escape(e.ruleText()))
	if len(e.Decision.CritWeights) == 0 {
		d.paragraph(noWeights)
		return
	}
	var rows []string
	for _, w := range e.Decision.CritWeights {
		q, _ := e.Criteria.Question(w.Question)
		rows = append(rows, cells(markdown.Escape(q.Prompt), strconv.Itoa(q.Weight), w.Factor.String()))
	}
	d.table(cells("Question", "Weight", "Factor that ties the score"), "| --- | ---: | ---: |", rows)
}
