package interview

import (
	"slices"

	"github.com/stackinit/stackinit/internal/explain"
	"github.com/stackinit/stackinit/internal/recommend"
)

// Interview is one conversation with a person. Nothing in it depends on the
// order in which answers came: what is asked next follows from the answers.
type Interview struct {
	Criteria *recommend.Criteria
	Project  []Question // asked after the decision; none when only a recommendation is wanted
	Starters []Starter
	// Instead, if not empty, is why only these starters can be taken: where another
	// stack is recommended, the first of the same runtime is taken for that reason.
	Instead string
	Asker   Asker
}

// Known gives every question that an answer can be given to beforehand: those of the
// decision, of the project, and of all stacks, as the stack follows from the answers.
func (iv *Interview) Known() []Question {
	return slices.Concat(DecisionQuestions(iv.Criteria), iv.Project, AllOptions(iv.Starters))
}

// Ask asks whatever is open: first the questions of the decision, as far as they
// still matter, then those of the project. Given answers are not asked again.
func (iv *Interview) Ask(given Answers) (Answers, error) {
	answers := Answers{}
	for k, v := range given {
		answers[k] = v
	}
	if err := iv.askDecision(answers); err != nil {
		return nil, err
	}
	for _, q := range iv.Project {
		if q.Quiet {
			continue
		}
		if err := iv.askIfOpen(q, answers); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// askDecision goes through the criteria's questions until all are answered,
// settled by others, or the person takes the offer to stop early.
func (iv *Interview) askDecision(answers Answers) error {
	if err := iv.mendConflict(answers); err != nil {
		return err
	}
	declined := false
	for _, q := range DecisionQuestions(iv.Criteria) {
		open := iv.Open(answers)
		if !slices.Contains(open, q.Key) {
			continue
		}
		if !declined && len(open) > 0 && iv.Criteria.Settled(answers.Decision(iv.Criteria), open) {
			stop, err := iv.Asker.Ask(finishNow)
			if err != nil || stop[0] == "yes" {
				return err
			}
			declined = true
		}
		if err := iv.askIfOpen(q, answers); err != nil {
			return err
		}
		if err := iv.mendConflict(answers); err != nil {
			return err
		}
	}
	return nil
}

var finishNow = Question{
	Key: "finish_now", Prompt: "The result can no longer change. Finish now?", Default: []string{"yes"},
	Options: []Option{{"yes", "Yes"}, {"no", "No, ask me the rest"}},
}

// Open lists the questions of the decision that are neither answered nor settled.
func (iv *Interview) Open(answers Answers) []string {
	var open []string
	decision := answers.Decision(iv.Criteria)
	for _, q := range iv.Criteria.Questions() {
		_, answered := answers[q.Key]
		if _, skipped := iv.Criteria.SkippedBy(decision, q.Key); !answered && !skipped {
			open = append(open, q.Key)
		}
	}
	return open
}

func (iv *Interview) askIfOpen(q Question, answers Answers) error {
	if _, answered := answers[q.Key]; answered {
		return nil
	}
	return iv.ask(q, answers)
}

func (iv *Interview) ask(q Question, answers Answers) error {
	values, err := iv.Asker.Ask(q)
	if err == nil {
		answers[q.Key] = Answer{values, FromPerson}
	}
	return err
}

// mendConflict asks for the constraints again until they can hold together.
func (iv *Interview) mendConflict(answers Answers) error {
	for {
		told := explain.Recommended(iv.Criteria, answers.Decision(iv.Criteria))
		if told.Decision.Runtime != recommend.Conflict {
			return nil
		}
		if err := iv.Asker.Show(told.Screen()); err != nil {
			return err
		}
		for _, q := range DecisionQuestions(iv.Criteria) {
			if q.Kind != Multi { // only constraints conflict, and only they are ticked
				continue
			}
			if err := iv.ask(q, answers); err != nil {
				return err
			}
		}
	}
}
