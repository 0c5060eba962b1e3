package decisionlog

import (
	"net/url"
	"path"
	"strings"
)

// link is [text](target) in a line.
type link struct {
	text, target       string
	begin, end         int // of the whole
	targetAt, targetTo int
}

var linkForm = pattern(`\[((?:[^\[\]\\]|\\.)*)\]\((<[^<>]*>|[^()\s<>]*)(?:[ \t]+"[^"]*")?\)`)

// findLinks gives the links of a line that are not in code.
func findLinks(line string) (list []link) {
	if !strings.Contains(line, "](") {
		return nil
	}
	code := codeSpans(line)
	for _, m := range linkForm().FindAllStringSubmatchIndex(line, -1) {
		if code != nil && code[m[0]] {
			continue
		}
		l := link{text: line[m[2]:m[3]], target: line[m[4]:m[5]], begin: m[0], end: m[1], targetAt: m[4], targetTo: m[5]}
		if strings.HasPrefix(l.target, "<") {
			l.target, l.targetAt, l.targetTo = l.target[1:len(l.target)-1], l.targetAt+1, l.targetTo-1
		}
		list = append(list, l)
	}
	return list
}

// codeSpans marks the bytes of a line within `code`; nil if there is none.
func codeSpans(line string) []bool {
	var runs [][2]int
	for i := 0; i < len(line); i++ {
		if line[i] != '`' {
			continue
		}
		from := i
		for i < len(line) && line[i] == '`' {
			i++
		}
		runs = append(runs, [2]int{from, i})
	}
	if len(runs) < 2 {
		return nil
	}
	code := make([]bool, len(line))
	for a := 0; a < len(runs); a++ {
		for b := a + 1; b < len(runs); b++ {
			if runs[b][1]-runs[b][0] == runs[a][1]-runs[a][0] {
				for i := runs[a][0]; i < runs[b][1]; i++ {
					code[i] = true
				}
				a = b
				break
			}
		}
	}
	return code
}

var scheme = pattern(`^[A-Za-z][A-Za-z0-9+.-]*:`)

// relative gives the path that a link leads to, without fragment, and whether it
// leads to a file of the repository at all.
func (l link) relative() (string, bool) {
	t := l.target
	if t == "" || scheme().MatchString(t) || strings.HasPrefix(t, "//") || strings.HasPrefix(t, "#") {
		return "", false
	}
	t, _, _ = strings.Cut(t, "#")
	t, _, _ = strings.Cut(t, "?")
	if plain, err := url.PathUnescape(t); err == nil {
		t = plain
	}
	return t, t != ""
}

// file is the name of the record in the same folder that a link leads to; empty
// for any other link.
func (l link) file() string {
	if t, ok := l.relative(); ok {
		if t = path.Clean(t); !strings.Contains(t, "/") {
			return t
		}
	}
	return ""
}
