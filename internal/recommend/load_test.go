package recommend

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stackinit/stackinit/internal/diag"
)

func TestEmbedded(t *testing.T) {
	c := Embedded()
	sum := sha256.Sum256(embeddedFile)
	want := Identity{"article-node-or-python", 1, hex.EncodeToString(sum[:])}
	if diff := cmp.Diff(want, c.Identity()); diff != "" {
		t.Error(diff)
	}
	q, ok := c.Question("crud")
	if ok || q.Key != "" || len(c.Questions()) != 8 || len(c.statements) != 67 {
		t.Errorf("%d questions, %d statements", len(c.Questions()), len(c.statements))
	}
	q, _ = c.Question("load_profile")
	o, _ := q.Option("heavy_compute")
	if diff := cmp.Diff(Option{"heavy_compute", "Heavy calculations", 0, 3, false, []int{24, 66}, ""}, o); diff != "" || q.Weight != 3 {
		t.Errorf("weight %d\n%s", q.Weight, diff)
	}
	s, _ := c.Statement(66)
	if s.Section != "FAQ 4: which is faster" || s.Side != Python || s.Strength != "conditional" || !strings.HasPrefix(s.Text, "Python may do better") {
		t.Errorf("statement 66 is %+v", s)
	}
	cd, _ := c.Contradiction("light_but_scaling")
	tn, _ := c.Tension("two_runtimes_to_run")
	ru, _ := c.Rule("both_libraries")
	if !strings.HasPrefix(cd.Text, "Hardly any load") || len(tn.Cites) != 2 || ru.DecidedBy != "constraint" || len(ru.Cites) != 3 {
		t.Errorf("%+v %+v %+v", cd, tn, ru)
	}
}

