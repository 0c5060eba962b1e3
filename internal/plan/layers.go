package plan

import (
	"bytes"
	"context"
	"io/fs"
	"maps"
	"slices"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/render"
)

// renderLayers renders the pile from the bottom up. A file of an upper layer
// replaces the same path below it, or is merged into it where its layer says so.
func renderLayers(pile pack.Pile, answers map[string]any) (tree, error) {
	values, err := withComputed(pile, answers)
	if err != nil {
		return nil, err
	}
	partials, err := render.Load(pile.Partials(), render.NewBudget(context.Background()))
	if err != nil {
		return nil, err
	}
	r := partials.Renderer(values)
	t := tree{}
	for _, layer := range pile {
		files, err := renderLayer(r, layer, values)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if err := t.lay(layer, f); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

// laid is a rendered file and what it was rendered from.
type laid struct {
	File
	src pack.File
}

// lay puts a file over what lower layers have at its path.
func (t tree) lay(layer *pack.Layer, f laid) (err error) {
	below, there := t[f.Path]
	switch merged := pack.MatchAny(layer.Merge, f.src.Path); {
	case there && pack.MatchAny(layer.Rules.SkipIfExists, f.src.Path):
		return nil
	case merged && there:
		if f.File, err = merge(below, f.File); err != nil {
			return diag.New(diag.Refused, "", "%s cannot be merged into %s: %w", f.src.Source, below.Source, err)
		}
	case merged: // the blank line at its top was to set it apart
		f.Body = bytes.TrimLeft(f.Body, "\n")
	}
	t[f.Path] = f.File
	return nil
}

// renderLayer renders the files of a layer that the values ask for.
func renderLayer(r *render.Renderer, layer *pack.Layer, values map[string]any) (files []laid, err error) {
	made := map[string]pack.File{}
	for _, src := range layer.Files {
		if layer.Rules.Excluded(src.Path) {
			continue
		}
		items, err := members(layer.Rules.Of(src.Path), values)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			f, err := renderFile(r, layer, src, values, item)
			if err != nil {
				return nil, err
			}
			if twice, ok := made[f.Path]; ok {
				return nil, diag.New(diag.Refused, "let the file's name say which it is, as {{ .item }} does", "%s and %s are both %s", twice.Source, src.Source, f.Path)
			}
			made[f.Path] = src
			files = append(files, laid{f, src})
		}
	}
	return files, nil
}

func renderFile(r *render.Renderer, layer *pack.Layer, src pack.File, values map[string]any, item any) (File, error) {
	path, err := render.Path(src.Path, render.WithItem(values, item))
	if err != nil {
		return File{}, err
	}
	f := File{Path: path, Mode: 0o644, Body: src.Body, Source: src.Source, theirs: layer.Pin.Digest != ""}
	if pack.MatchAny(layer.Executable, src.Path) {
		f.Mode = 0o755
	}
	if src.Rendered {
		f.made = true
		left, right := layer.Rules.DelimitersOf(src.Path)
		out, err := r.File(render.File{Name: src.Source, Source: string(src.Body), Left: left, Right: right, Item: item})
		if err != nil {
			return File{}, err
		}
		f.Body = out.Body
	}
	return f, nil
}

// standalone renders without partials.
func standalone(values map[string]any) (*render.Renderer, error) {
	none, err := render.Load(nil, render.NewBudget(context.Background()))
	if err != nil {
		return nil, err
	}
	return none.Renderer(values), nil
}

// withComputed adds the layers' computed values, each made from those before it.
func withComputed(pile pack.Pile, answers map[string]any) (map[string]any, error) {
	values := maps.Clone(answers)
	r, err := standalone(values) // it sees what is added
	if err != nil {
		return nil, err
	}
	for _, v := range pile.Computed() {
		if _, taken := answers[v.Key]; taken {
			return nil, diag.New(diag.Refused, "", "the computed value %q has the name of an answer", v.Key)
		}
		out, err := r.File(render.File{Name: "computed value " + v.Key, Source: v.Template})
		if err != nil {
			return nil, err
		}
		values[v.Key] = string(out.Body)
	}
	return values, nil
}

// checkStructure proves that no free text broke out of its place: every file of
// a structured format parses, and has the same keys as with harmless texts.
func checkStructure(t tree, pile pack.Pile, values map[string]any) error {
	plain, changed := harmless(values)
	with := t // what is harmless already needs no second rendering
	if changed {
		var err error
		if with, err = renderLayers(pile, plain); err != nil {
			return err
		}
	}
	for _, path := range slices.Sorted(maps.Keys(t)) {
		f := t[path]
		same := bytes.Equal(f.Body, with[path].Body)
		if !f.made || f.theirs && same {
			continue // copied byte for byte; tsconfig.json, say, may hold comments
		}
		got, err := shape(path, f.Body)
		if err != nil {
			return diag.New(diag.Refused, "the template writes a value without its encoder, or is itself at fault", "%s: the rendered %s does not parse: %w", f.Source, path, err)
		}
		if same {
			continue
		}
		want, err := shape(path, with[path].Body)
		if err != nil || !slices.Equal(got, want) {
			return diag.New(diag.Refused, "pipe the text through the encoder of the file's format", "%s: a text changes the structure of %s", f.Source, path)
		}
	}
	return nil
}

// put adds a file that the program itself writes; a layer must not bring it too.
func (t tree) put(source, path string, body []byte) error {
	if there, ok := t[path]; ok {
		return diag.New(diag.Refused, "", "%s: %s is written by stackinit itself", there.Source, path)
	}
	t[path] = File{Path: path, Mode: fs.FileMode(0o644), Body: body, Source: source}
	return nil
}
