package adr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/recommend"
)

// frameworkWriter composes record 0002. Its decisions are one for a runtime and,
// for a hybrid, one for each part.
type frameworkWriter struct {
	*writer
	picks   []pick
	options [][]string // the stack of each pick; the chosen ones first
}

// pick is the choice of one stack by a list of rules.
type pick struct {
	side  string
	role  string // in a hybrid
	rules []recommend.StackRule
	by    int    // the rule that the criteria take
	taken string // stack
}

// framework writes record 0002: which framework, and by which answers.
func (w *writer) framework(h decisionlog.Head) decisionlog.Record {
	f := &frameworkWriter{writer: w, picks: w.picks()}
	f.options = f.consider()
	return w.compose(h, map[part]func(){
		context: f.context, drivers: f.drivers, options: f.considered, outcome: f.outcome, confidence: f.confidence,
		consequences: f.consequences, confirmation: w.checks, prosAndCons: f.prosAndCons, changes: f.changes, source: f.source,
	})
}

// built are the stacks that the project is made of, one for each runtime.
func (w *writer) built() []string {
	if w.d.Choice.Runtime == recommend.Hybrid && len(w.d.Choice.Components) == 2 {
		return w.d.Choice.Components
	}
	return []string{w.d.Choice.Stack}
}

func (w *writer) frameworkName(stacks []string) string {
	names := make([]string, len(stacks))
	for i, s := range stacks {
		names[i] = about(s).name
	}
	return strings.Join(names, " in front of ")
}

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

// consider gives every combination of stacks.
func (f *frameworkWriter) consider() [][]string {
	list := [][]string{nil}
	for _, p := range f.picks {
		var longer [][]string
		for _, start := range list {
			for _, s := range p.stacks() {
				longer = append(longer, append(slices.Clone(start), s))
			}
		}
		list = longer
	}
	return list
}

// recommended are the stacks that the criteria pick for the chosen runtime.
func (f *frameworkWriter) recommended() []string {
	var list []string
	for _, p := range f.picks {
		list = append(list, p.rule().Stack)
	}
	return list
}

// overridden reports whether another framework was taken than the criteria pick
// for the runtime.
func (f *frameworkWriter) overridden() bool { return !slices.Equal(f.recommended(), f.built()) }

// because is why the criteria pick what they do, as a clause.
func (f *frameworkWriter) because() string {
	var list []string
	for _, p := range f.picks {
		text := f.reasonFor(p)
		if p.role != "" {
			text = "for the " + p.role + ", " + text
		}
		list = append(list, text)
	}
	return strings.Join(list, "; ")
}

func (f *frameworkWriter) reasonFor(p pick) string {
	if r := p.rule(); len(r.Because) > 0 {
		return f.says(r)
	}
	var asks []string
	for _, s := range p.stacks() {
		if s != p.rule().Stack && !slices.Contains(asks, about(s).asks) {
			asks = append(asks, about(s).asks)
		}
	}
	return "no answer asks for " + strings.Join(asks, ", or for ")
}

// says are the answers that fulfil a rule.
func (f *frameworkWriter) says(r recommend.StackRule) string {
	var list []string
	for _, g := range r.Because {
		list = append(list, f.said(g))
	}
	return and(list)
}

// cites are the statements behind a stack, whichever of its rules holds.
func (f *frameworkWriter) cites(side, stack string) (all []int) {
	for _, r := range f.c.StackRules(f.a, side) {
		if r.Stack == stack {
			all = append(all, r.Cites...)
		}
	}
	return all
}

