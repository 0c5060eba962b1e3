package recommend

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestP1Reachable(t *testing.T) {
	skipLong(t)
	missing := map[string]bool{}
	for _, list := range slices.Concat(Embedded().stacks[:], Embedded().components[:]) {
		for _, s := range list {
			missing[s.key] = true
		}
	}
	for _, p := range fullTable().parts {
		for _, b := range p.outcome {
			delete(missing, b.stack)
		}
	}
	if len(missing) > 0 {
		t.Errorf("no answers lead to %v", missing)
	}
}

// TestP2Monotone walks every step between neighbouring options of a question,
// ordered by net points. project_kind is nominal: it changes which questions exist.
func TestP2Monotone(t *testing.T) {
	skipLong(t)
	tab, steps := fullTable(), 0
	rank := [...]int{rPython: 0, rHybrid: 1, rNode: 2}
	for _, i := range tab.singles() {
		q := &tab.c.questions[i]
		if q.Key == "project_kind" {
			continue
		}
		order := make([]int, len(q.Options))
		for j := range order {
			order[j] = j
		}
		slices.SortStableFunc(order, func(a, b int) int { return q.net[a] - q.net[b] })
		for _, p := range tab.parts {
			for n := range tab.size {
				at := slices.Index(order, tab.option(n, i))
				if at+1 == len(order) {
					continue
				}
				steps++
				m := n + (order[at+1]-order[at])*tab.stride[i]
				if p.margin[m] < p.margin[n] || rank[p.outcome[m].runtime] < rank[p.outcome[n].runtime] {
					t.Fatalf("%s: %s -> %s moves from %d %v to %d %v (constraints %b)", q.Key, q.Options[order[at]].Key,
						q.Options[order[at+1]].Key, p.margin[n], p.outcome[n], p.margin[m], p.outcome[m], p.ticks)
				}
			}
		}
	}
	if steps != 2_877_440 {
		t.Errorf("%d steps, want 2,877,440", steps)
	}
}

func TestP3Effect(t *testing.T) {
	skipLong(t)
	tab := fullTable()
	free := tab.free()
	for _, i := range tab.singles() {
		q, moves := &tab.c.questions[i], false
		for j, o := range q.Options {
			changes := o.Neutral
			for n := range tab.size {
				if tab.option(n, i) != j {
					continue
				}
				base := n + (slices.IndexFunc(q.Options, func(o Option) bool { return o.Key == NotSure })-j)*tab.stride[i]
				moves = moves || free.outcome[n].runtime != free.outcome[base].runtime
				changes = changes || free.outcome[n] != free.outcome[base]
			}
			if !changes {
				t.Errorf("%s=%s changes nothing anywhere", q.Key, o.Key)
			}
		}
		if !moves {
			t.Errorf("%s never changes the runtime", q.Key)
		}
	}
	for _, p := range tab.parts[1:] {
		if slices.Equal(p.outcome, free.outcome) {
			t.Errorf("the constraints %b change nothing", p.ticks)
		}
	}
}

func TestP4Sums(t *testing.T) {
	eachRandom(t, 20_000, func(a Answers) {
		r := Embedded().Recommend(a)
		node, python := 0, 0
		for _, row := range r.Rows {
			node, python = node+row.Node, python+row.Python
		}
		if node != r.Node || python != r.Python || r.Margin != node-python {
			t.Errorf("%v: rows add up to %d : %d, not %d : %d with margin %d", a, node, python, r.Node, r.Python, r.Margin)
		}
	})
}

func TestP5Order(t *testing.T) {
	eachRandom(t, 20_000, func(a Answers) {
		b := with(a, "already_fixed", a["already_fixed"]...)
		slices.Reverse(b["already_fixed"])
		if _, given := a["already_fixed"]; !given {
			delete(b, "already_fixed")
		}
		if diff := cmp.Diff(Embedded().Recommend(a), Embedded().Recommend(b)); diff != "" {
			t.Errorf("%v: the order of the ticks matters\n%s", a, diff)
		}
	})
}

func TestP6Neutral(t *testing.T) {
	c := Embedded()
	eachRandom(t, 20_000, func(a Answers) {
		said := a
		for _, q := range c.questions {
			if _, answered := a[q.Key]; !answered && !q.Multi {
				said = with(said, q.Key, NotSure)
			}
		}
		silent, loud := c.Recommend(a), c.Recommend(said)
		loud.Rows = slices.DeleteFunc(loud.Rows, func(row Row) bool { return a[row.Question] == nil })
		if diff := cmp.Diff(silent, loud); diff != "" {
			t.Errorf("%v: silence is not not_sure\n%s", a, diff)
		}
	})
}

