package plan

import "github.com/stackinit/stackinit/internal/pack"

// Part is a folder of a project, with the layers that it is made from.
type Part struct {
	Dir  string // below the project; "." is the project's own
	Pile pack.Pile
}

// Parts gives the layers that a project is made from, without rendering them. The
// input needs no date, no version and no secret.
func Parts(in Input) ([]Part, error) {
	pile, err := pack.Stack(in.Packs, in.Decision.Choice.Stack, plainAnswers(in.values()))
	return []Part{{".", pile}}, err
}
