package decisionlog

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
)

// The index is rewritten between these two lines; what people write around them
// stays.
const (
	indexBegin = "<!-- decision records: begin -->"
	indexEnd   = "<!-- decision records: end -->"
)

// Files of the folder that are no records.
const (
	indexName    = "README.md"
	templateName = "template.md"
)

const indexHeading = `# Decision records

Why this project is the way it is: one record for each decision, with the options that were turned down.
A decision that changes gets a new record; the old one stays and points to it.

`

// row is a line of the index.
type row struct {
	number                    int
	file, title, status, date string
	by                        string // Markdown
}

// Index is the file at IndexPath for the records of a new project, in their order.
func Index(records []Record) []byte {
	var rows []row
	for _, r := range records {
		rows = append(rows, row{r.Number, r.Name() + ".md", r.Title, r.Status, r.Date, none})
	}
	return []byte(indexHeading + block(rows, "\n"))
}

// block is the part of the index that is rewritten, with its markers.
func block(rows []row, eol string) string {
	var b strings.Builder
	b.WriteString(indexBegin + `

| Number | Title | Status | Date | Superseded by |
| --- | --- | --- | --- | --- |
`)
	for _, r := range rows {
		fmt.Fprintf(&b, "| [%04d](%s) | %s | %s | %s | %s |\n", r.number, r.file, cell(r.title), cell(r.status), cell(r.date), r.by)
	}
	b.WriteString("\n" + indexEnd + "\n")
	return strings.ReplaceAll(b.String(), "\n", eol)
}

var bar = pattern(`(^|[^\\])\|`)

// cell keeps a text of a record, which is Markdown already, within its cell.
func cell(text string) string {
	if text == "" {
		return none
	}
	for strings.Contains(text, "|") { // "||" takes two rounds
		next := bar().ReplaceAllString(text, `$1\|`)
		if next == text {
			break
		}
		text = next
	}
	return text
}

// rows are the records that the index shows: all that have a number.
func (l *Log) rows() (rows []row) {
	for _, e := range l.Entries {
		if e.Number < 0 {
			continue
		}
		r := row{e.Number, e.File, e.Title, e.Status, e.Date, none}
		if !isISO(r.date) {
			r.date = ""
		}
		if next := l.successorOf(e); next != nil {
			r.by = fmt.Sprintf("[%04d](%s)", next.Number, next.File)
		}
		rows = append(rows, r)
	}
	return rows
}

// successorOf is the record that supersedes e; nil if none is named or it is not there.
func (l *Log) successorOf(e *Entry) *Entry {
	s := e.page.state()
	for _, file := range []string{s.file, e.page.listState().file} {
		if next := l.byFile[file]; next != nil {
			return next
		}
	}
	if s.number < 0 {
		return nil
	}
	next, err := l.Entry(s.number)
	if err != nil {
		return nil
	}
	return next
}

// IndexByHand tells that there is a README.md without the markers of an index: it
// is somebody's own page, which only Reindex adds to; so is one that
// cannot be read.
func (l *Log) IndexByHand() bool {
	src, ok := l.files[indexName]
	return l.noIndex || ok && !bytes.Contains(src, []byte(indexBegin))
}

// indexPage is README.md with the index of today.
func (l *Log) indexPage() ([]byte, error) {
	src, ok := l.files[indexName]
	if l.noIndex {
		return nil, diag.New(diag.InTheWay, "make it a text file, or move it away", "%s cannot be read", l.path(indexName))
	}
	if !ok {
		return []byte(indexHeading + block(l.rows(), "\n")), nil
	}
	page := string(src)
	eol := "\n"
	if strings.Contains(page, "\r\n") {
		eol = "\r\n"
	}
	fresh := block(l.rows(), eol)
	begins, ends := strings.Count(page, indexBegin), strings.Count(page, indexEnd)
	from, to := strings.Index(page, indexBegin), strings.Index(page, indexEnd)
	switch {
	case begins == 0 && ends == 0:
		gap := eol
		if page == "" {
			gap = ""
		} else if !strings.HasSuffix(page, "\n") {
			gap = eol + eol
		}
		return []byte(page + gap + fresh), nil
	case begins != 1 || ends != 1 || to < from:
		var d diag.List
		at := 1 + strings.Count(page[:max(0, min(max(from, 0), max(to, 0)))], "\n")
		d.Add(diag.Pos{File: l.path(indexName), Line: at, Col: 1}, "keep one line "+indexBegin+" and below it one line "+indexEnd, "the markers of the index are not one pair")
		return nil, d.Err(diag.InTheWay)
	}
	return []byte(page[:from] + strings.TrimSuffix(fresh, eol) + page[to+len(indexEnd):]), nil
}
