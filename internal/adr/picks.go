package adr

import (
	"slices"

	"github.com/stackinit/stackinit/internal/recommend"
)

// pick is the choice of one stack by a list of rules.
type pick struct {
	side  string
	role  string // in a hybrid
	rules []recommend.StackRule
	by    int    // the rule that the criteria take
	taken string // stack
}

// picks are the choices that the project is made of.
func (w *writer) picks() []pick {
	taken := w.built()
	if len(taken) == 1 {
		return []pick{newPick(w.d.Choice.Runtime, "", w.c.StackRules(w.a, w.d.Choice.Runtime), taken[0])}
	}
	return []pick{
		newPick(recommend.Node, "gateway", w.c.PartRules(w.a, recommend.Node), taken[0]),
		newPick(recommend.Python, "service", w.c.PartRules(w.a, recommend.Python), taken[1]),
	}
}

func newPick(side, role string, rules []recommend.StackRule, taken string) pick {
	holds := func(r recommend.StackRule) bool { return r.Holds }
	if !slices.ContainsFunc(rules, holds) { // of a conflict, which nobody records
		rules = []recommend.StackRule{{Stack: taken, Holds: true, Always: true}}
	}
	return pick{side, role, rules, slices.IndexFunc(rules, holds), taken}
}

// rule is the one that the criteria take.
func (p pick) rule() recommend.StackRule { return p.rules[p.by] }

// stacks are all that the rules know, the taken and the picked one first.
func (p pick) stacks() []string {
	list := []string{p.taken}
	for _, r := range append([]recommend.StackRule{p.rule()}, p.rules...) {
		if !slices.Contains(list, r.Stack) {
			list = append(list, r.Stack)
		}
	}
	return list
}

// rivals are the rules for another stack that the answers fulfil too.
func (p pick) rivals() (list []recommend.StackRule) {
	for i, r := range p.rules {
		if r.Holds && !r.Always && i != p.by && r.Stack != p.rule().Stack && r.Stack != p.taken {
			list = append(list, r)
		}
	}
	return list
}

// asked reports whether the answers call for a stack.
func (p pick) asked(stack string) bool {
	return slices.ContainsFunc(p.rules, func(r recommend.StackRule) bool { return r.Stack == stack && r.Holds && !r.Always })
}

// flips gives the other answers that lead to another stack, open questions first.
func (f *frameworkWriter) flips() (list []flip) {
	for _, q := range f.c.Questions() {
		if q.Multi || slices.Contains(f.d.Skipped, q.Key) {
			continue
		}
		for _, o := range q.Options {
			stacks, same := f.after(recommend.Given{Question: q.Key, Option: o.Key})
			if o.Key == recommend.NotSure || !same || slices.Equal(stacks, f.recommended()) {
				continue
			}
			list = append(list, newFlip(q, o, slices.Contains(f.d.Open, q.Key), f.frameworkName(stacks)))
		}
	}
	return withOpenFirst(list)
}

// after gives the stacks that the criteria pick for the runtime with one answer
// changed, and whether they still recommend that runtime; an override of the
// runtime stands whatever they recommend.
func (f *frameworkWriter) after(g recommend.Given) (stacks []string, same bool) {
	if slices.Equal(f.a[g.Question], []string{g.Option}) {
		return nil, false
	}
	for _, x := range f.d.Flips {
		if x.Question == g.Question && x.Answer == g.Option && x.Runtime != f.d.Runtime && f.d.Runtime == f.d.Choice.Runtime {
			return nil, false
		}
	}
	for _, o := range f.c.Choices(f.with(g)) {
		if o.Runtime != f.d.Choice.Runtime {
			continue
		}
		if len(f.picks) == 2 {
			return o.Components, true
		}
		return []string{o.Stack}, true
	}
	return nil, false
}
