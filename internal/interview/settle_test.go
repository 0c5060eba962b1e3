package interview

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/names"
)

// ofPack are questions as a pack may ask them. Templates in these tests are their own
// results, but for "=key", which is the answer to key.
func ofPack() []Question {
	return append(slices.Clone(testOptions),
		Question{Key: "tier", Prompt: "Which tier?", Options: []Option{{"free", ""}, {"paid", ""}}, DefaultTemplate: "free"},
		Question{Key: "price", Prompt: "What does it cost?", Kind: Text, Type: Int, Limits: Limits{Required: true}, When: map[string][]string{"tier": {"paid"}}},
		Question{Key: "label", Prompt: "Which label?", Kind: Text, Default: []string{"none"}, Check: names.CheckText, WhenTemplate: " true\n", Quiet: true})
}

func asWritten(_, template string, answers Answers) (string, error) {
	if template == "broken" {
		return "", errors.New("it is broken")
	}
	if key, ok := strings.CutPrefix(template, "="); ok {
		return answers.Text(key), nil
	}
	return template, nil
}

func TestSettle(t *testing.T) {
	flag := func(v string) Answer { return Answer{[]string{v}, FromFlag} }
	for name, tt := range map[string]struct {
		given  Answers
		change func(qs map[string]*Question)
		want   string // key=value of those that are no default of ofPack
		kind   diag.Kind
		fault  string // instead
	}{
		"defaults":                    {nil, nil, "", 0, ""},
		"given":                       {Answers{"tier": flag("paid"), "price": flag("3")}, nil, "price=3 tier=paid", 0, ""},
		"a default without effect":    {Answers{"redis": flag("none"), "price": {[]string{"7"}, FromDefault}}, nil, "", 0, ""},
		"no effect":                   {Answers{"redis": flag("redis")}, nil, "", diag.Usage, "redis=redis: it has no effect beside the other answers\n  it needs auth=tokens"},
		"no effect, by a template":    {Answers{"label": flag("x")}, func(qs map[string]*Question) { qs["label"].WhenTemplate = "false" }, "", diag.Usage, "label=x: it has no effect"},
		"missing":                     {Answers{"tier": flag("paid")}, nil, "", diag.Usage, "the question price has no default: What does it cost?\n  give --set price=…"},
		"missing text":                {nil, func(qs map[string]*Question) { qs["label"].Default, qs["label"].Check = nil, checkTitle }, "", diag.Usage, "the question label has no default: Which label?"},
		"no number":                   {Answers{"tier": flag("paid")}, func(qs map[string]*Question) { qs["price"].Required = false }, "tier=paid", 0, ""},
		"missing choice":              {nil, func(qs map[string]*Question) { qs["tier"].DefaultTemplate = "" }, "", diag.Usage, "the question tier has no default: Which tier?"},
		"all at once":                 {Answers{"tier": flag("paid"), "redis": flag("redis")}, nil, "", diag.Usage, "price has no default: What does it cost?\n  give --set price=…\nredis=redis: it has no effect"},
		"default of another answer":   {Answers{"database": flag("postgres")}, func(qs map[string]*Question) { qs["label"].DefaultTemplate = "=database" }, "database=postgres label=postgres", 0, ""},
		"default that is no answer":   {nil, func(qs map[string]*Question) { qs["tier"].DefaultTemplate = "gold" }, "", diag.Usage, `the default of the question tier comes to "gold": there is no answer`},
		"default that fails":          {nil, func(qs map[string]*Question) { qs["tier"].DefaultTemplate = "broken" }, "", 0, "it is broken"},
		"condition that fails":        {nil, func(qs map[string]*Question) { qs["label"].WhenTemplate = "broken" }, "", 0, "it is broken"},
		"condition of another kind":   {nil, func(qs map[string]*Question) { qs["label"].WhenTemplate = "True" }, "", diag.Refused, `when of the question label comes to "True", neither true nor false`},
		"condition that is not asked": {nil, func(qs map[string]*Question) { qs["price"].WhenTemplate = "broken" }, "", 0, ""},
	} {
		qs := ofPack()
		byKey := map[string]*Question{}
		for i := range qs {
			byKey[qs[i].Key] = &qs[i]
		}
		if tt.change != nil {
			tt.change(byKey)
		}
		got, err := Settle(qs, tt.given, asWritten, nil)
		if tt.fault != "" {
			var e *diag.Error
			if err == nil || !strings.Contains(err.Error(), tt.fault) || tt.kind != 0 && (!errors.As(err, &e) || e.Kind != tt.kind) {
				t.Errorf("%s: %v\nwant %s", name, err, tt.fault)
			}
			continue
		}
		defaults := map[string]string{"database": "sqlite", "auth": "none", "redis": "none", "tier": "free", "price": "0", "label": "none"}
		var other []string
		for _, key := range slices.Sorted(maps.Keys(defaults)) {
			if v := got.Text(key); v != defaults[key] {
				other = append(other, key+"="+v)
			}
		}
		if strings.Join(other, " ") != tt.want || err != nil {
			t.Errorf("%s: %v, %v; want %s", name, other, err, tt.want)
		}
	}
}

