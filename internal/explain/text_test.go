package explain

import (
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/recommend"
)

// overridden takes another runtime than the one recommended.
func overridden(e Case, runtime, reason string) Case {
	for _, c := range e.Criteria.Choices(e.Answers) {
		if c.Runtime == runtime {
			e.Decision.Choice, e.Decision.Override, e.Decision.Reason = c, true, reason
		}
	}
	return e
}

func TestExplanations(t *testing.T) {
	of := func(id string) Case { return recommended(answersOf(t, id)) }
	noted := of("C03")
	noted.Notes = []string{"The project was made by other criteria: article-node-or-python, version 0."}
	for _, tc := range []struct {
		name string
		Case
	}{
		{"clear", of("C01")}, {"close-call", of("C31")}, {"tie", of("C21")}, {"conflict", of("C24")}, {"hybrid", of("C18")},
		{"forced", of("C22")}, {"contradiction", of("C26")}, {"noted", noted},
		{"override", overridden(of("C03"), recommend.Python, "We *know* it | and <like> it")},
		{"override-no-reason", overridden(of("C16"), recommend.Hybrid, "")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			golden(t, "explain/"+tc.name+".txt", tc.Text(Style{}))
			golden(t, "explain/"+tc.name+".full.txt", tc.Text(Style{Full: true}))
			golden(t, "explain/"+tc.name+".color.txt", strings.ReplaceAll(tc.Text(Style{Full: true, Color: true}), "\x1b", "\\e"))
			golden(t, "explain/"+tc.name+".md", tc.Markdown(Style{Full: true}))
			text, err := json.MarshalIndent(tc.Document(), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "explain/"+tc.name+".json", string(text)+"\n")
		})
	}
}

var sgr = regexp.MustCompile("\x1b\\[[0-9]+m")

// TestColorSaysNothingMore: without its colours a page is the page without colour,
// and no line is wider than the screen.
func TestColorSaysNothingMore(t *testing.T) {
	eachRandom(t, 2_000, func(a recommend.Answers) {
		e := overridden(recommended(a), recommend.Hybrid, "because")
		plain, colored := e.Text(Style{Full: true}), e.Text(Style{Full: true, Color: true})
		if plain == colored || sgr.ReplaceAllString(colored, "") != plain || strings.Contains(plain, "\x1b") {
			t.Errorf("%v: colour changes the text:\n%s", a, colored)
		}
		for line := range strings.Lines(plain) {
			line = strings.TrimSuffix(line, "\n")
			if width(line) > columns || strings.TrimRight(line, " ") != line {
				t.Errorf("%v: line of %d columns: %q", a, width(line), line)
			}
		}
	})
}

// TestSumsAreTheScores: the points that people see add up to the totals that they
// see, and those are the recommendation's, in every table and in the bars.
func TestSumsAreTheScores(t *testing.T) {
	rows, table := regexp.MustCompile(`(?m)^.{65} *(\d+|-) +(\d+|-)$`), regexp.MustCompile(`(?m)^Total +(\d+) +(\d+)$`)
	cells := regexp.MustCompile(`(?m)^\| [^*].* \| (\d+|-) \| (\d+|-) \|[^|]*\|$`)
	bold := regexp.MustCompile(`(?m)^\| \*\*Total\*\* \| \| \*\*(\d+)\*\* \| \*\*(\d+)\*\* \|`)
	bars, under := regexp.MustCompile(`(?m)^  [a-z].{21}[ #]{22} +(\d+) \| (\d+)( *=*)$`), regexp.MustCompile(`(?m)^  total +(\d+) \| (\d+)$`)
	eachRandom(t, 10_000, func(a recommend.Answers) {
		e := recommended(a)
		want := [2]int{e.Decision.Node, e.Decision.Python}
		text := e.Text(Style{})
		for name, got := range map[string][2][2]int{
			"table":    sums(e.Table(), rows, table),
			"text":     sums(text, rows, table),
			"markdown": sums(e.Markdown(Style{}), cells, bold),
			"numbers":  sums(text, bars, under),
		} {
			if name == "numbers" && want == [2]int{} {
				continue // no bars without points
			}
			if got != [2][2]int{want, want} {
				t.Errorf("%v: %s: rows %v, total %v, want %v\n%s", a, name, got[0], got[1], want, text)
			}
		}
		if bars := [2]int{strings.Count(chart(text), "#"), strings.Count(chart(text), "=")}; bars != want {
			t.Errorf("%v: bars of %v, want %v\n%s", a, bars, want, text)
		}
	})
}

