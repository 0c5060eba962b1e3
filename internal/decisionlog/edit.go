package decisionlog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
)

// The functions here give the file anew with one thing changed; every other byte
// stays as it is. They refuse, with kind InTheWay, what is written in a form that
// cannot be changed without guessing.

// with replaces the text of a line and keeps its end.
func (p *page) with(i int, text string) []byte {
	old := p.line(i)
	lines := slices.Clone(p.lines)
	lines[i] = strings.Replace(p.lines[i], old, text, 1)
	if old == "" {
		lines[i] = text + p.lines[i]
	}
	return []byte(strings.Join(lines, ""))
}

// insert puts lines before the line at.
func (p *page) insert(at int, texts ...string) []byte {
	var b strings.Builder
	for _, l := range p.lines[:at] {
		b.WriteString(l)
	}
	if at > 0 && !strings.HasSuffix(p.lines[at-1], "\n") {
		b.WriteString(p.eol)
	}
	for _, t := range texts {
		b.WriteString(t + p.eol)
	}
	for _, l := range p.lines[at:] {
		b.WriteString(l)
	}
	return []byte(b.String())
}

// replace takes the lines from..to out and puts others in their place.
func (p *page) replace(from, to int, texts ...string) []byte {
	q := *p
	q.lines = slices.Concat(p.lines[:from], p.lines[to:])
	return q.insert(from, texts...)
}

func (p *page) refuse(line int, what string) error {
	var l diag.List
	l.Add(diag.Pos{File: p.name, Line: line + 1, Col: 1}, "write it on one line first", "%s goes over several lines, and is not changed for you", what)
	return l.Err(diag.InTheWay)
}

var (
	yamlQuoted = pattern(`^([^:]*:[ \t]*)(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|\[[^\]]*\]|\{[^{}]*\})([ \t]*(?:#.*)?)$`)
	yamlPlain  = pattern(`^([^:]*:)(?:[ \t]+[^#].*?)??([ \t]*|[ \t]+#.*)$`)
)

// setFront writes a value of the front matter, which is YAML already; a key that
// is not there yet comes last, number first.
func (p *page) setFront(key, value string) ([]byte, error) {
	f, ok := p.front.fields[key]
	if !ok {
		at := p.front.end - 1
		for at > 1 && p.blank(at-1) {
			at--
		}
		if key == "number" {
			at = 1
		}
		return p.insert(at, key+": "+value), nil
	}
	text := p.line(f.line)
	m := yamlQuoted().FindStringSubmatch(text)
	_, now, _ := strings.Cut(text, ":")
	if now = strings.TrimSpace(now); m == nil && (now == "" || !strings.Contains(`"'[{|>&`, now[:1])) {
		m = yamlPlain().FindStringSubmatch(text)
	}
	next := f.line + 1
	goesOn := next < p.front.end-1 && (strings.HasPrefix(p.line(next), " ") || strings.HasPrefix(p.line(next), "\t")) && !p.blank(next)
	if m == nil || goesOn || f.block {
		return nil, p.refuse(f.line, key)
	}
	return p.with(f.line, strings.TrimRight(m[1], " \t")+" "+value+m[2]), nil
}

// setFact writes an entry of the list under the title; Markdown.
func (p *page) setFact(f fact, value string) ([]byte, error) {
	if f.more {
		return nil, p.refuse(f.line, "the entry of the list")
	}
	text := p.line(f.line)
	if m := item().FindStringSubmatchIndex(text); m != nil {
		return p.with(f.line, keepSpace(text[:m[4]])+value), nil
	}
	key, _, _ := strings.Cut(text, ":")
	return p.with(f.line, key+": "+value), nil
}

func keepSpace(prefix string) string {
	if strings.HasSuffix(prefix, ":") || strings.HasSuffix(prefix, "*") {
		return prefix + " "
	}
	return prefix
}

