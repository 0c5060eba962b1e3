package recommend

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden screens")

func answersOf(t testing.TB, id string) Answers {
	for _, tc := range publicCases(t) {
		if tc.ID == id {
			return tc.Answers
		}
	}
	t.Fatalf("there is no row %s", id)
	return nil
}

func TestScreens(t *testing.T) {
	c := Embedded()
	for _, tc := range []struct{ name, id string }{
		{"clear", "C01"}, {"clear-both-sides", "C34"}, {"close-call", "C31"}, {"tie", "C21"}, {"conflict", "C24"},
		{"hybrid", "C18"}, {"forced-python", "C22"}, {"contradiction", "C26"}, {"core-need", "C16"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := answersOf(t, tc.id)
			r := c.Recommend(a)
			golden(t, tc.name+".txt", c.Screen(r, a)+"\n"+c.Table(r, a))
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "screens", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// A checkout may have changed the line ends.
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", path, diff)
	}
}

// TestScreensFit: every screen keeps to 79 columns, and to so many lines that the
// review's two lines about the project and its menu fit below it on a screen of
// 24, without trailing blanks, and shows labels instead of keys.
func TestScreensFit(t *testing.T) {
	c := Embedded()
	fits := func(a Answers) {
		r := c.Recommend(a)
		screen, table := c.Screen(r, a), c.Table(r, a)
		if n := strings.Count(screen, "\n"); r.Runtime == Conflict && n > 16 || r.Runtime != Conflict && n > screenLines {
			t.Errorf("%v: the screen has %d lines\n%s", a, n, screen)
		}
		for line := range strings.Lines(screen + table) {
			line = strings.TrimSuffix(line, "\n")
			if width(line) > columns || strings.TrimRight(line, " ") != line {
				t.Errorf("%v: line of %d columns: %q", a, width(line), line)
			}
			if strings.ContainsAny(line, "_\x1b") {
				t.Errorf("%v: a key or an escape code is shown: %q", a, line)
			}
		}
	}
	for _, tc := range publicCases(t) {
		fits(tc.Answers)
	}
	eachRandom(t, 20_000, fits)
}

// TestCloseCallHasNoWinner: the two sides stand in the same order whichever of
// them the points prefer.
func TestCloseCallHasNoWinner(t *testing.T) {
	c := Embedded()
	r := rand.New(rand.NewPCG(5, 6))
	seen := map[string]bool{}
	for range 5_000 {
		a := randomAnswers(r, c)
		rec := c.Recommend(a)
		if !rec.CloseCall {
			continue
		}
		sides := c.Contenders(a)
		order := map[string]int{Node: 0, Python: 1, Hybrid: 2}
		if len(sides) != 2 || order[sides[0].Runtime] >= order[sides[1].Runtime] {
			t.Fatalf("%v: contenders %v", a, sides)
		}
		if rec.Runtime != sides[0].Runtime && rec.Runtime != sides[1].Runtime {
			t.Fatalf("%v: %s is not among %v", a, rec.Runtime, sides)
		}
		for _, fl := range c.settling(a, rec.Open, sides, 3) {
			if after := c.Recommend(with(a, fl.Question, fl.Answer)); fl.Answer == NotSure || after.CloseCall || after.Runtime != fl.Runtime {
				t.Fatalf("%v: %v does not settle it", a, fl)
			}
		}
		seen[rec.Runtime+" of "+sides[0].Runtime+" and "+sides[1].Runtime] = true
	}
	for _, want := range []string{
		"node of node and python", "python of node and python", "python of python and hybrid", "hybrid of python and hybrid",
		"node of node and hybrid", "hybrid of node and hybrid",
	} {
		if !seen[want] {
			t.Errorf("no close call was %s", want)
		}
	}
}

// TestBestArgumentAgainst: of three answers for the loser, the strongest is shown.
func TestBestArgumentAgainst(t *testing.T) {
	a := Answers{
		"project_kind": {"crud_admin"}, "live_updates": {"some"}, "team_skills": {"python"}, "frontend": {"js_same_team"},
		"load_profile": {"waiting_io"}, "priority": {"ship_fast"}, "data_work": {"core"},
	}
	c := Embedded()
	screen := c.Screen(c.Recommend(a), a)
	if strings.Count(screen, "\n  - ") != 1 || !strings.Contains(screen, "\n  - The same people, in JavaScript") {
		t.Error(screen)
	}
}

func TestLabels(t *testing.T) {
	c := Embedded()
	for _, list := range c.stacks {
		for _, s := range list {
			if StackLabel(s.key) == s.key {
				t.Errorf("the stack %s has no label", s.key)
			}
		}
	}
	for _, tn := range c.tensions {
		if tensionTexts[tn.Key] == "" {
			t.Errorf("the tension %s has no text", tn.Key)
		}
	}
	for heading, want := range map[string]string{
		"When to Choose NodeJS 1: Real-Time Applications": "When to Choose NodeJS, 1",
		"Comparison table: Performance":                   "Performance",
		"FAQ 5: where Python wins on the web":             "FAQ 5",
		"What to Choose: summary bullets":                 "What to Choose: summary",
		"Conclusion":                                      "Conclusion",
	} {
		if got := shortSection(heading); got != want {
			t.Errorf("%q is cut to %q, want %q", heading, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	got := wrap("one two  three abcdefghijkl", 7)
	if diff := cmp.Diff([]string{"one two", "three", "abcdefg", "hijkl"}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{""}, wrap(" ", 7)); diff != "" {
		t.Error(diff)
	}
}
