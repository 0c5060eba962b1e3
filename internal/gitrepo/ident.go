package gitrepo

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stackinit/stackinit/internal/diag"
)

// Ident is who made a commit. The zero Ident is nobody.
type Ident struct{ Name, Email string }

// String gives "Name <mail>".
func (i Ident) String() string { return i.Name + " <" + i.Email + ">" }

// at is the identity as a commit and the reflog record it.
func (i Ident) at(when time.Time) string {
	return fmt.Sprintf("%s %d %s", i, when.Unix(), when.Format("-0700"))
}

var identForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\s*([^<>]*[^<>\s])\s*<\s*([^<>\s]+)\s*>\s*$`) })

// ParseIdent reads "Name <mail>". Its error is of kind Usage and starts with
// field, the name of the flag or setting that holds the text.
func ParseIdent(field, text string) (Ident, error) {
	m := identForm().FindStringSubmatch(text)
	if m != nil && utf8.ValidString(text) && strings.IndexFunc(text, notPrintable) < 0 {
		if id := newIdent(m[1], m[2]); id != (Ident{}) {
			return id, nil
		}
	}
	return Ident{}, diag.New(diag.Usage, `write it like "Ada Lovelace <ada@example.com>"`, "%s: %q is no name with an e-mail address", field, text)
}

func notPrintable(r rune) bool { return !unicode.IsPrint(r) }

// newIdent cleans name and email as git does before it writes them into a
// commit: nothing that would break the line, no punctuation around. It is nobody
// if either is then empty.
func newIdent(name, email string) Ident {
	id := Ident{Name: withoutCrud(name), Email: withoutCrud(email)}
	if id.Name == "" || id.Email == "" {
		return Ident{}
	}
	return id
}

// withoutCrud removes what git calls crud (strbuf_addstr_without_crud in its
// ident.c): at both ends white space, control characters and . , : ; < > " \ ',
// and within the text line ends and angle brackets.
func withoutCrud(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' || strings.ContainsRune(`.,:;<>"\'`, r) })
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("\n<>", r) {
			return -1
		}
		return r
	}, s)
}
