package pack

import (
	"io/fs"
	"slices"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// Part is a stack in a folder of the project: rendered by itself, with a lock of
// its own. The value that has the folder's name says which stack.
type Part struct {
	Dir      string
	Set      map[string]string // values that it has instead of the whole's
	Features []Feature         // on top of the stack's own, by the whole's answers
}

// Parts gives the stacks that the project is put together from.
func (p Pile) Parts() (all []Part) {
	for _, l := range p {
		all = append(all, l.Manifest.Parts...)
	}
	return all
}

// Part piles up the layers of a part of the project that p is the pile of: those
// of its stack for the part's own answers, then those that the whole adds by its
// own. A layer that both have keeps its files at the top, once for the project;
// the part sees its partials.
func (p Pile) Part(packs fs.FS, part Part, own, whole map[string]string) (Pile, error) {
	stack, ok := whole[part.Dir]
	if !ok {
		return nil, diag.New(diag.Refused, "", "no value %q says which stack the part %s is", part.Dir, part.Dir)
	}
	pile, err := Stack(packs, stack, own)
	if err != nil {
		return nil, err
	}
	for _, l := range pile {
		if slices.ContainsFunc(p, func(above *Layer) bool { return above.Name == l.Name }) {
			l.Files, l.Merge, l.Executable = nil, nil, nil
		}
	}
	return pile.with(packs, part.Features, whole)
}

func (d *decoder) part(n strictyaml.Node) Part {
	p := Part{Set: map[string]string{}}
	d.fields(n, map[string]func(strictyaml.Node){
		"dir":      d.word(&p.Dir),
		"features": d.each(func(n strictyaml.Node) { p.Features = append(p.Features, d.feature(n)) }),
		"set": func(n strictyaml.Node) {
			for _, v := range d.values(n) {
				p.Set[v.Key] = v.Template
			}
		},
	})
	if p.Dir == "" {
		d.list.Add(n.Pos(), "", "a part needs a dir")
	}
	return p
}
