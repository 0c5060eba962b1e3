package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/templates"
)

// A file changes, appears or vanishes with another answer, or has nothing to do with it.
func TestTrace(t *testing.T) {
	was := input(templates.FS, "node-express", nil)
	before, err := Build(was)
	if err != nil {
		t.Fatal(err)
	}
	variants := []Variant{
		{Key: "example", Value: "items", Other: "none", Input: input(templates.FS, "node-express", map[string]string{"example": "none"})},
		{Key: "database", Value: "sqlite", Other: "postgres", Input: input(templates.FS, "node-express", map[string]string{"database": "postgres"})},
		{Key: "license", Value: "MIT", Other: "Apache-2.0", Input: input(templates.FS, "node-express", map[string]string{"license": "Apache-2.0"})},
	}
	for path, want := range map[string][]Cause{
		"LICENSE":             {{Key: "license", Value: "MIT", Other: "Apache-2.0", Effect: Changes}},
		"src/items/schema.ts": {{Key: "example", Value: "items", Other: "none", Effect: Vanishes}},
		"compose.yaml":        {{Key: "database", Value: "sqlite", Other: "postgres", Effect: Appears}},
		".editorconfig":       {},
		"no/such/file":        {},
	} {
		got, err := Trace(path, before, variants)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}
