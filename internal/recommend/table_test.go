package recommend

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// fullTable is all answer sets of the embedded criteria.
var fullTable = sync.OnceValue(func() *sets { return Embedded().answerSets() })

// free is the part without constraints.
func (s *sets) free() part { return s.parts[0] }

// skipLong marks a test that walks the full table.
func skipLong(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("walks all answer sets")
	}
}

// eachRandom tries n random answer sets (a tenth of them with -short); about a
// third of the questions stay unanswered, and half of the sets have constraints.
func eachRandom(t *testing.T, n int, try func(Answers)) {
	t.Helper()
	if testing.Short() {
		n /= 10
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		if try(randomAnswers(r, Embedded())); t.Failed() {
			return
		}
	}
}

func randomAnswers(r *rand.Rand, c *Criteria) Answers {
	a := Answers{}
	for _, q := range c.questions {
		switch {
		case q.Multi && r.IntN(2) == 0:
			a[q.Key] = q.keysOf(r.Uint64N(1 << len(q.Options)))
		case !q.Multi && r.IntN(3) > 0:
			a[q.Key] = []string{q.Options[r.IntN(len(q.Options))].Key}
		}
	}
	return a
}

func with(a Answers, key string, options ...string) Answers {
	b := Answers{}
	for k, v := range a {
		b[k] = slices.Clone(v)
	}
	if b[key] = options; options == nil {
		delete(b, key)
	}
	return b
}
