package interview

import (
	"errors"
	"strings"
	"testing"
)

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
