package adr

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/recommend"
)

// TestEveryStatementIsAClause holds that no paraphrase of the embedded criteria
// falls through to a quotation, and what becomes of some.
func TestEveryStatementIsAClause(t *testing.T) {
	c := recommend.Embedded()
	for n := 1; n <= 67; n++ {
		s, ok := c.Statement(n)
		if !ok {
			t.Fatalf("no statement %d", n)
		}
		if got := clause("it", s.Text); strings.Contains(got, `"`) {
			t.Errorf("statement %d: %s", n, got)
		}
	}
	for n, want := range map[int]string{
		5:  "Python means one language for browser and server code",
		7:  "Python has a clear, almost English-like style",
		15: "Python suits real-time applications such as chat and online games",
		25: "npm offers a huge library choice for web work",
		40: "if the team is at ease with JavaScript on the front end, Python streamlines the work",
		48: "Django and Flask give a solid web app or API quickly, with less boilerplate",
		52: "the article names NodeJS for real-time, a JavaScript stack, scalable network apps and APIs",
	} {
		s, _ := c.Statement(n)
		if got := clause("Python", s.Text); got != want {
			t.Errorf("statement %d: %s, want %s", n, got, want)
		}
	}
}

// TestPhrasesFitTheCriteria holds that every answer that bears on the decision
// has its words, and that none is left over from an older label.
func TestPhrasesFitTheCriteria(t *testing.T) {
	used := 0
	for _, q := range recommend.Embedded().Questions() {
		for _, o := range q.Options {
			p, ok := phrases[[2]string{q.Key, o.Key}]
			bears := q.Multi || o.Node+o.Python > 0
			if bears && !ok {
				t.Errorf("%s %s bears on the decision and has no words", q.Key, o.Key)
			}
			if !ok {
				continue
			}
			used++
			if !bears && p.noun+p.gain != "" {
				t.Errorf("%s %s has words for points that it does not give", q.Key, o.Key)
			}
			if !bears {
				p.noun = "not needed"
			}
			if p.label != o.Label {
				t.Errorf("%s %s: words for %q, the label is %q", q.Key, o.Key, p.label, o.Label)
			}
			if p.says == "" || p.noun == "" || strings.ContainsAny(p.noun, ",") || strings.Contains(p.noun, " and ") {
				t.Errorf("%s %s: %q and %q must fit into a sentence and a list", q.Key, o.Key, p.says, p.noun)
			}
			if bears && (p.gain == "") != (!q.Multi && o.Node == o.Python) {
				t.Errorf("%s %s: what the favoured side brings is %q", q.Key, o.Key, p.gain)
			}
		}
	}
	if used != len(phrases) {
		t.Errorf("%d phrases, %d in use", len(phrases), used)
	}
}

func TestSlackSentence(t *testing.T) {
	for _, tc := range []struct {
		node, python, slack int // slack -1: none
		decidedBy           string
		want                string
	}{
		{60, 12, 48, "score", "The margin is 48 points and would have to shrink by all of them before the runtime changes."},
		{15, 17, 2, "score", "The margin is 2 points and would have to shrink by both of them before the runtime changes."},
		{15, 14, 1, "score", "The margin is 1 point, and without it the runtime changes."},
		{0, 0, 0, "tie_break", "There is no margin: one point to either side can change the runtime."},
		{20, 16, 13, "core_needs", "The margin is 4 points, and it would have to move by 13 before the runtime changes."},
		{16, 16, 9, "core_needs", "There is no margin, and it would have to move by 9 before the runtime changes."},
		{20, 0, -1, "constraint", "The margin is 20 points, and no number of points would change the runtime."},
	} {
		r := &recommend.Recommendation{Node: tc.node, Python: tc.python, Margin: tc.node - tc.python, DecidedBy: tc.decidedBy}
		if tc.slack >= 0 {
			r.Slack = &tc.slack
		}
		w := &writer{d: recommend.Decision{Recommendation: r}}
		if got := w.slack(); got != tc.want {
			t.Errorf("%+v:\n got %s\nwant %s", tc, got, tc.want)
		}
	}
}

func TestCriticalWeight(t *testing.T) {
	for factor, want := range map[string]string{
		"5": "need five times its weight", "2": "need twice its weight", "1.25": "need 1.25 times its weight", "12": "need 12 times its weight",
		"0.8": "have to shrink to 0.8 of its weight", "0": "have to carry no weight",
	} {
		f, err := json.Number(factor).Float64()
		if err != nil {
			t.Fatal(err)
		}
		if got := times(f); got != want {
			t.Errorf("%s: %q, want %q", factor, got, want)
		}
	}
}

func TestSectionsInShort(t *testing.T) {
	w := &writer{c: recommend.Embedded()}
	for want, statements := range map[string][]int{
		"": nil,
		" (When to Choose NodeJS, item 1; Conclusion)":                                 {38, 57},
		" (When to Choose Python, items 1 and 3)":                                      {50, 44, 45},
		" (Comparison table: Execution Model, Performance)":                            {20, 23},
		" (Comparison table: Learning Curve; FAQ 1)":                                   {30, 62},
		" (What to Choose: summary)":                                                   {51, 54},
		" (Comparison table: Performance; FAQ 4; the article hedges this)":             {24, 66},
		" (Understanding NodeJS; What to Choose: opening; Comparison: closing remark)": {1, 37, 36},
	} {
		if got := w.cite(statements...); got != want {
			t.Errorf("%v: %q, want %q", statements, got, want)
		}
	}
}

func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"plain, text: 1-2 & R&D; 3 > 2!": "plain, text: 1-2 & R\\&D; 3 > 2!",
		"a | b `c` *d* _e_":              "a \\| b \\`c\\` \\*d\\* \\_e\\_",
		"<b>x</b> [l](u)":                "\\<b>x\\</b> \\[l\\](u)",
		"# one":                          "\\# one", "- one": "\\- one", "12. one": "12\\. one", "> one": "\\> one",
		"two\nlines\tand \x1b[0m":             "two lines and \\[0m",
		"https://a.example www.b.example c@d": "https\\://a.example www\\.b.example c\\@d",
		"  ":                                  "",
	} {
		if got := escape(text); got != want {
			t.Errorf("escape(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestCodeSpan(t *testing.T) {
	for text, want := range map[string]string{
		"make test": "`make test`", "a `b` c": "``a `b` c``", "`x`": "`` `x` ``", "a `` b": "```a `` b```",
	} {
		if got := code(text); got != want {
			t.Errorf("code(%q) = %q, want %q", text, got, want)
		}
	}
}
