package packtest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
)

func options(keys string) (all []interview.Option) {
	for _, k := range strings.Fields(keys) {
		all = append(all, interview.Option{Key: k})
	}
	return all
}

func when(key, value string) map[string][]string { return map[string][]string{key: {value}} }

// shop has questions of every kind, and some that depend on others two deep.
func shop() []interview.Question {
	return []interview.Question{
		{Key: "db", Default: []string{"none"}, Options: options("none sqlite postgres")},
		{Key: "pool", Default: []string{"small"}, Options: options("small large"), When: when("db", "postgres")},
		{Key: "replicas", Default: []string{"no"}, Options: options("no yes"), When: when("pool", "large")},
		{Key: "files", Default: []string{"local"}, Options: options("local bucket"), When: when("db", "sqlite")},
		{Key: "extras", Kind: interview.Multi, Options: options("mail jobs")},
		{Key: "never", Default: []string{"x"}, Options: options("x y"), When: when("db", "oracle")},
		{Key: "title", Kind: interview.Text, Default: []string{"Shop"}},
	}
}

// Every pair of choices that can come up does, and none that cannot.
func TestPairs(t *testing.T) {
	rows, all := Pairs(shop(), 300)
	if !all {
		t.Error("some pairs are left out")
	}
	has := func(pairs ...string) bool {
		return slices.ContainsFunc(rows, func(r Row) bool {
			for _, p := range pairs {
				if key, value, _ := strings.Cut(p, "="); r[key] != value {
					return false
				}
			}
			return true
		})
	}
	for _, pair := range []string{
		"db=sqlite extras=", "db=none extras=mail", "db=postgres extras=mail,jobs", "db=postgres pool=large", "pool=large extras=jobs",
		"db=postgres replicas=yes", "replicas=yes extras=mail", "replicas=yes pool=large", "files=bucket db=sqlite", "files=bucket extras=mail,jobs",
	} {
		if !has(strings.Fields(pair)...) {
			t.Errorf("no row has %s", pair)
		}
	}
	for _, pair := range []string{"db=none pool=large", "db=sqlite pool=large", "pool=small replicas=yes", "db=sqlite replicas=yes", "db=postgres files=bucket", "files=bucket replicas=yes", "never=y"} {
		if has(strings.Fields(pair)...) {
			t.Errorf("a row has %s", pair)
		}
	}
	if len(rows) > 15 { // 12 are the pairs of db and extras alone
		t.Errorf("%d rows", len(rows))
	}
	for _, r := range rows {
		if _, text := r["title"]; text || len(r) != 6 {
			t.Errorf("%v", r)
		}
	}
	if d := cmp.Diff(rows, first(Pairs(shop(), 300))); d != "" {
		t.Errorf("another run gives other rows: %s", d)
	}
}

// A pair that cannot come up makes no row.
func TestPairsOfTwoQuestions(t *testing.T) {
	want := []Row{{"db": "none", "pool": "small"}, {"db": "sqlite", "pool": "small"}, {"db": "postgres", "pool": "small"}, {"db": "postgres", "pool": "large"}}
	if d := cmp.Diff(want, first(Pairs(shop()[:2], 300))); d != "" {
		t.Error(d)
	}
}

