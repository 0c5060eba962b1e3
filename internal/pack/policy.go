package pack

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
)

// Reshape gives the questions of a project as the packs of a team on top of it want
// them: a pack may ask one of them in its own way, and its policy takes choices away.
// The error names a pack that asks for what it cannot have.
func (p Pile) Reshape(questions []interview.Question) ([]interview.Question, error) {
	all := slices.Clone(questions)
	for _, l := range p {
		for i, q := range all {
			own, ok := find(l.Questions, q.Key)
			if !ok {
				continue
			}
			if q.Kind == interview.Text || own.Kind != q.Kind {
				return nil, diag.New(diag.Refused, "give it another name", "the pack %s asks %s, which stackinit asks itself", l.Name, q.Key)
			}
			all[i] = own
		}
	}
	return all, p.limit(all)
}

// Own gives the questions that the packs add to those that there are, the lowest
// pack's first. An upper pack may ask one in its own way, or limit its choices.
func (p Pile) Own(known []interview.Question) ([]interview.Question, error) {
	var all []interview.Question
	for _, l := range p {
		for _, q := range l.Questions {
			if _, ok := find(known, q.Key); ok {
				continue
			}
			if i := slices.IndexFunc(all, func(have interview.Question) bool { return have.Key == q.Key }); i >= 0 {
				all[i] = q
			} else {
				all = append(all, q)
			}
		}
	}
	return all, p.limit(all)
}

// limit holds questions to the policies of all packs: asking anew what a lower pack has
// a policy about does not free it.
func (p Pile) limit(questions []interview.Question) (err error) {
	for _, l := range p {
		for i := range questions {
			if questions[i], err = l.limit(questions[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// limit takes the choices away that the pack's policy does not allow.
func (l *Layer) limit(q interview.Question) (interview.Question, error) {
	only, some := l.Team.Policy.Only[q.Key]
	never := l.Team.Policy.Never[q.Key]
	if !some && never == nil {
		return q, nil
	}
	if q.Kind == interview.Text {
		var list diag.List
		list.Add(q.At, "give it choices", "the policy of the pack %s is about %s, which has none here", l.Name, q.Key)
		return q, list.Err(diag.Refused)
	}
	forbidden := func(key string) bool { return some && !slices.Contains(only, key) || slices.Contains(never, key) }
	denied := maps.Clone(q.Denied)
	q.Options = slices.DeleteFunc(slices.Clone(q.Options), func(o interview.Option) bool {
		if !forbidden(o.Key) {
			return false
		}
		if denied == nil {
			denied = map[string]string{}
		}
		denied[o.Key] = l.Name
		return true
	})
	q.Denied = denied
	q.Default = slices.DeleteFunc(slices.Clone(q.Default), forbidden)
	if len(q.Options) == 0 && q.Kind == interview.Single {
		var list diag.List
		list.Add(l.Team.Policy.At[q.Key], "", "the policy of the pack %s leaves no choice of %s", l.Name, q.Key)
		return q, list.Err(diag.Refused)
	}
	if len(q.Default) == 0 && q.Kind == interview.Single {
		q.Default = []string{q.Options[0].Key} // the rest of the choices stand in the author's order
	}
	q.Help = strings.TrimSpace(fmt.Sprintf("%s Limited by the pack %s.", q.Help, l.Name))
	return q, nil
}

// CheckPolicy refuses a policy for a question or a choice that is not there: a slip of
// the pen would allow what it was to forbid. questions are as they are without packs.
func (p Pile) CheckPolicy(questions []interview.Question) error {
	questions = slices.Clone(questions)
	for _, l := range p {
		questions = append(questions, l.Questions...)
	}
	var list diag.List
	for _, l := range p {
		for _, rules := range []map[string][]string{l.Team.Policy.Only, l.Team.Policy.Never} {
			for key, choices := range rules {
				text, hint := misnamed(key, choices, questions)
				if text != "" {
					list.Add(l.Team.Policy.At[key], hint, "the policy of the pack %s is about %s, %s", l.Name, key, text)
				}
			}
		}
	}
	return list.Err(diag.Refused)
}

// misnamed says what a policy names that is not there, or nothing.
func misnamed(key string, choices []string, questions []interview.Question) (text, hint string) {
	var keys, options []string
	asked, chosen := false, false
	for _, q := range questions {
		keys = append(keys, q.Key)
		if q.Key == key {
			asked, chosen = true, chosen || q.Kind != interview.Text
			for _, o := range q.Options {
				options = append(options, o.Key)
			}
		}
	}
	switch {
	case key == "stack":
		return "which is no question", "name the stacks that are allowed under extends"
	case !asked:
		return "which nobody asks", diag.DidYouMean(key, keys)
	case !chosen:
		return "which has no choices", ""
	}
	slices.Sort(options)
	for _, choice := range choices {
		if !slices.Contains(options, choice) {
			return "which has no choice " + strconv.Quote(choice), diag.DidYouMean(choice, slices.Compact(options))
		}
	}
	return "", ""
}

func find(qs []interview.Question, key string) (interview.Question, bool) {
	i := slices.IndexFunc(qs, func(q interview.Question) bool { return q.Key == key })
	if i < 0 {
		return interview.Question{}, false
	}
	return qs[i], true
}
