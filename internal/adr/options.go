package adr

import (
	"slices"

	"github.com/stackinit/stackinit/internal/recommend"
)

// prosAndCons argues for and against every option, each line with its sections.
func (w *writer) prosAndCons() {
	level := w.level + 1
	for i, o := range w.options {
		good, neutral, bad := w.weigh(i, o)
		w.option(level, w.name(i), good, neutral, bad)
	}
}

func (w *writer) weigh(i int, o recommend.Choice) (good, neutral, bad []argument) {
	switch {
	case i > 0 && o.Runtime == w.d.Choice.Runtime:
		return w.forSameRuntime(o), nil, nil
	case o.Runtime == recommend.Hybrid:
		good = w.forHybrid(i == 0)
	default:
		good = w.forRuntime(o)
	}
	if i == 0 {
		_, bad = w.splitDownsides()
		return good, w.saying("", 59), bad
	}
	bad = w.broken(o.Runtime)
	if o.Runtime == recommend.Hybrid {
		bad = append(bad, w.needless()...)
		return good, nil, append(bad, w.tensions(o.Runtime)...)
	}
	bad = append(bad, w.tensions(o.Runtime)...)
	if len(w.scoring(o.Runtime)) == 0 {
		bad = append(bad, argument{text: "no answer gives it a point"})
	}
	if len(bad) == 0 {
		for _, g := range w.saying("", weaknesses[o.Runtime][0]) {
			bad = append(bad, g.missed(other(o.Runtime)))
		}
	}
	if o.Runtime == recommend.Python && !slices.ContainsFunc(bad, func(g argument) bool { return slices.Contains(g.by, 22) }) {
		neutral = w.saying("it", 22)
	}
	return good, neutral, bad
}

// saying gives a statement as an argument, about its own side unless a subject
// is named; nothing if the criteria do not have it.
func (w *writer) saying(subject string, n int) []argument {
	s, ok := w.c.Statement(n)
	if !ok {
		return nil
	}
	if subject == "" {
		subject = runtimeName(s.Side)
	}
	return []argument{{text: clause(subject, s.Text), cites: w.cite(n), by: []int{n}}}
}

// forRuntime is what the answers say for one runtime; if they say nothing, what
// the article says for the stack.
func (w *writer) forRuntime(o recommend.Choice) []argument {
	var list []argument
	var used []int
	subject := "it"
	if w.passedOver() {
		subject = runtimeName(o.Runtime)
	}
	for _, x := range w.fixed() {
		if x.demands == o.Runtime {
			list = append(list, argument{text: x.says, cites: w.cite(x.option.Cites...)})
		}
	}
	for _, x := range head(w.scoring(o.Runtime), maxFor) {
		list = append(list, w.pro(x, o.Runtime, subject, &used)...)
	}
	if len(list) > 0 {
		return list
	}
	cites := append(slices.Clone(o.Cites), defaultGains[o.Runtime].statement)
	if g, ok := w.argue(o.Runtime, subject, cites, &used); ok {
		g.cites += ", though no answer asks for that"
		list = append(list, g)
	}
	return list
}

// forSameRuntime argues for the recommended stack where another one of the same
// runtime was taken.
func (w *writer) forSameRuntime(o recommend.Choice) []argument {
	return []argument{
		{text: "the criteria pick it for these answers", cites: w.cite(o.Cites...)},
		{text: "what speaks for " + runtimeName(o.Runtime) + " above speaks for it too"},
	}
}

// pro is an answer's argument for a side. A statement that holds for both sides,
// such as that proficiency counts, needs the answer to point anywhere.
func (w *writer) pro(x answer, side, subject string, used *[]int) []argument {
	g, ok := w.argue(side, subject, x.option.Cites, used)
	if !ok {
		return nil
	}
	if s, _ := w.c.Statement(g.by[0]); s.Side != side {
		g.text = x.says + ", and " + g.text
	}
	return []argument{g}
}

// forHybrid is what speaks for two runtimes: each core need in its own, if the
// choice rests on them, and the last word of the article.
func (w *writer) forHybrid(chosen bool) []argument {
	var list []argument
	if chosen {
		for _, side := range w.sides() {
			var used []int
			for _, x := range head(w.scoring(side), 1) {
				list = append(list, w.pro(x, side, runtimeName(side), &used)...)
			}
		}
		for _, x := range w.fixed() {
			list = append(list, argument{text: x.says, cites: w.cite(x.option.Cites...)})
		}
	}
	if _, ok := w.c.Statement(61); ok {
		list = append(list, argument{text: "the article ends on using both", cites: w.cite(61)})
	}
	return list
}

// needless says why a hybrid that was turned down has no work for one of its
// parts. With two core needs it has, unless Python leads so clearly that it is
// to serve the live one as well.
func (w *writer) needless() []argument {
	switch needs := w.c.Needs(w.a); len(needs) {
	case 0:
		return []argument{{text: "no core need calls for a second runtime"}}
	case 1:
		return []argument{{text: "the one core need, " + need(needs[0].Key) + ", does not call for a second runtime"}}
	}
	if w.d.Runtime != recommend.Python || w.d.DecidedBy != "core_needs" {
		return nil
	}
	list := w.saying("it", 22)
	for i := range list {
		list[i].text = "Python is clearly ahead, " + w.score() + ", and " + list[i].text
	}
	return list
}
