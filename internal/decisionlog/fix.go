package decisionlog

import (
	"fmt"
	"slices"
	"strings"
)

// Fix mends what needs no judgement, and says what it did, a line each: numbers that
// two records took, numbers that differ from the name, the form of the front
// matter, facts that only one half of a record says, links of superseded records
// that only one side has, and the index. What it cannot mend, Lint still finds.
func (l *Log) Fix() (changes []Change, done []string) {
	f := &fixer{Log: l.change(nil)}
	f.renumber()
	f.each("the number is that of the name", numberOf)
	f.each("lists of the front matter are on one line", flowLists)
	f.each("a blank line ends the front matter", blankLine)
	f.each("front matter and list say the same", f.oneSided)
	f.each("it links to the record that it supersedes", f.backSide)
	f.each("it says what supersedes it", f.olderSide)
	f.each("links to records have their whole name", f.linkTexts)
	changes = f.finish()
	if len(changes) == 1 && changes[0].Path == f.path(indexName) && changes[0].Old == nil {
		return nil, nil // a log without an index gets none for nothing
	}
	for _, c := range changes {
		if c.Path == f.path(indexName) {
			f.done = append(f.done, c.Path+": the index is up to date")
		}
	}
	return changes, f.done
}

type fixer struct {
	*Log
	done []string

	// What the records of olderOf and claimedOf say of each other, gathered once.
	older              map[*Entry][]*Entry
	claimed            map[string][]*Entry
	olderOf, claimedOf *Log
}

// each runs a step on every record until it changes nothing more; nil means that
// there is nothing to change. A step that would break the front matter does nothing.
func (f *fixer) each(what string, step func(*Entry) []byte) {
	const rounds = 8 // one for each fact that is said twice, and more
	todo := f.Entries
	for range rounds {
		changed := map[string][]byte{}
		for _, e := range todo {
			if e.fault != "" || e.page.front.fault != nil {
				continue
			}
			body := step(e)
			if body != nil && string(body) != string(f.files[e.File]) && read(e.File, body).front.fault == nil {
				changed[e.File] = body
			}
		}
		if len(changed) == 0 {
			return
		}
		f.Log = f.change(changed)
		todo = nil
		for _, e := range f.Entries {
			if changed[e.File] != nil {
				todo = append(todo, e)
				f.say(e.File, what)
			}
		}
	}
}

func (f *fixer) say(file, what string) {
	if text := f.path(file) + ": " + what; !slices.Contains(f.done, text) {
		f.done = append(f.done, text)
	}
}

// numberOf writes the number of the name, by which others link to a record, into
// front matter and numbered titles.
func numberOf(e *Entry) []byte {
	p := e.page
	if e.Number < 0 {
		return nil
	}
	number := fmt.Sprint(e.Number)
	if n, ok := p.front.field("number"); p.front.end > 0 && e.Format == Madr && (!ok || n.text() != number) {
		if src, err := p.setFront("number", number); err == nil {
			return src
		}
	}
	if t, ok := p.title(); ok {
		if m := numbered().FindStringSubmatch(t.text); m != nil && strings.TrimLeft(m[1], "0") != strings.TrimLeft(number, "0") {
			return p.with(t.line, strings.Replace(p.line(t.line), m[1]+".", number+".", 1))
		}
	}
	return nil
}

var blockItem = pattern(`^[ \t]*-[ \t]+[^#]*$`)

// flowLists puts the first list of the front matter that goes over several lines
// on one line.
func flowLists(e *Entry) []byte {
	p := e.page
	for _, f := range sortedFields(p.front) {
		if !f.block || f.odd {
			continue
		}
		to := f.line + 1
		for to < p.front.end-1 && blockItem().MatchString(p.line(to)) {
			to++
		}
		key, rest, _ := strings.Cut(p.line(f.line), ":")
		if to-f.line-1 == len(f.texts) && strings.TrimSpace(rest) == "" {
			return p.replace(f.line, to, key+": "+flowList(f.texts))
		}
	}
	return nil
}

func blankLine(e *Entry) []byte {
	if p := e.page; p.front.end > 0 && !p.blank(p.front.end-2) {
		return p.insert(p.front.end-1, "")
	}
	return nil
}

// oneSided copies a fact to the half of a madr record that does not say it. Where
// both say something, nobody but a person knows which is right.
func (f *fixer) oneSided(e *Entry) []byte {
	p := e.page
	if e.Format != Madr || p.front.end == 0 || len(p.facts) == 0 {
		return nil
	}
	for _, m := range p.mirrored() {
		var src []byte
		var err error
		if m.same() {
			continue
		}
		switch front, list := f.missing(e, m); {
		case front != "":
			src, err = p.setFront(m.key, front)
		case list != "" && m.fact.line > 0:
			src, err = p.setFact(m.fact, list)
		case list != "":
			src, err = p.appendFact(m.key, list)
		}
		if src != nil && err == nil {
			return src
		}
	}
	return nil
}

