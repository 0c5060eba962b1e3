package interview

import (
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
)

// Options are the questions that only the starter of a stack has, such as which
// database it takes.
func (iv *Interview) Options(stack string) []Question {
	for _, s := range iv.Starters {
		if s.Stack == stack {
			return s.Options
		}
	}
	return nil
}

// AllOptions are the options of all starters, each key once with the choices of
// all: which of them a project has is only known once its stack is.
func AllOptions(starters []Starter) []Question {
	var all []Question
	stacks := map[string][]string{}
	for _, s := range starters {
		for _, q := range s.Options {
			stacks[q.Key] = append(stacks[q.Key], s.Stack)
			i := slices.IndexFunc(all, func(have Question) bool { return have.Key == q.Key })
			if i < 0 {
				q.Options = slices.Clone(q.Options)
				all = append(all, q)
				continue
			}
			for _, o := range q.Options {
				if !slices.ContainsFunc(all[i].Options, func(have Option) bool { return have.Key == o.Key }) {
					all[i].Options = append(all[i].Options, o)
				}
			}
		}
	}
	for i := range all {
		all[i].Help = "Of " + strings.Join(stacks[all[i].Key], ", ") + "."
	}
	return all
}

// CheckOptions reports every given option that the stack does not have, or that
// has no effect beside the other answers.
func (iv *Interview) CheckOptions(stack string, answers Answers) error {
	list, options := diag.List{}, iv.Options(stack)
	for _, known := range AllOptions(iv.Starters) {
		given, ok := answers[known.Key]
		if !ok || given.From == FromDefault {
			continue
		}
		at := diag.Pos{File: known.Key + "=" + given.Values[0]}
		q, has := find(options, known.Key)
		switch {
		case !has:
			list.Add(at, "leave it out, or take another stack", "%s has no option %s", stack, known.Key)
		case q.fault(given.Values) != "":
			list.Add(at, "one of: "+strings.Join(q.choices(), ", "), "%s has no such choice", stack)
		case !slices.Equal(given.Values, q.Default) && !q.applies(answers.WithDefaults(options)):
			list.Add(at, q.needs(), "it has no effect beside the other answers")
		}
	}
	return list.Err(diag.Usage)
}

// applies tells whether the answers that the question depends on are as it wants.
func (q Question) applies(answers Answers) bool {
	for key, values := range q.When {
		if !slices.ContainsFunc(answers[key].Values, func(v string) bool { return slices.Contains(values, v) }) {
			return false
		}
	}
	return true
}

// needs says what the question depends on.
func (q Question) needs() string {
	var parts []string
	for key, values := range q.When {
		parts = append(parts, key+"="+strings.Join(values, " or "))
	}
	slices.Sort(parts)
	if q.WhenTemplate != "" {
		parts = append(parts, q.WhenTemplate)
	}
	return "it needs " + strings.Join(parts, " and ")
}

func (q Question) choices() []string {
	all := make([]string, len(q.Options))
	for i, o := range q.Options {
		all[i] = o.Key
	}
	return all
}

// openOptions names the options that are open and could be asked: what they
// depend on either fits already or is open itself, and stands before them.
func (iv *Interview) openOptions(stack string, answers Answers) (open []string) {
	options := iv.Options(stack)
	all := answers.WithDefaults(options)
	for _, q := range options {
		_, answered := answers[q.Key]
		possible := true
		for key, values := range q.When {
			possible = possible && (slices.Contains(open, key) || slices.Contains(values, all.Text(key)))
		}
		if !answered && possible {
			open = append(open, q.Key)
		}
	}
	return open
}

// AskOptions asks for the options of the chosen stack, as far as they are open.
// One Enter takes the smallest service that the stack can be.
func (iv *Interview) AskOptions(stack string, answers Answers) error {
	open := iv.openOptions(stack, answers)
	if len(open) == 0 {
		return nil
	}
	picked, err := iv.Asker.Ask(Question{
		Key: "extras", Prompt: "Anything to add?", Help: cut("There is a choice of "+strings.ReplaceAll(strings.Join(open, ", "), "_", " ")+".", screenWidth),
		Default: []string{"no"}, Options: []Option{{"no", "No, the smallest service"}, {"yes", "Yes, let me choose"}},
	})
	if err != nil || picked[0] == "no" {
		return err
	}
	for _, q := range iv.Options(stack) {
		if !q.applies(answers.WithDefaults(iv.Options(stack))) {
			continue
		}
		if err := iv.askIfOpen(q, answers); err != nil {
			return err
		}
	}
	return nil
}
