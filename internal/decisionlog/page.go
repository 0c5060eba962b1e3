package decisionlog

import (
	"strings"
)

// The formats of records. A record without marks of either is read as Madr.
const (
	Madr   = "madr"   // MADR 2 to 4: front matter, a list under the title, or both
	Nygard = "nygard" // as adr-tools writes it: "# 1. Title", Date:, ## Status
)

// page is the text of one record by its lines, each with the line end that it has
// in the file, so that a change touches nothing but the line it is about.
type page struct {
	name   string
	lines  []string
	eol    string // of the first line
	format string
	front  front
	quiet  []bool // lines of code blocks and comments
	heads  []heading
	facts  map[string]fact // the list under the title, or nygard's Date; keys in lower case
}

// heading is a line that begins a section.
type heading struct {
	line, level int
	text        string
}

// fact is an entry of the list under the title.
type fact struct {
	line int
	text string // Markdown
	more bool   // it goes on in the next line
}

// read gives the page of a file; it never fails, what is missing is missing.
func read(name string, src []byte) *page {
	p := &page{name: name, eol: "\n", facts: map[string]fact{}}
	p.lines = strings.SplitAfter(string(src), "\n")
	if last := len(p.lines) - 1; p.lines[last] == "" {
		p.lines = p.lines[:last]
	}
	if len(p.lines) > 0 && strings.HasSuffix(p.lines[0], "\r\n") {
		p.eol = "\r\n"
	}
	p.front = p.readFront()
	p.markQuiet()
	p.findHeads()
	p.findFacts()
	p.format = p.findFormat()
	return p
}

// line is a line without its end.
func (p *page) line(i int) string {
	s := strings.TrimSuffix(strings.TrimSuffix(p.lines[i], "\n"), "\r")
	if i == 0 {
		s = strings.TrimPrefix(s, "\ufeff")
	}
	return s
}

func (p *page) blank(i int) bool { return strings.TrimSpace(p.line(i)) == "" }

var fence = pattern("^ {0,3}(```+|~~~+)")

// markQuiet finds the lines whose Markdown means nothing.
func (p *page) markQuiet() {
	p.quiet = make([]bool, len(p.lines))
	open, comment := "", false
	for i := p.front.end; i < len(p.lines); i++ {
		text := p.line(i)
		mark := fence().FindStringSubmatch(text)
		switch {
		case comment:
			p.quiet[i] = true
			comment = !strings.Contains(text, "-->")
		case open != "":
			p.quiet[i] = true
			if mark != nil && strings.HasPrefix(mark[1], open) {
				open = ""
			}
		case mark != nil:
			p.quiet[i], open = true, mark[1]
		default:
			_, after, begins := cutLast(text, "<!--")
			comment = begins && !strings.Contains(after, "-->")
			p.quiet[i] = strings.HasPrefix(strings.TrimSpace(text), "<!--") && (comment || strings.HasSuffix(strings.TrimSpace(text), "-->"))
		}
	}
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

var (
	atx     = pattern(`^ {0,3}(#{1,6})(?:[ \t]+(.*))?$`)
	atxEnd  = pattern(`[ \t]+#+$`)
	setext  = pattern(`^ {0,3}=+[ \t]*$`)
	comment = pattern(`<!--.*?-->`)
)

func (p *page) findHeads() {
	for i := p.front.end; i < len(p.lines); i++ {
		if p.quiet[i] {
			continue
		}
		if m := atx().FindStringSubmatch(p.line(i)); m != nil {
			text := atxEnd().ReplaceAllString(strings.TrimSpace(comment().ReplaceAllString(m[2], "")), "")
			p.heads = append(p.heads, heading{i, len(m[1]), strings.TrimSpace(text)})
		} else if i > p.front.end && setext().MatchString(p.line(i)) && !p.blank(i-1) && !p.quiet[i-1] {
			p.heads = append(p.heads, heading{i - 1, 1, strings.TrimSpace(p.line(i - 1))})
		}
	}
}

// title is the first heading of level 1.
func (p *page) title() (heading, bool) {
	for _, h := range p.heads {
		if h.level == 1 {
			return h, true
		}
	}
	return heading{line: p.front.end}, false
}

var item = pattern(`^ {0,3}[*+-][ \t]+\**([\pL][\pL -]*?)\**:\**[ \t]*(.*)$`)

// plainFact is a line of nygard's form, which has no list.
var plainFact = pattern(`^(Date|Deciders|Tags|Review by):(.*)$`)

// findFacts reads the list between the title and the next heading or text.
func (p *page) findFacts() {
	t, ok := p.title()
	if !ok {
		return
	}
	last := ""
	for i := t.line + 1; i < len(p.lines); i++ {
		text := p.line(i)
		switch m := item().FindStringSubmatch(text); {
		case i == t.line+1 && setext().MatchString(text), p.quiet[i]:
		case m != nil:
			last = strings.ToLower(m[1])
			if _, twice := p.facts[last]; !twice {
				p.facts[last] = fact{line: i, text: strings.TrimSpace(m[2])}
			}
		case p.blank(i):
		case plainFact().MatchString(text):
			m := plainFact().FindStringSubmatch(text)
			if key := strings.ToLower(m[1]); p.facts[key].text == "" {
				p.facts[key] = fact{line: i, text: strings.TrimSpace(m[2])}
			}
		case last != "" && strings.HasPrefix(text, "  ") && !p.blank(i-1):
			f := p.facts[last]
			f.text, f.more = f.text+" "+strings.TrimSpace(text), true
			p.facts[last] = f
		default:
			return
		}
	}
}

var numbered = pattern(`^(\d{1,9})\.[ \t]+(.*)$`)

func (p *page) findFormat() string {
	_, listed := p.facts["status"]
	_, _, state := p.section("status")
	_, _, decision := p.section("decision")
	t, _ := p.title()
	switch {
	case p.front.end > 0 || listed:
		return Madr
	case state && (decision || numbered().MatchString(t.text)):
		return Nygard
	case state:
		return Nygard
	}
	return Madr
}

// section gives the lines below a heading of level 2, given in lower case, up to
// the next one of that level or higher.
func (p *page) section(names ...string) (from, to int, ok bool) {
	for i, h := range p.heads {
		for _, name := range names {
			if h.level == 2 && strings.ToLower(h.text) == name {
				return h.line + 1, p.endOf(i), true
			}
		}
	}
	return 0, 0, false
}

// endOf is the first line behind the section that the i-th heading begins.
func (p *page) endOf(i int) int {
	for _, h := range p.heads[i+1:] {
		if h.level <= p.heads[i].level {
			return h.line
		}
	}
	return len(p.lines)
}

var bullet = pattern(`^[*+-][ \t]+(.*)$`)

// bullets gives the members of the top-level lists in some lines.
func (p *page) bullets(from, to int) (list []fact) {
	for i := from; i < to; i++ {
		if m := bullet().FindStringSubmatch(p.line(i)); m != nil && !p.quiet[i] {
			list = append(list, fact{line: i, text: strings.TrimSpace(m[1])})
		}
	}
	return list
}
