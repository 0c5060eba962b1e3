package prompt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/term"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
)

// maxLine is the longest line taken for an answer, in bytes.
const maxLine = 64 << 10

// maxWrong wrong answers to one question end the interview: no person goes on
// for so long, and a program at the other end might for ever.
const maxWrong = 10

// plainFace is the Asker of numbered lines.
type plainFace struct {
	in  input
	out io.Writer
	buf []byte // read and not yet answered with
}

// NewPlain gives the face for screen readers, dumb terminals and pipes: lines of
// text only, nothing moved or drawn over. in may be a terminal in its usual mode.
// Ask returns at once when ctx ends, with the errors told at NewTerminal.
func NewPlain(ctx context.Context, in io.Reader, out io.Writer) interview.Asker {
	return &plainFace{in: input{ctx: ctx, from: in}, out: out}
}

// Show implements interview.Asker.
func (f *plainFace) Show(text string) error { return show(f.out, text) }

// Ask implements interview.Asker.
func (f *plainFace) Ask(q interview.Question) ([]string, error) {
	text := question(q)
	for range maxWrong {
		if err := f.print(text + entry(q)); err != nil {
			return nil, err
		}
		line, err := f.typed(q)
		if err != nil {
			_ = f.print("\n") // the cursor stands after the prompt
			return nil, err
		}
		if strings.TrimSpace(line) == "?" {
			text = question(q)
			continue
		}
		answer, problem := parse(q, line)
		if problem == "" {
			return answer, f.print("\n")
		}
		text = paragraph(problem)
	}
	return nil, diag.New(diag.Usage, withoutPerson, "no usable answer to %q after %d tries", q.Prompt, maxWrong)
}

// question is the question with its help and its numbered options.
func question(q interview.Question) string {
	text := paragraph(q.Prompt)
	if help := help(q); help != "" {
		text += paragraph(help)
	}
	if q.Multiline {
		text += paragraph("Several lines; a " + lastLine + " alone on a line ends them.")
	}
	preset := defaults(q)
	for i, option := range q.Options {
		label := option.Label
		if slices.Contains(preset, i) {
			label += " (default)"
		}
		lines := wrap(label, maxColumns-1-5)
		text += fmt.Sprintf("%3d  %s\n", i+1, strings.Join(lines, "\n     "))
	}
	return text
}

// entry is the line on which the answer is typed.
func entry(q interview.Question) string {
	var numbers []string
	for _, place := range defaults(q) {
		numbers = append(numbers, strconv.Itoa(place+1))
	}
	ticked, answer := strings.Join(numbers, " "), "Answer"
	if q.Secret {
		answer = "Answer, which is not shown"
	}
	switch {
	case q.Kind == interview.Single && ticked == "":
		return "Number: "
	case q.Kind == interview.Single:
		return "Number, or Enter for " + ticked + ": "
	case q.Kind == interview.Multi && q.Required && ticked == "":
		return "Numbers with spaces between: "
	case q.Kind == interview.Multi && q.Required:
		return "Numbers with spaces between, or Enter for " + ticked + ": "
	case q.Kind == interview.Multi && ticked == "":
		return "Numbers with spaces between, or Enter for none: "
	case q.Kind == interview.Multi:
		return "Numbers with spaces between, 0 for none, or Enter for " + ticked + ": "
	case len(q.Default) > 0:
		return answer + ", or Enter for [" + preset(q) + "]: "
	case emptyTaken(q):
		return answer + ", or Enter for none: "
	}
	return answer + ": "
}

