package decisionlog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/markdown"
)

// Draft is what is known of a record before it is written.
type Draft struct {
	Title      string // free text
	Status     string // one of States but Superseded; empty: Proposed
	Format     string // Madr, Nygard, or empty: as the log has it
	Date       time.Time
	Deciders   []string // free text
	Template   []byte   // Markdown; nil: the log's template.md, else a built-in one
	Supersedes []int    // numbers
}

// lastNumber is the highest that names of four digits can have.
const lastNumber = 9999

// Add writes a new record with the next number, and gives its path. In a
// repository without a log it makes the folder, with .adr-dir and the index.
func (l *Log) Add(d Draft) (path string, changes []Change, err error) {
	d.Status = cmp.Or(strings.ToLower(d.Status), Proposed)
	if !slices.Contains(States, d.Status) {
		return "", nil, unknownState(d.Status)
	}
	if d.Status == Superseded {
		return "", nil, diag.New(diag.Usage, "", "a new record supersedes others; it is not superseded itself")
	}
	slug := Slug(d.Title)
	if slug == "" {
		return "", nil, diag.New(diag.Usage, "say the decision in a few words: Store data in SQLite", "the title %q has no letters a to z or digits for a file name", d.Title)
	}
	number := l.next()
	if number > lastNumber {
		return "", nil, diag.New(diag.InTheWay, "begin another log with --dir", "the numbers of %s end at %d", l.Dir, lastNumber)
	}
	r := Record{Number: number, Slug: slug}
	n := l.change(map[string][]byte{r.Name() + ".md": l.write(d, number)})
	for _, old := range d.Supersedes {
		if n, err = n.supersede(old, number); err != nil {
			return "", nil, err
		}
	}
	if d.Status == Accepted {
		if e, err := n.Entry(number); err == nil && e.Format == Madr && len(e.Deciders) == 0 {
			return "", nil, diag.New(diag.Usage, "set git's user.name, or take --status proposed", "an accepted record needs decision-makers, and git knows no name for you")
		}
	}
	changes = n.finish()
	if !l.found && !l.pointer {
		changes = append(changes, Change{Path: PointerPath, New: []byte(l.Dir + "\n")})
	}
	return l.path(r.Name() + ".md"), changes, nil
}

// next is the highest number plus one.
func (l *Log) next() int {
	if len(l.Entries) == 0 {
		return 1
	}
	return max(0, l.Entries[len(l.Entries)-1].Number) + 1
}

// format is the one that the log's records have; madr where there are both.
func (l *Log) format() string {
	nygard := l.pointer
	for _, e := range l.Entries {
		if e.Format == Madr && e.fault == "" {
			return Madr
		}
		nygard = true
	}
	if nygard {
		return Nygard
	}
	return Madr
}

// write gives the text of a new record.
func (l *Log) write(d Draft, number int) []byte {
	template := d.Template
	if own, ok := l.files[templateName]; ok && template == nil && d.Format == "" {
		template = own
	}
	title := markdown.Escape(d.Title)
	if template != nil {
		return fill(template, d, number, title)
	}
	if cmp.Or(d.Format, l.format()) == Nygard {
		return nygardPage(d, number, title)
	}
	h := Head{Number: number, Title: title, Status: d.Status, Date: d.Date, Deciders: d.Deciders}
	return []byte(h.Markdown() + madrBody)
}

// madrBody is what a new record asks for; lint names what is left in braces.
const madrBody = `
## Context and Problem Statement

{what makes a decision necessary, in two or three sentences}

## Decision Drivers

* {a force or a wish that bears on the choice}

## Considered Options

* {name of option 1}
* {name of option 2}

## Decision Outcome

Chosen option: "{name of option 1}", because {the reason}.

### Consequences

* Good, because {what gets better}
* Bad, because {what gets worse}

### Confirmation

{what would show that the decision is kept, or that it was wrong}

## Pros and Cons of the Options

### {name of option 1}

* Good, because {an argument}
* Bad, because {an argument}

### {name of option 2}

* Good, because {an argument}
* Bad, because {an argument}
`

// nygardPage has the layout that adr-tools reads.
func nygardPage(d Draft, number int, title string) []byte {
	status := strings.ToUpper(d.Status[:1]) + d.Status[1:]
	return fmt.Appendf(nil, `# %d. %s

Date: %s

## Status

%s

## Context

{what makes a decision necessary, in two or three sentences}

## Decision

{what we do, in full sentences}

## Consequences

{what gets better, what gets worse, and what has to be done}
`, number, title, isoDate(d.Date), status)
}

// filler is a template that is being filled.
type filler struct{ *page }

// take goes on with a changed page; what cannot be changed is left to the person,
// and lint names it.
func (f *filler) take(src []byte, err error) {
	if err == nil {
		f.page = read(templateName, src)
	}
}

// fill puts what is known into a template: adr-tools' words in capitals, else the
// title, front matter and list that it has. Nothing else of it changes.
func fill(template []byte, d Draft, number int, title string) []byte {
	f := &filler{read(templateName, template)}
	word := d.Status
	if f.format == Nygard {
		word = strings.ToUpper(word[:1]) + word[1:]
	}
	if t, _ := f.title(); strings.Contains(t.text, "NUMBER") {
		words := strings.NewReplacer("NUMBER", fmt.Sprint(number), "TITLE", title, "DATE", isoDate(d.Date), "STATUS", word)
		return []byte(words.Replace(string(template)))
	}
	f.fillTitle(number, title)
	f.take(f.setState(d.Status, word))
	f.fillFront(d, number)
	if date, ok := f.facts["date"]; ok {
		f.take(f.setFact(date, isoDate(d.Date)))
	}
	if who := f.listDeciders(); who.line > 0 {
		f.take(f.setFact(who, cmp.Or(strings.Join(escapeAll(d.Deciders), ", "), nobody)))
	}
	return []byte(strings.Join(f.lines, ""))
}

func (f *filler) fillTitle(number int, title string) {
	t, ok := f.title()
	if numbered().MatchString(t.text) || f.format == Nygard {
		title = fmt.Sprintf("%d. %s", number, title)
	}
	switch {
	case !ok:
		f.take(f.insert(f.front.end, "# "+title, ""), nil)
	case atx().MatchString(f.line(t.line)):
		f.take(f.with(t.line, "# "+title), nil)
	default:
		f.take(f.with(t.line, title), nil)
	}
}

// fillFront fills the front matter that a template has; number is added, as adrs
// passes over records without it.
func (f *filler) fillFront(d Draft, number int) {
	if f.front.end == 0 {
		return
	}
	who := flowList(d.Deciders)
	for _, v := range [][2]string{
		{"number", fmt.Sprint(number)}, {"date", isoDate(d.Date)}, {"review-by", Head{Date: d.Date}.ReviewBy()}, {"decision-makers", who}, {"deciders", who},
	} {
		if _, ok := f.front.fields[v[0]]; ok || v[0] == "number" {
			f.take(f.setFront(v[0], v[1]))
		}
	}
}
