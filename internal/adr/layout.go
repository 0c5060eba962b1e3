package adr

import (
	"strings"

	"github.com/stackinit/stackinit/internal/decisionlog"
)

// part is a piece of a record, whatever its form.
type part int

const (
	context part = iota + 1
	drivers
	options
	outcome
	confidence
	consequences
	confirmation
	prosAndCons
	changes
	followUps
	source
)

// place is where a part stands in a form: under which heading, of which level.
// Without a part it is a heading for the places below it.
type place struct {
	level   int
	heading string
	part    part
}

// layouts are the forms. Nygard's has four sections; what MADR has besides goes
// into the one where a reader of that form would look for it.
var layouts = map[string][]place{
	decisionlog.Madr: {
		{2, "Context and Problem Statement", context},
		{2, "Decision Drivers", drivers},
		{2, "Considered Options", options},
		{2, "Decision Outcome", outcome},
		{3, "Confidence", confidence},
		{3, "Consequences", consequences},
		{3, "Confirmation", confirmation},
		{2, "Pros and Cons of the Options", prosAndCons},
		{2, "More Information", 0},
		{3, "What would change this decision", changes},
		{3, "Follow-up decisions", followUps},
		{3, "Source", source},
	},
	decisionlog.Nygard: {
		{2, "Context", context},
		{3, "Decision Drivers", drivers},
		{3, "Considered Options", options},
		{3, "Pros and Cons of the Options", prosAndCons},
		{2, "Decision", outcome},
		{3, "Confidence", confidence},
		{2, "Consequences", consequences},
		{3, "Confirmation", confirmation},
		{3, "What would change this decision", changes},
		{3, "Follow-up decisions", followUps},
		{3, "Source", source},
	},
}

// compose writes a record in its form. Parts that it does not have are left out.
func (w *writer) compose(h decisionlog.Head, says map[part]func()) decisionlog.Record {
	w.page = page{}
	head, layout := h.Markdown(), layouts[decisionlog.Madr]
	if w.s.Format == decisionlog.Nygard {
		head, layout = h.Nygard(), layouts[decisionlog.Nygard]
	}
	w.line(strings.TrimSuffix(head, "\n"))
	for _, p := range layout {
		say, has := says[p.part]
		if p.part != 0 && !has {
			continue
		}
		w.heading(p.level, p.heading)
		if has {
			say()
		}
	}
	return decisionlog.Record{
		Number: h.Number, Slug: decisionlog.Slug(h.Title), Title: h.Title,
		Status: h.Status, Date: isoDate(h.Date), Body: []byte(w.text.String()),
	}
}
