package recommend

import (
	"math/bits"
	"slices"
)

// maxSets is how many answer sets are tried one by one, some seven times what the
// embedded questions have, and maxSample how many of more than that. Criteria that
// take longer to apply get fewer of both, so that a check ends within seconds.
const (
	maxSets   = 1 << 22
	maxSample = 50_000
	work      = 600_000_000 // tests of a condition; a few seconds
)

// cost is roughly how many tests it takes to see what comes of one answer set.
func (c *Criteria) cost() int { return c.tests + len(c.questions) }

// allOptions is the number of all options.
func (c *Criteria) allOptions() (n int) {
	for i := range c.questions {
		n += len(c.questions[i].Options)
	}
	return n
}

// sets are answer sets to check rules on: every option of every question, whether
// it would be asked or not, under every set of constraints that does not conflict.
type sets struct {
	c       *Criteria
	singles []int // questions with one choice
	stride  []int // by question: the distance between neighbouring options
	size    int   // answer sets for one set of constraints
	total   float64
	parts   []part  // nil for a sample
	sample  int     // how many are tried then, each with all its neighbours
	kinds   []build // the outcomes that were seen
	kind    map[build]uint16
}

// part is all answer sets under one set of constraints.
type part struct {
	ticks   uint64
	results []result
}

// result is what comes of one answer set.
type result struct {
	margin int32
	kind   uint16 // index in sets.kinds
}

// set is one of the answer sets.
type set struct {
	in    *sets
	ticks uint64
	part  int    // index in sets.parts
	n     int    // index in the part
	f     *facts // of a sample
}

func (c *Criteria) answerSets() *sets {
	s := &sets{c: c, size: 1, total: 1, stride: make([]int, len(c.questions)), kind: map[build]uint16{}}
	for i := len(c.questions) - 1; i >= 0; i-- {
		if q := &c.questions[i]; !q.Multi {
			s.singles = append([]int{i}, s.singles...)
			s.stride[i] = s.size
			s.size = min(s.size*len(q.Options), maxSets+1)
			s.total *= float64(len(q.Options))
		}
	}
	ticks := c.possibleTicks()
	s.total *= float64(len(ticks))
	if s.total > float64(min(maxSets, work/c.cost())) {
		s.sample = max(min(maxSample, work/(c.cost()*c.allOptions())), 500)
		return s
	}
	for _, t := range ticks {
		s.parts = append(s.parts, s.fill(t))
	}
	return s
}

// possibleTicks gives all sets of constraints that do not conflict, the empty one first.
func (c *Criteria) possibleTicks() []uint64 {
	if c.constraints < 0 {
		return []uint64{0}
	}
	all := []uint64{}
	for t := range uint64(1) << len(c.questions[c.constraints].Options) {
		if !c.inConflict(t) {
			all = append(all, t)
		}
	}
	return all
}

func (s *sets) fill(ticks uint64) part {
	p, f := part{ticks, make([]result, s.size)}, s.c.read(nil)
	f.tick(s.c, ticks)
	for n := range s.size {
		for _, i := range s.singles {
			f.given[i] = 1 << (n / s.stride[i] % len(s.c.questions[i].Options))
		}
		p.results[n] = s.evaluate(f)
	}
	return p
}

func (f *facts) tick(c *Criteria, ticks uint64) {
	if c.constraints >= 0 {
		f.given[c.constraints] = ticks
	}
}

func (s *sets) evaluate(f *facts) result {
	s.c.settle(f)
	b := s.c.outcome(f)
	k, known := s.kind[b]
	if !known {
		k = uint16(len(s.kinds)) //nolint:gosec // a few stacks in a few runtimes
		s.kind[b], s.kinds = k, append(s.kinds, b)
	}
	return result{int32(f.margin), k} //nolint:gosec // at most 32 questions of 100 times 100 points
}

// each visits all answer sets, or a sample of them: half without constraints,
// half with any that do not conflict.
func (s *sets) each(visit func(set)) {
	for i, p := range s.parts {
		for n := range s.size {
			visit(set{in: s, ticks: p.ticks, part: i, n: n})
		}
	}
	if s.parts != nil {
		return
	}
	d, possible := dice(1), s.c.possibleTicks()
	for i := range s.sample {
		f := s.c.read(nil)
		for _, q := range s.singles {
			f.given[q] = 1 << d.below(len(s.c.questions[q].Options))
		}
		ticks := possible[d.below(len(possible))*(i%2)]
		f.tick(s.c, ticks)
		visit(set{in: s, ticks: ticks, f: f})
	}
}

// option is the option that the set has for question i.
func (a set) option(i int) int {
	if a.f != nil {
		return bits.TrailingZeros64(a.f.given[i])
	}
	return a.n / a.in.stride[i] % len(a.in.c.questions[i].Options)
}

func (a set) result() result {
	if a.f != nil {
		return a.in.evaluate(a.f)
	}
	return a.in.parts[a.part].results[a.n]
}

// to is the result with another answer to question i.
func (a set) to(i, option int) result {
	if a.f != nil {
		was := a.f.given[i]
		a.f.given[i] = 1 << option
		defer func() { a.f.given[i] = was }()
		return a.in.evaluate(a.f)
	}
	return a.in.parts[a.part].results[a.n+(option-a.option(i))*a.in.stride[i]]
}

// ticking is the result under other constraints, which must not conflict.
func (a set) ticking(ticks uint64) result {
	if a.f != nil {
		defer a.f.tick(a.in.c, a.ticks)
		a.f.tick(a.in.c, ticks)
		return a.in.evaluate(a.f)
	}
	i := slices.IndexFunc(a.in.parts, func(p part) bool { return p.ticks == ticks })
	return a.in.parts[i].results[a.n]
}

// answers is the set for people: what is not sure is left out.
func (a set) answers() Answers {
	given := Answers{}
	for _, i := range a.in.singles {
		q := &a.in.c.questions[i]
		if o := q.Options[a.option(i)]; o.Key != NotSure {
			given[q.Key] = []string{o.Key}
		}
	}
	if a.ticks != 0 {
		q := &a.in.c.questions[a.in.c.constraints]
		given[q.Key] = q.keysOf(a.ticks)
	}
	return given
}

// dice are numbers that look random and are always the same (splitmix64: Steele,
// Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
type dice uint64

func (d *dice) below(n int) int {
	*d += 0x9e3779b97f4a7c15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	hi, _ := bits.Mul64(z^z>>31, uint64(n)) //nolint:gosec // n > 0
	return int(hi)                          //nolint:gosec // below n
}

// answers makes up an answer set: about a third of the questions stay unanswered,
// and half of the sets have constraints.
func (d *dice) answers(c *Criteria) Answers {
	a := Answers{}
	for i := range c.questions {
		switch q := &c.questions[i]; {
		case q.Multi && d.below(2) == 0:
			a[q.Key] = q.keysOf(uint64(d.below(1 << len(q.Options)))) //nolint:gosec // not negative
		case !q.Multi && d.below(3) > 0:
			a[q.Key] = []string{q.Options[d.below(len(q.Options))].Key}
		}
	}
	return a
}
