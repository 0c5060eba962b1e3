package adr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/recommend"
)

// context says what the project is and lists every question with its answer.
func (w *writer) context() {
	w.opening("Which runtime should", "use, NodeJS or Python?")
	id := w.d.Criteria
	w.line()
	w.line(fmt.Sprintf("The stackinit interview recorded these answers on %s (criteria %s, version %d, sha256 %s):",
		isoDate(w.s.Date), code(id.ID), id.Version, code(id.SHA256[:min(12, len(id.SHA256))])))
	w.line()
	w.line("| Question | Answer | Points NodeJS | Points Python |")
	w.line("| --- | --- | ---: | ---: |")
	for _, q := range w.c.Questions() {
		answer, node, python := w.row(q)
		w.line("| ", escape(q.Prompt), " | ", answer, " | ", node, " | ", python, " |")
	}
	w.line(fmt.Sprintf("| **Total** | | **%d** | **%d** |", w.d.Node, w.d.Python))
}

// row is what the table says of a question.
func (w *writer) row(q recommend.Question) (answer, node, python string) {
	if slices.Contains(w.d.Skipped, q.Key) {
		return "not asked: settled by " + w.settler(q.Key), none, none
	}
	if q.Multi {
		var ticked []string
		for _, o := range q.Options {
			if slices.Contains(w.a[q.Key], o.Key) {
				ticked = append(ticked, escape(o.Label))
			}
		}
		if len(ticked) == 0 {
			return "Nothing is fixed", none, none
		}
		return strings.Join(ticked, "; "), none, none
	}
	for _, r := range w.d.Rows {
		if o, ok := q.Option(r.Answer); r.Question == q.Key && ok && o.Key != recommend.NotSure {
			return escape(o.Label), fmt.Sprint(r.Node), fmt.Sprint(r.Python)
		}
	}
	return "not sure", "0", "0"
}

var ordinals = []string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"}

// settler names the answer that settles a question by its place in the table.
func (w *writer) settler(key string) string {
	by, ok := w.c.SkippedBy(w.a, key)
	if !ok {
		return "another answer"
	}
	i := slices.IndexFunc(w.c.Questions(), func(q recommend.Question) bool { return q.Key == by })
	if i < 0 || i >= len(ordinals) {
		return "another answer"
	}
	return "the " + ordinals[i] + " answer"
}
