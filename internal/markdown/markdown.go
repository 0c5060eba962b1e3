// Package markdown writes free text into Markdown so that it stays text.
package markdown

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// special characters begin emphasis, code, links, HTML, mathematics (GitHub),
// strike-through, mail links or a new table cell.
const special = "\\`*_[]<|$~@"

// A link is what GitHub turns into one by itself, an entity becomes a character.
// Few texts need the patterns, so they are compiled when one does.
var (
	link   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)(\bwww|\bhttps?|\bftp)([.:])`) })
	entity = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`&(#?\w+;)`) })
)

// Escape gives Markdown of one line that shows the text as it is: no emphasis,
// link, HTML, heading, list or table cell comes of it.
func Escape(text string) string {
	text = OneLine(text)
	var b strings.Builder
	b.WriteString(text[:listMark(text)])
	for i, r := range text[listMark(text):] {
		if i == 0 && strings.ContainsRune("-+=#>.)", r) || strings.ContainsRune(special, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	s := b.String()
	if strings.Contains(s, "&") {
		s = entity().ReplaceAllString(s, `\&$1`)
	}
	if strings.Contains(s, ":") || strings.Contains(strings.ToLower(s), "www.") {
		s = link().ReplaceAllString(s, `$1\$2`)
	}
	return s
}

// listMark is how many digits in front of a text would number a list, up to the
// sign that makes them do so; none if there is no such sign.
func listMark(text string) int {
	rest := strings.TrimLeft(text, "0123456789")
	if n := len(text) - len(rest); n > 0 && rest != "" && (rest[0] == '.' || rest[0] == ')') {
		return n
	}
	return 0
}

// OneLine joins the words of a text by single spaces: line ends and invisible
// characters would change the structure of the page around it.
func OneLine(text string) string {
	visible := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "�"))
	return strings.Join(strings.Fields(visible), " ")
}
