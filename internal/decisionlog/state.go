package decisionlog

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// The states that a record of any tool can have; Unknown is none of them.
const (
	draft      = "draft"
	rejected   = "rejected"
	deprecated = "deprecated"
	Superseded = "superseded"
	Unknown    = "unknown"
)

// States are the known ones: those of MADR and log4brains.
var States = []string{draft, Proposed, Accepted, rejected, deprecated, Superseded}

// state is a status as a record says it.
type state struct {
	word   string // one of States, or Unknown
	text   string // as it stands there
	number int    // of the record that supersedes; -1 if none is named
	file   string // the link to it; empty if there is none
	label  string // the link's text
	line   int    // where it stands
	given  bool   // there is a status
}

var (
	// adr-tools spells it superceded.
	superseded = pattern(`(?i)^super[sc]eded(?:[ \t]+by:?[ \t]+(.+))?$`)
	reference  = pattern(`(?i)^(?:adr[- ]?)?#?(\d{1,9})\b`)
)

// parseState reads a status to the letter: a text that merely begins with a known
// word is unknown, as nobody may be told that a thing is decided when it is not.
func parseState(text string, line int) state {
	s := state{word: Unknown, text: text, number: -1, line: line, given: text != ""}
	text = strings.Trim(text, "*_ \t.")
	if word := strings.ToLower(text); slices.Contains(States, word) {
		s.word = word
		return s
	}
	m := superseded().FindStringSubmatch(text)
	if m == nil {
		return s
	}
	s.word = Superseded
	target := m[1]
	if links := findLinks(target); len(links) > 0 {
		s.file, s.label = links[0].file(), links[0].text
		target = s.file
	}
	if m := reference().FindStringSubmatch(target); m != nil {
		s.number, _ = strconv.Atoi(m[1]) // at most nine digits
	}
	return s
}

// frontState and listState are what the two halves of a madr record say.
func (p *page) frontState() state {
	f, ok := p.front.field("status")
	if !ok {
		return parseState("", 0)
	}
	return parseState(f.text(), f.line)
}

func (p *page) listState() state {
	f, ok := p.facts["status"]
	if !ok {
		t, _ := p.title()
		return parseState("", t.line)
	}
	return parseState(f.text, f.line)
}

// state is the status that holds: of the front matter, else of the list; of
// nygard's section a line that says superseded wins, as adr-tools adds it below.
func (p *page) state() state {
	if p.format == Nygard {
		return p.sectionState()
	}
	if s := p.frontState(); s.given || p.front.end > 0 {
		return s
	}
	return p.listState()
}

func (p *page) sectionState() state {
	from, to, _ := p.section("status")
	first := parseState("", max(0, from-1))
	for i := from; i < to; i++ {
		if p.quiet[i] || p.blank(i) {
			continue
		}
		s := parseState(strings.TrimSpace(p.line(i)), i)
		if s.word == Superseded {
			return s
		}
		if !first.given {
			first = s
		}
	}
	return first
}

// date is the record's date as text, and its line.
func (p *page) date() (string, int) {
	if f, ok := p.front.field("date"); ok {
		return f.text(), f.line
	}
	if f, ok := p.facts["date"]; ok {
		return f.text, f.line
	}
	t, _ := p.title()
	return "", t.line
}

func isISO(date string) bool {
	_, err := time.Parse(time.DateOnly, date)
	return err == nil
}

// deciders are the people named, free text; "not recorded" is nobody.
func (p *page) deciders() []string {
	if f, ok := p.front.field("decision-makers", "deciders"); ok && f.text() != "" {
		return f.texts
	}
	return people(p.listDeciders().text)
}

func (p *page) listDeciders() fact {
	for _, key := range []string{"deciders", "decision-makers", "decision makers"} {
		if f, ok := p.facts[key]; ok {
			return f
		}
	}
	return fact{}
}

const nobody = "not recorded"

func people(text string) []string {
	text = plain(text)
	if text == "" || strings.EqualFold(text, nobody) {
		return nil
	}
	return strings.Split(text, ", ")
}

var escaped = pattern(`\\([!-/:-@\[-` + "`" + `{-~])`)

// plain takes Markdown's escapes out of a text.
func plain(text string) string { return strings.TrimSpace(escaped().ReplaceAllString(text, "$1")) }
