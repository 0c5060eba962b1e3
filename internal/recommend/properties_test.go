package recommend

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestProperties holds the rules P1 to P12 on the embedded criteria and on those
// of a team.
func TestProperties(t *testing.T) {
	skipLong(t)
	for _, c := range []*Criteria{Embedded(), platform(t)} {
		start := time.Now()
		list := c.Properties()
		t.Logf("%s: %v", c.identity.ID, time.Since(start))
		for i, p := range list {
			if want := []string{"P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10", "P11", "P12"}[i]; p.Rule != want || p.Checked == "" {
				t.Errorf("%s, checked on %q; want %s", p.Rule, p.Checked, want)
			}
			t.Log(p.Rule, p.Checked)
			for _, f := range p.Failures {
				t.Errorf("%s: %s %s: %s %v", c.identity.ID, p.Rule, p.Name, f.Reason, f.Answers)
			}
		}
	}
}

// TestBiasAudit pins the lean of the data, with all answers equally likely and no
// constraints; whoever changes a weight looks at these numbers again.
func TestBiasAudit(t *testing.T) {
	skipLong(t)
	tab := fullTable()
	var by [rTie]int
	close, sum, low, high := 0, 0, 0, 0
	for _, r := range tab.free().results {
		b, m := tab.kinds[r.kind], int(r.margin)
		by[b.runtime]++
		if b.closeCall {
			close++
		}
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

// TestFailingTeamFiles: each file of testdata/failing loads and breaks the property
// that its first line names.
func TestFailingTeamFiles(t *testing.T) {
	skipLong(t)
	files, err := filepath.Glob("testdata/failing/*.yaml")
	if err != nil || len(files) < 9 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(string(src), "\n")
			rule, want, found := strings.Cut(strings.TrimPrefix(first, "# fails: "), ": ")
			c := loadTeam(t, file)
			var got []string
			for _, p := range c.tableRules(c.answerSets()) {
				for _, f := range p.Failures {
					got = append(got, p.Rule+": "+f.Reason)
					if len(f.Answers) > 0 && p.Rule == "P2" {
						c.stepBreaks(t, f)
					}
				}
			}
			if !found || !slices.ContainsFunc(got, func(g string) bool { return strings.HasPrefix(g, rule+": "+want) }) {
				t.Errorf("got %q, want %s: %s", got, rule, want)
			}
		})
	}
}

// stepBreaks walks the step that a counterexample to P2 tells.
func (c *Criteria) stepBreaks(t *testing.T, f Failure) {
	t.Helper()
	words := strings.Fields(strings.NewReplacer(":", "", ",", "").Replace(f.Reason))
	key, from, to := words[0], words[2], words[4]
	rank := map[string]int{Python: 0, Hybrid: 1, Node: 2}
	before, after := c.Recommend(with(f.Answers, key, from)), c.Recommend(with(f.Answers, key, to))
	if after.Margin <= before.Margin || rank[after.Runtime] >= rank[before.Runtime] {
		t.Errorf("%s: %s %d to %s %d is no counterexample", f.Reason, before.Runtime, before.Margin, after.Runtime, after.Margin)
	}
}

// TestSampledProperties: with two more questions there are too many answer sets to
// try all; the rules are checked on a sample, which still finds what is broken.
func TestSampledProperties(t *testing.T) {
	skipLong(t)
	more := ""
	for _, key := range []string{"one", "two", "three", "four"} {
		more += "  - {key: " + key + `, type: single, criterion: c, weight: 3, prompt: "?", options: [{key: a, node: 3, python: 0, source: S, label: A}, {key: b, node: 0, python: 3, source: S, label: B}, {key: not_sure, node: 0, python: 0, neutral: true, label: N}]}` + "\n"
	}
	for _, tc := range []struct{ band, broken string }{{"8", ""}, {"10", "P2"}} {
		c, err := LoadTeam("team.yaml", []byte("id: many\nversion: 1\nthresholds: {close_call_max: "+tc.band+"}\nquestions:\n"+more))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range c.Properties() {
			if p.Holds() != (p.Rule != tc.broken) {
				t.Errorf("%s with the band %s: %+v", p.Rule, tc.band, p.Failures)
			}
			if p.Rule == "P1" && !strings.HasPrefix(p.Checked, "a sample of 50,000 of ") {
				t.Errorf("checked on %s", p.Checked)
			}
		}
	}
}

