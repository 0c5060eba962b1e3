package adr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/recommend"
)

// downsides is what speaks against the choice, the weightiest first: what is
// specific to it, what the answers say for the other side, and then, from the
// place general on, what the article says against its runtime in any case.
func (w *writer) downsides() (list []argument, general int) {
	chosen := w.d.Choice.Runtime
	list = w.specific()
	told := func(n int) bool {
		return slices.ContainsFunc(list, func(g argument) bool { return slices.Contains(g.by, n) })
	}
	if chosen != recommend.Hybrid {
		rival := other(chosen)
		var used []int
		for _, x := range w.favouring(rival) {
			s, ok := w.statement(rival, x.option.Cites, used)
			if ok && s.Side == rival && !told(s.Number) {
				g, _ := w.argue(rival, runtimeName(rival), x.option.Cites, &used)
				list = append(list, g.missed(rival))
			}
		}
	}
	general = len(list)
	for _, n := range weaknesses[chosen] {
		if !told(n) {
			for _, g := range w.saying("", n) {
				list = append(list, g.missed(other(chosen)))
			}
		}
	}
	if len(list) == 0 {
		list = append(list, argument{text: "what speaks for the other options is given up"})
	}
	return list, general
}

// missed says of a strength of the other runtime what it means for this one. A
// weakness of this one, such as that its model is hard for beginners, needs no more
// words.
func (g argument) missed(strongIn string) argument {
	if !slices.Contains(ownWeaknesses, g.by[0]) {
		g.before = "it passes over an argument for " + runtimeName(strongIn) + ": "
	}
	return g
}

// ownWeaknesses are statements for one side that speak of the other one.
var ownWeaknesses = []int{30}

// weaknesses are the statements that count against a runtime whatever the answers.
var weaknesses = map[string][]int{
	recommend.Node:   {35, 30},
	recommend.Python: {32, 23},
	recommend.Hybrid: {30},
}

// specific is what speaks against this choice and no other: that the criteria pick
// another stack for its runtime, the constraints that it breaks, and tensions.
func (w *writer) specific() []argument {
	var list []argument
	if w.passedOver() {
		i := w.recommended()
		text := `the criteria pick another stack, "` + w.name(i) + `"`
		list = append(list, argument{text: text, cites: w.cite(w.options[i].Cites...)})
	}
	list = append(list, w.broken(w.d.Choice.Runtime)...)
	return append(list, w.tensions(w.d.Choice.Runtime)...)
}

// broken are the constraints that a runtime does not keep.
func (w *writer) broken(runtime string) []argument {
	var list []argument
	for _, x := range w.fixed() {
		if x.excludes(runtime) {
			list = append(list, argument{text: x.says, cites: w.cite(x.option.Cites...), by: x.option.Cites})
		}
	}
	return list
}

func (w *writer) tensions(runtime string) []argument {
	var list []argument
	for _, t := range w.c.TensionsOf(w.a, runtime) {
		list = append(list, argument{text: escape(t.Text), cites: w.cite(t.Cites...), by: t.Cites})
	}
	return list
}

// splitDownsides shares the downsides out: those that follow from the choice and
// the answers to the consequences, the next ones to the option itself, so that
// the sections do not repeat each other as long as there is more to say.
func (w *writer) splitDownsides() (consequences, option []argument) {
	list, general := w.downsides()
	n := len(w.specific())
	if (w.d.CloseCall || !w.ahead()) && n < general {
		n++
	}
	n = max(n, 1)
	if n == len(list) {
		return list, list[:1]
	}
	return list[:n], list[n:min(n+2, len(list))]
}

func (w *writer) consequences() {
	w.arguments("Good", w.upsides())
	bad, _ := w.splitDownsides()
	w.arguments("Bad", bad)
	if open := w.openQuestions(); len(open) > 0 {
		w.line("* Neutral, because ", stillOpen(open), ".")
	}
	for _, h := range w.log {
		if h.Number == databaseNumber {
			w.line("* Neutral, because ", storage(h.Status), ".")
		}
	}
}

// upsides is what the choice brings, and after an override the reason for it.
func (w *writer) upsides() []argument {
	var list []argument
	if w.d.Override {
		list = w.beyond()
	}
	if w.passedOver() {
		return append(list, argument{text: "what speaks for " + runtimeName(w.d.Choice.Runtime) + " speaks for this stack too"})
	}
	var told []string
	for _, side := range w.sides() {
		for _, x := range head(w.gainful(side), 4-len(w.sides())) {
			if !slices.Contains(told, x.gain) {
				told = append(told, x.gain)
				list = append(list, argument{text: "it brings " + x.gain, cites: w.cite(w.behind(x, side)...)})
			}
		}
	}
	if len(list) == 0 {
		g := defaultGains[w.sides()[0]]
		list = append(list, argument{text: "it brings " + g.gain, cites: w.cite(g.statement)})
	}
	return list
}

// beyond is the reason for an override as an argument, if one was given.
func (w *writer) beyond() []argument {
	why, ok := strings.CutPrefix(w.reason(), given)
	if !ok {
		return nil
	}
	return []argument{{text: "of a reason that the criteria do not ask about: " + why}}
}

// passedOver reports whether the recommended stack of the same runtime was not taken.
func (w *writer) passedOver() bool {
	return w.recommended() > 0 && w.d.Runtime == w.d.Choice.Runtime
}

// behind are the statements to cite for an answer: the most telling for the
// side, or all of a constraint's.
func (w *writer) behind(x answer, side string) []int {
	if x.fixed {
		return x.option.Cites
	}
	s, ok := w.statement(side, x.option.Cites, nil)
	if !ok {
		return nil
	}
	return []int{s.Number}
}

// openQuestions are those that nobody could answer yet, as they are asked.
func (w *writer) openQuestions() []string {
	var prompts []string
	for _, key := range w.d.Open {
		if q, ok := w.c.Question(key); ok && !q.Multi {
			prompts = append(prompts, `"`+escape(q.Prompt)+`"`)
		}
	}
	return prompts
}

func stillOpen(prompts []string) string {
	switch {
	case len(prompts) == 1:
		return prompts[0] + " is still open"
	case len(prompts) <= 3:
		return and(prompts) + " are still open"
	}
	return count(len(prompts), "question") + " are still open"
}

// storage points to the record on the database.
func storage(status string) string {
	record := fmt.Sprintf("ADR-%04d", databaseNumber)
	if status == decisionlog.Accepted {
		return "storage is a decision of its own, " + record
	}
	return "storage is still open and gets its own record, " + record
}
