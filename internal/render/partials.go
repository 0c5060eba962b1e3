package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
)

// maxInclude is how deep partials may include each other.
const maxInclude = 32

// Partials are the texts for include, parsed and checked once for all workers.
type Partials struct {
	parsed map[string]*parsed
	marked map[string]bool // the marks of faults that stand in a partial's own text
	budget *Budget
}

// Load parses the partials, by name. It is an error when they include each
// other in a circle: then running them could not end.
func Load(texts map[string]string, budget *Budget) (*Partials, error) {
	p := &Partials{parsed: map[string]*parsed{}, marked: map[string]bool{}, budget: budget}
	names := slices.Sorted(maps.Keys(texts))
	for _, name := range names {
		t, err := parseTree(File{Name: partialName(name), Source: texts[name]}, name, budget, nil)
		if err != nil {
			return nil, err
		}
		for _, mark := range marks {
			p.marked[mark] = p.marked[mark] || strings.Contains(texts[name], mark)
		}
		t.countRoot()
		p.parsed[name] = t
	}
	depths := map[string]int{}
	for _, name := range names {
		if _, err := p.depth(name, depths); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func partialName(name string) string { return "partials/" + name }

// depth gives how many partials are inside each other below this one, itself
// included; depths remembers, and holds 0 while a partial is being looked at.
func (p *Partials) depth(name string, depths map[string]int) (int, error) {
	if d, seen := depths[name]; seen {
		return d, nil
	}
	depths[name] = 0
	deepest := 0
	for _, in := range p.parsed[name].includes {
		if p.parsed[in.name] == nil {
			continue // an error if it runs: the layer that brings it may not be there
		}
		d, err := p.depth(in.name, depths)
		if err != nil {
			return 0, err
		}
		if d == 0 || d >= maxInclude {
			text := fmt.Sprintf("partials include each other more than %d deep", maxInclude)
			if d == 0 {
				text = fmt.Sprintf("the partials include each other in a circle: %q is inside itself", in.name)
			}
			line, col := position(p.parsed[name].src, int(in.at))
			return 0, refused(diag.Pos{File: partialName(name), Line: line, Col: col}, "", text)
		}
		deepest = max(deepest, d)
	}
	depths[name] = deepest + 1
	return deepest + 1, nil
}
