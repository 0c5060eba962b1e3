package recommend

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// The full table: every option of every question, whether it would be asked or
// not, under every set of constraints that does not conflict.
type table struct {
	c      *Criteria
	size   int   // answer sets, for one set of constraints
	stride []int // by question: the distance between neighbouring options
	parts  []part
}

// part is the table for one set of constraints.
type part struct {
	ticks   uint64
	margin  []int16
	outcome []build
}

var fullTable = sync.OnceValue(func() *table {
	c := Embedded()
	t := &table{c: c, size: 1, stride: make([]int, len(c.questions))}
	for i := len(c.questions) - 1; i >= 0; i-- {
		if !c.questions[i].Multi {
			t.stride[i] = t.size
			t.size *= len(c.questions[i].Options)
		}
	}
	for ticks := range uint64(1) << len(c.questions[c.constraints].Options) {
		if !c.inConflict(ticks) {
			t.parts = append(t.parts, t.fill(ticks))
		}
	}
	return t
})

func (t *table) fill(ticks uint64) part {
	p := part{ticks: ticks, margin: make([]int16, t.size), outcome: make([]build, t.size)}
	f := t.c.read(nil)
	f.given[t.c.constraints] = ticks
	for n := range t.size {
		for i := range t.c.questions {
			if i != t.c.constraints {
				f.given[i] = 1 << t.option(n, i)
			}
		}
		t.c.settle(f)
		p.margin[n], p.outcome[n] = int16(f.margin), t.c.outcome(f)
	}
	return p
}

// option is the option of question i in answer set n.
func (t *table) option(n, i int) int {
	return n / t.stride[i] % len(t.c.questions[i].Options)
}

// singles gives the questions with one choice.
func (t *table) singles() []int {
	list := []int{}
	for i := range t.c.questions {
		if !t.c.questions[i].Multi {
			list = append(list, i)
		}
	}
	return list
}

// free is the part without constraints.
func (t *table) free() part { return t.parts[0] }

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
