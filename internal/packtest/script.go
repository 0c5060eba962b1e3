package packtest

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
)

// Script answers the questions that are asked, as a person would who has a row, or
// who takes every default. It implements interview.Asker.
type Script struct {
	Row     Row
	Samples map[string]string   // for texts without a default that does
	Asked   map[string][]string // what was asked, and how it was answered
}

// Ask gives the answer of the row, or the default.
func (s *Script) Ask(q interview.Question) ([]string, error) {
	values := slices.Clone(q.Default)
	if v, ok := s.Row[q.Key]; ok && q.Kind != interview.Text {
		values = []string{v}
		if q.Kind == interview.Multi {
			values = strings.FieldsFunc(v, func(r rune) bool { return r == ',' })
		}
	}
	if q.Kind == interview.Text {
		text, err := s.text(q)
		if err != nil {
			return nil, err
		}
		values = []string{text}
	}
	if len(values) == 0 && (q.Kind == interview.Single || q.Required) {
		return nil, diag.New(diag.Usage, "give the question a default, or the test an answer", "the question %s has no default", q.Key)
	}
	if s.Asked == nil {
		s.Asked = map[string][]string{}
	}
	s.Asked[q.Key] = values
	return values, nil
}

// text finds a text that the question takes.
func (s *Script) text(q interview.Question) (string, error) {
	var tries []string
	if len(q.Default) > 0 {
		tries = append(tries, q.Default[0])
	}
	if sample, ok := s.Samples[q.Key]; ok {
		tries = append(tries, sample)
	}
	tries = append(tries, q.Placeholder)
	if s.Row != nil { // a matrix makes up what no test says
		tries = append(tries, "sample", "1", "1000", "Sample text")
	}
	for _, try := range tries {
		if (q.Check == nil || q.Check(try) == nil) && (try != "" || !q.Required) {
			return try, nil
		}
	}
	return "", diag.New(diag.Usage, "give the question a default, or a test an answer", "the question %s has no default that does", q.Key)
}

// Show is not needed: nothing is told between questions.
func (s *Script) Show(string) error { return errors.New("a script shows nothing") }

// Coverage is which choices were taken.
type Coverage map[string]map[string]bool

// Take notes answers.
func (c Coverage) Take(answers map[string][]string) {
	for key, values := range answers {
		if c[key] == nil {
			c[key] = map[string]bool{}
		}
		for _, v := range values {
			c[key][v] = true
		}
	}
}

// Untaken is a choice that was not taken.
type Untaken struct {
	Question string `json:"question"`
	Choice   string `json:"choice"`
}

// Of counts the choices of the questions, and names those that were not taken.
func (c Coverage) Of(questions []interview.Question) (all int, untaken []Untaken) {
	untaken = []Untaken{}
	for _, q := range questions {
		for _, o := range q.Options {
			all++
			if !c[q.Key][o.Key] {
				untaken = append(untaken, Untaken{q.Key, o.Key})
			}
		}
	}
	return all, untaken
}

// Plain gives answers as lists of values.
func Plain(answers interview.Answers) map[string][]string {
	all := map[string][]string{}
	for _, key := range slices.Sorted(maps.Keys(answers)) {
		all[key] = answers[key].Values
	}
	return all
}
