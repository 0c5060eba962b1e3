package recommend

import "slices"

// mirrored gives the criteria with NodeJS and Python in each other's place: in the
// values of every option, in the rules, the margin words, the tie-break and the
// lists of stacks. Keys are only names and stay.
func (c *Criteria) mirrored() *Criteria {
	m := *c
	m.questions = slices.Clone(c.questions)
	for i := range m.questions {
		q := &m.questions[i]
		q.Options, q.net = slices.Clone(q.Options), slices.Clone(q.net)
		for j, o := range q.Options {
			q.Options[j].Node, q.Options[j].Python = o.Python, o.Node
			q.net[j] = -q.net[j]
		}
	}
	m.rules = slices.Clone(c.rules)
	for i, u := range c.rules {
		m.rules[i].runtime, m.rules[i].when = u.runtime.mirrored(), u.when.mirrored()
	}
	m.tieBreak = slices.Clone(c.tieBreak)
	for i, s := range c.tieBreak {
		m.tieBreak[i].runtime = s.runtime.mirrored()
	}
	m.stacks[rNode], m.stacks[rPython] = c.stacks[rPython], c.stacks[rNode]
	m.components[0], m.components[1] = c.components[1], c.components[0]
	m.tensions = slices.Clone(c.tensions)
	for i, t := range c.tensions {
		m.tensions[i].when = t.when.mirrored()
	}
	return &m
}

func (rt runtime) mirrored() runtime {
	switch rt {
	case rNode:
		return rPython
	case rPython:
		return rNode
	}
	return rt
}

func (t condition) mirrored() condition {
	switch mask := t.mask; t.op {
	case margin:
		t.mask = 0
		for z := range zones {
			t.mask |= mask >> z & 1 << (zones - 1 - z)
		}
	case outcomeRuntime:
		t.mask = 0
		for rt := rNode; rt <= rHybrid; rt++ {
			t.mask |= mask >> rt & 1 << rt.mirrored()
		}
	}
	t.subs = slices.Clone(t.subs)
	for i := range t.subs {
		t.subs[i] = t.subs[i].mirrored()
	}
	return t
}

// mirrored is the recommendation that mirrored criteria must give.
func (r Recommendation) mirrored() *Recommendation {
	swap := func(key string) string {
		switch key {
		case Node:
			return Python
		case Python:
			return Node
		}
		return key
	}
	reversed := func(parts []string) []string {
		parts = slices.Clone(parts)
		slices.Reverse(parts)
		return parts
	}
	r.Runtime, r.Components = swap(r.Runtime), reversed(r.Components)
	r.Node, r.Python, r.Margin = r.Python, r.Node, -r.Margin
	r.Rows = slices.Clone(r.Rows)
	for i, row := range r.Rows {
		r.Rows[i].Node, r.Rows[i].Python = row.Python, row.Node
	}
	r.Flips = slices.Clone(r.Flips)
	for i, fl := range r.Flips {
		r.Flips[i].Runtime = swap(fl.Runtime)
	}
	r.Repairs = slices.Clone(r.Repairs)
	for i, rep := range r.Repairs {
		r.Repairs[i].Runtime, r.Repairs[i].Components = swap(rep.Runtime), reversed(rep.Components)
	}
	return &r
}
