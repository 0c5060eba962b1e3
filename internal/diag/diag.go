// Package diag is the one kind of error that stackinit shows to people: what is
// wrong, where, and what to do, with the kind that decides the exit code.
//
// Every room returns *Error for faults that a user, a pack or the machine can
// cause. Any other error that reaches the command line is a bug in stackinit.
package diag

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kind says whose fault an error is; the command line turns it into an exit code.
type Kind int

// The kinds, one for each exit code that is not success.
const (
	Bug         Kind = iota // a fault of stackinit itself
	Usage                   // bad input or wrong usage
	InTheWay                // something stands at the destination, or constraints conflict
	Refused                 // a pack is refused or not trusted
	Environment             // disk, permission, network, git, a broken stdout
	Findings                // findings left to the user
	Interrupted             // SIGINT or Ctrl-C
	Terminated              // SIGTERM
)

// Pos is a place in a file; Line and Col count from 1, and 0 means unknown.
type Pos struct {
	File      string `json:"file,omitempty"`
	Line, Col int    `json:"-"`
}

// String gives file:line:col as far as it is known.
func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Finding is one thing that is wrong.
type Finding struct {
	Pos  Pos
	Text string // what is wrong: one sentence without a full stop
	Hint string // what to do; may be empty
}

// String gives the finding on one line, and its hint on a second.
func (f Finding) String() string {
	s := f.Text
	if p := f.Pos.String(); p != "" {
		s = p + ": " + s
	}
	if f.Hint != "" {
		s += "\n  " + f.Hint
	}
	return s
}

// Error is one or more findings of one kind.
type Error struct {
	Kind     Kind
	Findings []Finding
	Cause    error // the error underneath, for errors.Is; may be nil
}

// New makes an error with one finding. hint may be empty.
func New(kind Kind, hint, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Findings: []Finding{{Text: err.Error(), Hint: hint}}, Cause: errors.Unwrap(err)}
}

// maxShown findings are printed in full; the rest are counted, so that a broken
// file cannot flood a terminal.
const maxShown = 20

// Error lists the findings, one below the other.
func (e *Error) Error() string {
	lines := make([]string, 0, len(e.Findings))
	for i, f := range e.Findings {
		if i == maxShown {
			lines = append(lines, fmt.Sprintf("… and %d more", len(e.Findings)-i))
			break
		}
		lines = append(lines, f.String())
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the error underneath.
func (e *Error) Unwrap() error { return e.Cause }

// List gathers findings; its zero value is ready to use.
type List struct{ findings []Finding }

// Add records a finding at pos. hint may be empty.
func (l *List) Add(pos Pos, hint, format string, args ...any) {
	l.findings = append(l.findings, Finding{Pos: pos, Text: fmt.Sprintf(format, args...), Hint: hint})
}

// Err gives all findings in the order of their places, or nil if there are none.
func (l *List) Err(kind Kind) error {
	if len(l.findings) == 0 {
		return nil
	}
	slices.SortStableFunc(l.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col))
	})
	return &Error{Kind: kind, Findings: l.findings}
}

// DidYouMean gives a hint that names the candidate nearest to got, or lists them
// all when none is nearest and there are few; otherwise it is empty.
func DidYouMean(got string, candidates []string) string {
	best, dist, tie := "", min(1+len(got)/3, 5, max(len(got)-1, 0)), false // a slip of the finger, not another word
	for _, c := range candidates {
		switch d := distance(got, c); {
		case d > dist:
		case best == "" || d < dist:
			best, dist, tie = c, d, false
		default:
			tie = true
		}
	}
	few := len(candidates) > 0 && len(candidates) <= 12
	switch {
	case best != "" && !(tie && few):
		return fmt.Sprintf("did you mean %q?", best)
	case few:
		return "one of: " + strings.Join(candidates, ", ")
	}
	return ""
}

// distance is the Levenshtein distance in bytes; long words are never near.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(row[j+1]+1, row[j]+1, cost)
		}
	}
	return row[len(b)]
}
