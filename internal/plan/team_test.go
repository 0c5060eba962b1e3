package plan

import (
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/render"
)

// What a rule for files goes by has to be there, and of the kind that it asks for.
func TestFileRules(t *testing.T) {
	values := map[string]any{"tier": "paid", "list": []any{"a", "b"}}
	for name, tt := range map[string]struct {
		rule  pack.FileRule
		items int
		fault string
	}{
		"always":            {pack.FileRule{}, 1, ""},
		"fits":              {pack.FileRule{When: map[string][]string{"tier": {"free", "paid"}, "list": {"b"}}}, 1, ""},
		"does not fit":      {pack.FileRule{When: map[string][]string{"tier": {"free"}}}, 0, ""},
		"none of the list":  {pack.FileRule{When: map[string][]string{"list": {"c"}}}, 0, ""},
		"no such value":     {pack.FileRule{When: map[string][]string{"nope": {"c"}}}, 0, `files "*": when asks for nope, which is no value`},
		"by template":       {pack.FileRule{WhenTemplate: " true\n"}, 1, ""},
		"not by template":   {pack.FileRule{WhenTemplate: "{{ eq .tier `free` }}"}, 0, ""},
		"neither":           {pack.FileRule{WhenTemplate: "{{ .tier }}"}, 0, `files "*": when comes to "paid", neither true nor false`},
		"a broken template": {pack.FileRule{WhenTemplate: "{{ .nope }}"}, 0, "nope"},
		"each":              {pack.FileRule{Each: "list"}, 2, ""},
		"each of no list":   {pack.FileRule{Each: "tier"}, 0, `files "*": each takes a list, and "tier" is none`},
		"each of nothing":   {pack.FileRule{Each: "nope"}, 0, `each takes a list, and "nope" is none`},
	} {
		tt.rule.Glob, tt.rule.At = "*", diag.Pos{File: "m", Line: 3, Col: 5}
		layer := &pack.Layer{}
		layer.Rules.Files = []pack.FileRule{tt.rule}
		rules := ruling{layer, values, render.NewBudget(t.Context()), map[int]bool{}}
		items, err := rules.members("x")
		if tt.fault != "" {
			if e, ok := err.(*diag.Error); !ok || e.Kind != diag.Refused || !strings.HasPrefix(err.Error(), "m:3:5: ") || !strings.Contains(err.Error(), tt.fault) {
				t.Errorf("%s: %v", name, err)
			}
		} else if err != nil || len(items) != tt.items {
			t.Errorf("%s: %v, %v", name, items, err)
		}
	}
}

func TestMessageWithoutAStack(t *testing.T) {
	in := Input{Name: "orders", Version: "1.2.3", Team: pack.Pile{{Manifest: pack.Manifest{Name: "base"}}, {Manifest: pack.Manifest{Name: "house"}}}}
	if got, want := in.message(), "Start orders from house\n\nMade by stackinit 1.2.3.\n"; got != want {
		t.Errorf("%q", got)
	}
}
