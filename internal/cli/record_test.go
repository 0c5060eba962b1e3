package cli

import (
	"strings"
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

// The stacks of a hybrid follow from answers and criteria that may have changed
// since: the record says which they are.
func TestPartsOfAHybrid(t *testing.T) {
	made, err := record.Decode([]byte("schema: stackinit.record/v1\nname: svc\npack: {source: built-in, name: hybrid, parts: [node-realtime, python-flask]}\nanswers: {}\n"))
	if err != nil {
		t.Fatal(err)
	}
	parts, err := partsOf(made)
	if err != nil {
		t.Fatal(err)
	}
	stacks := map[string]string{}
	for _, p := range parts {
		for _, l := range p.Pile {
			if strings.HasPrefix(l.Name, "python-flask") || strings.HasPrefix(l.Name, "node-realtime") {
				stacks[p.Dir], _, _ = strings.Cut(l.Name, "-items")
			}
		}
	}
	if d := cmp.Diff(map[string]string{"gateway": "node-realtime", "service": "python-flask"}, stacks); d != "" {
		t.Error(d)
	}
}