// TestP7Inert changes the answers to settled questions. Contradictions may see
// them (and cap the confidence), and so may flips, which can make them count.
func TestP7Inert(t *testing.T) {
	c := Embedded()
	eachRandom(t, 20_000, func(a Answers) {
		was := c.Recommend(a)
		for _, key := range was.Skipped {
			q, _ := c.Question(key)
			other := c.Recommend(with(a, key, q.Options[len(a)%len(q.Options)].Key))
			was.Flips, other.Flips = nil, nil
			was.Repairs, other.Repairs = nil, nil
			if !slices.Equal(was.Contradictions, other.Contradictions) {
				other.Contradictions, other.Confidence = was.Contradictions, was.Confidence
			}
			if diff := cmp.Diff(was, other); diff != "" {
				t.Errorf("%v: the answer to the settled %s matters\n%s", a, key, diff)
			}
		}
	})
}

// TestP8CloseCall looks for the slack by moving the margin point by point.
func TestP8CloseCall(t *testing.T) {
	c := Embedded()
	eachRandom(t, 20_000, func(a Answers) {
		r := c.Recommend(a)
		if r.Runtime == Conflict {
			return
		}
		want, f := math.MaxInt, c.read(a)
		for d := range 200 {
			for _, m := range []int{f.margin - d, f.margin + d} {
				if u := c.ruleIn(f, c.zoneOf(m)); runtimeKeys[u.runtime] != r.Runtime {
					want = min(want, d)
				}
			}
		}
		got := math.MaxInt
		if r.Slack != nil {
			got = *r.Slack
		}
		if got != want || r.CloseCall != (want <= 8) || (r.Confidence == Forced) != (want == math.MaxInt) {
			t.Errorf("%v: slack %d, want %d (%s, close call %v)", a, got, want, r.Confidence, r.CloseCall)
		}
	})
}

var (
	sideWord   = regexp.MustCompile(`\b(node|python)\b`)
	marginWord = regexp.MustCompile(`\b(not_clearly|clearly|leans)_(node|python)\b`)
	otherSide  = strings.NewReplacer("node", "python", "python", "node")
)

// mirrorText swaps NodeJS and Python in every column, rule, word and key that
// carries a side; names such as team_only_python are only names.
func mirrorText(s string) string {
	return sideWord.ReplaceAllStringFunc(marginWord.ReplaceAllStringFunc(s, otherSide.Replace), otherSide.Replace)
}

func mirrorAll(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = mirrorText(s)
	}
	return out
}

func TestP9Symmetry(t *testing.T) {
	mirrored, err := Load("mirrored.yaml", []byte(mirrorText(string(embeddedFile))))
	if err != nil {
		t.Fatal(err)
	}
	if q, _ := mirrored.Question("project_kind"); q.Options[0].Python != 4 || mirrored.Choices(nil)[0].Stack != "node-flask" {
		t.Fatal("the criteria were not mirrored")
	}
	eachRandom(t, 20_000, func(a Answers) {
		b := Answers{}
		for key, options := range a {
			b[key] = mirrorAll(options)
		}
		want, got := mirrorOf(Embedded().Recommend(a)), mirrored.Recommend(b)
		slices.SortFunc(got.Flips, compareFlips)
		got.Criteria = want.Criteria
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v: not symmetric\n%s", a, diff)
		}
	})
}

// mirrorOf is the recommendation that mirrored criteria must give.
func mirrorOf(r *Recommendation) *Recommendation {
	r.Runtime, r.Stack = mirrorText(r.Runtime), Optional(mirrorText(string(r.Stack)))
	r.Node, r.Python, r.Margin = r.Python, r.Node, -r.Margin
	mirrorParts := func(parts []string) []string {
		parts = mirrorAll(parts)
		slices.Reverse(parts)
		return parts
	}
	r.Components = mirrorParts(r.Components)
	for i, row := range r.Rows {
		r.Rows[i] = Row{row.Question, mirrorText(row.Answer), row.Python, row.Node}
	}
	for i, fl := range r.Flips {
		r.Flips[i] = Flip{fl.Question, mirrorText(fl.Answer), fl.PointsMoved, mirrorText(fl.Runtime), mirrorText(fl.Stack)}
	}
	slices.SortFunc(r.Flips, compareFlips)
	for i, rep := range r.Repairs {
		r.Repairs[i] = Repair{rep.Drop, mirrorText(rep.Runtime), mirrorText(rep.Stack), mirrorParts(rep.Components)}
	}
	return r
}

// compareFlips orders flips without looking at the keys of answers, which a
// mirror renames.
func compareFlips(a, b Flip) int {
	key := func(f Flip) string { return strings.Join([]string{f.Question, f.Answer, f.Stack}, " ") }
	return strings.Compare(key(a), key(b))
}

