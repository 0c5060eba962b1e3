package plan

import (
	"context"
	"fmt"
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
		for _, q := range questions {
			if _, ok := answers[q.Key]; ok {
				so.Questions = append(so.Questions, q)
			}
		}
		return evaluate(in.asks(key)+": the question "+key, template, so.values(), budget)
	}
	return interview.Settle(questions, in.Answers, eval, asker)
}

// asks names the manifest of the uppermost pack that asks the question.
func (in Input) asks(key string) string {
	for _, l := range slices.Backward(in.Team) {
		if slices.ContainsFunc(l.Questions, func(q interview.Question) bool { return q.Key == key }) {
			return manifestOf(l)
		}
	}
	return pack.ManifestFile
}

// evaluate renders a small template. Free text in it stays free text: what comes out
// is an answer, which needs its encoder again. It may be recorded or shown, so that no
// secret may go into it.
func evaluate(name, template string, values map[string]any, budget *render.Budget) (string, error) {
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
	out, err := r.File(render.File{Name: name, Source: template})
	if err == nil && out.Secret {
		err = tells(name)
	}
	return string(out.Body), err
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
		text, err := evaluate(manifestOf(l)+": message_after_copy", l.Team.MessageAfterCopy, values, budget)
		if err != nil {
			return err
		}
		after = append(after, strings.TrimSpace(text))
	}
	p.After = strings.Join(after, "\n")
	return nil
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
	yes, err = answer(manifestOf(r.layer), r.layer.Rules.Files[at], r.values, r.budget)
	r.said[at] = yes
	return yes, err
}

func answer(manifest string, rule pack.FileRule, values map[string]any, budget *render.Budget) (bool, error) {
	for key, wanted := range rule.When {
		v, ok := values[key]
		if !ok {
			return false, diag.New(diag.Refused, "", "%s: files %q: when asks for %s, which is no value", manifest, rule.Glob, key)
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
	text, err := evaluate(manifest+": files "+strconv.Quote(rule.Glob), rule.WhenTemplate, values, budget)
	if err != nil {
		return false, err
	}
	if text = strings.TrimSpace(text); text != "true" && text != "false" {
		return false, diag.New(diag.Refused, "compare something: {{ eq .database \"postgres\" }}", "%s: files %q: when comes to %q, neither true nor false", manifest, rule.Glob, text)
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
			return nil, diag.New(diag.Refused, "", "%s: files %q: each takes a list, and %q is none", manifestOf(r.layer), rule.Glob, rule.Each)
		}
	}
	return items, nil
}
