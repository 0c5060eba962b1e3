package decisionlog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// body is L10 to L13.
func (l *linter) body(e *Entry) {
	p := e.page
	if e.Format == Nygard {
		for _, s := range []string{"status", "context", "decision", "consequences"} {
			l.section(e, s)
		}
	} else {
		l.section(e, "context and problem statement", "context")
		l.section(e, "considered options")
		l.section(e, "decision outcome")
	}
	open := l.placeholders(e)
	l.scores(e)
	options, outline := p.options()
	if !outline || open {
		return // what is not filled in yet cannot be judged
	}
	chosen := l.choice(e, options)
	l.arguments(e, options, chosen)
}

// section is L10 for one section, which has one of these names in lower case.
func (l *linter) section(e *Entry, names ...string) {
	p := e.page
	from, to, ok := p.section(names...)
	title := strings.ToUpper(names[0][:1]) + names[0][1:]
	if !ok {
		t, _ := p.title()
		l.add("L10", Error, e, t.line, "add ## "+title, "the section %q is missing", title)
		return
	}
	for i := from; i < to; i++ {
		if !p.blank(i) && !strings.HasPrefix(strings.TrimSpace(p.line(i)), "<!--") {
			return
		}
	}
	l.add("L10", Error, e, from-1, "say it in a sentence or two", "the section %q is empty", title)
}

// A placeholder is what templates leave to be filled in, {title of option 1}: in
// braces, more than one word or several choices, and not a piece of code.
var placeholder = pattern(`\{[A-Za-z][^{}:;=]*[ |][^{}:;=]*\}`)

// placeholders names what a template left to be filled in, once for each section.
// It belongs to L10: such a section says nothing yet. While nothing is decided
// that is no error.
func (l *linter) placeholders(e *Entry) (open bool) {
	p := e.page
	severity := Error
	if e.Status == Proposed || e.Status == draft {
		severity = Warning
	}
	first, line, more, head := "", 0, 0, 0
	report := func() {
		switch {
		case first == "":
			return
		case more > 0:
			first += fmt.Sprintf(" and %d more below it are", more)
		default:
			first += " is"
		}
		l.add("L10", severity, e, line, "fill it in, or take the line out", "%s still to be filled in", first)
		first, more, open = "", 0, true
	}
	for i := p.front.end; i < len(p.lines); i++ {
		for head < len(p.heads) && p.heads[head].line <= i {
			if p.heads[head].level <= 2 {
				report()
			}
			head++
		}
		for _, found := range p.blanks(i) {
			if first == "" {
				first, line = found, i
			} else {
				more++
			}
		}
	}
	report()
	return open
}

// blanks are the placeholders in a line.
func (p *page) blanks(i int) (list []string) {
	text := p.line(i)
	if p.quiet[i] || !strings.Contains(text, "{") {
		return nil
	}
	code := codeSpans(text)
	for _, m := range placeholder().FindAllStringIndex(text, -1) {
		if code == nil || !code[m[0]] {
			list = append(list, text[m[0]:m[1]])
		}
	}
	return list
}

// options are the considered ones; outline tells that the record has the section.
func (p *page) options() (list []fact, outline bool) {
	from, to, ok := p.section("considered options")
	return p.bullets(from, to), ok
}

var (
	inBrackets = pattern(`\[((?:[^\[\]\\]|\\.)*)\](?:\([^()]*\)|\[[^\[\]]*\])?`)
	chosenForm = pattern(`(?i)chosen option:?\**:?\s*(.*)$`)
	quoted     = pattern(`^["“”']+(.+?)["“”']+(?:[\s,.;:]|$)`)
	wordEnd    = pattern(`^[\s,.;:(–—-]`)
)

// bare is an option without links, emphasis and quotes, to compare it.
func bare(text string) string {
	text = inBrackets().ReplaceAllString(text, "$1")
	return strings.ToLower(strings.Join(strings.Fields(plain(strings.NewReplacer("**", "", "__", "", "`", "").Replace(text))), " "))
}

// means tells whether a name stands for an option: the whole, or its beginning.
func means(option, name string) bool { return begins(bare(option), name) }

func begins(option, name string) bool {
	rest, ok := strings.CutPrefix(option, name)
	return ok && name != "" && (rest == "" || wordEnd().MatchString(rest))
}

