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
	return strings.Join(names, " with ")
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
	f.line(f.runtimes(" is the runtime", " are the runtimes"), " by ", link(name(f.log[0])), " (", f.log[0].Status, ").")
	id := f.d.Criteria
	f.line()
	f.line(fmt.Sprintf("From here on the criteria look at these answers and no others (%s, version %d, sha256 %s):",
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

// runtimes are those of the project, with what is said of one or of two.
func (f *frameworkWriter) runtimes(one, two string) string {
	if f.d.Choice.Runtime == recommend.Hybrid {
		return runtimeName(recommend.Hybrid) + two
	}
	return runtimeName(f.d.Choice.Runtime) + one
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
	f.line(fmt.Sprintf("In short: in the context of %s, facing %s, we chose \"%s\" and neglected %s, so that %s, accepting that %s.",
		f.subject(), f.runtimes(" as the runtime", " as the runtimes"), f.frameworkName(f.built()), and(neglected), strings.Join(gains, ", and "), about(f.built()[0]).price))
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
	if f.overridden() {
		good = f.beyond()
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
		if text := f.unasked(o); text != "" {
			bad = append(bad, argument{text: text})
		}
		f.option(level, f.frameworkName(o), good, nil, bad)
	}
}

// unasked says for which parts of an option no answer asks.
func (f *frameworkWriter) unasked(option []string) string {
	var asks []string
	for i, p := range f.picks {
		kind := about(option[i]).asks
		if option[i] != p.rule().Stack && !p.asked(option[i]) && !slices.Contains(asks, kind) {
			asks = append(asks, kind)
		}
	}
	if len(asks) == 0 {
		return ""
	}
	return "no answer asks for " + strings.Join(asks, ", or for ")
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
	if stack == p.rule().Stack && stack != p.taken {
		good = append(good, argument{text: "the criteria pick it: " + f.reasonFor(p)})
	}
	good = append(good, ours(about(stack).good))
	bad = append(bad, ours(about(stack).bad))
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
	if f.d.Choice.Runtime == f.d.Runtime {
		f.line(no, " changes the framework without changing the runtime; what changes that stands in ", link(name(f.log[0])), ".")
	} else {
		f.line(no, " changes the framework; the runtime was taken over the recommendation, whatever the answers.")
	}
	f.line()
	f.line("Revisit when the runtime is revisited, ", openFirst(flips), "or on ", f.reviewBy, ", whichever comes first.")
}

// openFirst names the open question that could turn the result.
func openFirst(flips []flip) string {
	if len(flips) > 0 && flips[0].open {
		return `when "` + escape(flips[0].prompt) + `" has an answer, `
	}
	return "when an answer in the first table changes, "
}

func (f *frameworkWriter) source() {
	f.line("Rules and sections are those of ", link(name(f.log[0])), `, from one article, "`, escape(f.c.Article()), `".`)
	f.line("Reproduce with ", code(Replay(f.c)), ".")
}
