package decisionlog

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// How grave a finding is.
const (
	Error   = "error"
	Warning = "warning"
)

// Finding is something that is wrong with a log, by one of the rules L01 to L18.
type Finding struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"` // Error or Warning
	File     string `json:"file"`     // path in the repository
	Line     int    `json:"line"`     // from 1
	Text     string `json:"text"`
	Hint     string `json:"hint,omitempty"`
}

// linter gathers the findings of a log.
type linter struct {
	*Log
	today    string // ISO 8601
	findings []Finding
	resolved map[string]bool // paths that were looked up
}

// add records a finding; line counts from 0, as in a page.
func (l *linter) add(rule, severity string, e *Entry, line int, hint, format string, args ...any) {
	l.findings = append(l.findings, Finding{rule, severity, l.path(e.File), line + 1, fmt.Sprintf(format, args...), hint})
}

// Lint holds the log to the rules, and gives what it finds by file and line.
// today decides which reviews are due.
func (l *Log) Lint(today time.Time) []Finding {
	r := &linter{Log: l, today: isoDate(today), findings: []Finding{}, resolved: map[string]bool{}}
	r.numbers()
	for _, e := range l.Entries {
		r.name(e)
		if e.fault != "" {
			r.add("L18", Error, e, 0, "make it a Markdown file of at most 1 MiB", "the record cannot be read, so its status is unknown: %s", e.fault)
			continue
		}
		r.head(e)
		r.body(e)
		r.links(e)
	}
	slices.SortStableFunc(r.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Rule, b.Rule))
	})
	return r.findings
}

var goodName = pattern(`^\d{4}-[A-Za-z0-9]+(-[A-Za-z0-9]+)*\.md$`)

// name is L01. Backstage sees only names with four digits and a hyphen.
func (l *linter) name(e *Entry) {
	switch {
	case !goodName().MatchString(e.File):
		l.add("L01", Error, e, 0, "rename it to NNNN-slug.md: four digits, then ASCII letters, digits and single hyphens", "tools will miss a record with this name")
	case len(e.slug()) > len("0000-")+maxSlug:
		l.add("L01", Warning, e, 0, "shorten it", "the name has more than %d characters behind the number", maxSlug)
	}
}

// numbers is L02, unique numbers, and L03, no gaps.
func (l *linter) numbers() {
	var last *Entry
	for _, e := range l.Entries {
		switch {
		case e.Number < 0:
			continue
		case last == nil && e.Number > 1:
			l.gap(e, 1)
		case last != nil && e.Number > last.Number+1:
			l.gap(e, last.Number+1)
		}
		last = e
	}
	for _, group := range l.duplicates() {
		for _, e := range group[1:] {
			l.add("L02", Error, e, 0, "stackinit adr lint --fix gives it the next free number", "the number %04d belongs to %s, too", e.Number, group[0].File)
		}
	}
}

func (l *linter) gap(e *Entry, from int) {
	missing := fmt.Sprintf("%04d is", from)
	if to := e.Number - 1; to > from {
		missing = fmt.Sprintf("%04d to %04d are", from, to)
	}
	l.add("L03", Warning, e, 0, "keep records of decisions that were turned down, too", "%s missing before it", missing)
}

// duplicates gives the records that share a number, the one that keeps it first:
// that of the earliest date, then of the first name. A record without a date is
// the later one.
func (l *Log) duplicates() (groups [][]*Entry) {
	for from := 0; from < len(l.Entries); {
		to := from + 1
		for to < len(l.Entries) && l.Entries[to].Number == l.Entries[from].Number {
			to++
		}
		if to-from > 1 && l.Entries[from].Number >= 0 {
			group := slices.Clone(l.Entries[from:to])
			slices.SortStableFunc(group, func(a, b *Entry) int {
				return cmp.Or(cmp.Compare(sortDate(a), sortDate(b)), cmp.Compare(a.File, b.File))
			})
			groups = append(groups, group)
		}
		from = to
	}
	return groups
}

func sortDate(e *Entry) string {
	if isISO(e.Date) {
		return e.Date
	}
	return "9999-99-99"
}