func (f *frameworkWriter) context() {
	f.opening("Which framework should", "use?")
	f.line(runtimeName(f.d.Choice.Runtime), " ", isAre(f.d.Choice.Runtime), " the runtime by ", link(name(f.log[0])), " (", f.log[0].Status, ").")
	id := f.d.Criteria
	f.line()
	f.line(fmt.Sprintf("For that runtime the criteria look at these answers and no others (%s, version %d, sha256 %s):",
		code(id.ID), id.Version, code(id.SHA256[:min(12, len(id.SHA256))])))
	f.line()
	f.line("| Question | Answer |")
	f.line("| --- | --- |")
	for _, q := range f.c.Questions() {
		tests := func(r recommend.StackRule) bool { return slices.Contains(r.Tests, q.Key) }
		if slices.ContainsFunc(f.picks, func(p pick) bool { return slices.ContainsFunc(p.rules, tests) }) {
			f.line("| ", escape(q.Prompt), " | ", f.answered(q), " |")
		}
	}
	f.line()
	f.line(`The article compares runtimes; of frameworks its statements name only Django and Flask.`)
	f.line(`What is marked "not in the article" is an argument of stackinit.`)
}

// isAre fits runtimeName.
func isAre(runtime string) string {
	if runtime == recommend.Hybrid {
		return "are"
	}
	return "is"
}

// answered is the cell of an answer in a table that does not hold all questions.
func (w *writer) answered(q recommend.Question) string {
	if slices.Contains(w.d.Skipped, q.Key) {
		return "not asked: settled by another answer"
	}
	answer, _, _ := w.row(q)
	return answer
}

func (f *frameworkWriter) drivers() {
	if f.overridden() {
		f.line("* Taken over what the criteria pick, ", f.reason(), ".")
	}
	for _, p := range f.picks {
		cites := p.rule().Cites
		if len(cites) == 0 {
			cites = f.cites(p.side, p.rule().Stack)
		}
		text := f.reasonFor(p) + ", which calls for " + about(p.rule().Stack).name
		f.line("* ", upperFirst(text), f.cite(cites...), ".")
		for _, r := range p.rivals() {
			f.line("* Against it: ", f.says(r), ", which by itself would call for ", about(r.Stack).name, f.cite(r.Cites...), ".")
		}
	}
}

func (f *frameworkWriter) considered() {
	for _, o := range f.options {
		f.line("* ", f.frameworkName(o))
	}
}

func (f *frameworkWriter) outcome() {
	chosen := `Chosen option: "` + f.frameworkName(f.built()) + `", because `
	if f.overridden() {
		f.line(chosen, f.took(), ` instead of "`, f.frameworkName(f.recommended()), `", `, f.reason(), ".")
		f.line(`The criteria pick "`, f.frameworkName(f.recommended()), `", because `, f.because(), ".")
	} else {
		f.line(chosen, f.because(), ".")
	}
	var neglected, gains []string
	for _, o := range f.options[1:] {
		neglected = append(neglected, `"`+f.frameworkName(o)+`"`)
	}
	for _, s := range f.built() {
		gains = append(gains, about(s).gain)
	}
	f.line()
	f.line(fmt.Sprintf("In short: in the context of %s, facing %s as the runtime, we chose \"%s\" and neglected %s, so that %s, accepting that %s.",
		f.subject(), runtimeName(f.d.Choice.Runtime), f.frameworkName(f.built()), and(neglected), strings.Join(gains, ", and "), about(f.built()[0]).price))
}

func (f *frameworkWriter) confidence() {
	f.line("Frameworks get no points: the criteria try rules in turn and take the first one that the answers fulfil.")
	for _, p := range f.picks {
		what := runtimeName(p.side)
		if p.role != "" {
			what = "the " + p.role
		}
		by := fmt.Sprintf("rule %d of the %d for %s", p.by+1, len(p.rules), what)
		if p.taken != p.rule().Stack {
			by = "override; the criteria would go by " + by
		}
		f.line("Decided by: ", by, ".")
	}
	f.line("The status is that of ", link(name(f.log[0])), ", on which this record rests.")
}