// TestP10NoDictator: no soft answer fixes the runtime; a core data need rules out
// Node alone, and nothing else rules out anything.
func TestP10NoDictator(t *testing.T) {
	skipLong(t)
	tab := fullTable()
	for _, i := range tab.singles() {
		for j, o := range tab.c.questions[i].Options {
			var seen [rTie]bool
			for n := range tab.size {
				if tab.option(n, i) == j {
					seen[tab.free().outcome[n].runtime] = true
				}
			}
			key := tab.c.questions[i].Key + "=" + o.Key
			data := slices.Contains([]string{"project_kind=data_ml", "project_kind=scientific", "data_work=core"}, key)
			if want := [rTie]bool{!data, true, true}; seen != want {
				t.Errorf("%s leads to node, python, hybrid: %v, want %v", key, seen, want)
			}
		}
	}
}

// TestP11Constraints: a result speaks every language and uses every library that
// is fixed, and no language that nobody can work in.
func TestP11Constraints(t *testing.T) {
	skipLong(t)
	tab := fullTable()
	ticks := tab.c.questions[tab.c.constraints].bits
	uses := [...]struct{ node, python bool }{rNode: {node: true}, rPython: {python: true}, rHybrid: {true, true}}
	for _, p := range tab.parts {
		for n, b := range p.outcome {
			u := uses[b.runtime]
			if p.ticks&ticks([]string{"team_only_javascript"}) != 0 && u.python || p.ticks&ticks([]string{"team_only_python"}) != 0 && u.node ||
				p.ticks&ticks([]string{"python_data_library"}) != 0 && !u.python || p.ticks&ticks([]string{"node_library"}) != 0 && !u.node {
				t.Fatalf("answer set %d: %s breaks the constraints %b", n, runtimeKeys[b.runtime], p.ticks)
			}
		}
	}
}

// TestP11Repairs: each conflict has a repair; a repair works, and no part of it does.
func TestP11Repairs(t *testing.T) {
	c := Embedded()
	q := c.questions[c.constraints]
	for ticks := range uint64(1) << len(q.Options) {
		r := c.Recommend(Answers{q.Key: q.keysOf(ticks), "project_kind": {"rest_api"}})
		if c.inConflict(ticks) != (len(r.Repairs) > 0) || c.inConflict(ticks) != (r.Runtime == Conflict) {
			t.Errorf("%v: runtime %s, repairs %v", q.keysOf(ticks), r.Runtime, r.Repairs)
		}
		for _, rep := range r.Repairs {
			drop := q.bits(rep.Drop)
			for _, s := range subsets(drop) {
				if c.inConflict(ticks&^s) != (s != drop) {
					t.Errorf("%v: dropping %v of %v", q.keysOf(ticks), q.keysOf(s), rep.Drop)
				}
			}
			after := c.Recommend(Answers{q.Key: q.keysOf(ticks &^ drop), "project_kind": {"rest_api"}})
			want := Repair{rep.Drop, after.Runtime, string(after.Stack), after.Components}
			if diff := cmp.Diff(want, rep); diff != "" {
				t.Errorf("%v: repair (-want +got)\n%s", q.keysOf(ticks), diff)
			}
		}
	}
}

// TestP12Traced breaks the trace of the embedded file in both ways.
func TestP12Traced(t *testing.T) {
	for _, tc := range []struct{ from, to, want string }{
		{"python: 3, cites: [24, 66]", "python: 3, cites: [23]", "heavy_compute scores for python without a statement"},
		{"cites: [6, 8, 11, 30", "cites: [6, 11, 30", "statement 8 is never cited"},
		{"cites: [26, 45], label", "cites: [10, 26, 45], label", "statement 10 is listed as unused, but it is cited"},
		{"cites: [26, 45], label", "cites: [26, 45, 68], label", "there is no statement 68"},
	} {
		_, err := Load("team.yaml", []byte(strings.Replace(string(embeddedFile), tc.from, tc.to, 1)))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want %q", tc.to, err, tc.want)
		}
	}
}

// TestBiasAudit pins the lean of the data, with all answers equally likely and no
// constraints; whoever changes a weight looks at these numbers again.
func TestBiasAudit(t *testing.T) {
	skipLong(t)
	tab := fullTable()
	free := tab.free()
	var by [rTie]int
	close, sum, low, high := 0, 0, 0, 0
	for n, b := range free.outcome {
		by[b.runtime]++
		if b.closeCall {
			close++
		}
		m := int(free.margin[n])
		sum, low, high = sum+m, min(low, m), max(high, m)
	}
	share := func(n int) float64 { return math.Round(1000*float64(n)/float64(tab.size)) / 10 }
	got := []float64{share(by[rPython]), share(by[rNode]), share(by[rHybrid]), share(close), math.Round(10*float64(sum)/float64(tab.size)) / 10}
	if diff := cmp.Diff([]float64{57.7, 32.7, 9.6, 25.9, -3.7}, got); diff != "" {
		t.Errorf("python, node, hybrid, close calls, mean margin (-want +got)\n%s", diff)
	}
	if tab.size != 76_800 || low != -63 || high != 75 {
		t.Errorf("%d answer sets with margins from %d to %d, want 76,800 from -63 to 75", tab.size, low, high)
	}
}
