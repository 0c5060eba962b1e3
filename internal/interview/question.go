// Package interview is the conversation that leads to a project: questions as
// data, the answers with where each came from, and one engine that decides what
// is asked next. It knows no terminal; a face that puts a question to a person
// implements Asker.
package interview

import (
	"slices"

	"github.com/stackinit/stackinit/internal/diag"
)

// Kind is the form of an answer.
type Kind int

// The forms.
const (
	Single Kind = iota // one option
	Multi              // any number of options, none included
	Text               // one line of free text, may be empty
)

// Question is one thing to ask.
type Question struct {
	Key     string
	Kind    Kind
	Prompt  string   // one line, ends in a question mark
	Help    string   // one line, shown with the question; may be empty
	Options []Option // of Single and Multi
	// Default is what a bare Enter takes. A Single question without a default
	// must be answered: a face refuses the bare Enter and asks again.
	Default []string
	Denied  map[string]string       // options that a pack's policy took away, with the pack's name
	Check   func(text string) error // of Text; nil accepts everything
	// When says which answers the question depends on: it is asked if every key
	// has one of the values, and has its default otherwise.
	When map[string][]string
	// Quiet says that nobody is asked by itself: the question stands on the review
	// screen, in flags and in files. Without an answer it stays without one.
	Quiet bool

	// The rest is of the questions that template packs bring; Settle goes by it.
	At              diag.Pos // where the pack asks it
	Type            Type     // what templates get
	WhenTemplate    string   // renders to true if the question is asked; empty for always
	DefaultTemplate string   // renders to the default; empty if Default is it
	Placeholder     string   // an example of an answer; may be empty
	Limits                   // of Text, as the pack writes them; Check holds answers to them
	Multiline       bool     // of Text: it may have several lines
	Secret          bool     // of Text: not shown, and written nowhere but into files of secrets
	Name            bool     // of Text: its pattern lets only letters, digits, _, . and - through
}

// Limits are what a text or a number has to keep to.
type Limits struct {
	Required bool   `json:"required,omitempty"` // an empty answer is none
	Match    string `json:"match,omitempty"`    // a pattern
	Min      string `json:"min,omitempty"`
	Max      string `json:"max,omitempty"`
}

// Type is what templates get for an answer.
type Type int

// The types.
const (
	Str Type = iota
	Int
	Float
	Bool
)

// Option is one answer to choose; Key is what files and flags say.
type Option struct{ Key, Label string }

// Asker puts questions to a person. Its methods return an error of kind
// diag.Interrupted on Ctrl-C, and of kind diag.Environment when the terminal
// or its input is gone.
type Asker interface {
	// Ask puts one question and returns the chosen option keys (exactly one for
	// Single) or the one text.
	Ask(q Question) ([]string, error)
	// Show prints a screen between questions: lines of at most 80 columns.
	Show(text string) error
}

// Others gives other answers than the one given, for a look at what depends on it:
// every other option; of several, each one taken away or added; of a text, another
// word that the question takes.
func (q Question) Others(given []string) (all [][]string) {
	switch q.Kind {
	case Text:
		for _, text := range []string{"another", "Another <another@example.org>", q.Placeholder, "1", "2", "3"} {
			if others := []string{text}; q.fault(others) == "" && !slices.Equal(others, given) {
				return [][]string{others}
			}
		}
	case Multi:
		for _, o := range q.Options {
			if i := slices.Index(given, o.Key); i >= 0 {
				all = append(all, slices.Delete(slices.Clone(given), i, i+1))
			} else {
				all = append(all, append(slices.Clone(given), o.Key))
			}
		}
	default:
		for _, o := range q.Options {
			if !slices.Contains(given, o.Key) {
				all = append(all, []string{o.Key})
			}
		}
	}
	return all
}
