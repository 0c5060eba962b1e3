// Package explain tells people why a recommendation is what it is: as the screen
// of an interview, as a longer text with every point and its source, as Markdown
// for a pull request, and as JSON. It adds nothing to the arithmetic of package
// recommend; every figure that it shows is one of the recommendation's. The
// package is pure.
package explain

import "github.com/stackinit/stackinit/internal/recommend"

// Case is what is explained: a decision, and what it was made from.
type Case struct {
	Criteria *recommend.Criteria
	Answers  recommend.Answers
	Decision recommend.Decision
	Notes    []string // what a reader should know besides, a sentence each
}

// Recommended is the case of a recommendation that nobody has decided on yet.
func Recommended(c *recommend.Criteria, a recommend.Answers) Case {
	return Case{Criteria: c, Answers: a, Decision: recommend.Decision{Recommendation: c.Recommend(a)}}
}

// constraints is the question whose answers are ticked, and only they conflict.
func (e Case) constraints() (recommend.Question, bool) {
	for _, q := range e.Criteria.Questions() {
		if q.Multi {
			return q, true
		}
	}
	return recommend.Question{}, false
}

// option gives the option that was chosen in a row.
func (e Case) option(row recommend.Row) recommend.Option {
	q, _ := e.Criteria.Question(row.Question)
	o, _ := q.Option(row.Answer)
	return o
}
