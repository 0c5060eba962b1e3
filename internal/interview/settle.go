package interview

import (
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
)

// Eval renders a small template of a pack, the default or the condition of the question
// of that key, with the answers that are there already.
type Eval func(key, template string, answers Answers) (string, error)

// Settle answers the questions of template packs, in their order: those that are
// given already stay, the others are asked, or take their defaults where asker is nil.
// What does not apply beside the other answers has its default. The error is of kind
// Usage and names every answer that is missing or does not fit.
func Settle(questions []Question, given Answers, eval Eval, asker Asker) (Answers, error) {
	all, list := Answers{}, diag.List{}
	for k, v := range given {
		all[k] = v
	}
	for _, q := range questions {
		applies, unfit, err := q.settled(all, eval)
		if err != nil {
			return nil, err
		}
		answer, answered := given[q.Key]
		switch {
		case answered && !applies && answer.From != FromDefault && !slices.Equal(answer.Values, q.fallback()):
			list.Add(diag.Pos{File: q.Key + "=" + q.shown(answer.Values)}, q.needs(), "it has no effect beside the other answers")
		case answered && applies:
			continue
		case applies && asker != nil && !q.Quiet:
			values, err := asker.Ask(q)
			if err != nil {
				return nil, err
			}
			all[q.Key] = Answer{values, FromPerson}
			continue
		case applies && unfit != "":
			list.Add(q.At, "give --set "+q.Key+"=…", "the default of the question %s comes to %s", q.Key, unfit)
		case applies && q.open():
			list.Add(diag.Pos{}, "give --set "+q.Key+"=…", "the question %s has no default: %s", q.Key, q.Prompt)
		}
		all[q.Key] = Answer{q.fallback(), FromDefault}
	}
	return all, list.Err(diag.Usage)
}

// shown gives the values of an answer for an error.
func (q Question) shown(values []string) string {
	if q.Secret {
		return "…"
	}
	return strings.Join(values, ",")
}

// settled tells whether the question is asked at all, and renders its default. What
// that comes to may be no answer, which matters only where nobody gives another.
func (q *Question) settled(answers Answers, eval Eval) (applies bool, unfit string, err error) {
	if q.DefaultTemplate != "" {
		text, err := eval(q.Key, q.DefaultTemplate, answers)
		if err != nil {
			return false, "", err
		}
		if wrong := q.fault([]string{text}); wrong != "" {
			unfit = quoteShort(text) + ": " + wrong
		} else {
			q.Default = []string{text}
		}
	}
	if applies = q.applies(answers); !applies || q.WhenTemplate == "" {
		return applies, unfit, nil
	}
	text, err := eval(q.Key, q.WhenTemplate, answers)
	if err != nil {
		return false, "", err
	}
	if text = strings.TrimSpace(text); text != "true" && text != "false" {
		var list diag.List
		list.Add(q.At, "compare something: {{ eq .database \"postgres\" }}", "when of the question %s comes to %s, neither true nor false", q.Key, quoteShort(text))
		return false, "", list.Err(diag.Refused)
	}
	return text == "true", unfit, nil
}

// open tells whether the question has to be answered.
func (q Question) open() bool {
	switch q.Kind {
	case Single:
		return len(q.Default) == 0
	case Text, Multi: // a number that is required is not 0 just because nobody gave one
		return q.Kind == Text && q.Required && len(q.Default) == 0 || q.fault(q.fallback()) != ""
	}
	return false
}

// fallback is the default, or what stands for none in templates.
func (q Question) fallback() []string {
	switch {
	case len(q.Default) > 0 || q.Kind == Multi:
		return slices.Clone(q.Default)
	case q.Type == Int || q.Type == Float:
		return []string{"0"}
	}
	return []string{""}
}
