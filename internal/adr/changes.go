package adr

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/stackinit/stackinit/internal/recommend"
)

// changes lists the single answers that would change the runtime, and says when
// to look at the decision again.
func (w *writer) changes() {
	flips := w.flips()
	if len(flips) > 0 {
		w.line(w.changesIntro(flips))
		w.line()
		w.line("| If this answer were different | Result |")
		w.line("| --- | --- |")
		for _, f := range flips {
			w.line("| ", f.change, " | ", f.result, " |")
		}
		w.line()
	}
	w.line(w.noOther(len(flips) > 0))
	if text := w.criticalWeight(); text != "" {
		w.line(text)
	}
	w.line()
	w.line(w.revisit(flips))
}

// flip is one other answer that changes the runtime.
type flip struct {
	change, result string // cells of the table
	prompt         string
	open           bool // the question has no answer yet
}

// flips gives the flips of the runtime to a real answer, open questions first.
func (w *writer) flips() (list []flip) {
	for _, f := range w.d.Flips {
		q, _ := w.c.Question(f.Question)
		o, ok := q.Option(f.Answer)
		if !ok || f.Runtime == w.d.Runtime || o.Key == recommend.NotSure {
			continue
		}
		list = append(list, newFlip(q, o, slices.Contains(w.d.Open, q.Key), w.result(f)))
	}
	return withOpenFirst(list)
}

// withOpenFirst puts the flips of open questions first and changes no other order.
func withOpenFirst(list []flip) []flip {
	slices.SortStableFunc(list, func(a, b flip) int {
		switch {
		case a.open == b.open:
			return 0
		case a.open:
			return -1
		}
		return 1
	})
	return list
}

func newFlip(q recommend.Question, o recommend.Option, open bool, result string) flip {
	prompt := escape(q.Prompt)
	if open {
		prompt += " (still open)"
	}
	return flip{change: prompt + " → " + escape(o.Label), result: result, prompt: q.Prompt, open: open}
}

// with are the answers with one changed.
func (w *writer) with(g recommend.Given) recommend.Answers {
	changed := recommend.Answers{}
	maps.Copy(changed, w.a)
	changed[g.Question] = []string{g.Option}
	return changed
}

// result is what a flip leads to: hybrid: `node-realtime` and `python-data`.
func (w *writer) result(f recommend.Flip) string {
	if f.Runtime != recommend.Hybrid {
		return runtimeName(f.Runtime) + ": " + code(f.Stack)
	}
	for _, o := range w.c.Choices(w.with(recommend.Given{Question: f.Question, Option: f.Answer})) {
		if o.Runtime == recommend.Hybrid && len(o.Components) == 2 {
			return "hybrid: " + code(o.Components[0]) + " and " + code(o.Components[1])
		}
	}
	return "hybrid"
}

func (w *writer) changesIntro(flips []flip) string {
	what := "Each line changes one answer and keeps the rest; "
	if w.d.Override {
		what = "Each line changes one answer, keeps the rest, and shows what would then be recommended; "
	}
	switch {
	case !flips[0].open:
		return what + "the smallest move comes first."
	case flips[len(flips)-1].open:
		return what + "all of these questions are still open, and the smallest move comes first."
	}
	return what + "open questions come first, then the smallest move."
}

func (w *writer) noOther(some bool) string {
	subject := "the runtime"
	if w.d.Override {
		subject = "the recommended runtime"
	}
	if some {
		return "No other single answer changes " + subject + "."
	}
	return "No single answer changes " + subject + "."
}

// criticalWeight says which weight would have to change least to tie the score.
func (w *writer) criticalWeight() string {
	if w.d.Margin == 0 {
		return ""
	}
	for _, cw := range w.d.CritWeights {
		i := slices.IndexFunc(w.answers, func(x answer) bool { return x.question == cw.Question })
		factor, err := cw.Factor.Float64()
		if i < 0 || err != nil {
			continue
		}
		return `The answer "` + escape(w.answers[i].option.Label) + `" would ` + times(factor) + " to tie the score."
	}
	return "No change to the weight of one question ties the score."
}

func times(factor float64) string {
	switch {
	case factor == 0:
		return "have to carry no weight"
	case factor == 2:
		return "need twice its weight"
	case factor < 1:
		return "have to shrink to " + strconv.FormatFloat(factor, 'f', -1, 64) + " of its weight"
	}
	if n := int(factor); float64(n) == factor && n < len(numbers) {
		return "need " + numbers[n] + " times its weight"
	}
	return "need " + strconv.FormatFloat(factor, 'f', -1, 64) + " times its weight"
}

// revisit says when to look again: the open question that could turn the result
// first, the constraint that decided, or any change of the answers above.
func (w *writer) revisit(flips []flip) string {
	var when []string
	if len(flips) > 0 && flips[0].open {
		when = append(when, `when "`+escape(flips[0].prompt)+`" has an answer`)
	}
	for _, x := range w.fixed() {
		when = append(when, "when it no longer holds that "+x.says)
	}
	if len(flips) > 0 && !flips[len(flips)-1].open {
		when = append(when, "when an answer changes as in the table")
	}
	if len(when) == 0 {
		when = append(when, "when an answer above changes")
	}
	text := "Revisit "
	for _, x := range when {
		text += x + ", "
	}
	return fmt.Sprintf("%sor on %s, whichever comes first.", text, w.reviewBy)
}

// followUps lists the records that follow from this one.
func (w *writer) followUps() {
	for _, h := range w.log[1:] {
		w.line("* ", link(name(h)), ": ", h.Title, " (", h.Status, ").")
	}
}

func (w *writer) source() {
	w.line(`The criteria come from one article, "`, escape(w.c.Article()), `"; section names above are its headings.`)
	if w.c.TeamFile() != nil {
		w.line("The team's own rules and weights are in ", code(CriteriaPath), "; what rests on them names their source.")
	}
	w.line("Reproduce with ", code(Replay(w.c)), ".")
}
