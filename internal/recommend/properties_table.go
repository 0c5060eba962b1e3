package recommend

import "slices"

// reachable is P1.
func (c *Criteria) reachable(s *sets) watcher {
	p := &Property{Rule: "P1", Name: "reachable", Means: "every stack is the result of some answers"}
	seen := []bool{}
	return watcher{p, func(a set) {
		k := int(a.result().kind)
		for len(seen) <= k {
			seen = append(seen, false)
		}
		seen[k] = true
	}, func() {
		p.Checked = s.scope()
		found := map[string]bool{}
		for k, ok := range seen {
			if b := s.kinds[k]; ok {
				found[b.stack], found[b.node], found[b.python] = true, true, true
			}
		}
		for _, list := range slices.Concat(c.stacks[:], c.components[:]) {
			for _, u := range list {
				if !found[u.key] {
					found[u.key] = true
					p.fail(nil, "no answers lead to %s%s: rules above its own, or conditions that cannot hold, keep it away", u.key, s.witness())
				}
			}
		}
	}}
}

// nominal tells the questions whose answers have no order: those that settle
// others. Moving along one changes which questions count, not only its own points.
func (c *Criteria) nominal(i int) bool {
	found := false
	for j := range c.questions {
		c.questions[j].skip.leaves(func(t *condition) {
			found = found || (t.op == answer || t.op == rawAnswer) && t.question == i
		})
	}
	return found
}

// upwards gives, for each option of a question, those with the next higher net
// points: what one step towards NodeJS can lead to. Options with the same points
// have no order between them.
func (q *question) upwards() [][]int {
	up := make([][]int, len(q.Options))
	for from := range q.Options {
		for to := range q.Options {
			if q.net[to] <= q.net[from] {
				continue
			}
			if len(up[from]) > 0 && q.net[to] < q.net[up[from][0]] {
				up[from] = nil
			}
			if len(up[from]) == 0 || q.net[to] == q.net[up[from][0]] {
				up[from] = append(up[from], to)
			}
		}
	}
	return up
}

// ranks is the way from Python to NodeJS.
var ranks = [...]int{rPython: 0, rHybrid: 1, rNode: 2}

// monotone is P2: a step of one answer towards NodeJS never lowers the margin, and
// never moves the runtime back on python < hybrid < node. A nominal question is
// checked alone, with nothing else answered.
func (c *Criteria) monotone(s *sets) watcher {
	p := &Property{Rule: "P2", Name: "monotone", Means: "an answer nearer to NodeJS never leads further from it"}
	steps, broken := 0, make([]bool, len(c.questions))
	up := make([][][]int, len(c.questions))
	nominal := make([]bool, len(c.questions))
	for _, i := range s.singles {
		up[i], nominal[i] = c.questions[i].upwards(), c.nominal(i)
	}
	check := func(a set, i int) {
		from, was := a.option(i), a.result()
		for _, to := range up[i][from] {
			steps++
			is := a.to(i, to)
			before, after := s.kinds[was.kind].runtime, s.kinds[is.kind].runtime
			if q := &c.questions[i]; !broken[i] && (is.margin < was.margin || ranks[after] < ranks[before]) {
				broken[i] = true
				p.fail(a.answers(), "%s: from %s to %s the points move towards NodeJS, from %+d to %+d, and the runtime from %s to %s",
					q.Key, q.Options[from].Key, q.Options[to].Key, was.margin, is.margin, runtimeKeys[before], runtimeKeys[after])
			}
		}
	}
	return watcher{p, func(a set) {
		for _, i := range s.singles {
			if !nominal[i] {
				check(a, i)
			}
		}
	}, func() {
		s.lone(func(a set, i int) {
			if nominal[i] {
				check(a, i)
			}
		})
		p.Checked = thousands(steps) + " steps on " + s.scope()
	}}
}

// lone visits the answer sets in which one question alone is answered.
func (s *sets) lone(visit func(a set, i int)) {
	for _, i := range s.singles {
		for j := range s.c.questions[i].Options {
			f := s.c.read(nil)
			f.given[i] = 1 << j
			visit(set{in: s, f: f}, i)
		}
	}
}

// effect is P3: every question changes the runtime somewhere, every answer that
// is not neutral changes something, compared with not_sure, and so does every
// constraint, compared with none.
func (c *Criteria) effect(s *sets) watcher {
	p := &Property{Rule: "P3", Name: "effect", Means: "every question and every answer matters somewhere"}
	moves := make([]bool, len(c.questions))
	changes := make([][]bool, len(c.questions))
	for i, q := range c.questions {
		changes[i] = make([]bool, len(q.Options))
		moves[i] = q.Multi
		for j, o := range q.Options {
			changes[i][j] = o.Neutral || o.Key == NotSure || q.Multi && c.inConflict(1<<j)
		}
	}
	return watcher{p, func(a set) {
		if a.ticks != 0 {
			return
		}
		was := a.result()
		for _, i := range s.singles {
			if j := a.option(i); !moves[i] || !changes[i][j] {
				open := a.to(i, s.notSure(i))
				moves[i] = moves[i] || s.kinds[open.kind].runtime != s.kinds[was.kind].runtime
				changes[i][j] = changes[i][j] || open.kind != was.kind
			}
		}
		if c.constraints < 0 {
			return
		}
		for j, known := range changes[c.constraints] {
			changes[c.constraints][j] = known || a.ticking(1<<j).kind != was.kind
		}
	}, func() {
		p.Checked = s.scope()
		for i, q := range c.questions {
			if !moves[i] {
				p.fail(nil, "%s never changes the runtime%s: its weight is too small next to the others, or it is never asked", q.Key, s.witness())
			}
			for j, o := range q.Options {
				if !changes[i][j] {
					p.fail(nil, "%s=%s changes nothing anywhere%s: mark it neutral: true, or give it points or a rule", q.Key, o.Key, s.witness())
				}
			}
		}
	}}
}

// notSure is the option not_sure of question i.
func (s *sets) notSure(i int) int {
	return slices.IndexFunc(s.c.questions[i].Options, func(o Option) bool { return o.Key == NotSure })
}

// noDictator is P10: no soft answer fixes the runtime. Only one that makes a core
// need hold by itself may rule out a single language, and must leave a choice.
func (c *Criteria) noDictator(s *sets) watcher {
	p := &Property{Rule: "P10", Name: "no dictator", Means: "no single answer fixes the runtime, except a constraint"}
	seen := make([][][rTie]bool, len(c.questions))
	for i, q := range c.questions {
		seen[i] = make([][rTie]bool, len(q.Options))
	}
	return watcher{p, func(a set) {
		if a.ticks != 0 {
			return
		}
		rt := s.kinds[a.result().kind].runtime
		for _, i := range s.singles {
			seen[i][a.option(i)][rt] = true
		}
	}, func() {
		p.Checked = s.scope()
		for _, i := range s.singles {
			q := &c.questions[i]
			for j, o := range q.Options {
				rts := seen[i][j]
				need := len(c.Needs(Answers{q.Key: {o.Key}})) > 0
				left := []string{}
				for rt, ok := range rts {
					if ok {
						left = append(left, runtimeKeys[rt])
					}
				}
				if len(left) < 2 || !need && (!rts[rNode] || !rts[rPython]) {
					p.fail(Answers{q.Key: {o.Key}}, "with %s=%s no other answers lead anywhere but to %v%s: it weighs more than all the rest", q.Key, o.Key, left, s.witness())
				}
			}
		}
	}}
}
