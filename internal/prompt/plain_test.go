package prompt_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/prompt"
	"github.com/stackinit/stackinit/internal/testterm"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestPlainAnswers(t *testing.T) {
	someTicked := with(fixed, func(q *interview.Question) { q.Default = []string{"python_data_library", "team_only_javascript"} })
	cases := []struct {
		name     string
		question interview.Question
		typed    string
		want     []string
		says     string // somewhere in the output
	}{
		{"default by Enter", building, "\n", []string{"not_sure"}, "Number, or Enter for 4: "},
		{"number", building, "2\n", []string{"rest_api"}, ""},
		{"key", building, " web_app \n", []string{"web_app"}, ""},
		{"Windows line end", building, "1\r\n", []string{"realtime_app"}, ""},
		{"question mark", building, " ?\r\n2\r\n", []string{"rest_api"}, "for 4: What are you building?\n"},
		{"last line without an end", building, "1", []string{"realtime_app"}, ""},
		{"too high a number", building, "5\n3\n", []string{"web_app"}, "\"5\" is not on the list: a number from 1 to 4, or ? to read the question again.\n"},
		{"zero", building, "0\n3\n", []string{"web_app"}, "\"0\" is not on the list"},
		{"negative", building, "-1\n3\n", []string{"web_app"}, "\"-1\" is not on the list"},
		{"two for one", building, "1 2\n3\n", []string{"web_app"}, "Please choose one: a number from 1 to 4"},
		{"the same twice", building, "3, 3\n", []string{"web_app"}, ""},
		{"odd bytes", building, "\x1b[31m\xff" + strings.Repeat("x", 500) + "\n3\n", []string{"web_app"}, `"\x1b[31m�xxxxxxxxxxxxxxxxxxxxxxxx…" is not`},
		{"no default refuses Enter", with(building, noDefault), "\n \n2\n", []string{"rest_api"}, "Please choose one: a number from 1 to 4"},
		{"no default offers none", with(building, noDefault), "2\n", []string{"rest_api"}, "\nNumber: "},

		{"none", fixed, "\n", []string{}, "Numbers with spaces between, or Enter for none: "},
		{"spaces and commas", fixed, "3, 1,,\n", []string{"team_only_javascript", "python_data_library"}, ""},
		{"one wrong of two", fixed, "1 9\n2\n", []string{"team_only_python"}, "\"9\" is not on the list"},
		{"default of several", someTicked, "\n", []string{"team_only_javascript", "python_data_library"}, "0 for none, or Enter for 1 3: "},
		{"none of a default", someTicked, "0\n", []string{}, ""},
		{"one at least", with(fixed, needed), "\n0\n2\n", []string{"team_only_python"}, "Numbers with spaces between: Please choose at least one.\n"},
		{"zero and another", someTicked, "0 1\n1\n", []string{"team_only_javascript"}, "\"0\" is not on the list"},

		{"an example", with(title, func(q *interview.Question) { q.Placeholder = "Orders" }), "\n", []string{"My Service"}, "For example: Orders\n"},
		{"several lines", with(title, severalLines), "one\n\n two \n.\n", []string{"one\n\n two"}, "a . alone on a line ends them.\n"},
		{"several lines by Enter", with(title, severalLines), "\n", []string{"My Service"}, "Answer, or Enter for [My Service]: "},
		{"a secret's default", with(title, secret), "\n", []string{"My Service"}, "Answer, which is not shown, or Enter for [the default]: "},
		{"text default", title, "\n", []string{"My Service"}, "Answer, or Enter for [My Service]: "},
		{"text", title, "  Chat rooms \n", []string{"Chat rooms"}, ""},
		{"text refused", title, "Hey!\nHey\n", []string{"Hey"}, "the title has a \"!\"; leave it out\n"},
		{"text may be empty", with(title, noDefault), "\n", []string{""}, "Answer, or Enter for none: "},
		{"text must not be empty", with(title, func(q *interview.Question) {
			q.Default, q.Check = nil, func(text string) error {
				if text == "" {
					return errors.New("it needs a name")
				}
				return nil
			}
		}), "\nChat\n", []string{"Chat"}, "\nAnswer: it needs a name\nAnswer: "},
		{"nine wrong answers", building, strings.Repeat("x\n", 9) + "1\n", []string{"realtime_app"}, ""},
		{"as long as allowed", title, strings.Repeat("x", 64<<10) + "\n", []string{strings.Repeat("x", 64<<10)}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			got, err := prompt.NewPlain(t.Context(), strings.NewReader(c.typed), &out).Ask(c.question)
			if err != nil || got == nil || !slices.Equal(got, c.want) {
				t.Errorf("Ask gave %.99q, %v; want %.99q", got, err, c.want)
			}
			if !strings.Contains(out.String(), c.says) {
				t.Errorf("output lacks %q:\n%s", c.says, out.String())
			}
			if strings.ContainsAny(out.String(), "\x1b\r\a\b") {
				t.Errorf("control characters in %q", out.String())
			}
		})
	}
}

func TestPlainFailures(t *testing.T) {
	broken := errors.New("input/output error")
	cases := []struct {
		name  string
		input io.Reader
		out   io.Writer
		want  diag.Kind
		says  string
	}{
		{"end of input", strings.NewReader(""), io.Discard, diag.Environment, `the input ended at the question "What are you building?"`},
		{"end after a wrong answer", strings.NewReader("x"), io.Discard, diag.Environment, "the input ended"},
		{"endless wrong answers", endless("x\n"), io.Discard, diag.Usage, "no usable answer"},
		{"endless question marks", endless("?\n"), io.Discard, diag.Usage, "no usable answer"},
		{"endless line", endless("x"), io.Discard, diag.Usage, "longer than 64 KiB"},
		{"broken input", io.MultiReader(strings.NewReader("x\n"), failing{broken}), io.Discard, diag.Environment, "input/output error"},
		{"broken output", strings.NewReader("1\n"), failing{broken}, diag.Environment, "cannot write"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := prompt.NewPlain(t.Context(), c.input, c.out).Ask(building)
			if kind(err) != c.want || !strings.Contains(err.Error(), c.says) || got != nil {
				t.Errorf("Ask gave %q, %v; want kind %d and %q", got, err, c.want, c.says)
			}
		})
	}
}