// missing gives the text that one half of the record lacks: YAML for the front
// matter, Markdown for the list.
func (f *fixer) missing(e *Entry, m mirror) (front, list string) {
	if m.key == "status" {
		a, b := parseState(m.front, 0), parseState(m.fact.text, 0)
		next := f.successorOf(e)
		switch {
		case (!a.given || a.word == Superseded && a.number < 0) && b.word == Superseded && b.number >= 0:
			return fmt.Sprintf("superseded by ADR-%04d", b.number), ""
		case (!b.given || b.word == Superseded && b.number < 0) && a.word == Superseded && next != nil:
			_, list = next.successor(Madr)
			return "", list
		case !a.given && b.word != Unknown && b.word != Superseded:
			return b.word, ""
		case !b.given && a.word != Unknown && a.word != Superseded:
			return "", a.word
		}
		return "", ""
	}
	switch {
	case m.front != "" && m.list != "":
		return "", ""
	case m.key == "date":
		if isISO(m.front + m.list) {
			return m.list, m.front
		}
		return "", ""
	case m.front == "":
		return flowList(strings.Split(m.list, ", ")), ""
	}
	return "", strings.Join(escapeAll(m.field.texts), ", ")
}

// appendFact adds an entry at the end of the list under the title.
func (p *page) appendFact(key, text string) ([]byte, error) {
	at := 0
	for _, f := range p.facts {
		at = max(at, f.line)
	}
	if !item().MatchString(p.line(at)) || at+1 < len(p.lines) && !p.blank(at+1) {
		return nil, p.refuse(at, "the list")
	}
	name := map[string]string{"status": "Status", "date": "Date", "tags": "Tags", "decision-makers": "Deciders"}[key]
	return p.insert(at+1, strings.TrimSpace(p.line(at))[:1]+" "+name+": "+text), nil
}

// backSide adds the link of a record to the one that it supersedes.
func (f *fixer) backSide(e *Entry) []byte {
	for _, old := range f.supersededBy()[e] {
		if !e.saysItSupersedes(old) {
			return e.page.addBackLink(old)
		}
	}
	return nil
}

// supersededBy gives the records that name a record as their successor.
func (f *fixer) supersededBy() map[*Entry][]*Entry {
	if f.older == nil || f.olderOf != f.Log {
		f.older, f.olderOf = map[*Entry][]*Entry{}, f.Log
		for _, old := range f.Entries {
			if next := f.successorOf(old); old.Status == Superseded && next != nil && next != old {
				f.older[next] = append(f.older[next], old)
			}
		}
	}
	return f.older
}

// olderSide gives a record the status superseded that one other record, and no
// second one, claims.
func (f *fixer) olderSide(e *Entry) []byte {
	if e.Status == Unknown || e.Status == Superseded {
		return nil
	}
	claims := f.claims()[e.File]
	if len(claims) != 1 || claims[0] == e {
		return nil
	}
	front, list := claims[0].successor(e.Format)
	src, err := e.page.setState(front, list)
	if err != nil {
		return nil
	}
	return src
}

// claims gives, for each file, the records that say they supersede it.
func (f *fixer) claims() map[string][]*Entry {
	if f.claimed == nil || f.claimedOf != f.Log {
		f.claimed, f.claimedOf = map[string][]*Entry{}, f.Log
		for _, e := range f.Entries {
			for _, b := range e.backLinks() {
				if list := f.claimed[b.file()]; !slices.Contains(list, e) {
					f.claimed[b.file()] = append(list, e)
				}
			}
		}
	}
	return f.claimed
}

// linkTexts writes the whole name into links between superseded records.
func (f *fixer) linkTexts(e *Entry) []byte {
	p := e.page
	if e.Format != Madr {
		return nil
	}
	if s := p.listState(); s.word == Superseded {
		next := f.byFile[s.file]
		if next == nil && s.number >= 0 {
			next = f.successorOf(e)
		}
		if next != nil && s.label != next.slug() && next.Number == s.number {
			_, list := next.successor(Madr)
			if src, err := p.setFact(p.facts["status"], list); err == nil {
				return src
			}
		}
	}
	for _, b := range e.backLinks() {
		if old := f.byFile[b.file()]; old != nil && b.text != old.slug() {
			line := p.line(b.line)
			return p.with(b.line, strings.Replace(line, "["+b.text+"](", "["+old.slug()+"](", 1))
		}
	}
	return nil
}
