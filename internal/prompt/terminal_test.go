package prompt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
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

var building = interview.Question{
	Key: "project_kind", Kind: interview.Single,
	Prompt: "What are you building?",
	Help:   "Choose the part people would miss most if it broke.",
	Options: []interview.Option{
		{Key: "realtime_app", Label: "Live: chat, notifications, online game"},
		{Key: "rest_api", Label: "API for other apps or services"},
		{Key: "web_app", Label: "Web app with its own pages"},
		{Key: "not_sure", Label: "Not sure yet"},
	},
	Default: []string{"not_sure"},
}

var fixed = interview.Question{
	Key: "already_fixed", Kind: interview.Multi,
	Prompt: "Is anything already decided?",
	Help:   "Tick only what cannot change this week. Preferences come later. Enter = nothing is fixed.",
	Options: []interview.Option{
		{Key: "team_only_javascript", Label: "Nobody here can work in Python"},
		{Key: "team_only_python", Label: "Nobody here can work in JavaScript"},
		{Key: "python_data_library", Label: "Must use a Python data library (pandas, PyTorch)"},
	},
}

var title = interview.Question{
	Key: "title", Kind: interview.Text,
	Prompt:  "What should people call it?",
	Default: []string{"My Service"},
	Check: func(text string) error {
		if strings.Contains(text, "!") {
			return diag.New(diag.Usage, "leave it out", "the title has a \"!\"")
		}
		return nil
	},
}

// with gives q changed by change.
func with(q interview.Question, change func(q *interview.Question)) interview.Question {
	change(&q)
	return q
}

func noDefault(q *interview.Question) { q.Default = nil }

func needed(q *interview.Question) { q.Required = true }

func severalLines(q *interview.Question) { q.Multiline = true }

func secret(q *interview.Question) { q.Secret = true }

// outcome is what Ask gave.
type outcome struct {
	answer []string
	err    error
}

// asking starts f.Ask(q); the result waits for its end.
func asking(t *testing.T, f interview.Asker, q interview.Question) (result func() outcome) {
	t.Helper()
	done := make(chan outcome, 1)
	go func() {
		answer, err := f.Ask(q)
		done <- outcome{answer, err}
	}()
	return func() outcome {
		t.Helper()
		select {
		case o := <-done:
			return o
		case <-time.After(testterm.Patience):
			t.Fatal("Ask did not return")
			return outcome{}
		}
	}
}

// kind is that of a *diag.Error, -1 of anything else.
func kind(err error) diag.Kind {
	var known *diag.Error
	if errors.As(err, &known) {
		return known.Kind
	}
	return -1
}