// A person is asked what applies and is not given, and what is not quiet.
func TestSettleAsks(t *testing.T) {
	s := &script{t: t, answers: map[string][]string{"tier": {"paid"}, "price": {"3"}}}
	got, err := Settle(ofPack(), Answers{"auth": {[]string{"none"}, FromFlag}}, asWritten, s)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"database", "tier", "price"}, s.asked); diff != "" {
		t.Error(diff)
	}
	if got["price"].From != FromPerson || got["redis"].From != FromDefault || got["auth"].From != FromFlag {
		t.Errorf("%v", got)
	}
	s.breakAt = "tier"
	var e *diag.Error
	if _, err := Settle(ofPack(), nil, asWritten, s); !errors.As(err, &e) || e.Kind != diag.Interrupted {
		t.Errorf("%v", err)
	}
}

// typist answers every question with one text.
type typist string

func (t typist) Ask(Question) ([]string, error) { return []string{string(t)}, nil }
func (typist) Show(string) error                { return nil }

// A default that comes to no answer matters only where nobody gives another.
func TestSettleTakesAnAnswerForADefaultThatDoesNotFit(t *testing.T) {
	slug := Question{Key: "slug", Kind: Text, DefaultTemplate: "{{ .name }}", Check: func(text string) error {
		if text != "fits" {
			return errors.New("must be fits")
		}
		return nil
	}}
	eval := func(_, _ string, _ Answers) (string, error) { return "o2", nil }
	for name, c := range map[string]struct {
		given Answers
		asker Asker
	}{
		"a flag":   {Answers{"slug": {[]string{"fits"}, FromFlag}}, nil},
		"a person": {nil, typist("fits")},
	} {
		got, err := Settle([]Question{slug}, c.given, eval, c.asker)
		if err != nil || got.Text("slug") != "fits" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	_, err := Settle([]Question{slug}, nil, eval, nil)
	if err == nil || err.Error() != "the default of the question slug comes to \"o2\": must be fits\n  give --set slug=…" {
		t.Errorf("no answer: %v", err)
	}
	slug.When = map[string][]string{"other": {"x"}}
	if got, err := Settle([]Question{slug}, nil, eval, nil); err != nil || got.Text("slug") != "" {
		t.Errorf("not asked: %v, %v", got, err)
	}
}

// Of several choices that are needed, none is no answer.
func TestSeveralNeeded(t *testing.T) {
	regions := Question{Key: "regions", Kind: Multi, Options: []Option{{"eu", "Europe"}}, Limits: Limits{Required: true}}
	if _, err := ReadSets([]string{"regions="}, []Question{regions}); err == nil || !strings.Contains(err.Error(), "regions: takes at least one") {
		t.Errorf("flag: %v", err)
	}
	if _, err := Settle([]Question{regions}, nil, nil, nil); err == nil || !strings.Contains(err.Error(), "give --set regions=…") {
		t.Errorf("nothing: %v", err)
	}
	regions.Default = []string{"eu"}
	if got, err := Settle([]Question{regions}, nil, nil, nil); err != nil || len(got["regions"].Values) != 1 {
		t.Errorf("default: %v, %v", got, err)
	}
}

// No error repeats what somebody gave for a secret.
func TestErrorsKeepSecrets(t *testing.T) {
	token := Question{Key: "token", Kind: Text, Secret: true, Check: func(string) error { return errors.New("is too short") }}
	_, flag := ReadSets([]string{"token=hunter2"}, []Question{token})
	token.When = map[string][]string{"other": {"x"}}
	_, needless := Settle([]Question{token}, Answers{"token": {[]string{"hunter2"}, FromFlag}}, nil, nil)
	for name, err := range map[string]error{"flag": flag, "needless": needless} {
		if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "token=…") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