// TestNominal: what has no order is derived, not known by name.
func TestNominal(t *testing.T) {
	c := Embedded()
	for i, q := range c.questions {
		if want := q.Key == "project_kind" || q.Key == "already_fixed"; c.nominal(i) != want {
			t.Errorf("%s: nominal %v", q.Key, !want)
		}
	}
}

// TestMeanings: so is what a constraint asks for.
func TestMeanings(t *testing.T) {
	want := []meaning{{rNode, true}, {rPython, true}, {rPython, false}, {rNode, false}}
	if got := Embedded().meanings(); !slices.Equal(want, got) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestP10Embedded: a core data need rules out NodeJS alone, and nothing else rules
// out anything.
func TestP10Embedded(t *testing.T) {
	skipLong(t)
	tab := fullTable()
	for _, i := range tab.singles {
		for j, o := range tab.c.questions[i].Options {
			var seen [rTie]bool
			for n, r := range tab.free().results {
				if (set{in: tab, n: n}).option(i) == j {
					seen[tab.kinds[r.kind].runtime] = true
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

// TestEngineRulesCanFail gives each rule about the engine a recommendation that is
// not what the engine says, or an engine that is not what it should be.
func TestEngineRulesCanFail(t *testing.T) {
	c, d := Embedded(), dice(1)
	a := Answers{"project_kind": {"realtime_app"}, "already_fixed": {"node_library", "python_data_library"}, "live_updates": {"core"}}
	right := c.Recommend(a)
	wrong := *right
	wrong.Node++
	tooFar := *right
	slack := 3
	tooFar.Slack = &slack
	lopsided := c.mirrored()
	lopsided.questions[0].net[0]++
	check := map[string][2]string{
		"P4": {sums(right), sums(&wrong)},
		"P5": {c.order(a, right), c.order(a, &wrong)},
		"P6": {c.silence(a, right), c.silence(a, &wrong)},
		"P7": {c.inert(a, right, &d), c.inert(a, &wrong, &d)},
		"P8": {c.slackTold(a, right), c.slackTold(a, &tooFar)},
		"P9": {c.mirrored().reflects(a, right), c.mirrored().reflects(a, &wrong)},
	}
	for rule, why := range check {
		if why[0] != "" || why[1] == "" {
			t.Errorf("%s says %q of what is right, and %q of what is wrong", rule, why[0], why[1])
		}
	}
	broken := lopsided
	if broken.reflects(Answers{"project_kind": {"realtime_app"}, "team_skills": {"python"}}, c.Recommend(Answers{"project_kind": {"realtime_app"}, "team_skills": {"python"}})) == "" {
		t.Error("P9 does not see an engine that counts a side in another way")
	}
}

// TestP11Repairs: a repair that drops too much, too little, or leads elsewhere.
func TestP11Repairs(t *testing.T) {
	c := Embedded()
	q := &c.questions[c.constraints]
	all := q.bits([]string{"team_only_javascript", "python_data_library"})
	for _, tc := range []struct {
		rep  Repair
		want string
	}{
		{Repair{Drop: []string{"python_data_library"}, Runtime: Node, Stack: "node-express"}, ""},
		{Repair{Drop: []string{"python_data_library", "team_only_javascript"}, Runtime: Python, Stack: "python-flask"}, "is more than is needed"},
		{Repair{Drop: []string{"node_library"}, Runtime: Node, Stack: "node-express"}, "does not end the conflict"},
		{Repair{Drop: []string{"python_data_library"}, Runtime: Python, Stack: "python-flask"}, "does not lead to python-flask"},
	} {
		if got := c.badRepair(q, all, tc.rep); got != tc.want {
			t.Errorf("%v: %q, want %q", tc.rep.Drop, got, tc.want)
		}
	}
}

// TestP12Traced breaks the trace of the embedded file in all ways.
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
	c := *platform(t)
	c.questions = slices.Clone(c.questions)
	c.questions[0].Options = slices.Clone(c.questions[0].Options)
	c.questions[0].Options[0].Cites = nil
	if p := c.traced(); p.Holds() {
		t.Error("points without a statement are taken for traced")
	}
}

// TestTeamSums: the rows of a team's criteria add up too, on 10,000 answer sets.
func TestTeamSums(t *testing.T) {
	c, d := platform(t), dice(7)
	for range 10_000 {
		a := d.answers(c)
		if why := sums(c.Recommend(a)); why != "" {
			t.Fatalf("%v: %s", a, why)
		}
	}
}
