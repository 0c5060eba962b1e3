// Package prompt puts the interview's questions to a person: in a terminal with
// lists to move through (NewTerminal), or as plain numbered lines for screen
// readers, dumb terminals and pipes (NewPlain). Only this package imports
// survey, which is archived; it serves the two kinds of list and nothing else.
package prompt

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/AlecAivazis/survey/v2/terminal"
	"golang.org/x/term"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
)

// IsTerminal tells whether a person can be at the other end of file.
func IsTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }

// maxColumns is the widest a line gets, even in a wider window.
const maxColumns = 80

// withoutPerson is the way to answer when no one is there to ask.
const withoutPerson = "answer with --answers FILE or --set key=value, or take the defaults with --defaults"

// stopped is the error of a cancelled ctx: its cause where the caller gave one
// to show, else what Ctrl-C gives.
func stopped(ctx context.Context) error {
	var cause *diag.Error
	if errors.As(context.Cause(ctx), &cause) {
		return cause
	}
	return interrupted()
}

func interrupted() error { return diag.New(diag.Interrupted, "", "interrupted") }

// ended is the error for a question that the end of the input leaves open.
func ended(q interview.Question) error {
	return diag.New(diag.Environment, withoutPerson, "the input ended at the question %q", q.Prompt)
}

// defaults gives the places in q.Options of its default answers.
func defaults(q interview.Question) []int {
	var places []int
	for i, option := range q.Options {
		if slices.Contains(q.Default, option.Key) {
			places = append(places, i)
		}
	}
	return places
}

// keys gives the option keys at places.
func keys(q interview.Question, places []int) []string {
	chosen := make([]string, len(places))
	for i, place := range places {
		chosen[i] = q.Options[place].Key
	}
	return chosen
}

// checkText takes a typed line for an answer to a Text question: a blank one
// means the default. The problem is a sentence for the person, or empty.
func checkText(q interview.Question, line string) (answer, problem string) {
	answer = strings.TrimSpace(line)
	if answer == "" {
		answer = strings.Join(q.Default, " ")
	}
	if q.Check == nil {
		return answer, ""
	}
	if err := q.Check(answer); err != nil {
		return "", strings.ReplaceAll(err.Error(), "\n  ", "; ")
	}
	return answer, ""
}

// atLeastOne is the problem of several options of which none is taken.
const atLeastOne = "Please choose at least one."

// help explains the question, with an example of an answer if there is one.
func help(q interview.Question) string {
	if q.Placeholder == "" {
		return q.Help
	}
	return strings.TrimSpace(q.Help + " For example: " + q.Placeholder)
}

// preset is the default of a Text question as it is shown: never that of a secret.
func preset(q interview.Question) string {
	if q.Secret {
		return "the default"
	}
	return strings.TrimSpace(printable(strings.Join(q.Default, " ")))
}

// lastLine ends a text of several lines.
const lastLine = "."

// lines reads a text line by line: one, or up to a lastLine where there may be several,
// unless the first is empty.
func lines(q interview.Question, read func() (string, error)) (string, error) {
	text, err := read()
	if !q.Multiline || err != nil || strings.TrimSpace(text) == "" {
		return text, err
	}
	all := []string{}
	for ; strings.TrimSpace(text) != lastLine; text, err = read() {
		if err != nil {
			return "", err
		}
		all = append(all, strings.TrimRight(text, " \t\r"))
	}
	return strings.Join(all, "\n"), nil
}

// emptyTaken tells whether a Text question without a default may stay empty.
func emptyTaken(q interview.Question) bool { return q.Check == nil || q.Check("") == nil }

// wrap breaks text between words into lines of at most columns characters; a
// word longer than that is broken too. Characters that do not print, which could
// steer a terminal, are left out. There is always at least one line.
func wrap(text string, columns int) []string {
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(printable(text)) {
		if used > 0 && used+1+terminal.StringWidth(word) <= columns {
			line, used = line+" ", used+1
		} else if used > 0 {
			lines = append(lines, line)
			line, used = "", 0
		}
		for _, r := range word {
			width := terminal.StringWidth(string(r))
			if used > 0 && used+width > columns {
				lines = append(lines, line)
				line, used = "", 0
			}
			line, used = line+string(r), used+width
		}
	}
	return append(lines, line)
}

// printable turns white space into blanks and drops what does not print:
// control characters, escape codes, marks of text direction.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsPrint(r):
			return r
		}
		return -1
	}, text)
}
