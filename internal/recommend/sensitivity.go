package recommend

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// slack is the smallest number of points after which the runtime differs, with
// all facts held; an exact tie counts as an outcome of its own. It is false when
// no number would do.
func (c *Criteria) slack(f *facts, rt runtime) (points int, moves bool) {
	for z := range zones {
		d, exists := c.distance(f.margin, z)
		if exists && (!moves || d < points) && c.ruleIn(f, z).runtime != rt {
			points, moves = d, true
		}
	}
	return points, moves
}

// flips gives the answers that change the runtime or the stack.
func (c *Criteria) flips(f *facts, was build) []Flip {
	return c.alternatives(f, func(b build) bool { return b.runtime != was.runtime || b.stack != was.stack })
}

// Settling gives the answers that would end a close call, each by itself: the
// smallest move first.
func (c *Criteria) Settling(a Answers) []Flip {
	return c.alternatives(c.read(a), func(b build) bool { return !b.closeCall })
}

// alternatives tries every other answer of every single-choice question that is
// not skipped, one at a time, and gives those with an outcome to keep: the
// smallest move first.
func (c *Criteria) alternatives(f *facts, keep func(build) bool) []Flip {
	flips, g := []Flip{}, f.clone()
	for i := range c.questions {
		q := &c.questions[i]
		if q.Multi || f.seen[i] == 0 {
			continue
		}
		for j, o := range q.Options {
			if f.given[i] == 1<<j {
				continue
			}
			g.given[i] = 1 << j
			c.settle(g)
			if b := c.outcome(g); keep(b) {
				flips = append(flips, Flip{q.Key, o.Key, abs(g.margin - f.margin), runtimeKeys[b.runtime], b.stack})
			}
		}
		g.given[i] = f.given[i]
	}
	slices.SortFunc(flips, func(a, b Flip) int {
		return cmp.Or(cmp.Compare(a.PointsMoved, b.PointsMoved), cmp.Compare(a.Question, b.Question), cmp.Compare(a.Answer, b.Answer))
	})
	return flips
}

// criticalWeights gives, for each row that leans, the factor on its weight that
// makes the margin 0, the smallest change first. A negative factor is none.
func criticalWeights(r *Recommendation) []CriticalWeight {
	rows := slices.DeleteFunc(slices.Clone(r.Rows), func(row Row) bool {
		lean := row.Node - row.Python
		return lean == 0 || lean > 0 && r.Margin > lean || lean < 0 && r.Margin < lean
	})
	// The factor is 1 - margin/lean: how far it is from 1 depends on the lean alone.
	if r.Margin != 0 {
		slices.SortStableFunc(rows, func(a, b Row) int {
			return cmp.Compare(abs(b.Node-b.Python), abs(a.Node-a.Python))
		})
	}
	weights := []CriticalWeight{}
	for _, row := range rows {
		lean := row.Node - row.Python
		weights = append(weights, CriticalWeight{row.Question, twoDecimals(float64(lean-r.Margin) / float64(lean))})
	}
	return weights
}

func abs(i int) int { return max(i, -i) }

// twoDecimals rounds to two decimals and drops zeros at the end.
func twoDecimals(x float64) json.Number {
	s := strings.TrimRight(strings.TrimRight(strconv.FormatFloat(x, 'f', 2, 64), "0"), ".")
	if s == "" || s == "-0" || s == "-" {
		return "0"
	}
	return json.Number(s)
}

// Settled reports whether runtime, stack, components and the close-call flag are
// the same however the remaining questions are answered, constraints included.
// It tries all completions; beyond maxCompletions it gives up and says no, which
// only means that the remaining questions are asked.
func (c *Criteria) Settled(a Answers, remaining []string) bool {
	w := walk{c: c, f: c.read(a), open: make([]bool, len(c.questions))}
	for _, key := range remaining {
		if i := c.index(key); i >= 0 {
			w.open[i] = true
		}
	}
	return w.from(0, 0)
}

// maxCompletions is above the 76,800 answer sets of the embedded questions.
const maxCompletions = 1 << 17

// walk tries the completions of an interview, in the order of the questions, so
// that the answers to skipped questions are not tried.
type walk struct {
	c     *Criteria
	f     *facts
	open  []bool // questions still to be answered
	first build  // the outcome of the first completion
	tried int
}