// choice is L11; it gives the index of the chosen option, -1 if there is none.
func (l *linter) choice(e *Entry, options []fact) int {
	p := e.page
	if len(options) < 2 {
		from, _, _ := p.section("considered options")
		l.add("L11", Error, e, from-1, "list what was turned down, too", "there are %d options: a choice needs two", len(options))
	}
	from, to, ok := p.section("decision outcome")
	for i := from; ok && i < to; i++ {
		m := chosenForm().FindStringSubmatch(p.line(i))
		if m == nil || p.quiet[i] {
			continue
		}
		name := chosenName(strings.TrimLeft(m[1], "*_ "))
		for at, o := range options {
			if means(o.text, name) {
				return at
			}
		}
		l.add("L11", Error, e, i, "write the option as in Considered Options", "the chosen option %q is not among the considered ones", name)
		return -1
	}
	if ok {
		severity := Warning
		if e.Status == Accepted || e.Status == Superseded || e.Status == deprecated {
			severity = Error
		}
		l.add("L11", severity, e, from-1, `write: Chosen option: "NAME", because ...`, "no chosen option is named")
	}
	return -1
}

// chosenName is the name in front of the reason.
func chosenName(text string) string {
	text = inBrackets().ReplaceAllString(text, "$1")
	if m := quoted().FindStringSubmatch(text); m != nil {
		return bare(m[1])
	}
	text, _, _ = strings.Cut(text, ", because")
	text, _, _ = strings.Cut(text, " because ")
	return strings.Trim(bare(text), ` .,;:"'`)
}

// arguments is L12.
func (l *linter) arguments(e *Entry, options []fact, chosen int) {
	p := e.page
	from, to, ok := p.section("pros and cons of the options")
	if !ok {
		return
	}
	outlines := p.outlines(from, to)
	for at, o := range options[:min(len(options), maxOptions)] {
		line, good, bad := argued(outlines, bare(o.text))
		switch {
		case line < 0:
			l.add("L12", Error, e, o.line, "add ### with its name and its arguments", "the option %q has no pros and cons", o.text)
		case at == chosen && !bad:
			l.add("L12", Error, e, line, "add * Bad, because ...", "the chosen option has nothing bad: what was accepted with it?")
		case at != chosen && !good:
			l.add("L12", Error, e, line, "add * Good, because ...", "the option has nothing good: what speaks for it?")
		}
	}
}

// maxOptions are looked at; comparing more names with all headings could take minutes.
const maxOptions = 100

// outlined is the part about one option.
type outlined struct {
	line      int
	name      string
	good, bad bool // there is such an argument
}

func (p *page) outlines(from, to int) (list []outlined) {
	for i, h := range p.heads {
		if h.line < from || h.line >= to || h.level != 3 {
			continue
		}
		o := outlined{line: h.line, name: bare(h.text)}
		for _, b := range p.bullets(h.line+1, min(to, p.endOf(i))) {
			word := strings.ToLower(strings.TrimLeft(b.text, "*_"))
			o.good = o.good || strings.HasPrefix(word, "good")
			o.bad = o.bad || strings.HasPrefix(word, "bad")
		}
		list = append(list, o)
	}
	return list
}

// argued finds the pros and cons of an option; line is -1 if there are none.
func argued(list []outlined, option string) (line int, good, bad bool) {
	for _, o := range list {
		if begins(option, o.name) || begins(o.name, option) {
			return o.line, o.good, o.bad
		}
	}
	return -1, false, false
}

// scores is L13: in a table of the context that ends in a row of totals, the whole
// numbers of each column add up to it.
func (l *linter) scores(e *Entry) {
	p := e.page
	from, to, _ := p.section("context and problem statement", "context")
	sums := map[int]int{}
	for i := from; i < to; i++ {
		cells := p.row(i)
		if cells == nil {
			sums = map[int]int{}
			continue
		}
		total := strings.EqualFold(bare(cells[0]), "total")
		for c := 1; c < len(cells); c++ {
			n, err := strconv.Atoi(bare(cells[c]))
			switch {
			case err != nil:
			case !total:
				sums[c] += n
			case n != sums[c]:
				l.add("L13", Error, e, i, "correct the row or the total", "column %d adds up to %d, the total says %d", c+1, sums[c], n)
			}
		}
	}
}

var cellEnd = pattern(`\\.|\|`)

// row gives the cells of a table's line, nil for any other line.
func (p *page) row(i int) []string {
	text := strings.TrimSpace(p.line(i))
	if p.quiet[i] || !strings.HasPrefix(text, "|") {
		return nil
	}
	var cells []string
	at := 1
	for _, m := range cellEnd().FindAllStringIndex(text, -1) {
		if m[0] > 0 && text[m[0]] == '|' {
			cells = append(cells, text[at:m[0]])
			at = m[1]
		}
	}
	if rest := text[min(at, len(text)):]; strings.TrimSpace(rest) != "" || len(cells) == 0 {
		cells = append(cells, rest)
	}
	return slices.Clip(cells)
}