// sums adds up the numbers of the lines that match row, and gives those of total.
func sums(text string, row, total *regexp.Regexp) (got [2][2]int) {
	number := func(s string) int {
		n, _ := strconv.Atoi(s) // a dash counts nothing
		return n
	}
	add := func(i int, pattern, not *regexp.Regexp) {
		for _, m := range pattern.FindAllStringSubmatch(text, -1) {
			if not == nil || !not.MatchString(m[0]) {
				got[i][0] += number(m[1])
				got[i][1] += number(m[2])
			}
		}
	}
	add(0, row, total)
	add(1, total, nil)
	return got
}

// chart is the part of the text with the bars.
func chart(text string) string {
	_, rest, _ := strings.Cut(text, "a sign is a point)\n")
	bars, _, _ := strings.Cut(rest, "\n\n")
	return bars
}

// TestFlipsAreTrue: every flip that is shown, applied, gives what it says.
func TestFlipsAreTrue(t *testing.T) {
	seen := map[string]int{}
	check := func(a recommend.Answers) {
		e := recommended(a)
		if e.Decision.Runtime == recommend.Conflict {
			return
		}
		text := e.Text(Style{Full: true})
		for kind, flips := range map[string][]recommend.Flip{"runtime": e.runtimeFlips(), "stack": e.stackFlips()} {
			for _, fl := range flips {
				after := e.Criteria.Recommend(with(a, fl))
				moved := max(after.Margin-e.Decision.Margin, e.Decision.Margin-after.Margin)
				got := recommend.Flip{Question: fl.Question, Answer: fl.Answer, PointsMoved: moved, Runtime: after.Runtime, Stack: string(after.Stack)}
				if diff := cmp.Diff(fl, got); diff != "" || (kind == "runtime") != (after.Runtime != e.Decision.Runtime) {
					t.Errorf("%v: %s", a, diff)
				}
				seen[kind]++
				shown := e.flipText(fl)
				if kind == "stack" {
					shown = e.stackFlipText(fl)
				}
				if !strings.Contains(text, shown[:min(len(shown), 50)]) {
					t.Errorf("%v: %s is not shown\n%s", a, shown, text)
				}
			}
		}
		if !e.Decision.CloseCall {
			return
		}
		for _, fl := range e.settlingAll() {
			if after := e.Criteria.Recommend(with(a, fl)); after.CloseCall || after.Runtime != fl.Runtime {
				t.Errorf("%v: %v does not settle it", a, fl)
			}
			seen["settling"]++
		}
	}
	eachRandom(t, 5_000, check)
	if len(seen) != 3 {
		t.Errorf("only these were seen: %v", seen)
	}
}

// A bar never outgrows its room, whatever a team's weights are.
func TestBarsKeepToTheirRoom(t *testing.T) {
	e := recommended(recommend.Answers{"project_kind": {"rest_api"}})
	e.Decision.Rows = []recommend.Row{{Question: "project_kind", Answer: "rest_api", Node: 150, Python: 1}}
	bars := e.Text(Style{})
	if !strings.Contains(bars, "a sign is up to 7 points") || !strings.Contains(bars, " 150 | 1   =\n") {
		t.Error(bars)
	}
	for line := range strings.Lines(bars) {
		if width(strings.TrimSuffix(line, "\n")) > columns {
			t.Errorf("%q", line)
		}
	}
}

// FuzzText: no reason and no note steers the terminal, breaks a line or the page.
func FuzzText(f *testing.F) {
	f.Add("We know it", "a note")
	f.Add("\x1b[2J\n# heading", "| cell |\u202e")
	f.Fuzz(func(t *testing.T, reason, note string) {
		e := overridden(recommended(recommend.Answers{"project_kind": {"rest_api"}}), recommend.Python, reason)
		e.Notes = []string{note}
		for _, page := range []string{e.Text(Style{}), e.Markdown(Style{})} {
			if strings.ContainsAny(page, "\x1b\r\u202e") {
				t.Errorf("%q", page)
			}
		}
	})
}

// A team's own rule has a source where others have a section of the article.
func TestTeamsSourceIsNamed(t *testing.T) {
	const file = "../recommend/testdata/teams/platform.yaml"
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c, err := recommend.LoadTeam(file, src)
	if err != nil {
		t.Fatal(err)
	}
	e := Recommended(c, recommend.Answers{"hosting": {"batch_farm"}, "data_work": {"some"}})
	for _, said := range []string{e.Screen(), e.Text(Style{}), e.Markdown(Style{})} {
		if !strings.Contains(said, "Platform handbook") {
			t.Errorf("the source is not named\n%s", said)
		}
	}
}
