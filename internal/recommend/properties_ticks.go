package recommend

import (
	"math/bits"
	"strings"
)

// meaning is what a constraint asks for, as the criteria themselves say it.
type meaning struct {
	language runtime // that the result must speak; rTie: none that could be derived
	alone    bool    // and no other
}

// meanings derives what each constraint means. Its language is the runtime of the
// first rule that the constraint fulfils by itself, directly or through a need.
// The team can write nothing else where it conflicts with every constraint of the
// other language: a library that is a must leaves room for one of the other side,
// a team that knows one language does not.
func (c *Criteria) meanings() []meaning {
	list := make([]meaning, len(c.questions[c.constraints].Options))
	for j := range list {
		list[j].language = rTie
		for i := range c.rules {
			if rt := c.rules[i].runtime; rt < rHybrid && c.fulfils(j, &c.rules[i].when) {
				list[j].language = rt
				break
			}
		}
	}
	for j := range list {
		others, clashes := 0, 0
		for k := range list {
			if list[j].language+list[k].language == rNode+rPython && list[k].language != list[j].language {
				others++
				if c.inConflict(1<<j | 1<<k) {
					clashes++
				}
			}
		}
		list[j].alone = others > 0 && clashes == others
	}
	return list
}

// fulfils reports whether the condition holds whenever constraint j is ticked.
func (c *Criteria) fulfils(j int, t *condition) bool {
	switch t.op {
	case answer:
		return t.question == c.constraints && t.mask&(1<<j) != 0
	case need:
		for i := range c.needs {
			if t.mask&(1<<i) != 0 && c.fulfils(j, &c.needs[i].when) {
				return true
			}
		}
	case anyOf:
		for i := range t.subs {
			if c.fulfils(j, &t.subs[i]) {
				return true
			}
		}
	case allOf:
		for i := range t.subs {
			if !c.fulfils(j, &t.subs[i]) {
				return false
			}
		}
		return true
	}
	return false
}

// keeps reports whether a runtime is what the constraint asks for.
func (m meaning) keeps(rt runtime) bool {
	return m.language == rTie || rt == m.language || rt == rHybrid && !m.alone
}

// constraintsKept is P11: no result breaks a ticked constraint, each conflict has
// a repair, and repairs are minimal.
func (c *Criteria) constraintsKept(s *sets) watcher {
	p := &Property{Rule: "P11", Name: "constraints", Means: "what is ticked is kept, and every conflict has a smallest way out"}
	if c.constraints < 0 {
		return watcher{p, func(set) {}, func() { p.Checked = "there are no constraints" }}
	}
	asks, broken := c.meanings(), uint64(0)
	return watcher{p, func(a set) {
		if a.ticks&^broken == 0 {
			return
		}
		rt := s.kinds[a.result().kind].runtime
		for j, m := range asks {
			if a.ticks&^broken&(1<<j) != 0 && !m.keeps(rt) {
				broken |= 1 << j
				only := ""
				if m.alone {
					only = " alone"
				}
				p.fail(a.answers(), "the result is %s, but %s asks for %s%s", runtimeKeys[rt], c.questions[c.constraints].Options[j].Key, runtimeKeys[m.language], only)
			}
		}
	}, func() {
		p.Checked = s.scope() + ", and " + thousands(c.checkRepairs(p)) + " sets of constraints"
	}}
}

// maxTicked bounds the sets of constraints whose repairs are checked where there
// are too many constraints to try all sets.
const maxTicked = 4

// checkRepairs tries all sets of constraints, or those of at most maxTicked.
func (c *Criteria) checkRepairs(p *Property) (tried int) {
	q := &c.questions[c.constraints]
	for ticks := range uint64(1) << len(q.Options) {
		if len(q.Options) > 8 && bits.OnesCount64(ticks) > maxTicked {
			continue
		}
		tried++
		a := Answers{q.Key: q.keysOf(ticks)}
		if !c.inConflict(c.ticked(c.read(a))) {
			continue
		}
		r := c.Recommend(a)
		if len(r.Repairs) == 0 {
			p.fail(a, "nothing that could be taken back ends the conflict %s", r.Conflict)
		}
		for _, rep := range r.Repairs {
			if why := c.badRepair(q, ticks, rep); why != "" {
				p.fail(a, "taking back %s %s", strings.Join(rep.Drop, " and "), why)
			}
		}
	}
	return tried
}

// badRepair says what is wrong with a repair: it must end all conflicts, no part
// of it may do so, and it must lead where it says.
func (c *Criteria) badRepair(q *question, ticks uint64, rep Repair) string {
	drop := q.bits(rep.Drop)
	for _, s := range subsets(drop) {
		switch ends := !c.inConflict(ticks &^ s); {
		case s == drop && !ends:
			return "does not end the conflict"
		case s != drop && ends:
			return "is more than is needed"
		}
	}
	if after := c.Recommend(Answers{q.Key: q.keysOf(ticks &^ drop)}); after.Runtime != rep.Runtime || string(after.Stack) != rep.Stack {
		return "does not lead to " + rep.Stack
	}
	return ""
}
