package recommend

import (
	"maps"
	"math"
	"reflect"
	"slices"
)

// engineRules checks P4 to P9 on n made-up answer sets. They hold for any criteria
// as long as the engine is right; no file can break them.
func (c *Criteria) engineRules(n int) []*Property {
	mirror, d := c.mirrored(), dice(2)
	list := []*Property{
		{Rule: "P4", Name: "sums", Means: "the rows add up to both totals, and the margin is their difference"},
		{Rule: "P5", Name: "order", Means: "the order of answers is irrelevant"},
		{Rule: "P6", Name: "neutral", Means: "no answer is the same as not_sure"},
		{Rule: "P7", Name: "inert", Means: "the answer to a settled question changes nothing"},
		{Rule: "P8", Name: "close call", Means: "the flag and the word forced say what the slack is"},
		{Rule: "P9", Name: "symmetry", Means: "with the sides swapped, every result is swapped"},
	}
	for range n {
		a := d.answers(c)
		r := c.Recommend(a)
		for i, why := range []string{
			sums(r), c.order(a, r), c.silence(a, r), c.inert(a, r, &d), c.slackTold(a, r), mirror.reflects(a, r),
		} {
			if why != "" {
				list[i].fail(a, "%s", why)
			}
		}
	}
	for _, p := range list {
		p.Checked = thousands(n) + " random answer sets"
	}
	return list
}

func sums(r *Recommendation) string {
	node, python := 0, 0
	for _, row := range r.Rows {
		node, python = node+row.Node, python+row.Python
	}
	if node != r.Node || python != r.Python || r.Margin != node-python {
		return "the rows do not add up to the totals"
	}
	return ""
}

// order turns lists of ticks around. The order of asking cannot matter: answers
// are a map.
func (c *Criteria) order(a Answers, r *Recommendation) string {
	if c.constraints < 0 || len(a[c.questions[c.constraints].Key]) < 2 {
		return ""
	}
	key := c.questions[c.constraints].Key
	turned := slices.Clone(a[key])
	slices.Reverse(turned)
	if b := a.with(key, turned...); !reflect.DeepEqual(c.Recommend(b), r) {
		return "the order of the ticks matters"
	}
	return ""
}

// with gives the answers with another one to a question.
func (a Answers) with(key string, options ...string) Answers {
	b := maps.Clone(a)
	b[key] = options
	return b
}

func (c *Criteria) silence(a Answers, r *Recommendation) string {
	said := maps.Clone(a)
	for _, q := range c.questions {
		if _, answered := a[q.Key]; !answered && !q.Multi {
			said[q.Key] = []string{NotSure}
		}
	}
	loud := c.Recommend(said)
	loud.Rows = slices.DeleteFunc(loud.Rows, func(row Row) bool { return a[row.Question] == nil })
	if !reflect.DeepEqual(loud, r) {
		return "saying not_sure is not the same as saying nothing"
	}
	return ""
}

// inert changes the answer to each settled question. Contradictions may see it,
// and cap the confidence; flips and repairs may make it count.
func (c *Criteria) inert(a Answers, r *Recommendation, d *dice) string {
	for _, key := range r.Skipped {
		q, _ := c.Question(key)
		is, was := c.Recommend(a.with(key, q.Options[d.below(len(q.Options))].Key)), *r
		is.Flips, is.Repairs, was.Flips, was.Repairs = nil, nil, nil, nil
		if !slices.Equal(is.Contradictions, was.Contradictions) {
			is.Contradictions, is.Confidence = was.Contradictions, was.Confidence
		}
		if !reflect.DeepEqual(is, &was) {
			return "the answer to the settled question " + key + " matters"
		}
	}
	return ""
}

// slackTold looks for the slack by moving the margin point by point, past both
// ends of the band within which the rules can tell margins apart.
func (c *Criteria) slackTold(a Answers, r *Recommendation) string {
	if r.Runtime == Conflict {
		return ""
	}
	want, f := math.MaxInt, c.read(a)
	for d := range min(abs(f.margin)+c.thresholds.closeCallMax+2, maxMoves) {
		if c.differs(f, f.margin-d, r.Runtime) || c.differs(f, f.margin+d, r.Runtime) {
			want = d
			break
		}
	}
	got := math.MaxInt
	if r.Slack != nil {
		got = *r.Slack
	}
	far := got < math.MaxInt && got >= maxMoves && want == math.MaxInt
	if got != want && !far || r.CloseCall != (got <= c.thresholds.closeCallMax) || (r.Confidence == Forced) != (r.Slack == nil) {
		return "slack, close call or confidence are not what moving the margin shows"
	}
	return ""
}

// maxMoves keeps the search for the slack short where a team's thresholds or
// weights are large.
const maxMoves = 400

func (c *Criteria) differs(f *facts, margin int, runtime string) bool {
	return runtimeKeys[c.ruleIn(f, c.zoneOf(margin)).runtime] != runtime
}

// reflects compares, as the mirror, with the mirror image of r.
func (c *Criteria) reflects(a Answers, r *Recommendation) string {
	if !reflect.DeepEqual(c.Recommend(a), r.mirrored()) {
		return "the mirrored criteria do not give the mirrored result"
	}
	return ""
}
