package explain

import (
	"strings"
	"unicode/utf8"
)

// columns is the width of a screen, half that of one of two blocks side by side.
const (
	columns = 79 // a full line makes some terminals add an empty one
	half    = (columns - 4) / 2
)

// page gathers lines of at most 79 columns.
type page struct{ lines []string }

func (p *page) String() string { return strings.Join(p.lines, "\n") + "\n" }

// add puts text on as many lines as it needs, the first after lead, the others
// below it.
func (p *page) add(lead, text string) {
	p.lines = append(p.lines, hang(lead, text, columns)...)
}

// addRight does the same and puts right at the end of the first line.
func (p *page) addRight(lead, text, right string) {
	room := columns - 2 - width(right)
	lines := hang(lead, text, room)
	lines[0] = strings.TrimRight(pad(lines[0], room)+"  "+right, " ")
	p.lines = append(p.lines, lines...)
}

// beside puts two blocks of lines next to each other.
func (p *page) beside(left, right []string) {
	for i := range max(len(left), len(right)) {
		line := "  " + pad(at(left, i), half) + "  " + at(right, i)
		p.lines = append(p.lines, strings.TrimRight(line, " "))
	}
}

// at is line i, empty below the last one.
func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func width(s string) int { return utf8.RuneCountInString(s) }

func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-width(s))) }

// hang wraps text after lead into lines of at most n columns.
func hang(lead, text string, n int) []string {
	lines := wrap(text, n-width(lead))
	for i := range lines {
		if i > 0 {
			lead = strings.Repeat(" ", width(lead))
		}
		lines[i] = lead + lines[i]
	}
	return lines
}

// wrap breaks text between words into lines of at most n columns, n > 0; a word
// that is longer is cut. There is always one line.
func wrap(text string, n int) []string {
	lines, line := []string{}, ""
	for _, word := range strings.Fields(text) {
		if line != "" && width(line)+1+width(word) <= n {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for line = word; width(line) > n; {
			cut := []rune(line)
			lines, line = append(lines, string(cut[:n])), string(cut[n:])
		}
	}
	return append(lines, line)
}
