package recommend

import (
	"math"
	"math/bits"
	"slices"
)

// runtime is an outcome of the runtime rules.
type runtime uint8

const (
	rNode runtime = iota
	rPython
	rHybrid
	rTie // the score is level: the tie-break names the runtime
	rConflict
)

var runtimeKeys = []string{rNode: Node, rPython: Python, rHybrid: Hybrid, rTie: "tie_break", rConflict: Conflict}

// zone is a part of the margin that no runtime rule can tell apart.
type zone uint8

const (
	clearlyPython zone = iota
	leansPython
	tied
	leansNode
	clearlyNode
	zones
)

const allZones = 1<<zones - 1

// span gives the margins of a zone; low > high when it is empty.
func (c *Criteria) span(z zone) (low, high int) {
	band := c.thresholds.closeCallMax
	switch z {
	case clearlyPython:
		return math.MinInt / 2, -band - 1
	case leansPython:
		return -band, -1
	case tied:
		return 0, 0
	case leansNode:
		return 1, band
	}
	return band + 1, math.MaxInt / 2
}

func (c *Criteria) zoneOf(margin int) zone {
	for z := clearlyPython; z < clearlyNode; z++ {
		if low, high := c.span(z); low <= margin && margin <= high {
			return z
		}
	}
	return clearlyNode
}

// distance is how far the margin must move into the zone; false if it is empty.
func (c *Criteria) distance(margin int, z zone) (int, bool) {
	low, high := c.span(z)
	return max(0, low-margin, margin-high), low <= high
}

// facts are answers in the form in which conditions are tested: sets of options
// as bits, one word for each question.
type facts struct {
	given   []uint64 // not_sure where there is no answer
	seen    []uint64 // the same, but nothing where the question is skipped
	needs   uint64
	margin  int
	zone    uint64 // one bit; set while the runtime rules are tried
	runtime uint64 // one bit; set while tensions are looked for
}

// read turns answers into facts. What it does not know counts as not answered.
func (c *Criteria) read(a Answers) *facts {
	f := &facts{given: make([]uint64, len(c.questions)), seen: make([]uint64, len(c.questions))}
	for i := range c.questions {
		f.given[i] = c.questions[i].bits(a[c.questions[i].Key])
	}
	c.settle(f)
	return f
}

// bits is the set of options behind the keys, not_sure if there is no such answer.
func (q *question) bits(keys []string) uint64 {
	set := uint64(0)
	for _, k := range keys {
		if i := slices.IndexFunc(q.Options, func(o Option) bool { return o.Key == k }); i >= 0 {
			set |= 1 << i
		}
	}
	if !q.Multi && (set == 0 || len(keys) != 1) {
		return q.notSure
	}
	return set
}

// settle works out skips, margin and needs from what is given.
func (c *Criteria) settle(f *facts) {
	f.margin = 0
	for i := range c.questions {
		f.seen[i] = 0
		if q := &c.questions[i]; !q.skip.holds(f) {
			f.seen[i] = f.given[i]
			f.margin += q.points(f.given[i])
		}
	}
	c.findNeeds(f)
}

func (c *Criteria) findNeeds(f *facts) {
	f.needs = 0
	for i := range c.needs {
		if c.needs[i].when.holds(f) {
			f.needs |= 1 << i
		}
	}
}

// points is what an answer adds to the margin.
func (q *question) points(answer uint64) int {
	if q.Multi || answer == 0 {
		return 0
	}
	return q.net[bits.TrailingZeros64(answer)]
}

// ticked is the set of constraints that count.
func (c *Criteria) ticked(f *facts) uint64 {
	if c.constraints < 0 {
		return 0
	}
	return f.seen[c.constraints]
}

// inConflict reports whether some conflict holds between the constraints.
func (c *Criteria) inConflict(ticks uint64) bool {
	return slices.ContainsFunc(c.conflicts, func(cf conflict) bool { return cf.ticks&^ticks == 0 })
}

// ruleIn finds the first runtime rule that matches when the margin lies in z.
func (c *Criteria) ruleIn(f *facts, z zone) *rule {
	f.zone = 1 << z
	for i := range c.rules {
		if c.rules[i].when.holds(f) {
			return &c.rules[i]
		}
	}
	return &c.rules[len(c.rules)-1] // it has no when
}

// decide gives the rule that matches and the runtime that it leads to.
func (c *Criteria) decide(f *facts) (*rule, runtime) {
	u := c.ruleIn(f, c.zoneOf(f.margin))
	if u.runtime == rTie {
		return u, c.breakTie(f)
	}
	return u, u.runtime
}

// breakTie gives the runtime of the first step that leans.
func (c *Criteria) breakTie(f *facts) runtime {
	for _, s := range c.tieBreak {
		switch {
		case s.leanOf >= 0:
			if lean := c.questions[s.leanOf].points(f.seen[s.leanOf]); lean > 0 {
				return rNode
			} else if lean < 0 {
				return rPython
			}
		case s.need == 0 || f.needs&s.need != 0:
			return s.runtime
		}
	}
	return rPython // not reached: the last step always leans
}

// TieStep says which step of the tie-break decides when the points are level:
// the core need that holds, or the question whose answer leans, or neither, when
// it is the last step, which always decides.
func (c *Criteria) TieStep(a Answers) (need, question string) {
	f := c.read(a)
	for _, s := range c.tieBreak {
		switch {
		case s.leanOf >= 0:
			if c.questions[s.leanOf].points(f.seen[s.leanOf]) != 0 {
				return "", c.questions[s.leanOf].Key
			}
		case s.need == 0:
			return "", ""
		case f.needs&s.need != 0:
			for i := range c.needs {
				if s.need == 1<<i {
					return c.needs[i].Key, ""
				}
			}
		}
	}
	return "", ""
}

// build is the stack of a runtime; the parts are set for a hybrid only.
type build struct {
	runtime             runtime
	stack, node, python string
	closeCall           bool
}

func (c *Criteria) stackFor(f *facts, rt runtime) build {
	b := build{runtime: rt, stack: pick(c.stacks[rt], f).key}
	if rt == rHybrid {
		b.node, b.python = pick(c.components[0], f).key, pick(c.components[1], f).key
	}
	return b
}

// pick gives the first entry of a decision list that matches; the last always does.
func pick(list []stackRule, f *facts) *stackRule {
	for i := range list {
		if list[i].when.holds(f) {
			return &list[i]
		}
	}
	return &list[len(list)-1]
}

// parts are the stacks of a hybrid, empty for one runtime.
func (b build) parts() []string {
	if b.runtime != rHybrid {
		return []string{}
	}
	return []string{b.node, b.python}
}

// outcome is all that a person could see change by one more answer.
func (c *Criteria) outcome(f *facts) build {
	if c.inConflict(c.ticked(f)) {
		return build{runtime: rConflict}
	}
	_, rt := c.decide(f)
	b := c.stackFor(f, rt)
	slack, moves := c.slack(f, rt)
	b.closeCall = moves && slack <= c.thresholds.closeCallMax
	return b
}