// setState writes the status: front is its text in the front matter, list the one
// in the list (Markdown), or in nygard's section.
func (p *page) setState(front, list string) ([]byte, error) {
	if p.format == Nygard {
		return p.setSection(list), nil
	}
	src, done := []byte(nil), false
	if p.front.end > 0 {
		if p.front.fault != nil {
			return nil, &diag.Error{Kind: diag.InTheWay, Findings: []diag.Finding{{
				Pos: diag.Pos{File: p.name, Line: p.front.fault.Pos.Line, Col: 1}, Text: p.front.fault.Text, Hint: "mend it first"}}}
		}
		var err error
		if src, err = p.setFront("status", front); err != nil {
			return nil, err
		}
		p, done = read(p.name, src), true
	}
	if f, ok := p.facts["status"]; ok {
		return p.setFact(f, list)
	}
	if !done {
		t, _ := p.title()
		var l diag.List
		l.Add(diag.Pos{File: p.name, Line: t.line + 1, Col: 1}, "add front matter with status:, or a list under the title with * Status:", "the record has no place for a status")
		return nil, l.Err(diag.InTheWay)
	}
	return src, nil
}

// setSection replaces the line with the state in nygard's Status section.
func (p *page) setSection(text string) []byte {
	from, _, _ := p.section("status")
	if s := p.sectionState(); s.given {
		return p.with(s.line, text)
	}
	return p.insert(from, "", text)
}

// addBackLink says in a record that it supersedes another.
func (p *page) addBackLink(old *Entry) []byte {
	if p.format == Nygard {
		from, to, _ := p.section("status")
		for to > from && p.blank(to-1) {
			to--
		}
		return p.insert(to, "", fmt.Sprintf("Supercedes [%s](%s)", old.heading(), old.File))
	}
	line := "* Supersedes [" + old.slug() + "](" + old.File + ")"
	from, to, ok := p.section("more information", "links")
	if !ok {
		end := len(p.lines)
		for end > 0 && p.blank(end-1) {
			end--
		}
		return p.replace(end, len(p.lines), "", "## More Information", "", line)
	}
	at := from
	for at < to && p.blank(at) {
		at++
	}
	if at < to && bullet().MatchString(p.line(at)) {
		return p.insert(at, p.line(at)[:1]+line[1:])
	}
	if at < to && at == from {
		return p.insert(at, "", line, "")
	}
	if at == to { // an empty section
		return p.replace(from, to, append([]string{"", line}, map[bool][]string{true: {""}}[to < len(p.lines)]...)...)
	}
	return p.insert(at, line, "")
}

// heading is the title with its number, as adr-tools writes it into links.
func (e *Entry) heading() string {
	t, _ := e.page.title()
	return t.text
}

// retarget rewrites the links to a record that has another name now.
func (p *page) retarget(rename map[string]*moved) []byte {
	var b strings.Builder
	for i, raw := range p.lines {
		line := p.line(i)
		links := findLinks(line)
		if i < p.front.end || p.quiet[i] || len(links) == 0 {
			b.WriteString(raw)
			continue
		}
		var out strings.Builder
		at := 0
		for _, l := range links {
			m := rename[l.file()]
			if m == nil {
				continue
			}
			out.WriteString(line[at:l.begin] + "[" + m.label(l.text) + "](")
			out.WriteString(line[l.begin+len(l.text)+3 : l.targetAt]) // "<" or nothing
			out.WriteString(strings.Replace(l.target, m.from, m.to, 1))
			at = l.targetTo
		}
		out.WriteString(line[at:])
		b.WriteString(strings.Replace(raw, line, out.String(), 1))
	}
	return []byte(b.String())
}

// moved is a record that gets another number, and so another name.
type moved struct {
	from, to string // file names
	number   int
	title    string // with the new number, where it had one; else as it is
}

// label is the text of a link to the record: a whole slug, or nygard's heading
// with the number, follow; words of a person stay.
func (m *moved) label(text string) string {
	old := strings.TrimSuffix(m.from, ".md")
	switch {
	case text == old:
		return strings.TrimSuffix(m.to, ".md")
	case text == m.from:
		return m.to
	case numbered().MatchString(text) && strings.HasSuffix(m.title, numbered().FindStringSubmatch(text)[2]):
		return m.title
	}
	if k := reference().FindStringSubmatchIndex(text); k != nil && k[1] == len(text) {
		return text[:k[2]] + fmt.Sprintf("%0*d", k[3]-k[2], m.number)
	}
	return text
}
