//go:build unix

package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/testterm"
)

// session starts stackinit in a terminal of 80×24 with a home of its own.
func session(t *testing.T, args ...string) (term *testterm.Terminal, dir string) {
	t.Helper()
	return sessionWith(t, "", args...)
}

// sessionWith does so with one more variable in the environment, NAME=value.
func sessionWith(t *testing.T, env string, args ...string) (term *testterm.Terminal, dir string) {
	t.Helper()
	exe, err := exec.LookPath("stackinit")
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	config := filepath.Join(t.TempDir(), "gitconfig")
	if err := os.WriteFile(config, []byte("[user]\n\tname = Ada Lovelace\n\temail = ada@example.org\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+config, "TERM=xterm-256color", "ACCESSIBLE=", "NO_COLOR=")
	if env != "" {
		cmd.Env = append(cmd.Env, env)
	}
	return testterm.Start(t, cmd, 80, 24), dir
}

// step is a screen to wait for and the keys to press then.
type step struct{ expect, keys string }

// c03 is the interview of the public row C03, a REST API with many connections,
// as keys in the two faces.
var (
	projectSteps = []step{
		{"What is its title?", testterm.Enter},
		{"What does it do", testterm.Enter},
		{"Who decides and commits?", testterm.Enter},
		{"Which licence?", testterm.Enter},
		{"Where do its checks run?", testterm.Enter},
		{"example resource?", testterm.Enter},
	}
	c03 = append([]step{
		{"What are you building?", "API" + testterm.Enter}, // typing filters the list
		{"already decided?", testterm.Enter},
		{"update live?", "Nothing" + testterm.Enter},
		{"data work or AI?", testterm.Enter},
		{"team know best?", testterm.Enter},
		{"Who makes the front end?", testterm.Enter},
		{"keep the server busy?", "Many" + testterm.Enter},
		{"Finish now?", testterm.Enter},
	}, projectSteps...)
	c03Plain = append([]step{
		{"What are you building?", "2" + testterm.Enter},
		{"already decided?", testterm.Enter},
		{"update live?", "3" + testterm.Enter},
		{"data work or AI?", testterm.Enter},
		{"team know best?", testterm.Enter},
		{"Who makes the front end?", testterm.Enter},
		{"keep the server busy?", "1" + testterm.Enter},
		{"Finish now?", testterm.Enter},
	}, projectSteps...)
)

// restOpen answers what a test is not about.
var restOpen = []string{
	"--set", "already_fixed=", "--set", "live_updates=not_sure", "--set", "data_work=not_sure", "--set", "team_skills=not_sure",
	"--set", "frontend=not_sure", "--set", "load_profile=not_sure",
}

func walk(t *testing.T, term *testterm.Terminal, steps []step) {
	t.Helper()
	for _, s := range steps {
		term.Expect(s.expect)
		term.Type(s.keys)
	}
}

func TestInterviewInATerminal(t *testing.T) {
	for _, tt := range []struct {
		name  string
		args  []string
		steps []step
	}{
		{"lists", []string{"new", "myservice"}, c03},
		{"plain", []string{"new", "myservice", "--plain"}, c03Plain},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			term, dir := session(t, tt.args...)
			walk(t, term, tt.steps)
			term.Expect("Accept: NodeJS with Express")
			if screen := strings.Join(term.Screen(), "\n"); !strings.Contains(screen, "clear (27 : 5)") {
				t.Errorf("the verdict is not on the screen with the menu:\n%s", screen)
			}
			walk(t, term, []step{{"Accept:", testterm.Enter}, {"Anything to add?", testterm.Enter}})
			term.Expect("Next:")
			if code := term.Wait(); code != 0 {
				t.Fatalf("exit code %d\n%s", code, strings.Join(term.Screen(), "\n"))
			}
			if w := term.Wrapped(); len(w) > 0 {
				t.Errorf("lines that the terminal had to wrap: %q", w)
			}
			record, err := os.ReadFile(filepath.Join(dir, "myservice/docs/adr/0001-use-nodejs-for-the-backend.md"))
			if err != nil || !strings.Contains(string(record), "status: accepted") || !strings.Contains(string(record), "Ada Lovelace") {
				t.Errorf("the record: %v\n%.300s", err, record)
			}
		})
	}
}

