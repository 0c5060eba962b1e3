package recommend

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// remaining gives the keys of the questions from index i on.
func remaining(c *Criteria, i int) []string {
	keys := []string{}
	for ; i < len(c.questions); i++ {
		keys = append(keys, c.questions[i].Key)
	}
	return keys
}

// settledNaively tries every combination of options of the remaining questions,
// with no regard for skips or alike answers.
func settledNaively(c *Criteria, a Answers, keys []string) bool {
	var first *Recommendation
	var try func(a Answers, keys []string) bool
	try = func(a Answers, keys []string) bool {
		if len(keys) > 0 {
			q := c.questions[c.index(keys[0])]
			for i := range uint64(len(q.Options)) {
				if !try(with(a, q.Key, q.Options[i].Key), keys[1:]) {
					return false
				}
			}
			if q.Multi {
				return try(with(a, q.Key), keys[1:]) && try(with(a, q.Key, q.keysOf(1<<len(q.Options)-1)...), keys[1:])
			}
			return true
		}
		r := c.Recommend(a)
		if first == nil {
			first = r
		}
		return r.Runtime == first.Runtime && r.Stack == first.Stack && slices.Equal(r.Components, first.Components) && r.CloseCall == first.CloseCall
	}
	return try(a, keys)
}

func TestSettledAgainstNaive(t *testing.T) {
	c, r, yes := Embedded(), rand.New(rand.NewPCG(3, 4)), 0
	for range 400 {
		a := randomAnswers(r, c)
		keys := remaining(c, 5)
		if r.IntN(2) == 0 {
			keys = append(keys, c.questions[r.IntN(5)].Key)
		}
		for _, key := range keys {
			delete(a, key)
		}
		want := settledNaively(c, a, keys)
		if got := c.Settled(a, keys); got != want {
			t.Fatalf("%v with %v to come: settled %v, want %v", a, keys, got, want)
		}
		if want {
			yes++
		}
	}
	if yes < 20 {
		t.Errorf("only %d of the sets were settled, too few to tell", yes)
	}
}

// TestSettledLength counts the questions of an interview that gives the answers of
// the public rows: all that are not skipped, and until the result is settled.
func TestSettledLength(t *testing.T) {
	c := Embedded()
	rows, skipsOnly, stopped, fewest := 0, 0, 0, 99
	for _, tc := range publicCases(t) {
		if c.Recommend(tc.Answers).Runtime == Conflict {
			continue
		}
		a, asked, stop := Answers{}, 0, 0
		for i, q := range c.questions {
			if _, skipped := c.SkippedBy(a, q.Key); skipped {
				continue
			}
			if stop == 0 && c.Settled(a, remaining(c, i)) {
				stop = asked
			}
			asked++
			a[q.Key] = tc.Answers[q.Key]
			if !q.Multi && a[q.Key] == nil {
				a[q.Key] = []string{NotSure}
			}
		}
		if stop == 0 {
			stop = asked
		}
		rows, skipsOnly, stopped, fewest = rows+1, skipsOnly+asked, stopped+stop, min(fewest, stop)
	}
	// 7.2 questions, and 6.8 with the stop.
	if rows != 39 || skipsOnly != 282 || stopped != 266 || fewest != 3 {
		t.Errorf("%d rows: %d questions, %d with the stop, %d at least", rows, skipsOnly, stopped, fewest)
	}
}

// bothLibraries leaves most completions to try of all answers that settle the result.
var bothLibraries = Answers{"project_kind": {"realtime_app"}, "already_fixed": {"node_library", "python_data_library"}}

// TestSettledGivesUp: criteria with so many alike outcomes that nobody can try
// them all get the cautious answer at once.
func TestSettledGivesUp(t *testing.T) {
	c := *Embedded()
	if !c.Settled(bothLibraries, remaining(&c, 2)) {
		t.Fatal("the embedded criteria are not settled")
	}
	c.questions = slices.Clone(c.questions)
	for _, key := range []string{"q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9", "q10"} {
		q := c.questions[c.index("priority")]
		q.Key = key
		c.questions = append(c.questions, q)
	}
	if c.Settled(bothLibraries, remaining(&c, 2)) {
		t.Error("a billion completions were tried")
	}
}

func TestSkippedBy(t *testing.T) {
	for _, tc := range []struct {
		answers      Answers
		question, by string
	}{
		{Answers{"project_kind": {"realtime_app"}}, "live_updates", "project_kind"},
		{Answers{"project_kind": {"rest_api"}}, "live_updates", ""},
		{Answers{"already_fixed": {"team_only_javascript"}}, "load_profile", "already_fixed"},
		{Answers{"already_fixed": {"team_only_python"}}, "load_profile", ""},
		{Answers{"already_fixed": {"team_only_python"}, "project_kind": {"web_app"}}, "load_profile", "already_fixed"},
		{Answers{"already_fixed": {"team_only_javascript"}, "project_kind": {"data_ml"}}, "load_profile", "project_kind"},
		{nil, "project_kind", ""},
		{nil, "no_such_question", ""},
	} {
		by, ok := Embedded().SkippedBy(tc.answers, tc.question)
		if by != tc.by || ok != (tc.by != "") {
			t.Errorf("%v: %s is settled by %q, %v; want %q", tc.answers, tc.question, by, ok, tc.by)
		}
	}
}

func TestChoices(t *testing.T) {
	got := Embedded().Choices(Answers{"project_kind": {"realtime_app"}, "data_work": {"core"}})
	want := []Choice{
		{Node, "node-realtime", []string{}, []int{15, 38, 39}},
		{Python, "python-data", []string{}, []int{26, 44, 45, 50}},
		{Hybrid, "hybrid", []string{"node-realtime", "python-data"}, []int{54, 61}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTensionsOf(t *testing.T) {
	a := Answers{"team_skills": {"python"}, "priority": {"ship_fast"}}
	for runtime, want := range map[string][]string{
		Node: {"new_language_for_team", "slower_first_version"}, Python: {}, Hybrid: {"two_runtimes_to_run"}, "": {},
	} {
		got := []string{}
		for _, r := range Embedded().TensionsOf(a, runtime) {
			got = append(got, r.Key)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q\n%s", runtime, diff)
		}
	}
}

func TestTieStep(t *testing.T) {
	for _, tc := range []struct {
		answers             Answers
		need, question, won string
	}{
		{nil, "", "", Python},
		{Answers{"project_kind": {"web_app"}}, "", "", Python},
		{Answers{"live_updates": {"core"}, "team_skills": {"python"}}, "live", "", Node},
		{Answers{"live_updates": {"some"}, "data_work": {"some"}}, "", "", Python},
		{Answers{"team_skills": {"javascript"}, "data_work": {"some"}, "priority": {"readable_code"}, "project_kind": {"not_sure"}}, "", "team_skills", Python},
		{Answers{"project_kind": {"rest_api"}, "live_updates": {"some"}, "load_profile": {"heavy_compute"}, "priority": {"readable_code"}}, "", "project_kind", Node},
	} {
		need, question := Embedded().TieStep(tc.answers)
		if need != tc.need || question != tc.question {
			t.Errorf("%v: decided by need %q or question %q, want %q or %q", tc.answers, need, question, tc.need, tc.question)
		}
		if r := Embedded().Recommend(tc.answers); r.Runtime != tc.won {
			t.Errorf("%v: %s with margin %d, want %s", tc.answers, r.Runtime, r.Margin, tc.won)
		}
	}
}