func TestPairsOfOneQuestion(t *testing.T) {
	for name, tt := range map[string]struct {
		question interview.Question
		want     []Row
	}{
		"default first":  {interview.Question{Key: "a", Default: []string{"y"}, Options: options("x y")}, []Row{{"a": "y"}, {"a": "x"}}},
		"no default":     {interview.Question{Key: "a", Options: options("x y")}, []Row{{"a": "x"}, {"a": "y"}}},
		"several":        {interview.Question{Key: "a", Kind: interview.Multi, Options: options("x y")}, []Row{{"a": ""}, {"a": "x"}, {"a": "y"}, {"a": "x,y"}}},
		"one by default": {interview.Question{Key: "a", Kind: interview.Multi, Options: options("x y"), Default: []string{"y"}}, []Row{{"a": "y"}, {"a": "x"}, {"a": ""}, {"a": "x,y"}}},
		"at least one":   {interview.Question{Key: "a", Kind: interview.Multi, Options: options("x y"), Limits: interview.Limits{Required: true}}, []Row{{"a": "x"}, {"a": "y"}, {"a": "x,y"}}},
		"text":           {interview.Question{Key: "a", Kind: interview.Text, Options: options("x")}, nil},
	} {
		if d := cmp.Diff(tt.want, first(Pairs([]interview.Question{tt.question}, 300))); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// There are no more rows than were asked for, and it is said that some are left out.
func TestPairsHaveALimit(t *testing.T) {
	for name, questions := range map[string][]interview.Question{"pairs": shop(), "a lone question": {{Key: "a", Options: options("x y z")}}} {
		if rows, all := Pairs(questions, 2); len(rows) != 2 || all {
			t.Errorf("%s: %v, %v", name, rows, all)
		}
	}
}

func TestScript(t *testing.T) {
	short := func(s string) error {
		if len(s) > 3 {
			return errors.New("is too long")
		}
		return nil
	}
	one := interview.Question{Key: "a", Options: options("x y")}
	several := interview.Question{Key: "a", Kind: interview.Multi, Options: options("x y"), Default: []string{"y"}}
	text := interview.Question{Key: "a", Kind: interview.Text, Check: short}
	with := func(q interview.Question, change func(q *interview.Question)) interview.Question {
		change(&q)
		return q
	}
	for name, tt := range map[string]struct {
		script Script
		q      interview.Question
		want   string // by |
		fault  string
	}{
		"a row's choice":          {Script{Row: Row{"a": "y"}}, one, "y", ""},
		"the default":             {Script{Row: Row{"b": "y"}}, with(one, func(q *interview.Question) { q.Default = []string{"x"} }), "x", ""},
		"no default":              {Script{}, one, "", "the question a has no default"},
		"several of a row":        {Script{Row: Row{"a": "x,y"}}, several, "x|y", ""},
		"none of a row":           {Script{Row: Row{"a": ""}}, several, "", ""},
		"several by default":      {Script{}, several, "y", ""},
		"a text by default":       {Script{Row: Row{"a": "y"}}, with(text, func(q *interview.Question) { q.Default = []string{"abc"} }), "abc", ""},
		"a sample":                {Script{Samples: map[string]string{"a": "abc"}}, text, "abc", ""},
		"a placeholder":           {Script{Samples: map[string]string{"a": "abcd"}}, with(text, func(q *interview.Question) { q.Placeholder = "e" }), "e", ""},
		"what a matrix makes up":  {Script{Row: Row{}}, with(text, func(q *interview.Question) { q.Required = true }), "1", ""},
		"an empty text":           {Script{}, text, "", ""},
		"an empty text is no one": {Script{}, with(text, func(q *interview.Question) { q.Required = true }), "", "the question a has no default that does"},
		"no text that does":       {Script{}, with(text, func(q *interview.Question) { q.Placeholder = "abcd" }), "", "the question a has no default that does"},
	} {
		got, err := tt.script.Ask(tt.q)
		if tt.fault != "" {
			var e *diag.Error
			if !errors.As(err, &e) || e.Kind != diag.Usage || !strings.Contains(err.Error(), tt.fault) {
				t.Errorf("%s: %v, %v", name, got, err)
			}
			continue
		}
		if err != nil || strings.Join(got, "|") != tt.want || !slices.Equal(tt.script.Asked["a"], got) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestCoverage(t *testing.T) {
	c := Coverage{}
	c.Take(map[string][]string{"db": {"none"}, "extras": {"mail", "jobs"}})
	c.Take(map[string][]string{"db": {"sqlite"}})
	all, untaken := c.Of(shop()[:5])
	want := []Untaken{{"db", "postgres"}, {"pool", "small"}, {"pool", "large"}, {"replicas", "no"}, {"replicas", "yes"}, {"files", "local"}, {"files", "bucket"}}
	if d := cmp.Diff(want, untaken); d != "" || all != 11 {
		t.Errorf("%d choices %s", all, d)
	}
}

func first(rows []Row, _ bool) []Row { return rows }
