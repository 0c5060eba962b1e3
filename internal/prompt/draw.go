package prompt

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/AlecAivazis/survey/v2/terminal"
	"golang.org/x/term"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
)

// head is what stands above the answer: the question, its help, what was wrong
// with the answer before, and the keys to use, on the question's line if nothing
// comes between. It ends without a line break.
func (f *terminalFace) head(q interview.Question, problem, hint string) string {
	columns := f.columns() - 2
	hint = printable(hint)
	if help(q)+problem == "" && hint != "" && terminal.StringWidth(printable(q.Prompt)+"  "+hint) <= columns {
		return f.prompt(q) + "  " + f.style(dim, hint)
	}
	lines := []string{f.prompt(q)}
	add := func(text, style string) {
		if text != "" {
			for _, line := range wrap(text, columns) {
				lines = append(lines, "  "+f.style(style, line))
			}
		}
	}
	add(help(q), dim)
	add(problem, red)
	add(hint, dim)
	return strings.Join(lines, "\n")
}

// prompt is the question itself.
func (f *terminalFace) prompt(q interview.Question) string {
	lines := wrap(q.Prompt, f.columns()-2)
	for i, line := range lines {
		lines[i] = f.style(bold, line)
	}
	return f.style(green, "?") + " " + strings.Join(lines, "\n  ")
}

// answered is what stays on the screen: the question and its answer on one line,
// or on several where they do not fit.
func (f *terminalFace) answered(q interview.Question, answer string) string {
	answer = cmp.Or(printable(answer), "(none)")
	prompt := "? " + printable(q.Prompt)
	if terminal.StringWidth(prompt+"  "+answer) <= f.columns() {
		return f.prompt(q) + "  " + f.style(cyan, answer) + "\n"
	}
	text := f.prompt(q) + "\n"
	for _, line := range wrap(answer, f.columns()-4) {
		text += "    " + f.style(cyan, line) + "\n"
	}
	return text
}

// labels gives the options' labels, each cut to one row of a narrow window.
func (f *terminalFace) labels(q interview.Question) []string {
	const before = 7 // "> [x] " and a free column
	labels := make([]string, len(q.Options))
	for i, option := range q.Options {
		lines := wrap(option.Label, max(f.columns()-before, 10))
		if labels[i] = lines[0]; len(lines) > 1 {
			labels[i] += "…"
		}
	}
	return labels
}

// pageSize is how many of n options fit below head without scrolling it away.
func (f *terminalFace) pageSize(head string, n int) int {
	_, height := f.size()
	const below = 1 // the row the cursor rests on
	return min(n, maxPage, max(height-strings.Count(head, "\n")-1-below, 3))
}

// erase wipes the rows above the cursor, and leaves it in the uppermost.
func (f *terminalFace) erase(rows int) {
	cursor := terminal.Cursor{In: f.keys, Out: f.out}
	for range rows {
		_ = cursor.PreviousLine(1)
		_ = terminal.EraseLine(f.out, terminal.ERASE_LINE_ALL)
	}
}

// columns is how wide a line may get: one less than the window, since a full row
// makes some terminals add an empty one.
func (f *terminalFace) columns() int {
	width, _ := f.size()
	return max(min(width, maxColumns)-1, 20)
}

// size is that of the window, in characters; 80 by 24 if it does not tell.
func (f *terminalFace) size() (width, height int) {
	width, height, err := term.GetSize(int(f.out.Fd()))
	if err != nil || width == 0 || height == 0 {
		return maxColumns, 24
	}
	return width, height
}

// The styles, as the parameters of SGR (ECMA-48, 8.3.117).
const (
	bold  = "1"
	dim   = "2"
	red   = "31"
	green = "32;1"
	cyan  = "36"
)

func (f *terminalFace) style(style, text string) string {
	if !f.colour {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

// show prints a screen and a blank line.
func show(out io.Writer, text string) error {
	_, err := fmt.Fprintf(out, "%s\n\n", strings.TrimRight(text, "\n"))
	if err != nil {
		return diag.New(diag.Environment, "", "cannot write to the terminal: %w", err)
	}
	return nil
}
