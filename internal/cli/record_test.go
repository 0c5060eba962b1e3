package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/record"
)

const recordOfYesterday = `schema: stackinit.record/v1
name: svc
pack: {source: built-in, name: node-fullstack}
answers:
  project_kind: rest_api
  already_fixed: [node_library, web_frontend]
  description: ""
  a_question_that_is_gone: x
  ci: none
`

// A record from before a question was added or after one went still tells its layers:
// what is missing has its default.
func TestPartsOfARecord(t *testing.T) {
	made, err := record.Decode([]byte(recordOfYesterday))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for key, a := range recorded(made) {
		got[key] = a.Values
	}
	want := map[string][]string{
		"project_kind": {"rest_api"}, "already_fixed": {"node_library", "web_frontend"}, "description": nil,
		"a_question_that_is_gone": {"x"}, "ci": {"none"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	parts, err := partsOf(made)
	if err != nil || len(parts) != 1 || parts[0].Dir != "." {
		t.Fatalf("%v %v", err, parts)
	}
	var layers []string
	for _, l := range parts[0].Pile {
		layers = append(layers, l.Name)
	}
	if d := cmp.Diff([]string{"common", "node", "node-express", "node-fullstack", "node-express-items", "node-fullstack-vanilla", "node-fullstack-vanilla-items"}, layers); d != "" {
		t.Error(d)
	}
}