func TestTerminalAnswers(t *testing.T) {
	type step struct{ see, press string } // press once see is on the screen
	cases := []struct {
		name     string
		question interview.Question
		steps    []step
		want     []string
		screen   string // all that is left of it
	}{
		{"default by Enter", building, []step{{"> Not sure yet", testterm.Enter}},
			[]string{"not_sure"}, "? What are you building?  Not sure yet"},
		{"arrow keys", building, []step{
			{"> Not sure yet", testterm.Up}, {"> Web app", testterm.Up + testterm.Up}, {"> Live", testterm.Up},
			{"> Not sure", testterm.Down + testterm.Down}, {"> API", testterm.Enter}},
			[]string{"rest_api"}, "? What are you building?  API for other apps or services"},
		{"filter", building, []step{{"> Not sure yet", "xyz"}, {"nothing matches", testterm.Enter + strings.Repeat(testterm.Backspace, 3)},
			{"> Not sure yet", "PAGES"}, {"> Web app", testterm.Enter}},
			[]string{"web_app"}, "? What are you building?  Web app with its own pages"},
		{"keys that mean nothing", building, []step{
			{"> Not sure yet", "\x1b[1;5A\x1b[15~\x1bx\x1bOP\x1b[24;80R\x00\x1b[H\x1b[3~"}, {"> Not sure yet", "\x1b"}, {"> Not sure yet", "api"}, {"> API", testterm.Enter}},
			[]string{"rest_api"}, "? What are you building?  API for other apps or services"},
		{"Esc is no way to vim's keys", building, []step{{"> Not sure yet", "\x1b\x00j"}, {"nothing matches", testterm.Backspace}, {"> Not sure yet", testterm.Enter}},
			[]string{"not_sure"}, "? What are you building?  Not sure yet"},
		{"no default refuses Enter", with(building, noDefault), []step{
			{"> (choose one)", testterm.Enter}, {"Please choose one.", testterm.Enter},
			{"Please choose one.", testterm.Down}, {"> Live", testterm.Enter}},
			[]string{"realtime_app"}, "? What are you building?  Live: chat, notifications, online game"},
		{"no default filters past the placeholder", with(building, noDefault), []step{{"> (choose one)", "o"}, {"> Live", testterm.Enter}},
			[]string{"realtime_app"}, "? What are you building?  Live: chat, notifications, online game"},
		{"equal labels", with(building, func(q *interview.Question) {
			q.Options = []interview.Option{{Key: "a", Label: "Same"}, {Key: "b", Label: "Same"}, {Key: "c", Label: "Same"}}
			q.Default = []string{"b"}
		}), []step{{"> Same", testterm.Down + testterm.Enter}}, []string{"c"}, "? What are you building?  Same"},

		{"nothing ticked", fixed, []step{{"> [ ] Nobody here can work in Python", testterm.Enter}},
			[]string{}, "? Is anything already decided?  (none)"},
		{"one ticked", fixed, []step{{"> [ ] Nobody", testterm.Space + testterm.Down}, {"> [ ] Nobody here can work in JavaScript", testterm.Space},
			{"> [x] Nobody here can work in JavaScript", testterm.Up}, {"> [x] Nobody", testterm.Space}, {"> [ ] Nobody", testterm.Enter}},
			[]string{"team_only_python"}, "? Is anything already decided?  Nobody here can work in JavaScript"},
		{"more ticked than fit on a line", fixed, []step{{"> [ ] Nobody", testterm.Space + testterm.Down + testterm.Space + testterm.Down + testterm.Space},
			{"> [x] Must use", testterm.Enter}},
			[]string{"team_only_javascript", "team_only_python", "python_data_library"},
			"? Is anything already decided?\n    Nobody here can work in Python, Nobody here can work in JavaScript, Must\n    use a Python data library (pandas, PyTorch)"},
		{"all and none keys, and letters, do nothing", fixed, []step{{"> [ ] Nobody", testterm.Right + "zz" + testterm.Up}, {"> [ ] Must", testterm.Space + testterm.Left},
			{"> [x] Must", testterm.Enter}}, []string{"python_data_library"},
			"? Is anything already decided?\n    Must use a Python data library (pandas, PyTorch)"},
		{"ticked by default", with(fixed, func(q *interview.Question) { q.Default = []string{"team_only_python"} }),
			[]step{{"  [x] Nobody here can work in JavaScript", testterm.Enter}},
			[]string{"team_only_python"}, "? Is anything already decided?  Nobody here can work in JavaScript"},

		{"one at least", with(fixed, needed), []step{{"> [ ] Nobody", testterm.Enter}, {"Please choose at least one.", testterm.Space}, {"> [x] Nobody", testterm.Enter}},
			[]string{"team_only_javascript"}, "? Is anything already decided?  Nobody here can work in Python"},
		{"text default", title, []step{{"[Enter takes: My Service]", testterm.Enter}},
			[]string{"My Service"}, "? What should people call it?  My Service"},
		{"text typed and corrected", title, []step{{">", "Chaz" + testterm.Backspace + "t rooms" + strings.Repeat(testterm.Left, 6) + "-"}, {"> Chat- rooms", testterm.Enter}},
			[]string{"Chat- rooms"}, "? What should people call it?  Chat- rooms"},
		{"text refused, then mended", title, []step{{">", "Chat!" + testterm.Enter}, {"the title has a \"!\"; leave it out", testterm.Up},
			{"> Chat!", testterm.Backspace + testterm.Enter}},
			[]string{"Chat"}, "? What should people call it?  Chat"},
		{"an example", with(title, func(q *interview.Question) { q.Placeholder = "Orders" }), []step{{"For example: Orders", testterm.Enter}},
			[]string{"My Service"}, "? What should people call it?  My Service"},
		{"several lines", with(title, severalLines), []step{{">", "one" + testterm.Enter}, {"> one", testterm.Enter}, {"> one", "two" + testterm.Enter}, {"> two", "." + testterm.Enter}},
			[]string{"one\n\ntwo"}, "? What should people call it?  one  two"},
		{"several lines by Enter", with(title, severalLines), []step{{"[several lines, a . alone ends them; Enter takes: My Service]", testterm.Enter}},
			[]string{"My Service"}, "? What should people call it?  My Service"},
		{"secret", with(title, secret), []step{{"[typing is not shown; Enter takes: the default]", "hunter22" + testterm.Enter}},
			[]string{"hunter22"}, "? What should people call it?  (not shown)"},
		{"text may be empty", with(title, noDefault), []step{{"[Enter leaves it empty]", testterm.Enter}},
			[]string{""}, "? What should people call it?  (none)"},
		{"text in wide letters", title, []step{{">", "日本語のサービス"}, {"日本語のサービス", testterm.Enter}},
			[]string{"日本語のサービス"}, "? What should people call it?  日本語のサービス"},
		{"text wider than the window", title, []step{{">", strings.Repeat("a line of words ", 10) + "end"}, {"s end", testterm.Enter}},
			[]string{strings.Repeat("a line of words ", 10) + "end"},
			"? What should people call it?\n    a line of words a line of words a line of words a line of words a line of\n    words a line of words a line of words a line of words a line of words a\n    line of words end"},
		{"text as wide as the window", title, []step{{">", strings.Repeat("x", 78)}, {"xx", testterm.Backspace + "y" + testterm.Enter}},
			[]string{strings.Repeat("x", 77) + "y"}, "? What should people call it?\n    " + strings.Repeat("x", 75) + "\n    xxy"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tt := testterm.Open(t, 80, 24)
			face := prompt.NewTerminal(t.Context(), tt.TTY(), tt.TTY())
			if err := face.Show("A line above.\n"); err != nil {
				t.Fatal(err)
			}
			result := asking(t, face, c.question)
			for _, s := range c.steps {
				tt.Expect(s.see)
				tt.Type(s.press)
			}
			if got := result(); got.err != nil || !slices.Equal(got.answer, c.want) || got.answer == nil {
				t.Fatalf("Ask gave %q, %v; want %q", got.answer, got.err, c.want)
			}
			want := strings.Split("A line above.\n\n"+c.screen, "\n")
			tt.Until("only the answered question", func(screen []string) bool { return cmp.Equal(screen, want) })
			if wrapped := tt.Wrapped(); len(wrapped) > 0 && c.question.Kind != interview.Text {
				t.Errorf("too wide for the window: %q", wrapped)
			}
		})
	}
}

