package decisionlog

import (
	"slices"
	"strconv"
	"strings"
)

// head is L04 to L09, L14, L17 and L18.
func (l *linter) head(e *Entry) {
	l.number(e)
	l.title(e)
	l.status(e)
	l.date(e)
	if e.Format == Madr {
		l.mirror(e)
		l.frontForm(e)
	}
	if s := e.page.state(); s.word == Accepted && len(e.Deciders) == 0 {
		severity, hint := Error, "name those who agreed: decision-makers: [NAME]"
		if e.Format == Nygard { // the format has no place for them
			severity, hint = Warning, "write a line Deciders: NAME below the date"
		}
		l.add("L14", severity, e, s.line, hint, "the decision is accepted, and nobody is named who made it")
	}
}

// number is L04.
func (l *linter) number(e *Entry) {
	p := e.page
	if f, ok := p.front.field("number"); ok {
		if n, err := strconv.Atoi(f.text()); err != nil || n != e.Number {
			l.add("L04", Error, e, f.line, "write the number of the file's name", "number: is %q, the name says %d", f.text(), e.Number)
		}
	} else if e.Format == Madr && p.front.end > 0 && p.front.fault == nil && e.Number >= 0 {
		l.add("L04", Warning, e, 0, "stackinit adr lint --fix adds it", "there is no number: in the front matter, without which some tools pass over the record")
	}
	if t, ok := p.title(); ok {
		m := numbered().FindStringSubmatch(t.text)
		if m == nil && e.Format == Nygard {
			l.add("L04", Error, e, t.line, "begin the title with # "+strconv.Itoa(max(0, e.Number))+".", "the title has no number")
		} else if m != nil {
			if n, _ := strconv.Atoi(m[1]); n != e.Number { // at most nine digits
				l.add("L04", Error, e, t.line, "write the number of the file's name", "the title says %d, the name says %d", n, e.Number)
			}
		}
	}
}

// title is L05.
func (l *linter) title(e *Entry) {
	p := e.page
	var titles []heading
	for _, h := range p.heads {
		if h.level == 1 {
			titles = append(titles, h)
		}
	}
	if len(titles) == 0 {
		l.add("L05", Error, e, p.front.end, "write # and the decision in a few words", "the record has no title")
		return
	}
	first := p.front.end
	for first < len(p.lines) && (p.blank(first) || p.quiet[first]) {
		first++
	}
	if first < titles[0].line {
		l.add("L05", Error, e, first, "put the title first, below the front matter", "something stands before the title")
	}
	if titles[0].text == "" {
		l.add("L05", Error, e, titles[0].line, "write the decision in a few words", "the title is empty")
	}
	for _, h := range titles[1:] {
		l.add("L05", Error, e, h.line, "use ## for sections", "the record has a second title")
	}
}

// status is L06, a known status, and L18, that there is one.
func (l *linter) status(e *Entry) {
	p := e.page
	known := "one of: " + strings.Join(States, ", ") + "; superseded by ADR-NNNN"
	if fault := p.front.fault; fault != nil {
		l.add("L18", Error, e, max(0, fault.Pos.Line-1), "mend it", "%s, so the status is unknown", fault.Text)
		return
	}
	if e.Format == Madr && p.front.end == 0 {
		l.add("L18", Error, e, 0, "begin the file with front matter: --- number, status, date, decision-makers ---", "there is no front matter, where tools look for the status")
	}
	switch s := p.state(); {
	case !s.given:
		l.add("L18", Error, e, s.line, known, "the record has no status, and is neither accepted nor proposed")
	case s.word == Unknown:
		l.add("L06", Error, e, s.line, known, "the status %q is not known", s.text)
	}
	if s := p.listState(); e.Format == Madr && p.front.end > 0 && s.given && s.word == Unknown {
		l.add("L06", Error, e, s.line, known, "the status %q in the list is not known", s.text)
	}
}

