package recommend

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stackinit/stackinit/internal/diag"
)

// platform is a team's criteria that change a bit of everything.
func platform(t testing.TB) *Criteria {
	t.Helper()
	return loadTeam(t, "testdata/teams/platform.yaml")
}

func loadTeam(t testing.TB, file string) *Criteria {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c, err := LoadTeam(path.Base(filepath.ToSlash(file)), src)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestPlatform: what the team's file says is there, the rest is as it was.
func TestPlatform(t *testing.T) {
	c, base := platform(t), Embedded()
	if id := c.Identity(); id.ID != "acme-platform" || id.Version != 3 || id.SHA256 == base.Identity().SHA256 || len(id.SHA256) != 64 {
		t.Errorf("%+v", id)
	}
	q, _ := c.Question("priority")
	o, _ := q.Option("scale_out")
	if q.Weight != 2 || o.Label != "Room to grow on our cluster" || o.Node != 4 || q.Prompt != "What matters most?" {
		t.Errorf("%+v %+v", q, o)
	}
	q, _ = c.Question("load_profile")
	keys := []string{}
	for _, o := range q.Options {
		keys = append(keys, o.Key)
	}
	if diff := cmp.Diff([]string{"many_connections", "waiting_io", "queue_worker", "light", "heavy_compute", "not_sure"}, keys); diff != "" {
		t.Error(diff)
	}
	qs := c.Questions()
	if last := qs[len(qs)-1]; last.Key != "hosting" || len(qs) != 9 {
		t.Errorf("%d questions, the last is %s", len(qs), last.Key)
	}
	o, _ = q.Option("queue_worker")
	if s, ok := c.Statement(o.Cites[0]); !ok || s.Section != "Platform handbook, chapter 4" || o.Source != s.Section {
		t.Errorf("%+v cites %+v", o, s)
	}
	r := c.Recommend(Answers{"hosting": {"batch_farm"}, "data_work": {"some"}})
	if r.Stack != "python-data" || r.Python != 16 {
		t.Errorf("%s with %d points", r.Stack, r.Python)
	}
	if tn, _ := c.Tension("two_runtimes_to_run"); tn.Text != "two runtimes have to be on call" || len(tn.Cites) != 2 {
		t.Errorf("%+v", tn)
	}
}

// TestIdentityIsOfTheMerged: layout and order of keys do not count, values do.
func TestIdentityIsOfTheMerged(t *testing.T) {
	hash := func(src string) string {
		c, err := LoadTeam("team.yaml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(c.canonical())
		if got := c.Identity().SHA256; got != hex.EncodeToString(sum[:]) || string(c.TeamFile()) != src {
			t.Errorf("%s is not the hash of the merged file", got)
		}
		return c.Identity().SHA256
	}
	one := hash("id: acme\nversion: 1\nthresholds: {high_min: 30, close_call_max: 8}\n")
	if same := hash("# ours\nversion: 1\nid: 'acme'\nthresholds:\n  high_min: 30\n"); same != one {
		t.Error("the same criteria have another hash")
	}
	if other := hash("id: acme\nversion: 1\nthresholds: {high_min: 31}\n"); other == one {
		t.Error("other criteria have the same hash")
	}
	if Embedded().TeamFile() != nil {
		t.Error("the embedded criteria have a team's file")
	}
}

// TestTeamTakesAway: null takes a key away, remove an entry, nth says which.
func TestTeamTakesAway(t *testing.T) {
	c, err := LoadTeam("team.yaml", []byte(`id: acme
version: 1
questions:
  - {key: load_profile, skip_when: null, help: null}
contradictions:
  - {key: chores_but_live, remove: true}
stack_rules:
  node:
    - {key: node-express, nth: 2, remove: true}
    - {key: node-fullstack, source: "House rule", before: node-realtime, when: {priority: [scale_out]}}
    - {key: node-fullstack, source: "House rule", nth: 2, when: null}
`))
	if err != nil {
		t.Fatal(err)
	}
	q, _ := c.Question("load_profile")
	if _, ok := c.SkippedBy(Answers{"project_kind": {"data_ml"}}, "load_profile"); ok || q.Help != "" {
		t.Error("the condition or the help is still there")
	}
	if _, ok := c.Contradiction("chores_but_live"); ok {
		t.Error("the contradiction is still there")
	}
	got := []string{}
	for _, s := range c.stacks[rNode] {
		got = append(got, s.key)
	}
	if diff := cmp.Diff([]string{"node-fullstack", "node-realtime", "node-express", "node-fullstack"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestOutline marks what a team changed, and nothing in the embedded criteria.
func TestOutline(t *testing.T) {
	marks := func(c *Criteria) []string {
		list := []string{}
		var walk func(in string, lines []Line)
		walk = func(in string, lines []Line) {
			for _, l := range lines {
				if l.Mark != "" {
					list = append(list, string(l.Mark)+in+l.Key)
				}
				walk(in+l.Key+"=", l.Lines)
			}
		}
		for _, s := range c.Outline() {
			walk("", s.Lines)
		}
		return list
	}
	if got := marks(Embedded()); len(got) > 0 {
		t.Errorf("marked in the embedded criteria: %v", got)
	}
	want := []string{
		"+load_profile=queue_worker", "*priority", "*priority=ship_fast", "*priority=readable_code", "*priority=large_app", "*priority=scale_out",
		"+hosting", "*high_min", "*node-express", "+python-data", "*two_runtimes_to_run", "+node_on_the_farm",
	}
	if diff := cmp.Diff(want, marks(platform(t))); diff != "" {
		t.Error(diff)
	}
	c, err := LoadTeam("team.yaml", []byte("id: a\nversion: 1\ntensions: [{key: compute_on_node, remove: true}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"-compute_on_node"}, marks(c)); diff != "" {
		t.Error(diff)
	}
}

// TestHostileTeamFiles: what loads is answered and checked within seconds.
func TestHostileTeamFiles(t *testing.T) {
	skipLong(t)
	options := func(n int, format string) string {
		list := []string{}
		for i := range n {
			list = append(list, fmt.Sprintf(format, i))
		}
		return strings.Join(list, ", ")
	}
	many := ""
	for i := range 24 {
		many += fmt.Sprintf("  - {key: q%d, type: single, criterion: c, weight: 100, prompt: P, options: [%s, {key: not_sure, node: 0, python: 0, label: N}]}\n",
			i, options(31, "{key: o%d, node: 4, python: 1, source: S, label: L}"))
	}
	ticks := "  - {key: already_fixed, options: [" + options(8, "{key: x%d, label: L}") + "]}\n"
	tests := "needs: {slow: {source: S, when: {any: [" + strings.Repeat("{data_work: [core]}, ", 800) + "{data_work: [some]}]}}}\n"
	for name, src := range map[string]string{
		"questions":   "questions:\n" + many,
		"constraints": "questions:\n" + ticks + "conflicts: [" + options(80, "{key: c%d, all_of: [x1, x2]}") + "]\n",
		"tests":       tests,
		"all":         "questions:\n" + many + ticks,
	} {
		c, err := LoadTeam("team.yaml", []byte("id: acme\nversion: 1\n"+src))
		if err != nil {
			t.Logf("%s: %.300s", name, err)
			continue
		}
		start := time.Now()
		use(c, nil)
		c.Properties()
		t.Logf("%s: %v", name, time.Since(start))
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

// FuzzLoadTeam: no text makes LoadTeam panic, findings are in the team's file, and
// what loads can be used.
func FuzzLoadTeam(f *testing.F) {
	for _, pattern := range []string{"testdata/teams/*.yaml", "testdata/broken/*.yaml", "testdata/failing/*.yaml"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(src))
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		c, err := LoadTeam("fuzz.yaml", []byte(src))
		var e *diag.Error
		if errors.As(err, &e) {
			for _, finding := range e.Findings {
				if finding.Pos.File != "fuzz.yaml" {
					t.Errorf("%v", err)
				}
			}
		}
		if err != nil {
			return
		}
		use(c, Answers{"project_kind": {"rest_api"}, "already_fixed": {"node_library"}})
		c.Outline()
		c.ChangedCases()
	})
}

var wantMark = regexp.MustCompile(`# want: (.*)`)

// TestBrokenTeamFiles loads each file of testdata/broken. A comment says, in the
// line at fault, what must be said about it; nothing else may be found.
func TestBrokenTeamFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			type fault struct {
				Line int
				Text string
			}
			var want, got []fault
			for i, line := range strings.Split(string(src), "\n") {
				if m := wantMark.FindStringSubmatch(line); m != nil {
					for _, text := range strings.Split(m[1], " | ") {
						want = append(want, fault{i + 1, text})
					}
				}
			}
			_, err = LoadTeam("team.yaml", src, "title")
			var e *diag.Error
			if !errors.As(err, &e) || e.Kind != diag.Usage {
				t.Fatalf("LoadTeam gave %v", err)
			}
			for i, f := range e.Findings {
				text := f.Text
				if i < len(want) && strings.Contains(text, want[i].Text) {
					text = want[i].Text
				}
				if f.Pos.File != "team.yaml" || f.Pos.Col < 1 {
					t.Errorf("the place of a finding is %+v", f.Pos)
				}
				got = append(got, fault{f.Pos.Line, text})
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s\n%v", diff, err)
			}
		})
	}
}
