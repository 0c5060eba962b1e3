package interview

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/recommend"
)

// script is a person who gives prepared answers; a question without one takes
// its default.
type script struct {
	t       *testing.T
	answers map[string][]string // key -> one entry for each time it is asked, values by comma
	asked   []string
	shown   []string
	breakAt string // key of the question at which Ctrl-C is pressed
}

func (s *script) Ask(q Question) ([]string, error) {
	s.asked = append(s.asked, q.Key)
	if len(s.asked) > 100 {
		s.t.Fatalf("asked without end: %v", s.asked[90:])
	}
	if q.Key == s.breakAt {
		return nil, diag.New(diag.Interrupted, "", "interrupted")
	}
	prepared := s.answers[q.Key]
	if len(prepared) == 0 {
		if q.Kind == Single && len(q.Default) == 0 {
			s.t.Fatalf("%s has no default and no prepared answer; options %v", q.Key, q.Options)
		}
		return q.Default, nil
	}
	s.answers[q.Key] = prepared[1:]
	values := []string{prepared[0]}
	if q.Kind == Multi {
		values = strings.FieldsFunc(prepared[0], func(r rune) bool { return r == ',' })
	}
	if wrong := q.fault(values); wrong != "" {
		s.t.Fatalf("%s: %s; options %v", q.Key, wrong, q.Options)
	}
	return values, nil
}

func (s *script) Show(text string) error {
	for line := range strings.Lines(text) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 80 {
			s.t.Errorf("a line of %d columns: %s", n, line)
		}
	}
	s.shown = append(s.shown, text)
	return nil
}

func newInterview(t *testing.T, answers map[string][]string) (*Interview, *script) {
	s := &script{t: t, answers: maps.Clone(answers)}
	return &Interview{
		Criteria: recommend.Embedded(),
		Project:  ProjectQuestions(Facts{Name: "my-service", Author: "Ada <ada@example.org>"}),
		Starters: []Starter{{Stack: "node-express", Runtime: "node", Options: testOptions}, {Stack: "python-flask", Runtime: "python"}, {Stack: "python-django", Runtime: "python"}},
		Asker:    s,
	}, s
}

func TestAskSkipsWhatIsSettled(t *testing.T) {
	tests := []struct {
		name    string
		answers map[string][]string
		given   Answers
		want    string // decision questions asked, and the offer to stop
	}{
		{"everything open", nil, nil, "project_kind already_fixed live_updates data_work team_skills frontend load_profile priority"},
		{"live is settled by the kind", map[string][]string{"project_kind": {"realtime_app"}}, nil,
			"project_kind already_fixed data_work team_skills frontend load_profile priority"},
		{"one language left", map[string][]string{"project_kind": {"rest_api"}, "already_fixed": {"team_only_javascript"}}, nil,
			"project_kind already_fixed live_updates"},
		{"given answers are not asked", nil, Answers{"project_kind": {[]string{"rest_api"}, FromFlag}, "priority": {[]string{"ship_fast"}, FromFlag}},
			"already_fixed live_updates data_work team_skills frontend load_profile"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			iv, s := newInterview(t, tt.answers)
			if _, err := iv.Ask(tt.given); err != nil {
				t.Fatal(err)
			}
			var asked []string
			for _, k := range s.asked {
				if q, ok := find(iv.Project, k); !ok || q.Key == "" {
					asked = append(asked, k)
				}
			}
			if got := strings.Join(asked, " "); !strings.HasPrefix(got, tt.want) {
				t.Errorf("asked %s\nwant  %s", got, tt.want)
			}
		})
	}
}

// Stopping early must not change what is decided.
func TestStoppingEarlyChangesNothing(t *testing.T) {
	answers := map[string][]string{"project_kind": {"rest_api"}, "already_fixed": {"team_only_javascript"}}
	decide := func(stop string) (recommend.Decision, []string) {
		with := maps.Clone(answers)
		with["finish_now"] = []string{stop}
		iv, s := newInterview(t, with)
		got, err := iv.Ask(nil)
		if err != nil {
			t.Fatal(err)
		}
		return iv.Decide(got, "", ""), s.asked
	}
	early, askedEarly := decide("yes")
	late, askedLate := decide("no")
	if !slices.Contains(askedEarly, "finish_now") || len(askedEarly) >= len(askedLate) {
		t.Errorf("stopping saves nothing: %v and %v", askedEarly, askedLate)
	}
	if n := strings.Count(strings.Join(askedLate, " "), "finish_now"); n != 1 {
		t.Errorf("after a no the offer is repeated: %d times", n)
	}
	if diff := cmp.Diff(early.Choice, late.Choice); diff != "" {
		t.Error(diff)
	}
}