func (f *frameworkWriter) consequences() {
	var good, bad []argument
	if f.overridden() && escape(f.d.Reason) != "" {
		good = append(good, argument{text: "it is what was wanted; " + f.reason()})
	}
	if f.overridden() {
		bad = append(bad, argument{text: `the criteria pick "` + f.frameworkName(f.recommended()) + `"`})
	}
	for _, s := range f.built() {
		good = append(good, ours(about(s).gain))
		bad = append(bad, ours(about(s).price))
	}
	f.arguments("Good", good)
	f.arguments("Bad", bad)
	if len(f.s.Storage.Databases) == 0 {
		f.line("* Neutral, because the starter keeps no database; if one comes, it gets its own record.")
	}
}

func (f *frameworkWriter) prosAndCons() {
	level := f.level + 1
	for i, o := range f.options {
		var good, bad []argument
		for j, p := range f.picks {
			if i > 0 && o[j] == p.taken {
				continue // the same as in the chosen option
			}
			g, b := f.weigh(p, o[j])
			good, bad = append(good, g...), append(bad, b...)
		}
		f.option(level, f.frameworkName(o), good, nil, bad)
	}
}

// weigh argues for and against a stack.
func (f *frameworkWriter) weigh(p pick, stack string) (good, bad []argument) {
	cites := f.cites(p.side, stack)
	for _, n := range about(stack).tells {
		if slices.Contains(cites, n) {
			good = append(good, f.saying(runtimeName(p.side), n)...)
		}
	}
	var used []int
	if g, ok := f.argue(p.side, runtimeName(p.side), cites, &used); ok && len(good) == 0 {
		good = append(good, g)
	}
	for _, r := range p.rivals() {
		if r.Stack == stack {
			good = append(good, argument{text: f.says(r), cites: f.cite(r.Cites...)})
		}
	}
	good = append(good, ours(about(stack).good))
	bad = append(bad, ours(about(stack).bad))
	if stack != p.rule().Stack && !p.asked(stack) {
		bad = append(bad, argument{text: "no answer asks for " + about(stack).asks})
	}
	return good, bad
}

// changes lists the single answers by which the criteria would pick another
// framework for the same runtime.
func (f *frameworkWriter) changes() {
	flips := f.flips()
	if len(flips) > 0 {
		f.line("Each line changes one answer and keeps the rest; the runtime stays.")
		f.line()
		f.line("| If this answer were different | The criteria would pick |")
		f.line("| --- | --- |")
		for _, x := range flips {
			f.line("| ", x.change, " | ", x.result, " |")
		}
		f.line()
	}
	no := "No single answer"
	if len(flips) > 0 {
		no = "No other single answer"
	}
	f.line(no, " changes the framework without changing the runtime; what changes that stands in ", link(name(f.log[0])), ".")
	f.line()
	f.line("Revisit with the runtime, ", openFirst(flips), "or on ", f.reviewBy, ", whichever comes first.")
}

// openFirst names the open question that could turn the result.
func openFirst(flips []flip) string {
	if len(flips) > 0 && flips[0].open {
		return `when "` + escape(flips[0].prompt) + `" has an answer, `
	}
	return "when an answer in the first table changes, "
}

// flips gives the other answers that lead to another stack, open questions first.
func (f *frameworkWriter) flips() []flip {
	var open, closed []flip
	for _, q := range f.c.Questions() {
		if q.Multi || slices.Contains(f.d.Skipped, q.Key) {
			continue
		}
		for _, o := range q.Options {
			stacks, same := f.after(recommend.Given{Question: q.Key, Option: o.Key})
			if o.Key == recommend.NotSure || !same || slices.Equal(stacks, f.recommended()) {
				continue
			}
			x := newFlip(q, o, slices.Contains(f.d.Open, q.Key), f.frameworkName(stacks))
			if x.open {
				open = append(open, x)
			} else {
				closed = append(closed, x)
			}
		}
	}
	return append(open, closed...)
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

func (f *frameworkWriter) source() {
	f.line("Rules and sections are those of ", link(name(f.log[0])), `, from one article, "`, escape(f.c.Article()), `".`)
	f.line("Reproduce with ", code("stackinit recommend --answers "+AnswersPath), ".")
}
