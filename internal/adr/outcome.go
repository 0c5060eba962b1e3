package adr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/recommend"
)

func (w *writer) outcome() {
	chosen := `Chosen option: "` + w.name(0) + `", because `
	if w.d.Override {
		w.line(chosen, w.took(), " instead of the recommendation, ", w.reason(), ".")
		w.line(`The recommendation was "`, w.name(w.recommended()), `", because `, w.because(), ".")
	} else {
		w.line(chosen, w.because(), ".")
	}
	w.line()
	w.line(w.inShort())
}

const given = "reason: "

// reason is what was said for an override, without a full stop.
func (w *writer) reason() string {
	reason := strings.TrimRight(escape(w.d.Reason), ". ")
	if reason == "" {
		return "no reason given"
	}
	return given + reason
}

// recommended is the place of the option that the criteria recommend.
func (w *writer) recommended() int {
	return max(0, slices.IndexFunc(w.options, func(o recommend.Choice) bool {
		return o.Runtime == w.d.Runtime && o.Stack == string(w.d.Stack)
	}))
}

// neglected names the options that are neither chosen nor recommended.
func (w *writer) neglected() string {
	var list []string
	for i, o := range w.options {
		switch {
		case i == 0 || i == w.recommended():
		case o.Runtime == recommend.Hybrid:
			list = append(list, "a hybrid")
		default:
			list = append(list, runtimeName(o.Runtime))
		}
	}
	return and(list)
}

// inShort is the decision in one sentence, in the form known as Y-statement.
func (w *writer) inShort() string {
	choice := runtimeName(w.d.Choice.Runtime) + " and neglected " + w.neglected() + ", to get " + w.gains()
	switch {
	case w.d.Override:
		choice = w.name(0) + " instead of " + w.name(w.recommended()) + " (" + w.reason() + ") and neglected " + w.neglected()
	case w.d.Choice.Runtime == recommend.Hybrid:
		choice = "NodeJS and Python together and neglected either of them alone, to get " + w.gains()
	}
	downsides, _ := w.downsides()
	return fmt.Sprintf("In short: in the context of %s, facing %s, we chose %s, accepting that %s.",
		w.subject(), w.facing(), choice, downsides[0].text)
}

// facing is what weighs most: what backs the choice, then what does not.
func (w *writer) facing() string {
	var list []answer
	for _, side := range w.sides() {
		list = append(list, head(w.backing(side), 3-len(w.sides()))...)
	}
	if w.d.Choice.Runtime != recommend.Hybrid {
		list = append(list, w.backing(other(w.d.Choice.Runtime))...)
	}
	if len(list) == 0 {
		list = w.scoring(recommend.Node)
	}
	if len(list) == 0 {
		return count(len(w.openQuestions()), "open question")
	}
	return nouns(head(list, 2), 2)
}

// sides are those that the choice consists of.
func (w *writer) sides() []string {
	if w.d.Choice.Runtime == recommend.Hybrid {
		return []string{recommend.Node, recommend.Python}
	}
	return []string{w.d.Choice.Runtime}
}

func head[T any](list []T, most int) []T { return slices.Clone(list[:min(most, len(list))]) }

// gains is what the choice brings, as nouns.
func (w *writer) gains() string {
	var list []string
	for _, side := range w.sides() {
		for _, x := range head(w.gainful(side), 3-len(w.sides())) {
			if !slices.Contains(list, x.gain) {
				list = append(list, x.gain)
			}
		}
	}
	if len(list) == 0 {
		list = append(list, defaultGains[w.sides()[0]].gain)
	}
	return and(list)
}

// backing are the answers for a side: what is fixed first, then by points.
func (w *writer) backing(side string) []answer {
	list := slices.DeleteFunc(w.fixed(), func(x answer) bool { return x.demands != side })
	return append(list, w.favouring(side)...)
}

// gainful are those of them that say what the side brings.
func (w *writer) gainful(side string) []answer {
	return slices.DeleteFunc(w.backing(side), func(x answer) bool { return x.gain == "" })
}

// defaultGains is what a runtime brings whatever the answers, for decisions that
// no answer supports, with the statement that says so.
var defaultGains = map[string]struct {
	gain      string
	statement int
}{
	recommend.Node:   {"a design that scales from the start", 32},
	recommend.Python: {"the language that is generally easier for beginners", 63},
}
