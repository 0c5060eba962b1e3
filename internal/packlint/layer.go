package packlint

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/names"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/plan"
	"github.com/stackinit/stackinit/internal/render"
)

// layer looks at the files and the small templates of one layer.
func (l *linter) layer(layer *pack.Layer) {
	for _, f := range layer.Files {
		l.file(layer, f)
	}
	l.paths(layer)
	manifest := manifestOf(layer)
	small := func(at diag.Pos, source string, free map[string]bool) {
		l.inspect(render.File{Name: manifest, Source: source}, manifest, at, free)
	}
	for _, v := range layer.Computed {
		small(v.At, v.Template, l.free)
	}
	for _, q := range layer.Questions { // as answers: free text stays free in them
		small(q.At, q.WhenTemplate, nil)
		small(q.At, q.DefaultTemplate, nil)
		l.use(q.When)
	}
	for _, r := range layer.Rules.Files {
		small(r.At, r.WhenTemplate, nil)
		l.rule(manifest, r)
	}
	small(layer.Manifest.At["message_after_copy"], layer.Team.MessageAfterCopy, nil)
	for _, command := range layer.Next {
		small(layer.Manifest.At["next"], command, nil)
	}
	for _, f := range layer.Features {
		l.use(f.When)
	}
	for _, p := range layer.Manifest.Parts {
		l.used[p.Dir] = true
		for _, f := range p.Features {
			l.use(f.When)
		}
	}
}

// use notes the values that something depends on.
func (l *linter) use(when map[string][]string) {
	for key := range when {
		l.used[key] = true
	}
}

// rule looks at what makes files depend on answers.
func (l *linter) rule(manifest string, r pack.FileRule) {
	add := func(code string) func(text, fix string) {
		return func(text, fix string) { l.add(code, manifest, r.At.Line, r.At.Col, text, fix) }
	}
	for _, key := range slices.Sorted(maps.Keys(r.When)) {
		l.value(key, add("P102"))
	}
	if r.Each == "" {
		return
	}
	l.value(r.Each, add("P102"))
	list := slices.ContainsFunc(l.asked(), func(q interview.Question) bool { return q.Key == r.Each && q.Kind == interview.Multi })
	if l.known[r.Each] && !list {
		add("P113")("each takes a list, and "+r.Each+" is none", "name a question with multiselect")
	}
}

func (l *linter) file(layer *pack.Layer, f pack.File) {
	if layer.Rules.Excluded(f.Path) {
		return
	}
	if !f.Verbatim {
		l.inspect(render.File{Name: f.Source, Source: f.Path}, f.Source, diag.Pos{}, l.free)
		if err := render.CheckPath(f.Path); err != nil {
			l.found = append(l.found, Faults("P113", f.Source, err)...)
		}
	}
	script := bytes.HasPrefix(f.Body, []byte("#!")) && !bytes.HasPrefix(f.Body, []byte("#!["))
	runs := pack.MatchAny(layer.Executable, f.Path)
	switch {
	case script && !runs:
		l.add("P108", f.Source, 1, 0, "a script that nobody may run", "name it under executable in "+pack.ManifestFile)
	case runs && !script && bytes.IndexByte(f.Body, 0) < 0:
		l.add("P108", f.Source, 1, 0, "an executable text without #! at its top", "say what runs it, such as #!/bin/sh")
	}
	if pack.MatchAny(layer.Merge, f.Path) && !plan.Mergeable(f.Path) {
		l.add("P111", f.Source, 0, 0, "is to be merged, which only JSON, TOML, YAML and ignore files can be", "leave it out of merge: it replaces the file below")
	}
	if !f.Rendered {
		return
	}
	left, right := layer.Rules.DelimitersOf(f.Path)
	if !bytes.Contains(f.Body, []byte(left)) {
		l.add("P110", f.Source, 0, 0, "nothing in it is rendered", "drop .tmpl from its name")
		return
	}
	l.inspect(render.File{Name: f.Source, Source: string(f.Body), Left: left, Right: right}, f.Source, top, l.free)
}

