package prompt

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/AlecAivazis/survey/v2"
	"github.com/AlecAivazis/survey/v2/core"
	"github.com/AlecAivazis/survey/v2/terminal"
	"golang.org/x/term"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
)

// The look of survey's two lists. Message holds everything above the options,
// and an answered question leaves nothing behind: the face prints its own line.
const (
	selectTemplate = `
{{- define "option"}}
{{- if eq .SelectedIndex .CurrentIndex}}{{color "cyan+b"}}> {{else}}  {{end}}{{.CurrentOpt.Value}}{{color "reset"}}
{{end}}
{{- if not .ShowAnswer}}{{.Message}}{{.FilterMessage}}
{{range $i, $option := .PageEntries}}{{template "option" $.IterateOption $i $option}}{{else}}  (nothing matches: Backspace)
{{end}}{{end}}`

	multiSelectTemplate = `
{{- define "option"}}
{{- if eq .SelectedIndex .CurrentIndex}}{{color "cyan+b"}}> {{else}}  {{end}}
{{- if index .Checked .CurrentOpt.Index}}[x]{{else}}[ ]{{end}} {{.CurrentOpt.Value}}{{color "reset"}}
{{end}}
{{- if not .ShowAnswer}}{{.Message}}
{{range $i, $option := .PageEntries}}{{template "option" $.IterateOption $i $option}}{{end}}{{end}}`
)

// setLook gives survey that look, once: it keeps it in variables of its package.
var setLook = sync.OnceFunc(func() {
	survey.SelectQuestionTemplate = selectTemplate
	survey.MultiSelectQuestionTemplate = multiSelectTemplate
	core.DisableColor = os.Getenv("NO_COLOR") != ""
})

// maxPage is the most options on the screen at once.
const maxPage = 15

// terminalFace is the Asker with lists to move through.
type terminalFace struct {
	keys   *keyboard
	out    *os.File
	colour bool
}

// NewTerminal gives the face for a terminal: in must be one, and out the same.
// Ask returns soon after ctx has ended, with the terminal as it was before. It
// then gives the ctx's cause if that is a *diag.Error (so that a signal can
// choose its kind), else an error of kind diag.Interrupted, as for Ctrl-C.
//
// Lists are survey's. A line of text is read by x/term, because survey's Input
// eats the line above as soon as an answer is wider than the window, and hangs
// where a terminal does not tell its cursor's position.
func NewTerminal(ctx context.Context, in, out *os.File) interview.Asker {
	setLook()
	return &terminalFace{
		keys:   &keyboard{input: input{ctx: ctx, from: in}, file: in},
		out:    out,
		colour: !core.DisableColor,
	}
}

// Show implements interview.Asker.
func (f *terminalFace) Show(text string) error { return show(f.out, text) }

// Ask implements interview.Asker.
func (f *terminalFace) Ask(q interview.Question) ([]string, error) {
	// Keys must not echo from the moment the question is on the screen, so the
	// mode is set before survey does it, which is after the first drawing.
	mode := terminal.NewRuneReader(f.stdio())
	if err := mode.SetTermMode(); err != nil {
		return nil, diag.New(diag.Environment, withoutPerson, "cannot ask in this terminal: %w", err)
	}
	defer func() { _ = mode.RestoreTermMode() }() // fails only if the terminal is gone, which the next use tells
	answer, shown, err := f.ask(q)
	if err == nil {
		_, err = io.WriteString(terminal.NewAnsiStdout(f.out), f.answered(q, shown))
	}
	if err != nil {
		return nil, f.failure(q, err)
	}
	return answer, nil
}

// ask gives the answer, and how to show it.
func (f *terminalFace) ask(q interview.Question) (answer []string, shown string, err error) {
	if q.Kind == interview.Text {
		text, err := f.askText(q)
		if shown = text; q.Secret && text != "" {
			shown = "(not shown)"
		}
		return []string{text}, shown, err
	}
	var places []int
	if q.Kind == interview.Single {
		places, err = f.askSingle(q)
	} else {
		places, err = f.askMulti(q)
	}
	labels := make([]string, len(places))
	for i, place := range places {
		labels[i] = q.Options[place].Label
	}
	return keys(q, places), strings.Join(labels, ", "), err
}

