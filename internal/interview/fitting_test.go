package interview

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/recommend"
)

func TestFitting(t *testing.T) {
	questions := append(DecisionQuestions(recommend.Embedded()), ProjectQuestions(Facts{Name: "x"})...)
	src := "project_kind: rest_api\nteam_skills: cobol\nalready_fixed: [node_library, beer]\nfavourite: 3.10\nlicense: [MIT]\npriority: [ship_fast, scale_out]\ndescription: \"\"\nauthor: nobody\n"
	all, err := ReadAny("a.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	fit, rest := all.Fitting(questions)
	var kept []string
	for key := range fit {
		kept = append(kept, key)
	}
	slices.Sort(kept)
	if diff := cmp.Diff([]string{"description", "license", "project_kind"}, kept); diff != "" {
		t.Error(diff)
	}
	want := []string{"already_fixed=node_library,beer", "author=nobody", "favourite=3.10", "priority=ship_fast,scale_out", "team_skills=cobol"}
	if diff := cmp.Diff(want, rest); diff != "" {
		t.Error(diff)
	}
	if _, err := ReadAny("a.yaml", []byte("a: {b: c}\n")); err == nil || !strings.Contains(err.Error(), "a.yaml:1:4") {
		t.Errorf("a value that is neither text nor list: %v", err)
	}
}

// Others are answers, and never the one given.
func TestOthers(t *testing.T) {
	for _, q := range append(DecisionQuestions(recommend.Embedded()), ProjectQuestions(Facts{Name: "x"})...) {
		for _, given := range [][]string{q.Default, {"another"}, {"node_library", "python_data_library"}} {
			others := q.Others(given)
			if len(others) == 0 {
				t.Errorf("%s: nothing but %v", q.Key, given)
			}
			for _, o := range others {
				if q.fault(o) != "" && q.fault(given) == "" || slices.Equal(o, given) {
					t.Errorf("%s: %v instead of %v: %s", q.Key, o, given, q.fault(o))
				}
			}
		}
	}
}
