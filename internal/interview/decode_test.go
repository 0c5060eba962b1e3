package interview

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/recommend"
)

func known() []Question {
	return append(DecisionQuestions(recommend.Embedded()), ProjectQuestions(Facts{Name: "my-service"})...)
}

func TestReadFile(t *testing.T) {
	want := Answers{
		"project_kind":  {[]string{"rest_api"}, FromFile},
		"already_fixed": {[]string{"node_library"}, FromFile},
		"title":         {[]string{"3.10"}, FromFile},
	}
	for name, src := range map[string]string{
		"yaml": "project_kind: rest_api\nalready_fixed: [node_library]\ntitle: 3.10\n",
		"crlf": "\ufeffproject_kind: rest_api\r\nalready_fixed:\r\n  - node_library\r\ntitle: 3.10\r\n",
		"json": "{\n\t\"project_kind\": \"rest_api\",\n\t\"already_fixed\": [\"node_library\"],\n\t\"title\": \"3.10\"\n}\n",
	} {
		got, err := ReadFile("f", []byte(src), known())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if got, err := ReadFile("f", nil, known()); err != nil || len(got) != 0 {
		t.Errorf("an empty file: %v, %v", got, err)
	}
}

func TestReadFileRefuses(t *testing.T) {
	for src, want := range map[string]string{
		"projekt_kind: rest_api":                      `f:1:1: there is no question "projekt_kind"` + "\n  did you mean \"project_kind\"?",
		"project_kind: rest-api":                      `f:1:15: project_kind: there is no answer "rest-api"` + "\n  did you mean \"rest_api\"?",
		"project_kind: [rest_api]":                    "takes one value, not a list",
		"project_kind: {a: b}":                        "takes one value, not a mapping",
		"project_kind:":                               "takes one value, not nothing",
		"project_kind: 3.10":                          `no answer "3.10"`,
		"already_fixed: node_library":                 "takes a list, such as [team_only_javascript]",
		"already_fixed: [null]":                       "takes a list",
		"already_fixed: [a]":                          `no answer "a"`,
		"already_fixed: [node_library, node_library]": "given twice",
		"title: ''":                                   "title: is empty",
		"title: \"a\\nb\"":                            "must be one line",
		"author: Ada":                                 "must look like",
		"author: Ada <ada>":                           "not a mail address",
		"author: Ada < ada@example.org >":             "not a mail address",
		"author: Ada ada@example.org>":                "must look like",
		"author: Ada <ada@example.org":                "must look like",
		"author: <ada@example.org>":                   "has no name before",
		"author: Ada <of> <ada@example.org>":          "has no name before",
		"author: \"A\\nda <ada@example.org>\"":        "must be one line",
		"deciders: Ada, , Eve":                        "has a comma without a name",
		"deciders: \"Ada,\\nEve\"":                    "must be one line",
		"ci: circleci-cloud":                          "one of: github, none",
		"- a":                                         "expected keys and values",
		"a: 1\na: 2":                                  "given twice",
		"database: postgres":                          `no question "database"`,
	} {
		_, err := ReadFile("f", []byte(src), known())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n gives %v\n want %s", src, err, want)
		}
	}
	// All at once.
	_, err := ReadFile("f", []byte("project_kind: x\npriority: y\nzz: 1\n"), known())
	if n := strings.Count("\n"+err.Error(), "\nf:"); n != 3 {
		t.Errorf("%d findings, want 3: %v", n, err)
	}
}

func TestReadSets(t *testing.T) {
	got, err := ReadSets([]string{"already_fixed=node_library,python_data_library", "title=a, b = c", "priority=ship_fast"}, known())
	want := Answers{
		"already_fixed": {[]string{"node_library", "python_data_library"}, FromFlag},
		"title":         {[]string{"a, b = c"}, FromFlag},
		"priority":      {[]string{"ship_fast"}, FromFlag},
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for set, want := range map[string]string{
		"priority":                          "no =",
		"prio=x":                            "no question",
		"priority=fast":                     "no answer",
		"priority=a,b":                      "no answer",
		"already_fixed=a,b":                 "no answer",
		"title=":                            "is empty",
		"=x":                                "no question",
		"title=" + strings.Repeat("x", 201): "has 201 characters",
	} {
		if _, err := ReadSets([]string{set}, known()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("--set %s: %v, want %s", set, err, want)
		}
	}
	if _, err := ReadSets([]string{"ci=none", "ci=github"}, known()); err == nil || !strings.Contains(err.Error(), "ci is set twice") {
		t.Errorf("set twice: %v", err)
	}
}

// What YAML writes, ReadFile reads.
func TestAnswersRoundTrip(t *testing.T) {
	all := Answers{}.WithDefaults(known())
	all["title"] = Answer{[]string{`"q" \ 'x' # : - [y] {z} é ☃ %s`}, FromFlag}
	all["already_fixed"] = Answer{[]string{"node_library", "python_data_library"}, FromFlag}
	got, err := ReadFile("f", []byte(all.YAML(known())), known())
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range all {
		if strings.Join(v.Values, "|") != strings.Join(got[k].Values, "|") {
			t.Errorf("%s: %q came back as %q", k, v.Values, got[k].Values)
		}
	}
}

func TestSchemaNamesEveryQuestion(t *testing.T) {
	raw, err := json.Marshal(Schema(known()))
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Properties           map[string]any
		AdditionalProperties bool
	}
	if err := json.Unmarshal(raw, &s); err != nil || s.AdditionalProperties || len(s.Properties) != len(known()) {
		t.Errorf("%v; %s", err, raw)
	}
}

func FuzzReadFile(f *testing.F) {
	for _, s := range []string{"project_kind: rest_api", `{"title": "x"}`, "already_fixed: [a, b]", "author: A <a@b>", "\t{"} {
		f.Add([]byte(s))
	}
	qs := known()
	f.Fuzz(func(t *testing.T, src []byte) {
		a, err := ReadFile("f", src, qs)
		if err != nil {
			return
		}
		if _, err := ReadFile("f", []byte(a.YAML(qs)), qs); err != nil {
			t.Errorf("%q is accepted but does not come back: %v", src, err)
		}
	})
}
