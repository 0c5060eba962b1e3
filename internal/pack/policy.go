package pack

import (
	"fmt"
	"slices"
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
		for i := range all {
			var err error
			if all[i], err = l.limit(all[i]); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
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
		for i := range all {
			var err error
			if all[i], err = l.limit(all[i]); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// limit takes the choices away that the pack's policy does not allow.
func (l *Layer) limit(q interview.Question) (interview.Question, error) {
	only, some := l.Team.Policy.Only[q.Key]
	never := l.Team.Policy.Never[q.Key]
	if !some && never == nil {
		return q, nil
	}
	if q.Kind == interview.Text {
		return q, diag.New(diag.Refused, "", "the policy of the pack %s is about %s, which has no choices", l.Name, q.Key)
	}
	forbidden := func(key string) bool { return some && !slices.Contains(only, key) || slices.Contains(never, key) }
	q.Options = slices.DeleteFunc(slices.Clone(q.Options), func(o interview.Option) bool { return forbidden(o.Key) })
	q.Default = slices.DeleteFunc(slices.Clone(q.Default), forbidden)
	if len(q.Options) == 0 && q.Kind == interview.Single {
		return q, diag.New(diag.Refused, "", "the policy of the pack %s leaves no choice of %s", l.Name, q.Key)
	}
	if len(q.Default) == 0 && q.Kind == interview.Single {
		q.Default = []string{q.Options[0].Key} // the rest of the choices stand in the author's order
	}
	q.Help = strings.TrimSpace(fmt.Sprintf("%s Limited by the pack %s.", q.Help, l.Name))
	return q, nil
}

// CheckPolicy refuses a policy for a question that is not there: a slip of the pen
// would allow what it was to forbid.
func (p Pile) CheckPolicy(questions []interview.Question) error {
	for _, l := range p {
		for _, list := range []map[string][]string{l.Team.Policy.Only, l.Team.Policy.Never} {
			for key := range list {
				if _, ok := find(questions, key); !ok {
					keys := make([]string, len(questions))
					for i, q := range questions {
						keys[i] = q.Key
					}
					return diag.New(diag.Refused, diag.DidYouMean(key, keys), "the policy of the pack %s is about %s, which nobody asks", l.Name, key)
				}
			}
		}
	}
	return nil
}

func find(qs []interview.Question, key string) (interview.Question, bool) {
	i := slices.IndexFunc(qs, func(q interview.Question) bool { return q.Key == key })
	if i < 0 {
		return interview.Question{}, false
	}
	return qs[i], true
}
