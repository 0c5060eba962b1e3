package plan

import (
	"cmp"

	"github.com/stackinit/stackinit/internal/pack"
)

// Part is a folder of a project, with the layers that it is made from.
type Part struct {
	Dir  string // below the project; "." is the project's own
	Pile pack.Pile
}

// Parts gives the layers that a project is made from, without rendering them: the
// whole first, then its parts in the order in which their services start. The input
// needs no date and no version.
func Parts(in Input) ([]Part, error) {
	sections, err := in.sections()
	if err != nil {
		return nil, err
	}
	all := make([]Part, len(sections))
	for i, s := range sections {
		all[i] = Part{cmp.Or(s.dir, "."), s.pile}
	}
	return all, nil
}
