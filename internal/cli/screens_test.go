//go:build unix

package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/testterm"
)

// screen is a step with a name: what stands on the screen then is held against a
// golden file of that name.
type screen struct {
	name, expect, keys string
}

// Every kind of screen of the interview, in both faces. With the keys of the plain
// face: the lists are filtered by the words, the plain lines take the keys of the
// answers.
func reviewWalk(plain bool) []screen {
	pick := func(words, number string) string {
		if plain {
			return number + testterm.Enter
		}
		return words + testterm.Enter
	}
	return []screen{
		{"single", "What are you building?", pick("API", "2")},
		{"multi", "already decided?", testterm.Enter},
		{"", "update live?", pick("Nothing", "3")},
		{"", "data work or AI?", testterm.Enter},
		{"", "team know best?", testterm.Enter},
		{"", "Who makes the front end?", testterm.Enter},
		{"", "keep the server busy?", pick("Many", "1")},
		{"finish-now", "Finish now?", testterm.Enter},
		{"text", "What is its title?", testterm.Enter},
		{"", "What does it do", testterm.Enter},
		{"text-with-default", "Who decides and commits?", testterm.Enter},
		{"", "Which licence?", testterm.Enter},
		{"", "Where do its checks run?", testterm.Enter},
		{"", "example resource?", testterm.Enter},
		{"verdict", "What now?", pick("full table", "4")},
		{"table", "Total  ", pick("Change", "2")},
		{"change", "Which answer?", pick("Decision-makers", "12")},
		{"deciders", "Decision-makers, by comma?", "Grace Hopper, Ada Lovelace" + testterm.Enter},
		{"", "deciders: Grace Hopper, Ada Lovelace", pick("Change", "2")},
		{"", "Which answer?", pick("matters most", "8")},
		{"", "This breaks near ties", pick("Room for", "4")}, // its prompt stands in the list before, too
		{"after-change", "(39 : 8)", pick("Take another", "3")},
		{"other", "Which one?", pick("Python with Django", "5")},
		{"reason", "Why, in a sentence?", "The admin area" + testterm.Enter},
		{"after-override", "You take instead: Python with Django", pick("Accept", "1")},
		{"options", "Anything to add?", pick("Yes", "2")},
		{"option", "Figures for monitoring?", testterm.Enter},
		{"", "Which database?", testterm.Enter},
		{"", "Where is the cache kept", testterm.Enter},
		{"", "Which form do decision records have?", testterm.Enter},
		{"", "When are decisions looked at again?", testterm.Enter},
	}
}

// TestScreensOfTheInterview walks from the first question to the last in a real
// terminal and holds the screens against golden ones: with colours, without, and
// in plain lines. On the review an answer is changed and the other runtime taken,
// and that is what the project then has.
func TestScreensOfTheInterview(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		env  string
	}{
		{"color", nil, ""},
		{"no-color", nil, "NO_COLOR=1"},
		{"plain", []string{"--plain"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			term, dir := sessionWith(t, tt.env, append([]string{"new", "my-service", "--no-git"}, tt.args...)...)
			walkScreens(t, term, tt.name, reviewWalk(tt.name == "plain"))
			finish(t, term)
			if w := term.Wrapped(); len(w) > 0 {
				t.Errorf("lines that the terminal had to wrap: %q", w)
			}
			if tt.name != "color" && strings.Contains(term.Raw(), "\x1b[3") {
				t.Error("there is colour where none is wanted")
			}
			project := filepath.Join(dir, "my-service")
			for file, wants := range map[string][]string{
				".stackinit.yaml": {"name: python-django\n", "recommended: node-express\n", "decided_by: override\n", "reason: The admin area\n",
					"confirmed: true\n", "priority: scale_out\n", `deciders: "Grace Hopper, Ada Lovelace"`},
				"docs/adr/0001-use-python-for-the-backend.md": {"decision-makers: [Grace Hopper, Ada Lovelace]\n", "The admin area"},
				"manage.py": {"django"},
			} {
				body, err := os.ReadFile(filepath.Join(project, file))
				for _, want := range wants {
					if !strings.Contains(string(body), want) {
						t.Errorf("%s lacks %q (%v)", file, want, err)
					}
				}
			}
		})
	}
}

