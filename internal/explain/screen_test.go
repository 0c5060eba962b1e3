package explain

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/recommend"
)

var update = flag.Bool("update", false, "rewrite the golden screens")

func TestScreens(t *testing.T) {
	for _, tc := range []struct{ name, id string }{
		{"clear", "C01"}, {"clear-both-sides", "C34"}, {"close-call", "C31"}, {"tie", "C21"}, {"conflict", "C24"},
		{"hybrid", "C18"}, {"forced-python", "C22"}, {"contradiction", "C26"}, {"core-need", "C16"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := recommended(answersOf(t, tc.id))
			golden(t, tc.name+".txt", e.Screen()+"\n"+e.Table())
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
	fits := func(a recommend.Answers) {
		e := recommended(a)
		screen, table := e.Screen(), e.Table()
		conflict := e.Decision.Runtime == recommend.Conflict
		if n := strings.Count(screen, "\n"); conflict && n > 16 || !conflict && n > screenLines {
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
	for _, row := range recommend.Cases() {
		fits(row.Answers)
	}
	eachRandom(t, 20_000, fits)
}

// TestCloseCallHasNoWinner: the two sides stand in the same order whichever of
// them the points prefer.
func TestCloseCallHasNoWinner(t *testing.T) {
	seen := map[string]bool{}
	eachRandom(t, 10_000, func(a recommend.Answers) {
		e := recommended(a)
		rec := e.Decision
		if !rec.CloseCall {
			return
		}
		sides := e.Criteria.Contenders(a)
		order := map[string]int{recommend.Node: 0, recommend.Python: 1, recommend.Hybrid: 2}
		if len(sides) != 2 || order[sides[0].Runtime] >= order[sides[1].Runtime] {
			t.Fatalf("%v: contenders %v", a, sides)
		}
		if rec.Runtime != sides[0].Runtime && rec.Runtime != sides[1].Runtime {
			t.Fatalf("%v: %s is not among %v", a, rec.Runtime, sides)
		}
		for _, fl := range e.settling(sides, 3) {
			if after := e.Criteria.Recommend(with(a, fl)); fl.Answer == recommend.NotSure || after.CloseCall || after.Runtime != fl.Runtime {
				t.Fatalf("%v: %v does not settle it", a, fl)
			}
		}
		seen[rec.Runtime+" of "+sides[0].Runtime+" and "+sides[1].Runtime] = true
	})
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
	screen := recommended(recommend.Answers{
		"project_kind": {"crud_admin"}, "live_updates": {"some"}, "team_skills": {"python"}, "frontend": {"js_same_team"},
		"load_profile": {"waiting_io"}, "priority": {"ship_fast"}, "data_work": {"core"},
	}).Screen()
	if strings.Count(screen, "\n  - ") != 1 || !strings.Contains(screen, "\n  - The same people, in JavaScript") {
		t.Error(screen)
	}
}

func TestShortSections(t *testing.T) {
	for heading, want := range map[string]string{
		"When to Choose NodeJS 1: Real-Time Applications": "When to Choose NodeJS, 1",
		"Comparison table: Performance":                   "Performance",
		"FAQ 5: where Python wins on the web":             "FAQ 5",
		"What to Choose: summary bullets":                 "What to Choose: summary",
		"Conclusion":                                      "Conclusion",
	} {
		if got := recommend.ShortSection(heading); got != want {
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