// TestLoadFindings makes one change to the embedded file each, and expects one
// finding with its line; "" as the text to look for adds at the end of the file.
func TestLoadFindings(t *testing.T) {
	for _, tc := range []struct{ from, to, want string }{
		{"schema: stackinit.criteria/v1", "schema: stackinit.criteria/v2", `:5:9: unknown schema`},
		{"version: 1\n", "", `the key "version" is missing`},
		{"version: 1\n", "version: one\n", `:7:10: expected a whole number, found "one"`},
		{"version: 1\n", "version: 1\nversoin: 2\n", `:8:1: unknown key "versoin"` + "\n" + `  did you mean "version"?`},
		{"close_call_max: 8 ", "close_call_max: 21 ", `high_min must be above close_call_max`},
		{"close_call_max: 8 ", "close_call_max: -8 ", `close_call_max is -8, but must be from 0 to 10000`},
		{"1: [un, node, strong,", "1: [nu, node, strong,", `"nu" is not a known section`},
		{"1: [un, node, strong,", "1: [un, node, stong,", `did you mean "strong"?`},
		{"1: [un, node, strong,", "1: [un, node,", `a statement is [section, side, strength, text], found 3 parts`},
		{"type: multi", "type: mutli", `did you mean "multi"?`},
		{"key: live_updates", "key: margin", `a question cannot be named "margin"`},
		{"key: live_updates", "key: Live", `"Live" is not a key`},
		{"key: frontend\n", "key: team_skills\n", `the key "team_skills" is used twice`},
		{"key: core,     node: 4", "key: core,     node: 5", `node is 5, which the scale does not define`},
		{"key: core,     node: 4", "key: core,     node: null", `expected a whole number, found nothing (null)`},
		{"key: core,     node: 4", "key: core,     node: 4, weigth: 1", `unknown key "weigth"`},
		{"key: none,     node: 0, python: 0, neutral: true", "key: none,     node: 4, python: 0, cites: [38], neutral: true", `a neutral option cannot have points`},
		{"key: not_sure,     node: 0", "key: unsure,     node: 0", `the option not_sure must be there in every question of type single`},
		{"skip_when: {project_kind: [realtime_app]}", "skip_when: {projcet_kind: [realtime_app]}", `did you mean "project_kind"?`},
		{"skip_when: {project_kind: [realtime_app]}", "skip_when: {project_kind: [realtime]}", `"realtime" is not a known option of project_kind`},
		{"skip_when: {project_kind: [realtime_app]}", "skip_when: {priority: [ship_fast]}", `"priority" cannot be tested here`},
		{"skip_when: {project_kind: [realtime_app]}", "skip_when: {margin: leans_node}", `"margin" cannot be tested here`},
		{"skip_when: {project_kind: [realtime_app]}", "skip_when: {any: []}", `there is nothing to test`},
		{"when: {need: data}, runtime: python", "when: {need: date}, runtime: python", `did you mean "data"?`},
		{"when: {need: data}, runtime: python", "when: {data_work: [core]}, runtime: python", `"data_work" cannot be tested here`},
		{"when: {need: data}, runtime: python", "when: {need: data, margin: leans_node}, runtime: python", `a condition has exactly one key, found 2`},
		{"when: {need: data}, runtime: python", "when: {need: data}, runtime: ruby", `"ruby" is not a known runtime`},
		{"when: {need: data}, runtime: python", "runtime: python", `the last 3 entries are never reached`},
		{"{margin: leans_python}", "{margin: leans_pyton}", `did you mean "leans_python"?`},
		{"{key: tie,             decided_by", "{key: tie, when: {need: live}, decided_by", `the list does not decide every case`},
		{"- {lean_of: team_skills,", "- {lean_of: team_skill,", `did you mean "team_skills"?`},
		{"- {lean_of: team_skills,", "- {lean_of: team_skills, runtime: node,", `a step is lean_of, or runtime, or need with runtime`},
		{"[team_only_javascript, team_only_python]}\n  - {key: lib", "[]}\n  - {key: lib", `a conflict names constraints, and there are none`},
		{"raw: {live_updates: [none]}", "raw: {not: {live_updates: [none]}}", `raw: holds one question and its options`},
		{"runtime: [node, hybrid]", "runtime: node", `expected a list, found "node"`},
		{"What are you building?", "What are\\tyou building?", `the text holds a line break or an invisible character`},
		{"What are you building?", "What are you \u202ebuilding?", `the text holds a line break or an invisible character`},
		{"What are you building?", " ", `the text is empty`},
		{"What are you building?", strings.Repeat("x", 201), `the text is longer than 200 characters`},
		{"neutral: true", "neutral: maybe", `expected true or false, found "maybe"`},
		{"tensions:", "tensions: &x", `anchors and aliases are not allowed here`},
	} {
		t.Run(tc.to, func(t *testing.T) {
			src := strings.Replace(string(embeddedFile), tc.from, tc.to, 1)
			if src == string(embeddedFile) {
				t.Fatalf("%q is not in the file", tc.from)
			}
			c, err := Load("team.yaml", []byte(src))
			var e *diag.Error
			if c != nil || !errors.As(err, &e) || e.Kind != diag.Usage {
				t.Fatalf("Load gave %v, %v", c, err)
			}
			if !strings.Contains(err.Error(), tc.want) || !strings.HasPrefix(err.Error(), "team.yaml:") {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
}

// TestLoadAllFindings: one run shows everything that is wrong, in file order.
func TestLoadAllFindings(t *testing.T) {
	src := strings.NewReplacer("version: 1\n", "version: one\n", "close_call_max: 8 ", "close_call_max: x ", "need: live, runtime: node", "need: life, runtime: nod").
		Replace(string(embeddedFile))
	_, err := Load("team.yaml", []byte(src))
	var e *diag.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	lines := []int{}
	for _, f := range e.Findings {
		lines = append(lines, f.Pos.Line)
	}
	if diff := cmp.Diff([]int{7, 125, 276, 276}, lines); diff != "" {
		t.Errorf("lines (-want +got)\n%s\n%v", diff, err)
	}
}

func TestLoadOddFiles(t *testing.T) {
	for _, src := range []string{"", "[]", "null", "a", "schema: [", "questions: {}", "article: {statements: {x: [1, 2, 3, 4]}}", strings.Repeat("[", 1000), "\xff"} {
		if c, err := Load("team.yaml", []byte(src)); c != nil || err == nil {
			t.Errorf("%.20q: loaded", src)
		}
	}
}

// small is a whole criteria file of one question for each type.
const small = `schema: stackinit.criteria/v1
id: small
version: 1
article: {title: T, sections: {s: S}, statements: {1: [s, both, strong, B]}, unused: {}}
scale: {1: one}
thresholds: {close_call_max: 1, high_min: 2, high_min_answers: 1}
questions:
  - {key: q, type: single, criterion: c, weight: 1, prompt: "Q?", options: [{key: a, node: 1, python: 0, cites: [1], label: A}, {key: not_sure, node: 0, python: 0, label: N}]}
  - {key: f, type: multi, criterion: h, prompt: "F?", skip_when: {q: [a]}, options: [{key: x, label: X}, {key: y, label: Y}]}
needs: {n: {cites: [1], when: {not: {f: [x]}}}}
conflicts: [{key: k, all_of: [x, y]}]
runtime_rules:
  - {key: one, decided_by: constraint, when: {f: [y]}, runtime: hybrid}
  - {key: two, decided_by: core_needs, when: {all: [{need: n}, {margin: clearly_node}]}, runtime: node}
  - {key: tie, decided_by: tie_break, runtime: tie_break}
tie_break: [{lean_of: q}, {need: n, runtime: node}, {runtime: python}]
stack_rules: {node: [{key: a, cites: []}], python: [{key: b, cites: []}], hybrid: [{key: c, cites: []}]}
hybrid_components: {node: [{key: a, when: {q: [a]}}, {key: d}], python: [{key: b}]}
contradictions: [{key: c, cites: [], when: {raw: {f: [x]}}, say: Odd.}]
tensions: [{key: t, cites: [], when: {runtime: [hybrid]}}]
`

func TestLoadSmall(t *testing.T) {
	c, err := Load("small.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	r := c.Recommend(Answers{"f": {"y"}})
	if r.Runtime != Hybrid || r.Confidence != Forced || !cmp.Equal(r.Components, []string{"d", "b"}) || !cmp.Equal(r.Tensions, []string{"t"}) {
		t.Errorf("%+v", r)
	}
}

// FuzzLoad: no text makes Load panic, and what loads can be used.
func FuzzLoad(f *testing.F) {
	f.Add(string(embeddedFile))
	f.Add(small)
	f.Fuzz(func(t *testing.T, src string) {
		c, err := Load("fuzz.yaml", []byte(src))
		if err != nil {
			return
		}
		a := Answers{}
		for _, q := range c.Questions() {
			a[q.Key] = []string{q.Options[0].Key}
		}
		use(c, a)
		use(c, nil)
	})
}

// use calls everything that takes answers.
func use(c *Criteria, a Answers) {
	r := c.Recommend(a)
	for _, key := range r.Conflicts {
		c.ConflictTicks(key)
	}
	c.Settling(a)
	c.Choices(a)
	c.Contenders(a)
	c.Needs(a)
	for i, q := range c.Questions() {
		c.SkippedBy(a, q.Key)
		c.Settled(a, remaining(c, i))
	}
}

// FuzzAnswers: answers that the criteria do not know count as not answered.
func FuzzAnswers(f *testing.F) {
	f.Add("project_kind", "web_app", "already_fixed", "node_library")
	f.Add("", "", "project_kind", "not_sure")
	f.Fuzz(func(t *testing.T, k1, v1, k2, v2 string) {
		c := Embedded()
		use(c, Answers{k1: {v1}, k2: {v2, v1}})
		use(c, Answers{k1: nil, k2: {}})
	})
}

func TestUnknownAnswersAreNone(t *testing.T) {
	c := Embedded()
	odd := Answers{
		"project_kind": {"spaceship"}, "team_skills": {"python", "javascript"}, "priority": {}, "live_updates": nil,
		"already_fixed": {"coffee"}, "favourite_colour": {"blue"},
	}
	want := c.Recommend(Answers{"already_fixed": {}})
	if diff := cmp.Diff(want, c.Recommend(odd)); diff != "" {
		t.Error(diff)
	}
}
