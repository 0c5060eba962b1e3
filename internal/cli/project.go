package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/stackinit/stackinit/internal/adr"
	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/explain"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/plan"
	"github.com/stackinit/stackinit/internal/recommend"
	"github.com/stackinit/stackinit/internal/record"
	"github.com/stackinit/stackinit/internal/strictyaml"
	"github.com/stackinit/stackinit/templates"
)

// madeProject is a project that stackinit made, as its record tells it.
type madeProject struct {
	root     string // the project's folder
	record   record.Record
	team     team                // the packs of its record, if they were asked for
	criteria *recommend.Criteria // the team's, if the project has its file, else the built-in ones
	iv       interview.Interview
	answers  interview.Answers // those of the record that fit today's questions, with defaults for the rest
	decision recommend.Decision
	unfit    []string // answers of the record that fit no question of today
}

// openDecided reads the project in a folder, or the one that the folder lies in, as far
// as the decision goes; template packs have no part in that.
func (a *app) openDecided(dir string) (*madeProject, error) {
	m, err := readProject(dir)
	if err != nil {
		return nil, err
	}
	if m.record.Pack.Name == "" {
		return nil, diag.New(diag.Usage, "", "%s was made from the template pack %s alone: nothing was decided about its stack", m.record.Name, m.record.Templates[0].Name)
	}
	if err := m.open(a); err != nil {
		return nil, err
	}
	if len(m.record.Templates) > 0 {
		m.unfit = nil // answers to the questions of packs fit no question of ours
	}
	return m, nil
}

// openProject reads the project in a folder, or the one that the folder lies in, with
// the template packs that it was made from.
func (a *app) openProject(ctx context.Context, dir string) (*madeProject, error) {
	m, err := readProject(dir)
	if err != nil {
		return nil, err
	}
	if m.team, err = a.reopenPacks(ctx, m.record.Templates); err != nil {
		return nil, err
	}
	return m, m.open(a)
}

func readProject(dir string) (*madeProject, error) {
	root, err := projectRoot(dir)
	if err != nil {
		return nil, err
	}
	m := &madeProject{root: root}
	if m.record, err = readRecord(root); err == nil && m.record.Pack.Name == "" && len(m.record.Templates) == 0 {
		err = diag.New(diag.Usage, "", "%s names neither a stack nor a template pack", record.File)
	}
	return m, err
}

// open makes today's interview of the project's record.
func (m *madeProject) open(a *app) (err error) {
	root := m.root
	if m.criteria, err = a.criteria(teamCriteria(root)); err != nil {
		return err
	}
	stacks, err := starters()
	if err != nil {
		return err
	}
	m.iv = interview.Interview{Criteria: m.criteria, Starters: stacks, Project: interview.ProjectQuestions(interview.Facts{Name: m.record.Name})}
	if err := m.team.join(&m.iv); err != nil {
		return err
	}
	fit, unfit := recorded(m.record).Fitting(slices.Concat(interview.DecisionQuestions(m.criteria), m.questions()))
	m.unfit = unfit
	if m.answers, err = m.complete(fit); err != nil {
		return err
	}
	if database, ok := m.answers["database"]; ok && m.record.Decision.DatabaseChosen {
		database.From = interview.FromPerson
		m.answers["database"] = database
	}
	m.decision = m.decide(m.answers)
	return nil
}

// projectRoot finds the folder with the record, in dir or above it.
func projectRoot(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", diag.New(diag.Environment, "", "the current folder is gone: %w", err)
	}
	for at := abs; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, record.File)); err == nil {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", diag.New(diag.Usage, "give the folder of a project that stackinit made, or a file in one", "%s is in no project: no %s is there or above", dir, record.File)
		}
	}
}

// teamCriteria is the file with a team's criteria, empty if the project has none.
func teamCriteria(root string) string {
	file := filepath.Join(root, filepath.FromSlash(adr.CriteriaPath))
	if info, err := os.Lstat(file); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	return file
}

// questions are those of every project, those of its stack and those of its packs.
func (m *madeProject) questions() []interview.Question {
	return slices.Concat(m.ours(), m.team.own)
}

// ours are those that stackinit asks itself.
func (m *madeProject) ours() []interview.Question {
	return slices.Concat(m.iv.Project, m.iv.Options(m.record.Pack.Name))
}

// complete adds the defaults of the questions that came after the project was made.
func (m *madeProject) complete(fit interview.Answers) (interview.Answers, error) {
	all := fit.WithDefaults(m.ours())
	for _, q := range slices.Concat(interview.DecisionQuestions(m.criteria), m.team.own) {
		if v, ok := fit[q.Key]; ok {
			all[q.Key] = v
		}
	}
	if len(m.team.own) == 0 {
		return all, nil
	}
	in, err := m.input(all)
	if err != nil {
		return nil, err
	}
	in.Questions = m.ours()
	return in.Settle(m.team.own, nil)
}