// The command line that is printed after an interview gives the same project.
func TestPrintedCommandLineGivesTheSame(t *testing.T) {
	term, dir := session(t, "new", "myservice", "--plain", "--no-git")
	steps := append([]step{}, c03Plain...)
	steps[8] = step{"What is its title?", `It's "mine"` + testterm.Enter}
	walk(t, term, steps)
	walk(t, term, []step{{"Accept:", testterm.Enter}, {"Anything to add?", testterm.Enter}})
	term.Expect("Next:")
	if code := term.Wait(); code != 0 {
		t.Fatal(code)
	}
	raw := strings.ReplaceAll(term.Raw(), "\r\n", "\n")
	_, line, _ := strings.Cut(raw, "\n  stackinit new ")
	line, _, _ = strings.Cut("stackinit new "+line, "\n\n")
	again := t.TempDir()
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = again
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=Ada Lovelace", "GIT_AUTHOR_EMAIL=ada@example.org")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s\n%v\n%s", line, err, out)
	}
	diff, _ := exec.Command("diff", "-r", "-I", "confirmed:", "-x", "adr", filepath.Join(dir, "myservice"), filepath.Join(again, "myservice")).Output()
	if len(diff) > 0 {
		t.Errorf("%s\ngives another project:\n%s", line, diff)
	}
}

// A close call waits for a choice: Enter alone does not make one.
func TestCloseCallWaits(t *testing.T) {
	for _, plain := range []bool{false, true} {
		args := append([]string{"new", "svc", "--set", "project_kind=rest_api", "--set", "priority=ship_fast"}, restOpen...)
		if plain {
			args = append(args, "--plain")
		}
		term, dir := session(t, args...)
		walk(t, term, projectSteps)
		term.Expect("A close call")
		term.Type(testterm.Enter, testterm.Enter)
		if _, err := os.Stat(filepath.Join(dir, "svc")); err == nil {
			t.Fatal("Enter alone took one side of a close call")
		}
		if plain {
			term.Type("1" + testterm.Enter)
		} else {
			term.Type("Flask" + testterm.Enter)
		}
		asked := []string{"Why, in a sentence?", "Anything to add?"} // of some stacks
		for range asked {
			next := -1
			term.Until("the end of the program", func([]string) bool {
				raw := term.Raw()
				next = slices.IndexFunc(asked, func(q string) bool { return strings.Contains(raw, q) })
				return strings.Contains(raw, "Next:") || next >= 0
			})
			if next >= 0 {
				asked = slices.Delete(slices.Clone(asked), next, next+1)
				term.Type(testterm.Enter)
			}
		}
		if code := term.Wait(); code != 0 {
			t.Errorf("exit code %d\n%s", code, strings.Join(term.Screen(), "\n"))
		}
	}
}

// Ctrl-C at each prompt ends with 130 and leaves nothing.
func TestCtrlCAtEveryPrompt(t *testing.T) {
	for name, steps := range map[string][]step{"lists": c03, "plain": c03Plain} {
		for i := range len(steps) + 1 {
			if testing.Short() && i%4 != 0 {
				continue
			}
			t.Run(name+"/"+append(steps, step{expect: "What now?"})[i].expect, func(t *testing.T) {
				t.Parallel()
				args := []string{"new", "myservice"}
				if name == "plain" {
					args = append(args, "--plain")
				}
				term, dir := session(t, args...)
				walk(t, term, steps[:i])
				term.Expect(append(steps, step{expect: "What now?"})[i].expect)
				term.Type(testterm.CtrlC)
				if code := term.Wait(); code != 130 {
					t.Errorf("exit code %d, want 130", code)
				}
				if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
					t.Errorf("left behind: %v, %v", left, err)
				}
			})
		}
	}
}

// Leaving by the menu writes nothing, and a terminal that goes away ends the program.
func TestQuitAndHangUp(t *testing.T) {
	term, _ := session(t, "recommend", "--plain")
	term.Expect("What are you building?")
	term.HangUp()
	if code := term.Wait(); code == 0 {
		t.Error("a hang-up ends with 0")
	}
	term, dir := session(t, append([]string{"new", "svc", "--set", "project_kind=realtime_app", "--set", "priority=scale_out", "--plain"}, restOpen...)...)
	walk(t, term, projectSteps)
	term.Expect("What now?")
	term.Type("quit" + testterm.Enter)
	term.Expect("nothing was written")
	if code := term.Wait(); code != 130 {
		t.Errorf("exit code %d", code)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
