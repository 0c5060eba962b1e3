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
