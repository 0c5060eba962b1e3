package plan

import (
	"hash"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/render"
)

// section is what is rendered by itself, with its own values and locks: the whole
// of a project, or a part of it in a folder of its own.
type section struct {
	dir    string // below the project; empty for the whole
	pile   pack.Pile
	values map[string]any
}

// sections gives the whole and then its parts, if it has any.
func (in Input) sections() ([]section, error) {
	values := in.values()
	whole := plainAnswers(values)
	pile, err := in.pile(whole)
	if err != nil {
		return nil, err
	}
	all := []section{{pile: pile, values: values}}
	for _, part := range pile.Parts() {
		s := section{dir: part.Dir}
		if s.values, err = in.partValues(part, values); err != nil {
			return nil, err
		}
		if s.pile, err = pile.Part(in.Packs, part, plainAnswers(s.values), whole); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// pile is the layers of the stack with the packs of a team on top of them.
func (in Input) pile(answers map[string]string) (pile pack.Pile, err error) {
	if stack := in.Decision.Choice.Stack; stack != "" {
		if pile, err = pack.Stack(in.Packs, stack, answers); err != nil {
			return nil, err
		}
	}
	return append(pile, in.Team...), nil
}

// partValues are the whole's values with what is the part's own: its name, what
// the whole sets for it, and for what its stack alone asks, the default.
func (in Input) partValues(part pack.Part, whole map[string]any) (map[string]any, error) {
	values := maps.Clone(whole)
	values["name"] = in.Name + "-" + part.Dir
	values["stack"] = whole[part.Dir]
	for key, value := range part.Set {
		values[key] = value
	}
	stack, _ := values["stack"].(string)
	questions, err := pack.Questions(in.Packs, stack)
	for _, q := range questions {
		if _, ok := values[q.Key]; !ok {
			values[q.Key] = q.Default[0]
		}
	}
	return values, err
}

// build renders the section and proves its structure, and adds what it depends
// on. sum takes in everything that it is made from.
func (s section) build(in Input, budget *render.Budget, sum hash.Hash) (tree, error) {
	if secrets := s.pile.Secrets(); len(secrets) > 0 {
		s.values["secrets"] = in.secrets(secrets)
	}
	deps, err := loadDependencies(in.Packs, s.pile)
	if err != nil {
		return nil, err
	}
	if err := deps.checkName(s.values["name"].(string)); err != nil {
		return nil, err
	}
	rendered, err := renderLayers(s.pile, s.values, budget, nil)
	if err != nil {
		return nil, err
	}
	if err := checkStructure(rendered, s.pile, s.values, budget); err != nil {
		return nil, err
	}
	t := rendered.tree
	if err := checkSecrets(t, s.values, in.secretAnswers()); err != nil {
		return nil, err
	}
	sum.Write(deps.sum.Sum(nil))
	sum.Write([]byte(s.pile.Digest()))
	return t, deps.addTo(t)
}

// place puts the files of a part into its folder. What a pack of a team has at the same
// path replaces them, or is merged into them where its manifest says so.
func (t tree) place(dir string, part tree, team pack.Pile) (err error) {
	var cost effort
	for _, below := range slices.Sorted(maps.Keys(part)) {
		f := part[below]
		f.Path = path.Join(dir, below)
		there, taken := t[f.Path]
		switch {
		case !taken:
			t[f.Path] = f
		case !there.theirs || locked(below):
			return diag.New(diag.Refused, "", "%s and %s are both %s", there.Source, f.Source, f.Path)
		case slices.ContainsFunc(team, func(l *pack.Layer) bool { return pack.MatchAny(l.Merge, f.Path) }):
			if t[f.Path], err = cost.merge(f, there); err != nil {
				return err
			}
		}
	}
	return nil
}

// locked is true of the files that say what a part depends on. They belong together, and
// its stack alone has a say in them.
func locked(name string) bool {
	return slices.Contains(strings.Fields("package.json package-lock.json pyproject.toml requirements.txt requirements-dev.txt"), name)
}
