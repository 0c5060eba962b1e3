package adr

import (
	"strings"

	"github.com/stackinit/stackinit/internal/recommend"
)

// page is a record while it is written.
type page struct {
	text  strings.Builder
	level int // of the last heading
}

// line writes a line of the page.
func (p *page) line(texts ...string) {
	for _, t := range texts {
		p.text.WriteString(t)
	}
	p.text.WriteByte('\n')
}

// heading writes a heading with one blank line on each side.
func (p *page) heading(level int, text string) {
	p.level = level
	if !strings.HasSuffix(p.text.String(), "\n\n") {
		p.line()
	}
	p.line(strings.Repeat("#", level), " ", text)
	p.line()
}

// option writes the arguments for and against an option below the part's heading.
func (p *page) option(level int, name string, good, neutral, bad []argument) {
	p.heading(level, name)
	p.arguments("Good", good)
	p.arguments("Neutral", neutral)
	p.arguments("Bad", bad)
}

func (p *page) arguments(word string, list []argument) {
	for _, g := range list {
		p.line("* ", word, ", because ", g.before, g.text, g.cites, ".")
	}
}

// opening says what the project is and asks about its backend: before and after are
// the words around it.
func (w *writer) opening(before, after string) {
	title, description := oneLine(w.s.Title), oneLine(w.s.Description)
	switch {
	case title == "":
		w.line(before, " the backend ", after)
	case description == "":
		w.line(before, " the backend of ", escape(title), " ", after)
	default:
		w.line(escape(title), ": ", sentence(escape(description)))
		w.line(before, " its backend ", after)
	}
}

// subject is the project in a sentence.
func (w *writer) subject() string {
	if t := escape(w.s.Title); t != "" {
		return t
	}
	return "this project"
}

// took says who decided otherwise than the criteria.
func (w *writer) took() string {
	if names := escapeAll(w.s.Deciders); len(names) > 0 {
		return and(names) + " took it"
	}
	return "it was taken"
}

// checks writes the commands that would show the choice to be wrong.
func (w *writer) checks() {
	if len(w.s.Confirm) == 0 {
		w.line("Nothing in the project checks this choice yet.")
	}
	for _, cmd := range w.s.Confirm {
		w.line("* ", code(cmd.Run), " ", sentence(escape(cmd.Shows)))
	}
}

// link is a record as others refer to it: the whole slug is the text, because
// log4brains takes it for the key.
func link(name string) string { return "[" + name + "](" + name + ".md)" }

// said is an answer as a clause.
func (w *writer) said(g recommend.Given) string {
	q, _ := w.c.Question(g.Question)
	if g.Option == recommend.NotSure {
		return `"` + escape(q.Prompt) + `" is still open`
	}
	o, _ := q.Option(g.Option)
	return newAnswer(q, o, 0, 0).says
}