func TestTerminalFirstLook(t *testing.T) {
	many := with(building, func(q *interview.Question) {
		q.Options = nil
		for i := range 40 {
			q.Options = append(q.Options, interview.Option{Key: fmt.Sprint(i), Label: fmt.Sprintf("Option %02d", i)})
		}
		q.Default = []string{"39"}
	})
	cases := []struct {
		name     string
		cols     int
		rows     int
		question interview.Question
		want     string
	}{
		{"single", 80, 24, building, `? What are you building?
  Choose the part people would miss most if it broke.
  [arrows move, typing filters, Enter takes it]
  Live: chat, notifications, online game
  API for other apps or services
  Web app with its own pages
> Not sure yet`},
		{"multi", 80, 24, fixed, `? Is anything already decided?
  Tick only what cannot change this week. Preferences come later. Enter =
  nothing is fixed.
  [arrows move, space ticks, Enter goes on]
> [ ] Nobody here can work in Python
  [ ] Nobody here can work in JavaScript
  [ ] Must use a Python data library (pandas, PyTorch)`},
		{"text", 80, 24, title, `? What should people call it?  [Enter takes: My Service]
>`},
		{"no help", 80, 24, with(building, func(q *interview.Question) { q.Help = "" }), `? What are you building?  [arrows move, typing filters, Enter takes it]
  Live: chat, notifications, online game
  API for other apps or services
  Web app with its own pages
> Not sure yet`},
		{"narrow window", 30, 24, fixed, `? Is anything already
  decided?
  Tick only what cannot
  change this week.
  Preferences come later.
  Enter = nothing is fixed.
  [arrows move, space ticks,
  Enter goes on]
> [ ] Nobody here can work…
  [ ] Nobody here can work…
  [ ] Must use a Python data…`},
		{"long list in a low window", 80, 12, many, `? What are you building?
  Choose the part people would miss most if it broke.
  [arrows move, typing filters, Enter takes it]
  Option 32
  Option 33
  Option 34
  Option 35
  Option 36
  Option 37
  Option 38
> Option 39`},
		{"codes in a text", 80, 24, with(title, func(q *interview.Question) {
			q.Prompt, q.Default = "Who\x1b[31m writes it?", []string{"Eve\x1b]0;x\a\u202e <e@x.org>"}
		}), `? Who[31m writes it?  [Enter takes: Eve]0;x <e@x.org>]
>`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tt := testterm.Open(t, c.cols, c.rows)
			result := asking(t, prompt.NewTerminal(t.Context(), tt.TTY(), tt.TTY()), c.question)
			want := strings.Split(c.want, "\n")
			tt.Until("this screen:\n"+c.want, func(screen []string) bool { return cmp.Equal(screen, want) })
			tt.Type(testterm.Enter)
			if got := result(); got.err != nil {
				t.Error(got.err)
			}
			if wrapped := tt.Wrapped(); len(wrapped) > 0 {
				t.Errorf("too wide for the window: %q", wrapped)
			}
		})
	}
}

