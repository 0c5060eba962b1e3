package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/explain"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/plan"
	"github.com/stackinit/stackinit/internal/recommend"
	"github.com/stackinit/stackinit/internal/record"
)

// originJSON says where a file of a project comes from.
type originJSON struct {
	Project string       `json:"project"`
	Stack   string       `json:"stack"`
	Path    string       `json:"path"`
	Made    bool         `json:"made"`    // the templates of today give this file for the record's answers
	State   string       `json:"state"`   // on disk
	Sources []string     `json:"sources"` // template files, the lowest layer first
	Answers []plan.Cause `json:"answers"` // each by itself
	Notes   []string     `json:"notes"`
}

// States of a file on disk, beside the one that the templates give.
const (
	stateSame     = "same"
	stateDiffers  = "differs"
	stateMissing  = "missing"
	stateSecret   = "not compared" // it holds the project's own secrets
	stateNotOurs  = "not made by stackinit"
	stateOddThing = "no regular file"
)

func (a *app) explainFile(ctx context.Context, o explainOptions) error {
	if o.format == "markdown" {
		return diag.New(diag.Usage, "one of: text, json", "a file is not explained as markdown")
	}
	m, err := a.openProject(ctx, filepath.Dir(o.path))
	if err != nil {
		return err
	}
	path, err := m.below(o.path)
	if err != nil {
		return err
	}
	in, err := m.input(m.answers)
	if err != nil {
		return err
	}
	made, err := plan.Build(in)
	if err != nil {
		return err
	}
	defer slow(a.Err, "planning the project anew, one answer at a time …")()
	origin, err := m.origin(path, in, made)
	if err != nil {
		return err
	}
	if o.format == "json" {
		return a.printJSON(origin)
	}
	return a.print("%s", origin.text())
}

// below gives the path of a file within the project, with slashes.
func (m *madeProject) below(file string) (string, error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", diag.New(diag.Environment, "", "the current folder is gone: %w", err)
	}
	rel, err := filepath.Rel(m.root, abs)
	if err != nil || !filepath.IsLocal(rel) {
		return "", diag.New(diag.Usage, "", "%s is not in the project %s", file, m.root)
	}
	return filepath.ToSlash(rel), nil
}

// origin finds out where a file comes from, and how the one on disk relates to it.
func (m *madeProject) origin(path string, in plan.Input, made *plan.Plan) (originJSON, error) {
	o := originJSON{Project: m.record.Name, Stack: made.Stack, Path: path, Sources: []string{}, Answers: []plan.Cause{}}
	file, isMade := made.File(path)
	o.Made = isMade
	if isMade {
		o.Sources = strings.Split(file.Source, ", ")
	}
	variants, err := m.variants(in, file.Source == plan.Documents)
	if err != nil {
		return o, err
	}
	if o.Answers, err = plan.Trace(path, made, variants); err != nil {
		return o, err
	}
	o.State, err = m.state(path, file, isMade)
	if o.State == stateMissing && !isMade && len(o.Answers) == 0 {
		return o, diag.New(diag.Usage, "", "%s is not in the project %s, and no single answer would bring it", path, m.record.Name)
	}
	o.Notes = m.originNotes(o.State, isMade, made)
	return o, err
}

// originNotes say what the comparison with today's templates is worth.
func (m *madeProject) originNotes(state string, isMade bool, made *plan.Plan) []string {
	notes := []string{}
	templates := m.record.Pack.Name == "" // those of today are those of the day; packs are pinned
	if f, ok := made.File(record.File); ok {
		if today, err := record.Decode(f.Body); err == nil {
			templates = today.Pack.Digest == m.record.Pack.Digest
		}
	}
	switch {
	case state == stateDiffers && templates:
		notes = append(notes, "The templates are those that made the project, so the file was changed since.")
	case state == stateDiffers:
		notes = append(notes, "The templates are not those that made the project: the file may differ by that alone.")
	case state == stateMissing && isMade:
		notes = append(notes, "It was deleted, or the templates of that day did not give it.")
	}
	return append(notes, m.notes()...)
}

