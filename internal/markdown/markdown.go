// Package markdown writes free text into Markdown so that it stays text.
package markdown

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// patterns are compiled at the first use: most runs of the program need none.
var patterns = sync.OnceValue(func() (p struct{ inline, entity, autolink, start *regexp.Regexp }) {
	// Characters that begin emphasis, code, links, HTML, mathematics (GitHub),
	// strike-through, mail links or a new table cell.
	p.inline = regexp.MustCompile("[\\\\`*_\\[\\]<|$~@]")
	p.entity = regexp.MustCompile(`&(#?\w+;)`)
	// What GitHub turns into a link by itself.
	p.autolink = regexp.MustCompile(`(?i)(\bwww|\bhttps?|\bftp)([.:])`)
	// What begins a heading, a quotation or a list in front of a text.
	p.start = regexp.MustCompile(`^([-+=#>]|\d+[.)])`)
	return p
})

// Escape gives Markdown of one line that shows the text as it is: no emphasis,
// link, HTML, heading, list or table cell comes of it.
func Escape(text string) string {
	p := patterns()
	s := p.inline.ReplaceAllString(OneLine(text), `\$0`)
	s = p.entity.ReplaceAllString(s, `\&$1`)
	s = p.autolink.ReplaceAllString(s, `$1\$2`)
	return p.start.ReplaceAllStringFunc(s, func(m string) string { return m[:len(m)-1] + `\` + m[len(m)-1:] })
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
