package plan

import (
	"bytes"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/render"
	"github.com/stackinit/stackinit/internal/workers"
)

// job is a file that a layer makes.
type job struct {
	layer *pack.Layer
	src   pack.File
	item  any // of a file that is made for each member of a list
	path  string
}

// made is a file of a layer and what it was rendered from.
type made struct {
	job
	File
	text bool // free text went into it
}

// rendering is the files of a pile's layers, one by one and laid over each other.
type rendering struct {
	files   []made
	tree    tree
	tainted bool // free text went into a computed value, and so perhaps anywhere
	effort  effort
}

// renderLayers renders the pile from the bottom up. A file of an upper layer
// replaces the same path below it, or is merged into it where its layer says so.
// Of a rendering with other texts, what no text went into is taken over.
func renderLayers(pile pack.Pile, answers map[string]any, budget *render.Budget, before *rendering) (*rendering, error) {
	r := &rendering{tree: tree{}}
	values, err := r.withComputed(pile, answers, budget)
	if err != nil {
		return nil, err
	}
	partials, err := render.Load(pile.Partials(), budget)
	if err != nil {
		return nil, err
	}
	var jobs []job
	var size tally
	for _, layer := range pile {
		of, err := jobsOf(layer, values, budget, &size)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, of...)
	}
	if r.files, err = renderAll(jobs, partials, values, before.reusable()); err != nil {
		return nil, err
	}
	for _, f := range r.files {
		if err := r.lay(f); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// same names a job in two renderings.
type same struct {
	source string
	item   any
}

// reusable are the files that are the same with any texts.
func (r *rendering) reusable() map[same]made {
	all := map[same]made{}
	if r == nil || r.tainted {
		return all
	}
	for _, f := range r.files {
		if !f.text {
			all[same{f.src.Source, f.item}] = f
		}
	}
	return all
}

// lay puts a file over what lower layers have at its path.
func (r *rendering) lay(f made) (err error) {
	below, there := r.tree[f.path]
	switch merged := pack.MatchAny(f.layer.Merge, f.src.Path); {
	case there && pack.MatchAny(f.layer.Rules.SkipIfExists, f.src.Path):
		return nil
	case merged && there:
		if f.File, err = r.effort.merge(below, f.File); err != nil {
			return err
		}
	case merged: // the blank line at its top was to set it apart
		f.Body = bytes.TrimLeft(f.Body, "\n")
	}
	r.tree[f.path] = f.File
	return nil
}

// tally counts what all layers make: as much as a pack may hold.
type tally struct{ files, bytes int }

func (t *tally) add(src pack.File, times int) error {
	t.files += times
	if !src.Rendered { // what is rendered counts when it is
		t.bytes += times * len(src.Body)
	}
	if t.files > pack.MaxFiles || t.bytes > pack.MaxTree {
		return diag.New(diag.Refused, "take a shorter list for each", "%s: with it the project has more than %d files or %d MiB", src.Source, pack.MaxFiles, pack.MaxTree>>20)
	}
	return nil
}

// jobsOf lists the files of a layer that the values ask for.
func jobsOf(layer *pack.Layer, values map[string]any, budget *render.Budget, size *tally) ([]job, error) {
	jobs := make([]job, 0, len(layer.Files))
	taken := make(map[string]int, len(layer.Files))
	rules := ruling{layer, values, budget, map[int]bool{}}
	for i, src := range layer.Files {
		if layer.Rules.Excluded(src.Path) {
			continue
		}
		items, err := rules.members(src.Path)
		if err != nil {
			return nil, err
		}
		if err := size.add(src, len(items)); err != nil {
			return nil, err
		}
		for _, item := range items {
			path := src.Path
			if !src.Verbatim {
				if path, err = render.Path(src.Path, render.WithItem(values, item)); err != nil {
					return nil, relocate(err, diag.Pos{File: src.Source}, "its name")
				}
			}
			if twice, ok := taken[path]; ok {
				return nil, diag.New(diag.Refused, "let the file's name say which it is, as {{ .item }} does", "%s and %s are both %s", layer.Files[twice].Source, src.Source, path)
			}
			taken[path] = i
			jobs = append(jobs, job{layer, src, item, path})
		}
	}
	return jobs, nil
}

// renderAll renders the files by a few workers, each with a renderer of its own. The
// error is that of the first file in order.
func renderAll(jobs []job, partials *render.Partials, values map[string]any, reuse map[same]made) ([]made, error) {
	files := make([]made, len(jobs))
	err := workers.Each(len(jobs), 32, func() func(int) error {
		r := partials.Renderer(values)
		return func(i int) (err error) {
			was, ok := reuse[same{jobs[i].src.Source, jobs[i].item}]
			if files[i] = was; !ok {
				files[i], err = jobs[i].render(r)
			}
			return err
		}
	})
	return files, err
}

func (j job) render(r *render.Renderer) (made, error) {
	f := File{Path: j.path, Mode: 0o644, Body: j.src.Body, Source: j.src.Source, theirs: j.layer.Pin.Digest != ""}
	if pack.MatchAny(j.layer.Executable, j.src.Path) {
		f.Mode = 0o755
	}
	if !j.src.Rendered {
		return made{j, f, false}, nil
	}
	f.made = true
	left, right := j.layer.Rules.DelimitersOf(j.src.Path)
	out, err := r.File(render.File{Name: j.src.Source, Source: string(j.src.Body), Left: left, Right: right, Item: j.item})
	f.Body = out.Body
	if err == nil && out.Secret && !MayHoldSecrets(j.path) {
		err = tells(diag.Pos{File: j.src.Source}, "")
	}
	return made{j, f, out.Text}, err
}

// withComputed adds the layers' computed values, each made from those before it.
func (r *rendering) withComputed(pile pack.Pile, answers map[string]any, budget *render.Budget) (map[string]any, error) {
	values := maps.Clone(answers)
	if !slices.ContainsFunc(pile, func(l *pack.Layer) bool { return len(l.Manifest.Computed) > 0 }) {
		return values, nil // most packs have none, and a renderer is dear
	}
	renderer, err := standalone(values, budget) // it sees what is added
	if err != nil {
		return nil, err
	}
	for _, layer := range pile {
		for _, v := range layer.Manifest.Computed {
			what := "the computed value " + v.Key
			if _, taken := answers[v.Key]; taken {
				return nil, refusedAt(v.At, "", "%s has the name of an answer", what)
			}
			out, err := renderer.File(render.File{Name: what, Source: v.Template})
			if err == nil && out.Secret {
				return nil, tells(v.At, what+": ")
			}
			if err != nil {
				return nil, relocate(err, v.At, what)
			}
			values[v.Key] = computed(v.Template, string(out.Body))
			r.tainted = r.tainted || out.Text
		}
	}
	return values, nil
}

// computed is what templates get for a computed value: a text, but for one that is made
// and comes to true or false. As a text "false" would be true to every if.
func computed(template, text string) any {
	if word := strings.TrimSpace(text); strings.Contains(template, "{{") && (word == "true" || word == "false") {
		return word == "true"
	}
	return text
}

// manifestOf names a layer's manifest in errors.
func manifestOf(layer *pack.Layer) string { return layer.Name + "/" + pack.ManifestFile }

// standalone renders without partials.
func standalone(values map[string]any, budget *render.Budget) (*render.Renderer, error) {
	none, err := render.Load(nil, budget)
	if err != nil {
		return nil, err
	}
	return none.Renderer(values), nil
}

// put adds a file that the program itself writes; a layer must not bring it too.
func (t tree) put(source, path string, body []byte) error {
	if there, ok := t[path]; ok {
		return diag.New(diag.Refused, "", "%s: %s is written by stackinit itself", there.Source, path)
	}
	t[path] = File{Path: path, Mode: fs.FileMode(0o644), Body: body, Source: source}
	return nil
}
