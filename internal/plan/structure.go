package plan

import (
	"bytes"
	"maps"
	"slices"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/render"
)

// checkStructure proves that no free text broke out of its place: every file of
// a structured format parses, and has the same keys as with harmless texts.
func checkStructure(r *rendering, pile pack.Pile, values map[string]any, budget *render.Budget) error {
	plain, changed := harmless(values)
	with := r // what is harmless already needs no second rendering
	if changed {
		var err error
		if with, err = renderLayers(pile, plain, budget, r); err != nil {
			return err
		}
	}
	for _, path := range slices.Sorted(maps.Keys(r.tree)) {
		f, other := r.tree[path], with.tree[path]
		same := bytes.Equal(f.Body, other.Body)
		if !f.made || f.theirs && same {
			continue // copied byte for byte; tsconfig.json, say, may hold comments
		}
		if kind := format(path); f.theirs && kind != "" && kind != "lines" {
			if err := r.effort.take(kind, f.Body); err != nil {
				return diag.New(diag.Refused, "", "%s: %s with free text in it cannot be proven: %w", f.Source, path, err)
			}
		}
		got, err := shape(path, f.Body)
		if err != nil {
			return diag.New(diag.Refused, "the template writes a value without its encoder, or is itself at fault", "%s: the rendered %s does not parse: %w", f.Source, path, err)
		}
		if same {
			continue
		}
		if want, _ := shape(path, other.Body); got != want { // what does not parse has none
			return diag.New(diag.Refused, "pipe the text through the encoder of the file's format", "%s: a text changes the structure of %s", f.Source, path)
		}
	}
	return nil
}
