package prompt_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/prompt"
	"github.com/stackinit/stackinit/internal/testterm"
)

// However a question ends, the error says so and the terminal is as before.
func TestTerminalStops(t *testing.T) {
	ends := []struct {
		name string
		end  func(tt *testterm.Terminal, cancel context.CancelCauseFunc)
		want diag.Kind
	}{
		{"Ctrl-C", func(tt *testterm.Terminal, _ context.CancelCauseFunc) { tt.Type(testterm.CtrlC) }, diag.Interrupted},
		{"Ctrl-C after other keys", func(tt *testterm.Terminal, _ context.CancelCauseFunc) { tt.Type("x", testterm.Down, testterm.CtrlC) }, diag.Interrupted},
		{"Ctrl-D", func(tt *testterm.Terminal, _ context.CancelCauseFunc) { tt.Type(testterm.CtrlD) }, diag.Environment},
		{"cancelled", func(_ *testterm.Terminal, cancel context.CancelCauseFunc) { cancel(nil) }, diag.Interrupted},
		{"SIGTERM", func(_ *testterm.Terminal, cancel context.CancelCauseFunc) {
			cancel(diag.New(diag.Terminated, "", "terminated"))
		}, diag.Terminated},
		{"hang-up", func(tt *testterm.Terminal, _ context.CancelCauseFunc) { tt.HangUp() }, diag.Environment},
	}
	questions := map[string]interview.Question{"Single": building, "Multi": fixed, "Text": title}
	for _, end := range ends {
		for name, q := range questions {
			t.Run(end.name+" at "+name, func(t *testing.T) {
				t.Parallel()
				tt := testterm.Open(t, 80, 24)
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				before := mode(t, tt.TTY())
				result := asking(t, prompt.NewTerminal(ctx, tt.TTY(), tt.TTY()), q)
				tt.Expect(">")
				end.end(tt, cancel)
				got := result()
				if kind(got.err) != end.want || got.answer != nil {
					t.Errorf("Ask gave %q, %v; want kind %d", got.answer, got.err, end.want)
				}
				if end.name == "hang-up" {
					return // no terminal left to look at
				}
				if after := mode(t, tt.TTY()); after != before {
					t.Errorf("terminal mode %q, was %q", after, before)
				}
				if _, err := tt.TTY().WriteString("last words\n"); err != nil {
					t.Fatal(err)
				}
				tt.Until("the last words on a line of their own", func(screen []string) bool {
					return screen[len(screen)-1] == "last words"
				})
				if strings.Count(tt.Raw(), "\x1b[?25l") != strings.Count(tt.Raw(), "\x1b[?25h") {
					t.Error("the cursor stays hidden")
				}
			})
		}
	}
}

// mode is the terminal's mode as stty tells it.
func mode(t *testing.T, tty *os.File) string {
	t.Helper()
	cmd := exec.Command("stty", "-g")
	cmd.Stdin = tty
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) && os.Getenv("CI") != "true" {
		t.Skip("needs stty")
	}
	if err != nil {
		t.Fatalf("stty: %v", err)
	}
	return string(out)
}