// decide is the decision as it was made, with other answers perhaps. The parts of
// a hybrid are those of the record, unless the other answers change them.
func (m *madeProject) decide(answers interview.Answers) recommend.Decision {
	if m.record.Pack.Name == "" {
		return recommend.Decision{}
	}
	d := m.iv.Decide(answers, m.record.Pack.Name, m.record.Decision.Reason)
	d.Confirmed = m.record.Decision.Confirmed
	if parts := m.record.Pack.Parts; len(parts) > 0 {
		was := m.iv.Decide(m.answers, m.record.Pack.Name, "").Choice.Components
		if slices.Equal(d.Choice.Components, was) {
			d.Choice.Components = parts
		}
	}
	return d
}

// told is the decision as it is explained.
func (m *madeProject) told() explain.Case {
	return explain.Case{Criteria: m.criteria, Answers: m.answers.Decision(m.criteria), Decision: m.decision, Notes: m.notes()}
}

// notes say where an explanation of today may not be that of the day.
func (m *madeProject) notes() []string {
	var notes []string
	was, is := m.record.Criteria, m.criteria.Identity()
	if m.record.Pack.Name != "" && was.SHA256 != is.SHA256 {
		notes = append(notes, fmt.Sprintf("The project was made by other criteria: %s, version %d, sha256 %.12s. This explanation is by those of today.", was.ID, was.Version, was.SHA256))
		if rec := m.record.Decision.Recommended; rec != string(m.decision.Stack) {
			notes = append(notes, fmt.Sprintf("On that day %s was recommended.", recommend.StackLabel(rec)))
		}
	}
	for _, u := range m.unfit {
		notes = append(notes, fmt.Sprintf("The record's answer %s fits no question of today and is passed over.", u))
	}
	return notes
}

// input is what the project was made from, with other answers perhaps. Secrets are
// the same in every plan, so that plans can be compared.
func (m *madeProject) input(answers interview.Answers) (plan.Input, error) {
	day, err := time.Parse(time.DateOnly, m.record.Date)
	if err != nil {
		return plan.Input{}, diag.New(diag.Usage, "write YYYY-MM-DD", "%s: the date is %q", record.File, m.record.Date)
	}
	if err := checkBuiltIn(m.record, m.iv); err != nil {
		return plan.Input{}, err
	}
	return plan.Input{
		Packs: templates.FS, Team: m.team.pile, Name: m.record.Name, Answers: answers, Questions: m.questions(), Criteria: m.criteria,
		Decision: m.decide(answers), Date: day, Version: m.record.Stackinit, Resolved: templates.Resolved,
		Secret: func() string { return strings.Repeat("x", 64) },
	}, nil
}

// checkBuiltIn refuses a project whose stack this program does not have.
func checkBuiltIn(made record.Record, iv interview.Interview) error {
	if made.Pack.Source == "built-in" && iv.CanMake(made.Pack.Name) || made.Pack.Name == "" && len(made.Templates) > 0 {
		return nil
	}
	return diag.New(diag.Usage, "use the stackinit that made the project, or a newer one",
		"%s: there is no built-in stack %q (source %q)", record.File, made.Pack.Name, made.Pack.Source)
}

// readRecord reads how the project in a folder was made.
func readRecord(dir string) (record.Record, error) {
	file := filepath.Join(dir, record.File)
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return record.Record{}, diag.New(diag.Usage, "give the folder of a project that stackinit made", "%s is not there", file)
	} else if err != nil {
		return record.Record{}, diag.New(diag.Usage, "", "the project's record cannot be read: %w", err)
	}
	defer func() { _ = f.Close() }() // opened for reading: nothing can be lost
	src, err := io.ReadAll(io.LimitReader(f, strictyaml.MaxBytes+1))
	if err != nil {
		return record.Record{}, diag.New(diag.Usage, "", "the project's record cannot be read: %w", err)
	}
	return record.Decode(src)
}

// recorded gives the answers of a record as they stand there.
func recorded(made record.Record) interview.Answers {
	answers := interview.Answers{}
	for i := 0; i+1 < len(made.Answers.Content); i += 2 {
		var a interview.Answer
		value := made.Answers.Content[i+1]
		for _, v := range value.Content {
			a.Values = append(a.Values, v.Value)
		}
		if len(value.Content) == 0 && value.Value != "" {
			a.Values = []string{value.Value}
		}
		answers[made.Answers.Content[i].Value] = a
	}
	return answers
}
