package adr

import (
	"slices"

	"github.com/stackinit/stackinit/internal/recommend"
)

// The most lines that one side gets: the strongest argument against the choice
// is always told, and as many as those for it where the points do not speak for
// the choice clearly.
const (
	maxFor     = 3
	maxAgainst = 1
)

// drivers are the answers that carried weight, and the strongest against them.
func (w *writer) drivers() {
	if w.d.Override {
		w.line("* Taken over the recommendation, ", w.reason(), ".")
	}
	for _, x := range w.fixed() {
		w.line("* Fixed: ", x.says, w.cite(x.option.Cites...), ".")
	}
	if w.d.Choice.Runtime == recommend.Hybrid {
		w.driversOf(recommend.Node, maxFor-1, "")
		w.driversOf(recommend.Python, maxFor-1, "")
		against, _ := w.downsides()
		w.line("* Against a hybrid: ", against[0].String(), ".")
		return
	}
	chosen := w.d.Choice.Runtime
	against := maxAgainst
	if w.d.CloseCall || !w.ahead() {
		against = maxFor
	}
	lines := w.driversOf(chosen, maxFor, "")
	lines += w.driversOf(other(chosen), against, "Against it: ")
	if lines == 0 {
		lines = w.evenDrivers()
	}
	if lines == 0 && len(w.fixed()) == 0 {
		w.line("* No answer favours either side.")
	}
	if step := w.tieBreak(); step != "" {
		w.line("* The points are level, so the tie-break decides: ", step, ".")
	}
}

// ahead reports whether the points favour the choice.
func (w *writer) ahead() bool {
	switch w.d.Choice.Runtime {
	case recommend.Node:
		return w.d.Margin > 0
	case recommend.Python:
		return w.d.Margin < 0
	}
	return true
}

// driversOf lists the strongest answers for a side, and reports how many.
func (w *writer) driversOf(side string, most int, prefix string) int {
	var used []int
	list := w.favouring(side)
	list = list[:min(most, len(list))]
	for _, x := range list {
		text := x.says
		if g, ok := w.argue(side, runtimeName(side), x.option.Cites, &used); ok {
			text += "; " + g.String()
		}
		if prefix == "" {
			text = upperFirst(text)
		}
		w.line("* ", prefix, text, ".")
	}
	return len(list)
}

// evenDrivers lists the answers that give both sides as many points.
func (w *writer) evenDrivers() int {
	list := slices.DeleteFunc(w.scoring(recommend.Node), func(x answer) bool { return x.lead(recommend.Node) != 0 })
	for _, x := range list {
		cites := append(w.behind(x, recommend.Node), w.behind(x, recommend.Python)...)
		says := "; the article names both for that"
		if x.option.Source != "" { // a rule of the team's own
			says = "; both have points for that"
		}
		w.line("* ", upperFirst(x.says), says, w.cite(cites...), ".")
	}
	return len(list)
}

// considered lists the options, the chosen one first: its stack, the recommended
// one if that is another, and the best of the runtimes that were turned down.
func considered(c *recommend.Criteria, a recommend.Answers, d recommend.Decision) []recommend.Choice {
	options := []recommend.Choice{d.Choice}
	add := func(o recommend.Choice) {
		same := func(x recommend.Choice) bool { return x.Runtime == o.Runtime && x.Stack == o.Stack }
		if !slices.ContainsFunc(options, same) {
			options = append(options, o)
		}
	}
	choices := c.Choices(a)
	for _, recommended := range []bool{true, false} {
		for _, o := range choices {
			if recommended == (o.Runtime == d.Runtime) && (recommended || o.Runtime != d.Choice.Runtime) {
				add(o)
			}
		}
	}
	return options
}

func (w *writer) considered() {
	for i := range w.options {
		w.line("* ", w.name(i))
	}
}

// name is an option for people. The label of a hybrid speaks of a data service;
// where one without is chosen or recommended, its parts are named.
func (w *writer) name(i int) string {
	o := w.options[i]
	serious := o.Runtime == recommend.Hybrid && (i == 0 || w.d.Runtime == recommend.Hybrid)
	if serious && len(o.Components) == 2 && o.Components[1] != "python-data" {
		return escape(recommend.StackLabel(o.Components[0]) + " plus " + recommend.StackLabel(o.Components[1]) + " (hybrid)")
	}
	return escape(recommend.StackLabel(o.Stack))
}
