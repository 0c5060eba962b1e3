// Package decisionlog knows the form of decision records and of the log that they
// make. Our own are Markdown in the MADR 4.0 layout (https://adr.github.io/madr/)
// with YAML front matter for machines and the same facts as a list under the title
// for readers that know no front matter.
//
// It also reads the logs of others (MADR 2 to 4, log4brains, adr-tools), holds them
// to the rules L01 to L18, and changes them: Read gives a Log, and what changes it
// (Add, SetStatus, Supersede, Reindex, Fix) gives the files to write, in which every
// byte but those that the change is about is as it was. The package is pure.
package decisionlog

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Where the records of a project are, relative to its root.
const (
	Dir         = "docs/adr"
	IndexPath   = Dir + "/README.md"
	PointerPath = ".adr-dir" // tells adr-tools and adrs the folder
	Pointer     = Dir + "\n" // content of PointerPath
)

// The states that a new record can have.
const (
	Proposed = "proposed"
	Accepted = "accepted"
)

// ReviewMonths is how long a decision stands before people look at it again, unless
// they said otherwise: three months, the default of the decision's specification.
const ReviewMonths = 3

// Record is one decision.
type Record struct {
	Number int    // from 1
	Slug   string // of the title, as in the file's name
	Title  string // Markdown text, without the #
	Status string // Proposed or Accepted
	Date   string // ISO 8601
	Body   []byte // the whole file
}

// Name is the file's name without its extension, which other records link to.
func (r Record) Name() string { return fmt.Sprintf("%04d-%s", r.Number, r.Slug) }

// Path is the file's path in the project.
func (r Record) Path() string { return Dir + "/" + r.Name() + ".md" }

// maxSlug is the longest slug in characters, so that file names stay short.
const maxSlug = 60

var notSlug = pattern(`[^a-z0-9]+`)

// Slug makes a file name of a title: ASCII letters, digits and single hyphens.
func Slug(title string) string {
	s := strings.Trim(notSlug().ReplaceAllString(strings.ToLower(title), "-"), "-")
	if len(s) > maxSlug {
		s = s[:maxSlug]
		if cut := strings.LastIndexByte(s, '-'); cut > 0 {
			s = s[:cut]
		}
	}
	return s
}

// Head is what the front matter and the list under the title both say.
type Head struct {
	Number   int
	Title    string // Markdown text
	Status   string
	Date     time.Time
	Deciders []string // free text
	Tags     []string // free text
	Months   int      // until people look at it again; 0 is ReviewMonths
}

func isoDate(t time.Time) string { return t.Format(time.DateOnly) }

// ReviewBy is the day on which people look at the decision again, ISO 8601.
func (h Head) ReviewBy() string {
	return isoDate(addMonths(h.Date, cmp.Or(h.Months, ReviewMonths)))
}

// addMonths stays in the month that is meant: three months after 30 November is
// the last day of February, where time.AddDate would give a day in March.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, n, 0)
	last := first.AddDate(0, 1, -1)
	return first.AddDate(0, 0, min(t.Day(), last.Day())-1)
}

// Markdown gives front matter, title and list. The blank line before the closing
// --- and the flow lists are there for log4brains, which reads a record as plain
// Markdown: without them it takes the front matter for a heading or for the list.
func (h Head) Markdown() string {
	deciders := escapeAll(h.Deciders)
	if len(deciders) == 0 {
		deciders = []string{nobody}
	}
	tags, tagList := "", ""
	if len(h.Tags) > 0 {
		tags = "tags: " + flowList(h.Tags) + "\n"
		tagList = "* Tags: " + strings.Join(escapeAll(h.Tags), ", ") + "\n"
	}
	return fmt.Sprintf(`---
number: %d
status: %s
date: %s
decision-makers: %s
%sreview-by: %s

---

# %s

* Status: %s
* Date: %s
* Deciders: %s
%s`, h.Number, h.Status, isoDate(h.Date), flowList(h.Deciders), tags, h.ReviewBy(),
		h.Title, h.Status, isoDate(h.Date), strings.Join(deciders, ", "), tagList)
}
