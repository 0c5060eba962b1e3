package adr

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/recommend"
)

var sections = strings.Split(`## Context and Problem Statement
## Decision Drivers
## Considered Options
## Decision Outcome
### Confidence
### Consequences
### Confirmation
## Pros and Cons of the Options
…
## More Information
### What would change this decision
### Follow-up decisions
### Source`, "\n")

// checkPage holds what is true of every record of a runtime decision.
func checkPage(t *testing.T, c *recommend.Criteria, a recommend.Answers, d recommend.Decision, page string) {
	t.Helper()
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%v, %s taken for %s: %s\n%s", a, d.Choice.Stack, d.Stack, fmt.Sprintf(format, args...), page)
	}
	parts := split(page)
	options := bullets(parts["## Considered Options"])
	want := []string{"# Use " + map[string]string{"node": "NodeJS", "python": "Python", "hybrid": "NodeJS and Python"}[d.Choice.Runtime] + " for the backend"}
	for _, s := range sections {
		if s == "…" {
			for _, o := range options {
				want = append(want, "### "+o)
			}
			continue
		}
		want = append(want, s)
	}
	if diff := cmp.Diff(want, headings(page)); diff != "" {
		fail("headings (-want +got):\n%s", diff)
	}
	if len(options) < 3 || len(slices.Compact(slices.Sorted(slices.Values(options)))) != len(options) {
		fail("options %q", options)
	}
	if !strings.HasPrefix(parts["## Decision Outcome"], `Chosen option: "`+options[0]+`", because `) {
		fail("the chosen option is not the first one listed")
	}
	for i, o := range options {
		list := parts["### "+o]
		if i == 0 && !strings.Contains(list, "* Bad, because ") || i > 0 && !strings.Contains(list, "* Good, because ") {
			fail("%s lacks a Good or a Bad", o)
		}
	}
	if cons := parts["### Consequences"]; !strings.Contains(cons, "* Bad, because ") || !strings.Contains(cons, "* Good, because ") {
		fail("the consequences lack a Good or a Bad")
	}
	for _, m := range tensionsMissing(c, a, d, parts["### Consequences"]) {
		fail("the tension %q is not among the consequences", m)
	}
	if msg := sums(parts["## Context and Problem Statement"], c, d); msg != "" {
		fail("%s", msg)
	}
	for _, o := range odd {
		if strings.Contains(page, o) {
			fail("%q in the text", o)
		}
	}
	for line := range strings.Lines(page) {
		if strings.Contains(line, "CPU-bound") && !strings.Contains(line, "; the article hedges this)") {
			fail("the hedge is missing: %s", line)
		}
		if strings.Contains(line, "forms and an admin area") && strings.HasPrefix(line, "* ") && !strings.Contains(line, "the article does not name") {
			fail("the article does not name admin sites: %s", line)
		}
	}
	for _, cite := range cites(page) {
		if !exists(c, cite) {
			fail("no section %q in the criteria", cite)
		}
	}
	flips(d, parts["### What would change this decision"], fail)
}

// odd are traces of a sentence that did not come out whole.
var odd = []string{
	"<no value>", "<nil>", "%!", "  ", " .", " ,", " ;", " :", "..", ",,", ";.", " \n", "()", `""`, "because .", "because ,", "* \n", "\n\n\n",
	" 1 points", " one questions", " a a ", " the the ", "the article says of",
}

func tensionsMissing(c *recommend.Criteria, a recommend.Answers, d recommend.Decision, consequences string) (missing []string) {
	for _, key := range d.Tensions {
		tension, _ := c.Tension(key)
		if d.Choice.Runtime == d.Runtime && !strings.Contains(consequences, "* Bad, because "+tension.Text) {
			missing = append(missing, key)
		}
	}
	return missing
}

// split maps each heading to the text below it.
func split(page string) map[string]string {
	parts, at := map[string]string{}, ""
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "#") {
			at = strings.TrimSuffix(line, "\n")
			continue
		}
		parts[at] += line
	}
	for at := range parts {
		parts[at] = strings.Trim(parts[at], "\n")
	}
	return parts
}

func headings(page string) (list []string) {
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "#") {
			list = append(list, strings.TrimSuffix(line, "\n"))
		}
	}
	return list
}

func bullets(text string) (list []string) {
	for line := range strings.Lines(text) {
		list = append(list, strings.TrimPrefix(strings.TrimSuffix(line, "\n"), "* "))
	}
	return list
}

// cells splits the rows of a table at the bars that are not escaped.
func cells(text string) (rows [][]string) {
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		row := strings.Split(strings.ReplaceAll(strings.Trim(line, "\n"), `\|`, ""), "|")
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		rows = append(rows, row[1:len(row)-1])
	}
	return rows
}