// failure makes err one of the errors that interview.Asker promises.
func (f *terminalFace) failure(q interview.Question, err error) error {
	var known *diag.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, terminal.InterruptErr): // Windows, where survey reads the keys itself
		return interrupted()
	case errors.Is(err, io.EOF):
		return ended(q)
	}
	return diag.New(diag.Environment, withoutPerson, "the terminal is gone: %w", err)
}

// askSingle asks for one option. Without a default the list begins with a row
// that is none, so that a bare Enter chooses nothing.
func (f *terminalFace) askSingle(q interview.Question) ([]int, error) {
	labels := f.labels(q)
	start, offset := 0, 0
	if preset := defaults(q); len(preset) > 0 {
		start = preset[0]
	} else {
		labels, offset = append([]string{"(choose one)"}, labels...), 1
	}
	for problem := ""; ; problem = "Please choose one." {
		head := f.head(q, problem, "[arrows move, typing filters, Enter takes it]")
		list := &survey.Select{
			Message: head, Options: labels, Default: start, PageSize: f.pageSize(head, len(labels)),
			Filter: func(filter, label string, i int) bool {
				return i >= offset && strings.Contains(strings.ToLower(label), strings.ToLower(filter))
			},
		}
		var place int
		if err := survey.AskOne(list, &place, f.options()...); err != nil {
			return nil, err
		}
		if place >= offset {
			return []int{place - offset}, nil
		}
	}
}

// askMulti asks for any number of options.
func (f *terminalFace) askMulti(q interview.Question) ([]int, error) {
	for problem := ""; ; problem = atLeastOne {
		head := f.head(q, problem, "[arrows move, space ticks, Enter goes on]")
		list := &survey.MultiSelect{
			Message: head, Options: f.labels(q), Default: defaults(q), PageSize: f.pageSize(head, len(q.Options)),
			// No filter: survey fails when the space key follows one that leaves nothing.
			Filter: func(string, string, int) bool { return true },
		}
		places := []int{}
		err := survey.AskOne(list, &places, f.options()...)
		if err != nil || len(places) > 0 || !q.Required {
			return places, err
		}
	}
}

// askText asks for a line of text, or for several.
func (f *terminalFace) askText(q interview.Question) (string, error) {
	const mark = "> "
	line := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{f.keys, terminal.NewAnsiStdout(f.out)}, mark)
	width, height := f.size()
	if err := line.SetSize(width, height); err != nil {
		return "", err
	}
	for problem := ""; ; {
		head := f.head(q, problem, textHint(q))
		if _, err := io.WriteString(terminal.NewAnsiStdout(f.out), head+"\n"); err != nil {
			return "", err
		}
		rows := 1 + strings.Count(head, "\n")
		typed, err := lines(q, func() (string, error) {
			if q.Secret {
				rows++
				return line.ReadPassword(mark)
			}
			typed, err := line.ReadLine()
			rows += 1 + terminal.StringWidth(mark+typed)/width
			return typed, err
		})
		if err != nil {
			_, _ = io.WriteString(f.out, "\n") // what is said next begins a line
			return "", err
		}
		f.erase(rows)
		var answer string
		if answer, problem = checkText(q, typed); problem == "" {
			return answer, nil
		}
	}
}

// textHint says what the keys do while a text is typed.
func textHint(q interview.Question) string {
	var hints []string
	if q.Secret {
		hints = append(hints, "typing is not shown")
	}
	if q.Multiline {
		hints = append(hints, "several lines, a "+lastLine+" alone ends them")
	}
	if len(q.Default) > 0 {
		hints = append(hints, "Enter takes: "+preset(q))
	} else if emptyTaken(q) {
		hints = append(hints, "Enter leaves it empty")
	}
	if len(hints) == 0 {
		return ""
	}
	return "[" + strings.Join(hints, "; ") + "]"
}

func (f *terminalFace) stdio() terminal.Stdio {
	return terminal.Stdio{In: f.keys, Out: f.out, Err: f.out}
}

func (f *terminalFace) options() []survey.AskOpt {
	return []survey.AskOpt{
		survey.WithStdio(f.keys, f.out, f.out),
		survey.WithRemoveSelectAll(), survey.WithRemoveSelectNone(), // one stray arrow would tick everything
	}
}
