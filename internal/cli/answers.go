package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/explain"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/prompt"
	"github.com/stackinit/stackinit/internal/recommend"
	"github.com/stackinit/stackinit/internal/strictyaml"
	"github.com/stackinit/stackinit/templates"
)

// answerFlags are the ways to answer that new and recommend share.
type answerFlags struct {
	file     string
	sets     []string
	defaults bool
	plain    bool
	json     bool
}

func (f *answerFlags) register(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.file, "answers", "", "read answers from a YAML or JSON `file`; - is standard input")
	fl.StringArrayVar(&f.sets, "set", nil, "answer one question: `key=value`; repeatable")
	fl.BoolVar(&f.defaults, "defaults", false, "ask nothing: take the default of every open question")
	fl.BoolVar(&f.plain, "plain", false, "ask in plain numbered lines, for screen readers and simple terminals")
	fl.BoolVar(&f.json, "json", false, "print JSON")
}

// given reads the answers of the file and the flags; a flag wins over the file.
func (f *answerFlags) given(stdin io.Reader, known []interview.Question) (interview.Answers, error) {
	answers := interview.Answers{}
	if f.file != "" {
		name, src, err := readAnswers(f.file, stdin)
		if err != nil {
			return nil, err
		}
		if answers, err = interview.ReadFile(name, src, known); err != nil {
			return nil, err
		}
	}
	sets, err := interview.ReadSets(f.sets, known)
	for key, a := range sets {
		answers[key] = a
	}
	return answers, err
}

// readAnswers reads at most one byte more than can be valid, so that an endless
// file ends.
func readAnswers(file string, stdin io.Reader) (name string, src []byte, err error) {
	name, in := "standard input", stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", nil, diag.New(diag.Usage, "give the path of a YAML or JSON file, or - for standard input", "the answers cannot be read: %w", err)
		}
		defer func() { _ = f.Close() }() // opened for reading: nothing can be lost
		name, in = file, f
	}
	src, err = io.ReadAll(io.LimitReader(in, strictyaml.MaxBytes+1))
	if err != nil {
		return "", nil, unreadable("the answers in "+name, err)
	}
	return name, src, nil
}

// unreadable is the error for a file that was opened; a signal while it was read is
// no fault of the file.
func unreadable(what string, err error) error {
	var e *diag.Error
	if errors.As(err, &e) {
		return e
	}
	return diag.New(diag.Usage, "", "%s cannot be read: %w", what, err)
}

// asker gives the face that fits the terminal, or nil when nobody can be asked.
func (a *app) asker(ctx context.Context, plain bool) interview.Asker {
	if !prompt.IsTerminal(a.In) || !prompt.IsTerminal(a.Err) {
		return nil
	}
	if plain || os.Getenv("ACCESSIBLE") != "" || os.Getenv("TERM") == "dumb" {
		return prompt.NewPlain(ctx, a.In, a.Err)
	}
	return prompt.NewTerminal(ctx, a.In, a.Err)
}

// starters lists the stacks that can be made.
func starters() ([]interview.Starter, error) {
	stacks, err := pack.Stacks(templates.FS)
	if err != nil {
		return nil, err
	}
	var all []interview.Starter
	for _, s := range stacks {
		all = append(all, interview.Starter{Stack: s.Name, Runtime: s.Runtime, Options: s.Questions})
	}
	return all, nil
}

// conversation is an interview about no project in particular.
func (a *app) conversation(criteriaFile string) (interview.Interview, error) {
	criteria, err := a.criteria(criteriaFile)
	if err != nil {
		return interview.Interview{}, err
	}
	stacks, err := starters()
	return interview.Interview{Criteria: criteria, Starters: stacks, Project: interview.ProjectQuestions(interview.Facts{})}, err
}

// conflicting is the error behind a result that shows a conflict already.
func conflicting(r *recommend.Recommendation) error {
	return diag.New(diag.InTheWay, "take back one of the constraints", "the constraints cannot hold together: %s", r.Conflict)
}

// noAnswers is the error for a run without a terminal and without answers.
func noAnswers() error {
	return diag.New(diag.Usage, "give --answers FILE, --set key=value or --defaults; see stackinit help answers", "there is no terminal to ask in, and no answers are given")
}

// conflict is the error for constraints that cannot hold together.
func conflict(told explain.Case) error {
	return &diag.Error{Kind: diag.InTheWay, Findings: []diag.Finding{{Text: told.Screen()}}}
}

// now is the moment that a project is made; SOURCE_DATE_EPOCH, in seconds, fixes
// it, and then it is in UTC (reproducible-builds.org).
func now() (time.Time, error) {
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return time.Now(), nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil || seconds < 0 || seconds > 253402300799 { // the end of the year 9999
		return time.Time{}, diag.New(diag.Usage, "give whole seconds since 1970, or unset it", "SOURCE_DATE_EPOCH is %q", epoch)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