// date is L07.
func (l *linter) date(e *Entry) {
	p := e.page
	date, line := p.date()
	if date == "" {
		l.add("L07", Error, e, line, "write it as 2026-11-23", "the record has no date")
	} else if !isISO(date) {
		l.add("L07", Error, e, line, "write it as 2026-11-23", "the date %q is none of ISO 8601", date)
	}
	if f, ok := p.facts["date"]; ok && f.line != line && !isISO(f.text) {
		l.add("L07", Error, e, f.line, "write it as 2026-11-23", "the date %q in the list is none of ISO 8601", f.text)
	}
	l.review(e)
}

// review is L17, and L07 for the day of the review.
func (l *linter) review(e *Entry) {
	day, line := e.page.reviewBy()
	open := slices.Contains([]string{draft, Proposed, Accepted}, e.Status)
	switch {
	case day == "":
	case !isISO(day):
		l.add("L07", Error, e, line, "write it as 2026-11-23", "the day of the review is %q, which is none of ISO 8601", day)
	case open && day < l.today:
		l.add("L17", Warning, e, line, "look at the decision again, then give it another day or supersede it", "the review was due on %s", day)
	}
}

// mirror is L08: what front matter and list both say must be the same.
func (l *linter) mirror(e *Entry) {
	p := e.page
	if p.front.end == 0 || p.front.fault != nil {
		return
	}
	if len(p.facts) == 0 {
		t, _ := p.title()
		l.add("L08", Warning, e, t.line, "add a list under the title: * Status: ..., * Date: ..., * Deciders: ...", "there is no list under the title, where log4brains looks for the status")
		return
	}
	for _, m := range p.mirrored() {
		if m.same() {
			continue
		}
		switch {
		case m.front == "":
			l.add("L08", Error, e, m.fact.line, "write both the same", "the list says %s %q, the front matter nothing", m.key, m.list)
		case m.list == "":
			l.add("L08", Error, e, m.field.line, "write both the same", "the front matter says %s %q, the list nothing", m.key, m.front)
		default:
			l.add("L08", Error, e, m.fact.line, "write both the same; stackinit adr status does", "the list says %s %q, the front matter %q", m.key, m.list, m.front)
		}
	}
}

// mirror is a fact that a madr record says twice.
type mirror struct {
	key         string // in the front matter
	front, list string // plain text; empty if it is not said
	field       field
	fact        fact
}

func (p *page) mirrored() (all []mirror) {
	add := func(key string, fd field, ft fact) {
		m := mirror{key: key, front: fd.text(), list: plain(ft.text), field: fd, fact: ft}
		if key == "decision-makers" && strings.EqualFold(m.list, nobody) {
			m.list = ""
		}
		all = append(all, m)
	}
	for _, key := range []string{"status", "date", "tags"} {
		add(key, p.front.fields[key], p.facts[key])
	}
	who, _ := p.front.field("decision-makers", "deciders")
	add("decision-makers", who, p.listDeciders())
	return all
}

// same compares texts; a superseded record names its successor in two ways.
func (m mirror) same() bool {
	if m.key == "status" {
		a, b := parseState(m.front, 0), parseState(m.fact.text, 0)
		if a.word != Unknown && a.word == b.word {
			return a.number == b.number
		}
	}
	return m.front == m.list
}

// frontForm is L09: without the blank line Markdown takes the front matter for a
// heading, and log4brains a block list in it for the list under the title.
func (l *linter) frontForm(e *Entry) {
	p := e.page
	if p.front.end == 0 {
		return
	}
	for _, f := range sortedFields(p.front) {
		if f.block {
			l.add("L09", Error, e, f.line, "write it on one line: [a, b]", "a list in the front matter goes over several lines")
		}
	}
	if !p.blank(p.front.end - 2) {
		l.add("L09", Error, e, p.front.end-1, "put a blank line before ---", "no blank line ends the front matter, so Markdown reads it as a heading")
	}
}

func sortedFields(f front) []field {
	var all []field
	for _, v := range f.fields {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b field) int { return a.line - b.line })
	return all
}