// parse takes line for an answer to q; the problem says why that cannot be.
func parse(q interview.Question, line string) (answer []string, problem string) {
	if q.Kind == interview.Text {
		text, problem := checkText(q, line)
		return []string{text}, problem
	}
	words := strings.FieldsFunc(line, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	if len(words) == 0 {
		words = q.Default
	}
	places := make([]int, 0, len(words))
	if q.Kind == interview.Multi && slices.Equal(words, []string{"0"}) {
		words = nil
	}
	for _, word := range words {
		place := find(q, word)
		if place < 0 {
			return nil, fmt.Sprintf("%s is not on the list: %s.", quote(word), wanted(q))
		}
		places = append(places, place)
	}
	slices.Sort(places)
	places = slices.Compact(places)
	if q.Kind == interview.Single && len(places) != 1 {
		return nil, fmt.Sprintf("Please choose one: %s.", wanted(q))
	}
	if q.Required && len(places) == 0 {
		return nil, atLeastOne
	}
	return keys(q, places), ""
}

// find gives the place of the option that word means by its number or its key,
// or -1.
func find(q interview.Question, word string) int {
	if number, err := strconv.Atoi(word); err == nil && 1 <= number && number <= len(q.Options) {
		return number - 1
	}
	return slices.IndexFunc(q.Options, func(o interview.Option) bool { return o.Key == word })
}

// wanted is what to type.
func wanted(q interview.Question) string {
	return fmt.Sprintf("a number from 1 to %d, or ? to read the question again", len(q.Options))
}

// quote shows a word that someone typed, whatever is in it.
func quote(word string) string {
	const longest = 30
	if runes := []rune(word); len(runes) > longest {
		word = string(runes[:longest]) + "…"
	}
	return strconv.Quote(word)
}

// paragraph is text on lines that fit into a narrow window.
func paragraph(text string) string {
	return strings.Join(wrap(text, maxColumns-1), "\n") + "\n"
}

// typed reads an answer.
func (f *plainFace) typed(q interview.Question) (string, error) {
	file, ok := f.in.from.(*os.File)
	if q.Secret && ok && len(f.buf) == 0 && IsTerminal(file) {
		return f.hidden(q, int(file.Fd()))
	}
	return lines(q, func() (string, error) { return f.line(q) })
}

// hidden reads one line from a terminal that does not show it.
func (f *plainFace) hidden(q interview.Question, fd int) (string, error) {
	shows, err := term.GetState(fd)
	if err != nil {
		return "", f.failure(err)
	}
	done := make(chan chunk, 1)
	go func() {
		line, err := term.ReadPassword(fd)
		done <- chunk{line, err}
	}()
	select {
	case <-f.in.ctx.Done():
		_ = term.Restore(fd, shows) // fails only if the terminal is gone
		return "", stopped(f.in.ctx)
	case got := <-done:
		switch {
		case errors.Is(got.err, io.EOF):
			return "", ended(q)
		case got.err != nil:
			return "", f.failure(got.err)
		}
		return string(got.data), f.print("\n")
	}
}

// line reads one line, without its end.
func (f *plainFace) line(q interview.Question) (string, error) {
	for {
		if line, rest, found := bytes.Cut(f.buf, []byte("\n")); found {
			f.buf = rest
			return string(line), nil
		}
		if len(f.buf) > maxLine {
			return "", diag.New(diag.Usage, "", "the answer to %q is longer than %d KiB", q.Prompt, maxLine>>10)
		}
		more, err := f.in.next(nil)
		f.buf = append(f.buf, more...)
		switch {
		case errors.Is(err, io.EOF) && len(f.buf) > 0: // a last line without its end
			f.buf = append(f.buf, '\n')
		case errors.Is(err, io.EOF):
			return "", ended(q)
		case err != nil:
			return "", f.failure(err)
		}
	}
}

// failure makes err one of the errors that interview.Asker promises.
func (f *plainFace) failure(err error) error {
	var known *diag.Error
	if errors.As(err, &known) {
		return known
	}
	return diag.New(diag.Environment, withoutPerson, "cannot read the answer: %w", err)
}

func (f *plainFace) print(text string) error {
	if _, err := io.WriteString(f.out, text); err != nil {
		return diag.New(diag.Environment, "", "cannot write the question: %w", err)
	}
	return nil
}
