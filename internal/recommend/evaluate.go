package recommend

import (
	"cmp"
	"math/bits"
	"slices"
)

// Recommend says what the criteria make of the answers. Keys and options that
// the criteria do not know count as not answered.
func (c *Criteria) Recommend(a Answers) *Recommendation {
	f := c.read(a)
	r := c.sheet(f, a)
	ticks := c.ticked(f)
	for _, cf := range c.conflicts {
		if cf.ticks&^ticks == 0 {
			r.Conflicts = append(r.Conflicts, cf.key)
		}
	}
	if len(r.Conflicts) > 0 {
		r.Runtime, r.DecidedBy, r.Conflict = Conflict, Conflict, Optional(r.Conflicts[0])
		r.Repairs = c.repairs(f)
		return r
	}
	u, rt := c.decide(f)
	b := c.stackFor(f, rt)
	r.Runtime, r.Stack, r.Components = runtimeKeys[rt], Optional(b.stack), b.parts()
	r.DecidedBy, r.Rule = u.DecidedBy, Optional(u.Key)
	if slack, moves := c.slack(f, rt); moves {
		r.Slack = &slack
	}
	r.Confidence = c.confidence(r)
	r.CloseCall = r.Confidence == CloseCall
	f.runtime = 1 << rt
	r.Tensions = holding(c.tensions, f)
	r.Flips = c.flips(f, b)
	r.CritWeights = criticalWeights(r)
	return r
}

// sheet fills in what holds whatever the runtime: the rows and their sums, what
// is open or skipped, and the contradictions.
func (c *Criteria) sheet(f *facts, a Answers) *Recommendation {
	r := &Recommendation{
		Components: []string{}, Rows: []Row{}, Open: []string{}, Skipped: []string{}, Tensions: []string{}, Flips: []Flip{},
		CritWeights: []CriticalWeight{}, Conflicts: []string{}, Repairs: []Repair{}, Criteria: c.identity,
	}
	for i := range c.questions {
		q := &c.questions[i]
		if q.skip.holds(f) {
			r.Skipped = append(r.Skipped, q.Key)
			continue
		}
		answered := q.answered(a)
		if !answered || f.given[i] == q.notSure && !q.Multi {
			r.Open = append(r.Open, q.Key)
		}
		if answered && !q.Multi {
			o := q.Options[bits.TrailingZeros64(f.given[i])]
			row := Row{q.Key, o.Key, q.Weight * o.Node, q.Weight * o.Python}
			r.Rows = append(r.Rows, row)
			r.Node, r.Python = r.Node+row.Node, r.Python+row.Python
		}
	}
	r.Margin = r.Node - r.Python
	r.Contradictions = holding(c.contradictions, f)
	return r
}

// answered reports whether the answers hold a valid one to q.
func (q *question) answered(a Answers) bool {
	keys, ok := a[q.Key]
	if !ok || q.Multi {
		return ok
	}
	if len(keys) != 1 {
		return false
	}
	_, known := q.Option(keys[0])
	return known
}

// holding gives the keys of the remarks that hold.
func holding(list []remark, f *facts) []string {
	keys := []string{}
	for i := range list {
		if list[i].when.holds(f) {
			keys = append(keys, list[i].Key)
		}
	}
	return keys
}

// TensionsOf gives the tensions that hold if the answers lead to that runtime,
// recommended or not: what speaks against it in practice.
func (c *Criteria) TensionsOf(a Answers, runtime string) []Remark {
	f := c.read(a)
	for rt, key := range runtimeKeys {
		if key == runtime {
			f.runtime = 1 << rt
		}
	}
	held := []Remark{}
	for _, key := range holding(c.tensions, f) {
		r, _ := c.Tension(key)
		held = append(held, r)
	}
	return held
}

func (c *Criteria) confidence(r *Recommendation) Confidence {
	informative := 0
	for _, row := range r.Rows {
		q, _ := c.Question(row.Question)
		if o, _ := q.Option(row.Answer); !o.Neutral {
			informative++
		}
	}
	switch t := c.thresholds; {
	case r.Slack == nil:
		return Forced
	case *r.Slack <= t.closeCallMax:
		return CloseCall
	case *r.Slack >= t.highMin && informative >= t.highMinAnswers && len(r.Contradictions) == 0:
		return High
	}
	return Medium
}

// repairs finds the smallest sets of ticked constraints whose removal leaves no
// conflict, fewest first, and what each of them leads to.
func (c *Criteria) repairs(f *facts) []Repair {
	ticks, repairs := f.given[c.constraints], []Repair{}
	var found []uint64
	for _, drop := range subsets(ticks) {
		covers := func(smaller uint64) bool { return smaller&^drop == 0 }
		if c.inConflict(ticks&^drop) || slices.ContainsFunc(found, covers) {
			continue
		}
		found = append(found, drop)
		g := f.clone()
		g.given[c.constraints] = ticks &^ drop
		c.settle(g)
		_, rt := c.decide(g)
		b := c.stackFor(g, rt)
		repairs = append(repairs, Repair{c.questions[c.constraints].keysOf(drop), runtimeKeys[rt], b.stack, b.parts()})
	}
	return repairs
}

// subsets gives all subsets of set, small ones first, then in the order of the options.
func subsets(set uint64) []uint64 {
	all := []uint64{}
	for s := set; ; s = (s - 1) & set {
		all = append(all, s)
		if s == 0 {
			break
		}
	}
	slices.SortFunc(all, func(a, b uint64) int {
		return cmp.Or(cmp.Compare(bits.OnesCount64(a), bits.OnesCount64(b)), cmp.Compare(bits.Reverse64(b), bits.Reverse64(a)))
	})
	return all
}

func (q *question) keysOf(set uint64) []string {
	keys := []string{}
	for i, o := range q.Options {
		if set&(1<<i) != 0 {
			keys = append(keys, o.Key)
		}
	}
	return keys
}

func (f *facts) clone() *facts {
	g := *f
	g.given, g.seen = slices.Clone(f.given), slices.Clone(f.seen)
	return &g
}