// TestScreensThatStopForAPerson holds those of a conflict, of a close call, and of
// a stack that the command line takes against the recommendation, which asks why.
func TestScreensThatStopForAPerson(t *testing.T) {
	for _, tt := range []struct {
		name  string
		args  []string
		steps []screen
		want  string // in the record
	}{
		{"conflict", []string{"--set", "project_kind=rest_api", "--set", "already_fixed=team_only_javascript,team_only_python"},
			[]screen{{"conflict", "already decided?", testterm.CtrlC}}, ""},
		{"close-call", append([]string{"--set", "project_kind=rest_api", "--set", "priority=ship_fast"}, restOpen...),
			[]screen{{"close-call", "A close call", "NodeJS" + testterm.Enter}, {"close-call-reason", "Why, in a sentence?", testterm.Enter}, {"", "Anything to add?", testterm.Enter}},
			"decided_by: override\n  confirmed: true\n"},
		{"stack", append([]string{"--set", "project_kind=rest_api", "--set", "priority=scale_out", "--stack", "python-flask"}, restOpen...),
			[]screen{{"stack", "Accept: Python with Flask", testterm.Enter}, {"stack-reason", "Why, in a sentence?", "We know it" + testterm.Enter}, {"", "Anything to add?", testterm.Enter}},
			"decided_by: override\n  reason: We know it\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"new", "my-service", "--no-git", "--set", "title=T", "--set", "description=", "--set", "author=", "--set", "license=MIT", "--set", "ci=none", "--set", "example=none"}, tt.args...)
			term, dir := sessionWith(t, "", args...)
			walkScreens(t, term, "stops", tt.steps)
			if tt.want == "" {
				term.Wait()
				return
			}
			finish(t, term)
			record, err := os.ReadFile(filepath.Join(dir, "my-service/.stackinit.yaml"))
			if err != nil || !strings.Contains(string(record), tt.want) {
				t.Errorf("the record lacks %q: %v\n%s", tt.want, err, record)
			}
		})
	}
}

// TestExplainInATerminal: on a terminal there is colour, unless NO_COLOR or a dumb
// terminal forbids it; the words are the same.
func TestExplainInATerminal(t *testing.T) {
	for name, env := range map[string]string{"color": "", "no-color": "NO_COLOR=1", "dumb": "TERM=dumb"} {
		term, _ := sessionWith(t, env, "explain", "--set", "project_kind=automation")
		if code := term.Wait(); code != 0 {
			t.Fatalf("%s: exit code %d\n%s", name, code, term.Raw())
		}
		if colored := strings.Contains(term.Raw(), "\x1b[36m====="); colored != (name == "color") {
			t.Errorf("%s: colour is %t\n%s", name, colored, term.Raw())
		}
		if w := term.Wrapped(); len(w) > 0 {
			t.Errorf("%s: lines that the terminal had to wrap: %q", name, w)
		}
	}
}

// finish waits for the end of the program.
func finish(t *testing.T, term *testterm.Terminal) {
	t.Helper()
	term.Expect("Next:")
	if code := term.Wait(); code != 0 {
		t.Fatalf("exit code %d\n%s", code, strings.Join(term.Screen(), "\n"))
	}
}

// walkScreens goes through the steps and waits, at each that has a name, until the
// screen is the golden one.
func walkScreens(t *testing.T, term *testterm.Terminal, dir string, steps []screen) {
	t.Helper()
	look := term.Screen
	if dir == "color" || dir == "stops" {
		look = term.Styled
	}
	for _, s := range steps {
		term.Expect(s.expect)
		if s.name != "" {
			holdScreen(t, term, look, filepath.Join("testdata", "screens", dir, s.name+".txt"))
		} else if dir == "plain" {
			term.Expect("Enter for") // keys that come before that are echoed elsewhere
		}
		term.Type(s.keys)
	}
}

func holdScreen(t *testing.T, term *testterm.Terminal, look func() []string, golden string) {
	t.Helper()
	if *update {
		time.Sleep(time.Second) // until the program waits for keys
		if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(strings.Join(look(), "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	deadline := time.Now().Add(screenPatience)
	for !slices.Equal(look(), want) {
		if time.Now().After(deadline) {
			t.Fatalf("%s (-want +got)\n%s", golden, cmp.Diff(want, look()))
		}
		time.Sleep(5 * time.Millisecond)
	}
	for _, line := range want {
		if strings.Contains(line, "\x1b") || len([]rune(styles.ReplaceAllString(line, ""))) > 80 {
			t.Errorf("%s: %q", golden, line)
		}
	}
}

// screenPatience is how long a screen may take to be drawn on a busy machine.
const screenPatience = 10 * time.Second

var styles = regexp.MustCompile(`\{[0-9;]*\}`)
