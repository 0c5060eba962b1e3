package plan

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/render"
)

// Settle answers the questions that the packs of a team ask: those of the list, in its
// order. in.Questions are those that are answered before. asker may be nil.
func (in Input) Settle(questions []interview.Question, asker interview.Asker) (interview.Answers, error) {
	budget := render.NewBudget(context.Background())
	eval := func(key, template string, answers interview.Answers) (string, error) {
		so := in
		so.Answers, so.Questions = answers, slices.Clone(in.Questions)
		at := diag.Pos{}
		for _, q := range questions {
			if _, ok := answers[q.Key]; ok {
				so.Questions = append(so.Questions, q)
			}
			if q.Key == key {
				at = q.At
			}
		}
		return evaluate(at, "the question "+key, template, so.values(), budget)
	}
	given := maps.Clone(in.Answers)
	if given == nil {
		given = interview.Answers{}
	}
	values := in.values()
	for _, key := range facts { // conditions may go by them
		given[key] = interview.Answer{Values: []string{fmt.Sprint(values[key])}}
	}
	answers, err := interview.Settle(questions, given, eval, asker)
	for _, key := range facts {
		delete(answers, key)
	}
	return answers, err
}

// facts are what is known of a project besides its answers.
var facts = []string{"name", "stack", "runtime", "date", "year"}

// evaluate renders a small template, which stands at a place of a manifest. Free text
// in it stays free text: what comes out is an answer, which needs its encoder again. It
// may be recorded or shown, so that no secret may go into it.
func evaluate(at diag.Pos, what, template string, values map[string]any, budget *render.Budget) (string, error) {
	plain := map[string]any{}
	for k, v := range values {
		if t, ok := v.(render.Text); ok {
			v = string(t)
		}
		plain[k] = v
	}
	r, err := standalone(plain, budget)
	if err != nil {
		return "", err
	}
	out, err := r.File(render.File{Name: what, Source: template})
	if err == nil && out.Secret {
		return "", tells(at, what+": ")
	}
	return string(out.Body), relocate(err, at, what)
}

// relocate puts the faults of a small template where that stands.
func relocate(err error, at diag.Pos, what string) error {
	var e *diag.Error
	if !errors.As(err, &e) {
		return err
	}
	for i, f := range e.Findings {
		e.Findings[i].Pos, e.Findings[i].Text = at, what+": "+f.Text
	}
	return e
}

// madeFrom names the stack and the packs on top of it.
func (in Input) madeFrom() string {
	var from []string
	if stack := in.Decision.Choice.Stack; stack != "" {
		from = append(from, stack)
	}
	for _, l := range in.Team {
		from = append(from, l.Name)
	}
	return strings.Join(from, " + ")
}

// addTeam adds to the plan what only the packs of a team bring.
func (in Input) addTeam(p *Plan, values map[string]any, budget *render.Budget) error {
	var after []string
	for _, l := range in.Team {
		for _, argv := range l.Team.Tasks {
			p.Tasks = append(p.Tasks, Task{l.Name, argv})
		}
		if l.Team.MessageAfterCopy == "" {
			continue
		}
		text, err := evaluate(l.Manifest.At["message_after_copy"], "message_after_copy", l.Team.MessageAfterCopy, values, budget)
		if err != nil {
			return err
		}
		after = append(after, strings.TrimSpace(text))
	}
	p.After = strings.Join(after, "\n")
	return in.addNext(p, values, budget)
}

// addNext gives the commands to type after creation: those of the uppermost layer that
// has any. A pack of a team may have values in its own.
func (in Input) addNext(p *Plan, values map[string]any, budget *render.Budget) error {
	for _, l := range slices.Backward(in.Team) {
		for _, command := range l.Manifest.Next {
			text, err := evaluate(l.Manifest.At["next"], "next", command, values, budget)
			if err != nil {
				return err
			}
			if strings.Contains(text, "\n") {
				return refusedAt(l.Manifest.At["next"], "", "next: %q comes to several lines", command)
			}
			p.Next = append(p.Next, text)
		}
		if p.Next != nil {
			break
		}
	}
	return nil
}

// refusedAt is a fault of a manifest.
func refusedAt(at diag.Pos, hint, format string, args ...any) error {
	var list diag.List
	list.Add(at, hint, format, args...)
	return list.Err(diag.Refused)
}

// ruling decides about the files of a layer. A rule comes to the same for all of them, so
// that it is answered once however many there are.
type ruling struct {
	layer  *pack.Layer
	values map[string]any
	budget *render.Budget
	said   map[int]bool // by place among the rules
}

// answered tells whether what the files depend on is so: each key has one of the values,
// or the template comes to true.
func (r *ruling) answered(at int) (yes bool, err error) {
	if yes, ok := r.said[at]; ok {
		return yes, nil
	}
	yes, err = answer(r.layer.Rules.Files[at], r.values, r.budget)
	r.said[at] = yes
	return yes, err
}

func answer(rule pack.FileRule, values map[string]any, budget *render.Budget) (bool, error) {
	for key, wanted := range rule.When {
		v, ok := values[key]
		if !ok {
			return false, refusedAt(rule.At, "", "files %q: when asks for %s, which is no value", rule.Glob, key)
		}
		have := []any{v}
		if list, ok := v.([]any); ok {
			have = list
		}
		if !slices.ContainsFunc(have, func(v any) bool { return slices.Contains(wanted, fmt.Sprint(v)) }) {
			return false, nil
		}
	}
	if rule.WhenTemplate == "" {
		return true, nil
	}
	text, err := evaluate(rule.At, "files "+strconv.Quote(rule.Glob), rule.WhenTemplate, values, budget)
	if err != nil {
		return false, err
	}
	if text = strings.TrimSpace(text); text != "true" && text != "false" {
		return false, refusedAt(rule.At, "compare something: {{ eq .database \"postgres\" }}", "files %q: when comes to %q, neither true nor false", rule.Glob, text)
	}
	return text == "true", nil
}

// members are the values of item that a file is made with: none if it is not made,
// one of nil if it is made once.
func (r *ruling) members(path string) ([]any, error) {
	items := []any{nil}
	for _, at := range r.layer.Rules.Of(path) {
		ok, err := r.answered(at)
		if err != nil || !ok {
			return nil, err
		}
		rule := r.layer.Rules.Files[at]
		if rule.Each == "" {
			continue
		}
		switch list := r.values[rule.Each].(type) {
		case []any:
			items = list
		default:
			return nil, refusedAt(rule.At, "", "files %q: each takes a list, and %q is none", rule.Glob, rule.Each)
		}
	}
	return items, nil
}