func TestConflictIsMendedAtOnce(t *testing.T) {
	iv, s := newInterview(t, map[string][]string{
		"already_fixed": {"team_only_javascript,python_data_library", "team_only_javascript,team_only_python", "python_data_library"},
	})
	answers, err := iv.Ask(nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"python_data_library"}, answers["already_fixed"].Values); diff != "" {
		t.Error(diff)
	}
	if len(s.shown) != 2 {
		t.Errorf("the conflict was shown %d times, want 2", len(s.shown))
	}
}

func TestReview(t *testing.T) {
	rest := map[string][]string{"project_kind": {"rest_api"}, "load_profile": {"many_connections"}}
	with := func(more map[string][]string) map[string][]string {
		all := maps.Clone(rest)
		maps.Copy(all, more)
		return all
	}
	tests := []struct {
		name    string
		answers map[string][]string
		stack   string
		want    recommend.Decision
		left    bool
	}{
		{"accept", rest, "", recommend.Decision{Choice: recommend.Choice{Stack: "node-express"}, Confirmed: true}, false},
		{"quit", with(map[string][]string{"review": {"quit"}}), "", recommend.Decision{Choice: recommend.Choice{Stack: "node-express"}}, true},
		{"table, then accept", with(map[string][]string{"review": {"table", "accept"}}), "",
			recommend.Decision{Choice: recommend.Choice{Stack: "node-express"}, Confirmed: true}, false},
		{"take the other", with(map[string][]string{"review": {"other", "accept"}, "other": {"take:python-flask"}, "reason": {"We know it"}}), "",
			recommend.Decision{Choice: recommend.Choice{Stack: "python-flask"}, Override: true, Reason: "We know it", Confirmed: true}, false},
		{"other, then back", with(map[string][]string{"review": {"other", "accept"}, "other": {"back"}}), "",
			recommend.Decision{Choice: recommend.Choice{Stack: "node-express"}, Confirmed: true}, false},
		{"take the other and return", with(map[string][]string{"review": {"other", "other", "accept"}, "other": {"take:python-flask", "take:node-express"}}), "",
			recommend.Decision{Choice: recommend.Choice{Stack: "node-express"}, Confirmed: true}, false},
		{"change an answer", with(map[string][]string{"review": {"change", "take:python-flask"}, "change": {"team_skills"}, "team_skills": {"not_sure", "python"}}), "",
			recommend.Decision{Choice: recommend.Choice{Stack: "python-flask"}, Override: true, Confirmed: true}, false},
		{"wanted on the command line", rest, "python-flask",
			recommend.Decision{Choice: recommend.Choice{Stack: "python-flask"}, Override: true, Confirmed: true}, false},
		{"wanted on the command line, with a reason when asked", with(map[string][]string{"reason": {"We know it"}}), "python-flask",
			recommend.Decision{Choice: recommend.Choice{Stack: "python-flask"}, Override: true, Reason: "We know it", Confirmed: true}, false},
		{"wanted on the command line, and another one taken", with(map[string][]string{"review": {"other", "accept"}, "other": {"take:python-django"}, "reason": {"", "asked twice"}}), "python-flask",
			recommend.Decision{Choice: recommend.Choice{Stack: "python-django"}, Override: true, Confirmed: true}, false},
		{"wanted and recommended", rest, "node-express",
			recommend.Decision{Choice: recommend.Choice{Stack: "node-express"}, Confirmed: true}, false},
		{"close call takes the recommended side", map[string][]string{"project_kind": {"rest_api"}, "priority": {"ship_fast"}, "review": {"take:python-flask"}}, "",
			recommend.Decision{Choice: recommend.Choice{Stack: "python-flask"}, Confirmed: true}, false},
		{"close call takes the other side", map[string][]string{"project_kind": {"rest_api"}, "priority": {"ship_fast"}, "review": {"take:node-express"}}, "",
			recommend.Decision{Choice: recommend.Choice{Stack: "node-express"}, Override: true, Confirmed: true}, false},
		{"no starter", map[string][]string{"project_kind": {"data_ml"}, "review": {"other", "accept"}, "other": {"take:python-flask"}}, "",
			recommend.Decision{Choice: recommend.Choice{Stack: "python-flask"}, Override: true, Confirmed: true}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			iv, s := newInterview(t, tt.answers)
			answers, err := iv.Ask(nil)
			if err != nil {
				t.Fatal(err)
			}
			_, d, done, err := iv.Review(answers, tt.stack, "")
			if err != nil || done == tt.left {
				t.Fatalf("done %t, err %v; shown:\n%s", done, err, strings.Join(s.shown, "\n"))
			}
			got := fmt.Sprint(d.Choice.Stack, d.Override, d.Reason, d.Confirmed)
			if want := fmt.Sprint(tt.want.Choice.Stack, tt.want.Override, tt.want.Reason, tt.want.Confirmed); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// Ctrl-C at any question ends the conversation with that error.
func TestInterruptAnywhere(t *testing.T) {
	full := map[string][]string{"project_kind": {"rest_api"}, "load_profile": {"many_connections"}, "review": {"other", "change", "accept"},
		"other": {"take:python-flask"}, "change": {"title"}}
	run := func(breakAt string) (*script, error) {
		iv, s := newInterview(t, full)
		s.breakAt = breakAt
		answers, err := iv.Ask(nil)
		if err == nil {
			_, _, _, err = iv.Review(answers, "", "")
		}
		return s, err
	}
	all, err := run("")
	if err != nil {
		t.Fatal(err)
	}
	if len(all.asked) < 15 {
		t.Fatalf("the walk is too short to prove anything: %v", all.asked)
	}
	for _, key := range all.asked {
		_, err := run(key)
		var e *diag.Error
		if !errors.As(err, &e) || e.Kind != diag.Interrupted {
			t.Errorf("Ctrl-C at %s: %v", key, err)
		}
	}
}

// The questions are data of two sources; their texts must fit the screen.
func TestQuestionsFitTheScreen(t *testing.T) {
	for _, q := range append(DecisionQuestions(recommend.Embedded()), ProjectQuestions(Facts{Name: "x"})...) {
		if q.Kind == Single {
			if len(q.Default) != 1 || q.fault(q.Default) != "" {
				t.Errorf("%s: default %v", q.Key, q.Default)
			}
		}
		for _, o := range q.Options {
			if n := len([]rune(q.Prompt + o.Label)); n > 76 {
				t.Errorf("%s: prompt and %q take %d columns", q.Key, o.Label, n)
			}
		}
	}
}

// Who takes a hybrid without speaking of data gets what its label says; else the
// criteria name its parts.
func TestDecideNamesTheParts(t *testing.T) {
	iv, _ := newInterview(t, nil)
	for _, tt := range []struct {
		set, wanted, want string
	}{
		{"", "hybrid", "node-express python-data"},
		{"live_updates=core", "hybrid", "node-realtime python-data"},
		{"data_work=none live_updates=core", "hybrid", "node-realtime python-flask"},
		{"team_skills=python priority=readable_code already_fixed=node_library", "", "node-express python-flask"},
		{"project_kind=realtime_app data_work=core team_skills=both", "", "node-realtime python-data"},
		{"", "node-express", ""},
	} {
		answers := Answers{}
		for _, s := range strings.Fields(tt.set) {
			key, value, _ := strings.Cut(s, "=")
			answers[key] = Answer{[]string{value}, FromFlag}
		}
		if got := strings.Join(iv.Decide(answers, tt.wanted, "").Choice.Components, " "); got != tt.want {
			t.Errorf("%q, %q: %q, want %q", tt.set, tt.wanted, got, tt.want)
		}
	}
}

// Nobody who presses Enter is asked who decides; the review screen asks whoever
// wants to say it, and offers the author.
func TestDecidersAreAskedOnTheReviewOnly(t *testing.T) {
	iv, s := newInterview(t, map[string][]string{"project_kind": {"rest_api"}, "load_profile": {"many_connections"}, "review": {"change", "accept"}, "change": {"deciders"}})
	answers, err := iv.Ask(nil)
	if err != nil || slices.Contains(s.asked, "deciders") {
		t.Fatalf("asked %v, %v", s.asked, err)
	}
	if _, has := answers.WithDefaults(iv.Project)["deciders"]; has {
		t.Error("an answer that nobody gave")
	}
	answers, _, _, err = iv.Review(answers, "", "")
	if err != nil || answers.Text("deciders") != "Ada" {
		t.Errorf("deciders %q, %v", answers.Text("deciders"), err)
	}
	if n := strings.Count(strings.Join(s.asked, " "), "finish_now"); n != 1 {
		t.Errorf("a change that decides nothing brings back the offer to finish: %d", n)
	}
	if last := s.shown[len(s.shown)-1]; !strings.Contains(last, "deciders: Ada") {
		t.Errorf("not on the screen:\n%s", last)
	}
	q, _ := find(iv.Project, "deciders")
	for text, ok := range map[string]bool{"": true, "Ada": true, "Ada, Grace Hopper": true, "Ada,,Grace": false, ",": false, "Ada\n": false} {
		if (q.fault([]string{text}) == "") != ok {
			t.Errorf("%q: %s", text, q.fault([]string{text}))
		}
	}
}
