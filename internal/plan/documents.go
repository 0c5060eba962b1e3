package plan

import (
	"fmt"
	"strconv"
	"time"

	"github.com/stackinit/stackinit/internal/adr"
	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/recommend"
	"github.com/stackinit/stackinit/internal/record"
)

// Documents and Universe are the sources of files that no layer brings: what is
// written about the decisions, and what is cut from the resolved packages.
const (
	Documents = "stackinit"
	Universe  = "universe"
)

const answersHeading = "# The answers behind the decision records. Run them again:\n# %s\n"

// addDocuments adds the files that no layer brings: the decision records with
// the answers behind them, and the project's own record.
func (in Input) addDocuments(t tree, sections []section, digest string) error {
	made, err := in.record(digest)
	if err != nil {
		return err
	}
	if in.Decision.Choice.Stack == "" { // nothing was decided
		return t.put(Documents, record.File, made)
	}
	records := adr.Records(in.Criteria, in.Answers.Decision(in.Criteria), in.Decision, in.subject(sections))
	for _, r := range records {
		if err := t.put(Documents, r.Path(), r.Body); err != nil {
			return err
		}
	}
	heading := fmt.Sprintf(answersHeading, adr.Replay(in.Criteria))
	for _, f := range []struct {
		path string
		body []byte
	}{
		{decisionlog.IndexPath, decisionlog.Index(records)},
		{adr.AnswersPath, []byte(heading + in.Answers.YAML(interview.DecisionQuestions(in.Criteria)))},
		{adr.CriteriaPath, in.Criteria.TeamFile()},
		{decisionlog.PointerPath, []byte(decisionlog.Pointer)},
		{record.File, made},
	} {
		if f.body == nil { // no team's criteria
			continue
		}
		if err := t.put(Documents, f.path, f.body); err != nil {
			return err
		}
	}
	return nil
}

// subject is what the decision records say about the project.
func (in Input) subject(sections []section) adr.Subject {
	s := adr.Subject{
		Title:       in.Answers.Text("title"),
		Description: in.Answers.Text("description"),
		Date:        in.Date,
		Storage:     in.storage(sections),
		Format:      in.Answers.Text("adr_format"),
	}
	s.Months, _ = strconv.Atoi(in.Answers.Text("adr_review")) // one of its choices, or no answer
	if s.Deciders = interview.SplitDeciders(in.Answers.Text("deciders")); s.Deciders == nil {
		if name, _ := in.author(); name != "" {
			s.Deciders = []string{name}
		}
	}
	for _, c := range sections[0].pile.Confirm() {
		s.Confirm = append(s.Confirm, adr.Command{Run: c.Run, Shows: c.Shows})
	}
	return s
}

// storage is where the project keeps data: each part whose stack asks for a database
// has one.
func (in Input) storage(sections []section) adr.Storage {
	s := adr.Storage{
		Chosen: in.databaseChosen(),
		// Only the stacks of Node ask for several instances in so many words.
		Instances: in.Decision.Choice.Runtime == recommend.Node && in.Answers.Text("redis") == "redis",
	}
	for _, part := range sections {
		if kind, ok := part.values["database"].(string); ok {
			s.Databases = append(s.Databases, adr.Database{Part: part.dir, Kind: kind})
		}
	}
	return s
}

func (in Input) databaseChosen() bool { return in.Answers["database"].From == interview.FromPerson }

// record is the project's own record, from which the same plan can be built.
func (in Input) record(digest string) ([]byte, error) {
	r := record.Record{Stackinit: in.Version, Name: in.Name, Date: in.Date.Format(time.DateOnly)}
	for _, l := range in.Team {
		r.Templates = append(r.Templates, record.Template{Name: l.Name, Source: l.Pin.Source, Commit: l.Pin.Commit, Digest: l.Pin.Digest})
	}
	questions := in.Questions
	if stack := in.Decision.Choice.Stack; stack != "" {
		id := in.Decision.Criteria
		r.Pack = record.Pack{Source: "built-in", Name: stack, Parts: in.Decision.Choice.Components, Digest: digest}
		r.Criteria = record.Criteria{ID: id.ID, Version: id.Version, SHA256: id.SHA256}
		r.Decision = record.Decision{
			Recommended:    string(in.Decision.Stack),
			DecidedBy:      in.Decision.By(),
			Reason:         in.Decision.Reason,
			Confirmed:      in.Decision.Confirmed,
			DatabaseChosen: in.databaseChosen(),
		}
		questions = append(interview.DecisionQuestions(in.Criteria), in.Questions...)
	}
	if err := r.SetAnswers(in.Answers.YAML(questions)); err != nil {
		return nil, err
	}
	return r.Encode()
}
