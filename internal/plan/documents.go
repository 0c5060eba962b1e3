package plan

import (
	"time"

	"github.com/stackinit/stackinit/internal/adr"
	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/record"
)

const answersHeading = "# The answers behind the decision records. Run them again:\n# stackinit recommend --answers docs/adr/answers.yaml\n"

// addDocuments adds the files that no layer brings: the decision records with
// the answers behind them, and the project's own record.
func (in Input) addDocuments(t tree, pile pack.Pile, digest string) error {
	runtime := adr.Runtime(in.Criteria, in.Answers.Decision(in.Criteria), in.Decision, in.subject(pile))
	made, err := in.record(digest)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		path string
		body []byte
	}{
		{runtime.Path(), runtime.Body},
		{decisionlog.IndexPath, decisionlog.Index([]decisionlog.Record{runtime})},
		{adr.AnswersPath, []byte(answersHeading + in.Answers.YAML(interview.DecisionQuestions(in.Criteria)))},
		{decisionlog.PointerPath, []byte(decisionlog.Pointer)},
		{record.File, made},
	} {
		if err := t.put("stackinit", f.path, f.body); err != nil {
			return err
		}
	}
	return nil
}

// subject is what the decision record says about the project.
func (in Input) subject(pile pack.Pile) adr.Subject {
	s := adr.Subject{
		Title:       in.Answers.Text("title"),
		Description: in.Answers.Text("description"),
		Date:        in.Date,
	}
	if s.Deciders = interview.SplitDeciders(in.Answers.Text("deciders")); s.Deciders == nil {
		if name, _ := in.author(); name != "" {
			s.Deciders = []string{name}
		}
	}
	for _, c := range pile.Confirm() {
		s.Confirm = append(s.Confirm, adr.Command{Run: c.Run, Shows: c.Shows})
	}
	return s
}

// record is the project's own record, from which the same plan can be built.
func (in Input) record(digest string) ([]byte, error) {
	id := in.Decision.Criteria
	r := record.Record{
		Stackinit: in.Version,
		Name:      in.Name,
		Date:      in.Date.Format(time.DateOnly),
		Pack:      record.Pack{Source: "built-in", Name: in.Decision.Choice.Stack, Parts: in.Decision.Choice.Components, Digest: digest},
		Criteria:  record.Criteria{ID: id.ID, Version: id.Version, SHA256: id.SHA256},
		Decision: record.Decision{
			Recommended: string(in.Decision.Stack),
			DecidedBy:   in.Decision.By(),
			Reason:      in.Decision.Reason,
			Confirmed:   in.Decision.Confirmed,
		},
	}
	questions := append(interview.DecisionQuestions(in.Criteria), in.Questions...)
	if err := r.SetAnswers(in.Answers.YAML(questions)); err != nil {
		return nil, err
	}
	return r.Encode()
}