// state compares the file on disk. It is read through os.Root, so that no link
// leads out of the project, and never further than the planned one is long.
func (m *madeProject) state(path string, want plan.File, isMade bool) (string, error) {
	root, err := os.OpenRoot(m.root)
	if err != nil {
		return "", diag.New(diag.Environment, "", "the project cannot be opened: %w", err)
	}
	defer func() { _ = root.Close() }() // opened for reading: nothing can be lost
	info, err := root.Lstat(filepath.FromSlash(path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return stateMissing, nil
	case err != nil:
		return "", diag.New(diag.Usage, "", "%s cannot be read: %w", path, err)
	case !isMade:
		return stateNotOurs, nil
	case !info.Mode().IsRegular():
		return stateOddThing, nil
	case want.Secret:
		return stateSecret, nil
	}
	f, err := root.Open(filepath.FromSlash(path))
	if err != nil {
		return "", diag.New(diag.Environment, "", "%s cannot be read: %w", path, err)
	}
	defer func() { _ = f.Close() }()
	got, err := io.ReadAll(io.LimitReader(f, int64(2*len(want.Body)+1))) // CRLF at most doubles a text
	if err != nil {
		return "", diag.New(diag.Environment, "", "%s cannot be read: %w", path, err)
	}
	// A checkout on Windows may have changed the line ends.
	if bytes.Equal(want.Body, got) || bytes.Equal(want.Body, bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n"))) {
		return stateSame, nil
	}
	return stateDiffers, nil
}

// variants are the project with each answer changed by itself, and with another
// name and day. The answers of the decision reach only the documents, and the
// parts of a hybrid, which they choose.
func (m *madeProject) variants(in plan.Input, document bool) ([]plan.Variant, error) {
	renamed, later := in, in
	renamed.Name += "-too"
	later.Date = in.Date.AddDate(1, 1, 1)
	all := []plan.Variant{
		{Key: "the project's name", Value: in.Name, Other: renamed.Name, Input: renamed},
		{Key: "the day it was made", Value: m.record.Date, Other: "another day", Input: later},
	}
	questions := m.questions()
	if document || len(m.decision.Choice.Components) > 0 {
		questions = slices.Concat(interview.DecisionQuestions(m.criteria), questions)
	}
	for _, q := range questions {
		for _, values := range q.Others(m.answers[q.Key].Values) {
			v, err := m.variant(q, values)
			if err != nil {
				return nil, err
			}
			if v != nil {
				all = append(all, *v)
			}
		}
	}
	return all, nil
}

// variant is the project with one answer changed, nil if that is no project.
func (m *madeProject) variant(q interview.Question, values []string) (*plan.Variant, error) {
	answers := interview.Answers{}
	for key, v := range m.answers {
		answers[key] = v
	}
	answers[q.Key] = interview.Answer{Values: values, From: m.answers[q.Key].From}
	in, err := m.input(answers)
	if err != nil {
		return nil, err
	}
	if m.impossible(in.Decision, answers) {
		return nil, nil
	}
	was, is := strings.Join(m.answers[q.Key].Values, ","), strings.Join(values, ",")
	return &plan.Variant{Key: q.Key, Value: was, Other: is, Input: in}, nil
}

// impossible tells whether no project could be made with these answers.
func (m *madeProject) impossible(d recommend.Decision, answers interview.Answers) bool {
	if d.Choice.Stack == "" {
		return false
	}
	return d.Recommendation.Runtime == recommend.Conflict || m.iv.CheckOptions(d.Choice.Stack, answers) != nil
}

// text is the same for people.
func (o originJSON) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s (%s)\n", o.Path, o.Project, o.Stack)
	fmt.Fprintf(&b, "  On disk: %s\n", o.onDisk())
	switch {
	case !o.Made:
		b.WriteString("  No template gives it for this project's answers.\n")
	case len(o.Sources) == 1 && o.Sources[0] == plan.Documents:
		b.WriteString("  Written by stackinit itself, from the answers and the decision.\n")
	default:
		b.WriteString("  Made from these layers of templates, the lowest first:\n")
		for _, s := range o.Sources {
			layer, file, _ := strings.Cut(s, "/")
			if layer == plan.Universe {
				file = "the packages that its dependencies resolve to"
			}
			fmt.Fprintf(&b, "    %-24s %s\n", layer, strings.TrimPrefix(file, "template/"))
		}
	}
	switch {
	case len(o.Answers) > 0 && o.Made:
		b.WriteString("  It depends on these; each was changed by itself:\n")
	case len(o.Answers) > 0:
		b.WriteString("  These would bring it, each by itself:\n")
	case o.Made:
		b.WriteString("  No answer changes it.\n")
	}
	for _, line := range o.causes() {
		b.WriteString(explain.Fold("    ", line))
	}
	for _, n := range o.Notes {
		b.WriteString(explain.Fold("! ", n))
	}
	return clean(b.String())
}

func (o originJSON) onDisk() string {
	switch o.State {
	case stateSame:
		return "as the templates give it"
	case stateDiffers:
		return "not as the templates give it"
	case stateMissing:
		return "not there"
	case stateSecret:
		return "not compared, since it holds secrets that only this project has"
	}
	return o.State
}

// causes are lines of one answer each, with the values that were tried.
func (o originJSON) causes() (lines []string) {
	for i := 0; i < len(o.Answers); {
		c := o.Answers[i]
		byEffect := map[string][]string{}
		for ; i < len(o.Answers) && o.Answers[i].Key == c.Key; i++ {
			byEffect[o.Answers[i].Effect] = append(byEffect[o.Answers[i].Effect], o.Answers[i].Other)
		}
		var parts []string
		for _, effect := range []string{plan.Changes, plan.Appears, plan.Vanishes} {
			if others := byEffect[effect]; len(others) > 0 {
				parts = append(parts, "it "+effect+" with "+strings.Join(others, ", "))
			}
		}
		lines = append(lines, fmt.Sprintf("%s: %s; %s", c.Key, shown(c.Value), strings.Join(parts, ", ")))
	}
	return lines
}

// shown is a value as people read it in a line.
func shown(value string) string {
	if value == "" {
		return "nothing given"
	}
	return value
}
