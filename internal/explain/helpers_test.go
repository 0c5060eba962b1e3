package explain

import (
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/stackinit/stackinit/internal/recommend"
)

func recommended(a recommend.Answers) Case { return Recommended(recommend.Embedded(), a) }

func answersOf(t testing.TB, id string) recommend.Answers {
	t.Helper()
	for _, c := range recommend.Cases() {
		if c.ID == id {
			return c.Answers
		}
	}
	t.Fatalf("there is no row %s", id)
	return nil
}

// eachRandom tries n random answer sets (a tenth of them with -short); about a
// third of the questions stay unanswered, and half of the sets have constraints.
func eachRandom(t *testing.T, n int, try func(recommend.Answers)) {
	t.Helper()
	if testing.Short() {
		n /= 10
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		if try(randomAnswers(r)); t.Failed() {
			return
		}
	}
}

func randomAnswers(r *rand.Rand) recommend.Answers {
	a := recommend.Answers{}
	for _, q := range recommend.Embedded().Questions() {
		switch {
		case q.Multi && r.IntN(2) == 0:
			a[q.Key] = []string{}
			for _, o := range q.Options {
				if r.IntN(2) == 0 {
					a[q.Key] = append(a[q.Key], o.Key)
				}
			}
		case !q.Multi && r.IntN(3) > 0:
			a[q.Key] = []string{q.Options[r.IntN(len(q.Options))].Key}
		}
	}
	return a
}

// with gives the answers after one of them is changed.
func with(a recommend.Answers, fl recommend.Flip) recommend.Answers {
	b := maps.Clone(a)
	b[fl.Question] = []string{fl.Answer}
	return b
}