var action = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{\{[^}]*\}\}`) })

// paths holds names against what Windows and macOS can have, all at once and before
// any answers: a file that only some projects have is looked at too.
func (l *linter) paths(layer *pack.Layer) {
	var plain []string
	for _, f := range layer.Files {
		p := f.Path
		if !f.Verbatim {
			p = action().ReplaceAllString(p, "x")
		}
		if err := names.CheckPath(p); err != nil {
			l.add("P106", f.Source, 0, 0, firstLine(err.Error()), "")
			continue
		}
		if p == f.Path {
			plain = append(plain, p)
		}
	}
	var clash *names.Clash
	if errors.As(names.CheckTree(plain), &clash) {
		l.add("P106", layer.Name+"/template/"+clash.Paths[0], 0, 0, firstLine(clash.Error()), "")
	}
}

// partials looks at what is included, down to what that includes.
func (l *linter) partials() {
	done := map[string]bool{}
	for again := true; again; {
		again = false
		for _, layer := range l.Layers {
			for _, name := range slices.Sorted(maps.Keys(layer.Partials)) {
				file := layer.Name + "/partials/" + name + ".tmpl"
				if l.included[name] && !done[file] {
					done[file], again = true, true
					l.partial(file, name, layer.Partials[name])
				}
			}
		}
	}
	for _, layer := range l.Layers {
		for name := range layer.Partials {
			_, replaces := l.Below.Partials()[name]
			if !l.included[name] && !replaces {
				l.add("P109", layer.Name+"/partials/"+name, 0, 0, "nothing includes it", "delete it")
			}
		}
	}
}

// partial looks at one partial. What it reads is only known where it gets all values.
func (l *linter) partial(file, name, source string) {
	f := render.File{Name: file, Source: source}
	if l.whole[name] {
		l.inspect(f, file, top, l.free)
		return
	}
	seen, err := render.Inspect(f, nil)
	if err != nil {
		l.unreadable(f, file, top, err)
		return
	}
	for _, u := range seen.Includes {
		l.included[u.Name] = true
	}
}

// questions looks for questions that are never asked or go by what is not known yet.
func (l *linter) questions(layer *pack.Layer) {
	asked := l.asked()
	for _, q := range layer.Questions {
		fault := func(text, fix string) {
			l.add("P104", manifestOf(layer), q.At.Line, q.At.Col, "the question "+q.Key+" "+text, fix)
		}
		at := index(asked, q.Key)
		for _, key := range slices.Sorted(maps.Keys(q.When)) {
			i := index(asked, key)
			switch {
			case i < 0 && l.known[key]:
				fault("is never asked: when names "+key+", which is computed after all answers", "")
			case i < 0 && !pack.Reserved(key):
				fault("is never asked: when names "+key+", which is no question", "")
			case i >= at && i >= len(l.Questions):
				fault("depends on "+key+", which is asked later", "ask "+key+" before it")
			case i >= 0 && !some(asked, key, q.When[key]):
				fault(fmt.Sprintf("is never asked: %s is never %s", key, strings.Join(q.When[key], " or ")), "")
			}
		}
		for _, template := range []string{q.WhenTemplate, q.DefaultTemplate} {
			seen, err := render.Inspect(render.File{Name: q.Key, Source: template}, nil)
			if err != nil {
				continue // layer has said so
			}
			for _, u := range seen.Variables {
				switch i := index(asked, u.Name); {
				case i >= at && i >= len(l.Questions):
					fault("depends on "+u.Name+", which is asked later", "ask "+u.Name+" before it")
				case i < 0 && l.known[u.Name]:
					fault("depends on "+u.Name+", which is computed after all answers", "write here what "+u.Name+" is made of")
				}
			}
		}
	}
}

func index(qs []interview.Question, key string) int {
	return slices.IndexFunc(qs, func(q interview.Question) bool { return q.Key == key })
}

// some tells whether a question of that key can have one of the answers. Layers that
// never meet may each have one.
func some(asked []interview.Question, key string, answers []string) bool {
	return slices.ContainsFunc(asked, func(q interview.Question) bool {
		return q.Key == key && (len(q.Options) == 0 || slices.ContainsFunc(q.Options, func(o interview.Option) bool { return slices.Contains(answers, o.Key) }))
	})
}

// unused looks for questions and computed values that change nothing. What a layer
// below asks too is used there, and a template that reads all values uses all.
func (l *linter) unused(layer *pack.Layer) {
	if l.all {
		return
	}
	report := func(at diag.Pos, key string) {
		l.add("P103", manifestOf(layer), at.Line, at.Col, key+" is used by nothing", "use it, or delete it")
	}
	for _, q := range layer.Questions {
		if !l.used[q.Key] && index(l.Questions, q.Key) < 0 {
			report(q.At, q.Key)
		}
	}
	for _, v := range layer.Computed {
		below := slices.ContainsFunc(l.Below.Computed(), func(b pack.Value) bool { return b.Key == v.Key })
		if !l.used[v.Key] && !below {
			report(v.At, v.Key)
		}
	}
}
