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
type page struct {
	lines []string
	color bool
}

// Colours of a terminal (ECMA-48, SGR).
const (
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

// paint puts a text into a colour, if the page has any.
func (p *page) paint(color, text string) string {
	if !p.color || text == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// String gives the page, with the signs in front of its lines in their colours.
func (p *page) String() string {
	lines := make([]string, len(p.lines))
	for i, line := range p.lines {
		lines[i] = p.signed(line)
	}
	return strings.Join(lines, "\n") + "\n"
}

// signed paints the sign that says what a line is: for, against, or a warning.
func (p *page) signed(line string) string {
	for sign, color := range map[string]string{"+ ": green, "- ": red, "! ": yellow} {
		if rest, ok := strings.CutPrefix(strings.TrimLeft(line, " "), sign); ok {
			return line[:len(line)-len(rest)-len(sign)] + p.paint(color, sign[:1]) + " " + rest
		}
	}
	return line
}

// heading adds a line that begins a section.
func (p *page) heading(text string) {
	p.lines = append(p.lines, "")
	for _, line := range wrap(text, columns) {
		p.lines = append(p.lines, p.paint(bold, line))
	}
}

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

// Fold puts text on lines that fit a screen, the first after lead, the others
// below it.
func Fold(lead, text string) string {
	return strings.Join(hang(lead, text, columns), "\n") + "\n"
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