// endless repeats itself for ever.
type endless string

func (e endless) Read(p []byte) (int, error) {
	return copy(p, strings.Repeat(string(e), max(len(p)/len(e), 1))), nil
}

// failing fails at every use.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error)  { return 0, f.err }
func (f failing) Write([]byte) (int, error) { return 0, f.err }

// A question that waits on a silent pipe ends with its context.
func TestPlainStops(t *testing.T) {
	for _, c := range []struct {
		name  string
		cause error
		want  diag.Kind
	}{
		{"cancelled", nil, diag.Interrupted},
		{"SIGTERM", diag.New(diag.Terminated, "", "terminated"), diag.Terminated},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, w := io.Pipe()
			defer w.Close()
			ctx, cancel := context.WithCancelCause(t.Context())
			face := prompt.NewPlain(ctx, in, io.Discard)
			result := asking(t, face, building)
			if _, err := io.WriteString(w, "x\n"); err != nil { // now it reads
				t.Fatal(err)
			}
			cancel(c.cause)
			if got := result(); kind(got.err) != c.want {
				t.Errorf("Ask gave %v; want kind %d", got.err, c.want)
			}
			if _, err := face.Ask(building); kind(err) != c.want {
				t.Errorf("the next Ask gave %v; want kind %d", err, c.want)
			}
		})
	}
}

// The same in a terminal, which gives its lines one by one.
func TestPlainInTerminal(t *testing.T) {
	tt := testterm.Open(t, 80, 24)
	face := prompt.NewPlain(t.Context(), tt.TTY(), tt.TTY())
	result := asking(t, face, fixed)
	tt.Expect("or Enter for none:")
	tt.Type("1 3\n")
	if got := result(); got.err != nil || !slices.Equal(got.answer, []string{"team_only_javascript", "python_data_library"}) {
		t.Errorf("Ask gave %q, %v", got.answer, got.err)
	}
	result = asking(t, face, building)
	tt.Expect("Number, or Enter for 4:")
	tt.Type(testterm.CtrlD)
	if got := result(); kind(got.err) != diag.Environment {
		t.Errorf("Ask gave %v after Ctrl-D", got.err)
	}
	if wrapped := tt.Wrapped(); len(wrapped) > 0 {
		t.Errorf("too wide for the window: %q", wrapped)
	}
}

// A secret is on the screen neither while it is typed nor afterwards, and what is
// typed next is.
func TestPlainSecretInTerminal(t *testing.T) {
	tt := testterm.Open(t, 80, 24)
	face := prompt.NewPlain(t.Context(), tt.TTY(), tt.TTY())
	result := asking(t, face, with(title, secret))
	tt.Expect("which is not shown")
	time.Sleep(50 * time.Millisecond) // until the terminal keeps it to itself
	tt.Type("hunter22\n")
	if got := result(); got.err != nil || !slices.Equal(got.answer, []string{"hunter22"}) {
		t.Errorf("Ask gave %q, %v", got.answer, got.err)
	}
	result = asking(t, face, title)
	tt.Expect("Enter for [My Service]")
	tt.Type("Orders\n")
	tt.Expect("Orders")
	if got := result(); !slices.Equal(got.answer, []string{"Orders"}) {
		t.Errorf("Ask gave %q, %v", got.answer, got.err)
	}
	if strings.Contains(tt.Raw(), "hunter") {
		t.Errorf("the secret is on the screen: %q", tt.Raw())
	}
}

// A terminal shows again what is typed when the wait for a secret is broken off.
func TestPlainSecretStops(t *testing.T) {
	tt := testterm.Open(t, 80, 24)
	ctx, cancel := context.WithCancel(t.Context())
	result := asking(t, prompt.NewPlain(ctx, tt.TTY(), tt.TTY()), with(title, secret))
	tt.Expect("which is not shown")
	time.Sleep(50 * time.Millisecond)
	cancel()
	if got := result(); kind(got.err) != diag.Interrupted {
		t.Errorf("Ask gave %v", got.err)
	}
	tt.Type("visible")
	tt.Expect("visible")
}

// The transcript shows what is typed where a terminal would echo it.
func TestPlainTranscript(t *testing.T) {
	var out bytes.Buffer
	typed := "9\n?\n2\n1, python_data_library\nHey!\n\n"
	face := prompt.NewPlain(t.Context(), echo{strings.NewReader(typed), &out}, &out)
	if err := face.Show("stackinit asks eight questions.\nEach has a default.\n"); err != nil {
		t.Fatal(err)
	}
	for _, q := range []interview.Question{building, fixed, title} {
		if _, err := face.Ask(q); err != nil {
			t.Fatal(err)
		}
	}
	golden := filepath.Join("testdata", "plain.txt")
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("transcript (-want +got):\n%s", diff)
	}
}

// echo gives one line a read, and shows it.
type echo struct {
	typed io.Reader
	out   io.Writer
}

func (e echo) Read(p []byte) (int, error) {
	for n := range p {
		if _, err := e.typed.Read(p[n : n+1]); err != nil {
			return n, err
		}
		if p[n] == '\n' {
			_, err := e.out.Write(p[:n+1])
			return n + 1, err
		}
	}
	return len(p), nil
}
