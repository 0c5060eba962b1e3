package record

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/stackinit/stackinit/internal/diag"
)

func sample(t *testing.T) Record {
	t.Helper()
	r := Record{
		Schema: Schema, Stackinit: "1.2.3", Name: "svc", Date: "2026-11-23",
		Pack:     Pack{"built-in", "hybrid", []string{"node-realtime", "python-flask"}, "sha256:00"},
		Criteria: Criteria{"article", 1, "ff"},
		Decision: Decision{Recommended: "python-flask", Reason: `we "know" it: # really`, Confirmed: true},
	}
	if err := r.SetAnswers("project_kind: rest_api\nalready_fixed: [a, b]\ntitle: \"3.10\"\n"); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRoundTrip(t *testing.T) {
	first, err := sample(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Decode(first)
	if err != nil {
		t.Fatalf("%v\n%s", err, first)
	}
	again, err := back.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(first), string(again)); diff != "" {
		t.Error(diff)
	}
	answers, err := back.AnswersFile()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := yaml.Unmarshal(answers, &got); err != nil || got["title"] != "3.10" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	good, err := sample(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string][3]string{
		"another schema": {Schema, "stackinit.record/v9", `schema is "stackinit.record/v9"`},
		"unknown key":    {"name: svc", "name: svc\nnick: x", "field nick not found"},
		"duplicate key":  {"name: svc", "name: svc\nname: x", `"name" is given twice`},
		"alias":          {"name: svc", "name: &x svc", "anchors and aliases"},
		"tag":            {"name: svc", "name: !!binary c3Zj", "tags such as !!binary"},
		"wrong type":     {"version: 1", "version: one", "cannot unmarshal"},
	} {
		bad := strings.Replace(string(good), c[0], c[1], 1)
		if bad == string(good) {
			t.Fatalf("%s: the change does not apply", name)
		}
		var e *diag.Error
		if _, err := Decode([]byte(bad)); !errors.As(err, &e) || e.Kind != diag.Usage || !strings.Contains(err.Error(), c[2]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