// sums checks the score table: a row for each question, four cells, totals that add up.
func sums(context string, c *recommend.Criteria, d recommend.Decision) string {
	rows := cells(context)
	if len(rows) != len(c.Questions())+3 {
		return fmt.Sprintf("the table has %d rows", len(rows))
	}
	total := [2]int{}
	for i, row := range rows {
		if len(row) != 4 {
			return fmt.Sprintf("a row has %d cells: %q", len(row), row)
		}
		if i < 2 || i == len(rows)-1 || row[2] == none {
			continue
		}
		for j := range total {
			n, err := strconv.Atoi(row[2+j])
			if err != nil {
				return err.Error()
			}
			total[j] += n
		}
	}
	last := rows[len(rows)-1]
	if want := []string{"**Total**", "", fmt.Sprintf("**%d**", total[0]), fmt.Sprintf("**%d**", total[1])}; !slices.Equal(last, want) {
		return fmt.Sprintf("the totals are %q, the rows add up to %v", last, total)
	}
	if total != [2]int{d.Node, d.Python} {
		return fmt.Sprintf("the rows add up to %v, the recommendation to %d and %d", total, d.Node, d.Python)
	}
	return ""
}

// flips checks the table of changes: every other runtime that a real answer
// leads to, the open questions first.
func flips(d recommend.Decision, text string, fail func(string, ...any)) {
	want := 0
	for _, f := range d.Flips {
		if f.Runtime != d.Runtime && f.Answer != recommend.NotSure {
			want++
		}
	}
	rows := cells(text)
	if got := max(0, len(rows)-2); got != want {
		fail("%d changes in the table, want %d", got, want)
	}
	closed := false
	for _, row := range rows[min(2, len(rows)):] {
		open := strings.Contains(row[0], " (still open) → ")
		if len(row) != 2 || open && closed {
			fail("row %q: two cells, open questions first", row)
		}
		closed = !open
	}
}

var digits = regexp.MustCompile(`\d+`)

var citation = regexp.MustCompile(`\(((?:When to Choose|Comparison|What to Choose|Conclusion|FAQ|Understanding)[^()]*)\)`)

// cites gives the sections named on a page, one each.
func cites(page string) (list []string) {
	for _, m := range citation.FindAllStringSubmatch(page, -1) {
		for _, part := range strings.Split(m[1], "; ") {
			group, items, many := strings.Cut(part, ", item")
			rows, isRow := strings.CutPrefix(part, "Comparison table: ")
			switch {
			case part == "the article hedges this":
			case many:
				for _, n := range digits.FindAllString(items, -1) {
					list = append(list, group+" "+n+": ")
				}
			case isRow:
				for _, row := range strings.Split(rows, ", ") {
					list = append(list, "Comparison table: "+row)
				}
			default:
				list = append(list, part)
			}
		}
	}
	return list
}

// exists reports whether a statement stands in the section, and looks each
// section up by its heading in the file rather than by the code under test.
func exists(c *recommend.Criteria, cite string) bool {
	for n := 1; ; n++ {
		s, ok := c.Statement(n)
		if !ok {
			return false
		}
		if s.Section == cite || s.Section == cite+" bullets" || strings.HasPrefix(s.Section, cite) && (strings.HasSuffix(cite, ": ") || strings.HasPrefix(s.Section, cite+": ")) {
			return true
		}
	}
}

// TestRandomAnswers tries answers that no row foresees, among them contradictory
// ones and answers to questions that are settled.
func TestRandomAnswers(t *testing.T) {
	sets := 3000
	if testing.Short() {
		sets = 300
	}
	c, random := recommend.Embedded(), rand.New(rand.NewPCG(1, 2))
	seen := map[string]int{}
	for i := range sets {
		a := randomAnswers(c, random)
		r := c.Recommend(a)
		if r.Runtime == recommend.Conflict {
			continue
		}
		seen[string(r.Rule)]++
		decisions := []recommend.Decision{decide(t, c, a)}
		if i%5 == 0 {
			decisions = everyDecision(t, c, a)
		}
		for _, d := range decisions {
			checkPage(t, c, a, d, string(Records(c, a, d, huddle())[0].Body))
		}
		if t.Failed() {
			return
		}
	}
	for _, rule := range []string{"only_javascript", "only_python", "both_libraries", "node_library", "live_and_data", "data_core", "score_node", "score_python", "tie"} {
		if seen[rule] == 0 {
			t.Errorf("no set was decided by %s", rule)
		}
	}
}

func randomAnswers(c *recommend.Criteria, random *rand.Rand) recommend.Answers {
	a := recommend.Answers{}
	for _, q := range c.Questions() {
		switch {
		case q.Multi:
			for _, o := range q.Options {
				if random.IntN(6) == 0 {
					a[q.Key] = append(a[q.Key], o.Key)
				}
			}
		case random.IntN(4) > 0:
			a[q.Key] = []string{q.Options[random.IntN(len(q.Options))].Key}
		}
	}
	return a
}