// from tries all answers to question i and later ones, with the margin of the
// questions before. It returns false as soon as two outcomes differ.
func (w *walk) from(i, margin int) bool {
	if i == len(w.c.questions) {
		return w.leaf(margin)
	}
	q := &w.c.questions[i]
	w.f.seen[i] = 0
	if q.skip.holds(w.f) {
		return w.from(i+1, margin)
	}
	if !w.open[i] {
		w.f.seen[i] = w.f.given[i]
		return w.from(i+1, margin+q.points(w.f.seen[i]))
	}
	for _, answer := range q.distinct {
		w.f.seen[i] = answer
		if !w.from(i+1, margin+q.points(answer)) {
			return false
		}
	}
	return true
}

func (w *walk) leaf(margin int) bool {
	w.f.margin = margin
	w.c.findNeeds(w.f)
	b := w.c.outcome(w.f)
	if w.tried++; w.tried == 1 {
		w.first = b
	}
	return b == w.first && w.tried <= maxCompletions
}

// distinct gives one answer of each kind to question i. Two options are of one
// kind if they score alike and no condition tells them apart, so that they lead
// to the same outcome; of the constraints, those that nothing tests are left out.
func (c *Criteria) distinct(i int) []uint64 {
	q, masks := &c.questions[i], c.masks(i)
	if q.Multi {
		tested := uint64(0)
		for _, m := range masks {
			tested |= m
		}
		return subsets(tested)
	}
	answers, seen := []uint64{}, map[string]bool{}
	for j := range q.Options {
		kind := []byte(strconv.Itoa(q.net[j]) + " ")
		for _, m := range masks {
			kind = append(kind, '0'+byte(m>>j&1))
		}
		if !seen[string(kind)] {
			seen[string(kind)] = true
			answers = append(answers, 1<<j)
		}
	}
	return answers
}

// masks gives every set of options of question i that bears on the outcome.
func (c *Criteria) masks(i int) []uint64 {
	masks := []uint64{}
	visit := func(t *condition) {
		if t.op == answer && t.question == i {
			masks = append(masks, t.mask)
		}
	}
	for j := range c.questions {
		c.questions[j].skip.leaves(visit)
	}
	for j := range c.needs {
		c.needs[j].when.leaves(visit)
	}
	for j := range c.rules {
		c.rules[j].when.leaves(visit)
	}
	for _, list := range slices.Concat(c.stacks[:], c.components[:]) {
		for j := range list {
			list[j].when.leaves(visit)
		}
	}
	if i == c.constraints {
		for _, cf := range c.conflicts {
			masks = append(masks, cf.ticks)
		}
	}
	return masks
}

// SkippedBy gives the question whose answer settles the question of that key.
func (c *Criteria) SkippedBy(a Answers, key string) (by string, ok bool) {
	i := c.index(key)
	if i < 0 {
		return "", false
	}
	q := c.questions[i].skip.cause(c.read(a))
	if q < 0 {
		return "", false
	}
	return c.questions[q].Key, true
}

// Choices gives, for NodeJS, Python and a hybrid, the stack that its rules pick
// for the answers, whatever is recommended.
func (c *Criteria) Choices(a Answers) []Choice {
	return c.choices(c.read(a), rNode, rPython, rHybrid)
}

// Contenders gives the runtimes between which a close call is, with their stacks:
// the one that the points give and the one that the fewest points would lead to.
// The order is always NodeJS, Python, hybrid, so that none is put forward.
func (c *Criteria) Contenders(a Answers) []Choice {
	f := c.read(a)
	_, here := c.decide(f)
	other, nearest := here, -1
	for z := range zones {
		rt := c.ruleIn(f, z).runtime
		d, exists := c.distance(f.margin, z)
		if exists && rt != rTie && rt != here && (nearest < 0 || d < nearest) {
			other, nearest = rt, d
		}
	}
	if other == here {
		return c.choices(f, here)
	}
	return c.choices(f, min(here, other), max(here, other))
}

func (c *Criteria) choices(f *facts, runtimes ...runtime) []Choice {
	list := make([]Choice, len(runtimes))
	for i, rt := range runtimes {
		b := c.stackFor(f, rt)
		list[i] = Choice{Runtime: runtimeKeys[rt], Stack: b.stack, Components: b.parts(), Cites: pick(c.stacks[rt], f).cites}
	}
	return list
}
