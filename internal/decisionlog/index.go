package decisionlog

import (
	"fmt"
	"strings"
)

// The index is rewritten between these two lines; what people write around them
// stays.
const (
	indexBegin = "<!-- decision records: begin -->"
	indexEnd   = "<!-- decision records: end -->"
)

// Index is the file at IndexPath for the records of a project, in their order.
func Index(records []Record) []byte {
	var b strings.Builder
	b.WriteString(`# Decision records

Why this project is the way it is: one record for each decision, with the options that were turned down.
A decision that changes gets a new record; the old one stays and points to it.

` + indexBegin + `

| Number | Title | Status | Date | Superseded by |
| --- | --- | --- | --- | --- |
`)
	for _, r := range records {
		fmt.Fprintf(&b, "| [%04d](%s.md) | %s | %s | %s | %s |\n", r.Number, r.Name(), r.Title, r.Status, r.Date, none)
	}
	b.WriteString("\n" + indexEnd + "\n")
	return []byte(b.String())
}