// Keys typed ahead, even in one piece, reach the questions they were meant for.
func TestTerminalTypedAhead(t *testing.T) {
	tt := testterm.Open(t, 80, 24)
	face := prompt.NewTerminal(t.Context(), tt.TTY(), tt.TTY())
	first := asking(t, face, building)
	tt.Expect("> Not sure")
	tt.Type(testterm.Up+testterm.Enter, testterm.Space+testterm.Enter, "Chat"+testterm.Enter)
	for i, want := range [][]string{{"web_app"}, {"team_only_javascript"}, {"Chat"}} {
		result := first
		if i > 0 {
			result = asking(t, face, []interview.Question{building, fixed, title}[i])
		}
		if got := result(); got.err != nil || !slices.Equal(got.answer, want) {
			t.Errorf("question %d: %q, %v; want %q", i, got.answer, got.err, want)
		}
	}
}

// TestMain lets the test binary play a program that asks one question.
func TestMain(m *testing.M) {
	if os.Getenv("PROMPT_TEST_ASK") == "" {
		os.Exit(m.Run())
	}
	answer, err := prompt.NewTerminal(context.Background(), os.Stdin, os.Stderr).Ask(building)
	fmt.Println(answer, err)
}

func TestTerminalColour(t *testing.T) {
	for _, noColor := range []string{"", "1"} {
		t.Run("NO_COLOR="+noColor, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "PROMPT_TEST_ASK=1", "NO_COLOR="+noColor, "CLICOLOR_FORCE=")
			tt := testterm.Start(t, cmd, 80, 24)
			tt.Expect("> Not sure")
			tt.Type(testterm.Up, testterm.Enter)
			if code := tt.Wait(); code != 0 {
				t.Errorf("exit code %d", code)
			}
			tt.Expect("[web_app] <nil>")
			if styled := regexp.MustCompile(`\x1b\[[0-9;]*m`).FindAllString(tt.Raw(), -1); (len(styled) > 0) == (noColor != "") {
				t.Errorf("style codes %q", styled)
			}
		})
	}
}

func TestTerminalIsNone(t *testing.T) {
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if prompt.IsTerminal(file) {
		t.Error("the null device is no terminal")
	}
	if _, err := prompt.NewTerminal(t.Context(), file, file).Ask(building); kind(err) != diag.Environment {
		t.Errorf("Ask gave %v", err)
	}
	if tt := testterm.Open(t, 80, 24); !prompt.IsTerminal(tt.TTY()) {
		t.Error("a terminal is not seen as one")
	}
}
