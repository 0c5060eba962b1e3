package adr

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/recommend"
)

var update = flag.Bool("update", false, "write the golden records anew")

var day = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func huddle() Subject {
	return Subject{
		Title:       "Huddle",
		Description: "rooms in which everybody reads a message the moment it is sent; the demo is on Sunday",
		Deciders:    []string{"Huddle team"},
		Date:        day,
		Storage:     sqlite,
		Confirm: []Command{
			{"make test", "starts the server and checks that a message sent by one client reaches a second client"},
			{"npm run load", "holds 500 connections for a minute."},
		},
	}
}

var sqlite = Storage{Databases: []Database{{Kind: SQLite}}}

// whole puts the records behind each other.
func whole(records []decisionlog.Record) string {
	var b strings.Builder
	for _, r := range records {
		b.Write(r.Body)
	}
	return b.String()
}

// chat is the case of gold_chat.md.
func chat() recommend.Answers {
	return recommend.Answers{
		"project_kind": {"realtime_app"}, "data_work": {"none"}, "team_skills": {"javascript"}, "frontend": {"js_same_team"},
		"load_profile": {"many_connections"}, "priority": {"ship_fast"}, "already_fixed": {},
	}
}

// decide takes what is recommended.
func decide(t testing.TB, c *recommend.Criteria, a recommend.Answers) recommend.Decision {
	t.Helper()
	r := c.Recommend(a)
	if r.Runtime == recommend.Conflict {
		t.Fatalf("%v is a conflict", a)
	}
	return recommend.Decision{Recommendation: r, Choice: choice(t, c, a, r.Runtime), Confirmed: true}
}

func choice(t testing.TB, c *recommend.Criteria, a recommend.Answers, runtime string) recommend.Choice {
	t.Helper()
	for _, o := range c.Choices(a) {
		if o.Runtime == runtime {
			return o
		}
	}
	t.Fatalf("no choice for %s", runtime)
	return recommend.Choice{}
}

// override takes another runtime than the one recommended.
func override(t testing.TB, c *recommend.Criteria, a recommend.Answers, runtime, reason string) recommend.Decision {
	t.Helper()
	d := decide(t, c, a)
	d.Choice, d.Override, d.Reason = choice(t, c, a, runtime), true, reason
	return d
}

func TestGoldenRecords(t *testing.T) {
	c := recommend.Embedded()
	unsure := recommend.Answers{}
	for _, q := range c.Questions() {
		if !q.Multi {
			unsure[q.Key] = []string{recommend.NotSure}
		}
	}
	forced := recommend.Answers{"project_kind": {"realtime_app"}, "already_fixed": {"team_only_python"}}
	plain := decide(t, c, forced)
	plain.Confirmed = false
	for _, tc := range []struct {
		name string
		a    recommend.Answers
		d    recommend.Decision
	}{
		{"nygard", chat(), decide(t, c, chat())},
		{"chat", chat(), decide(t, c, chat())},
		{"close_call", closeCall(), decide(t, c, closeCall())},
		{"hybrid", hybrid(), decide(t, c, hybrid())},
		{"forced", forced, plain},
		{"all_not_sure", unsure, decide(t, c, unsure)},
		{"override", chat(), override(t, c, chat(), recommend.Python, "the course is held in Python.")},
		{"override_no_reason", closeCall(), override(t, c, closeCall(), recommend.Hybrid, "")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := huddle()
			switch tc.name {
			case "chat":
			case "nygard":
				s.Format, s.Months = decisionlog.Nygard, 12
				s.Storage = Storage{Databases: []Database{{Kind: PostgreSQL}}, Chosen: true, Instances: true}
			case "hybrid":
				s.Storage = Storage{Databases: []Database{{"gateway", SQLite}}}
			default:
				s.Description, s.Confirm, s.Storage.Databases = "", nil, nil
			}
			for i, r := range Records(c, tc.a, tc.d, s) {
				got := string(r.Body)
				if i == 0 && s.Format != decisionlog.Nygard {
					checkPage(t, c, tc.a, tc.d, got)
				}
				golden(t, tc.name+[]string{"", "_framework", "_database"}[i]+".md", got)
			}
		})
	}
}

func closeCall() recommend.Answers {
	return recommend.Answers{"project_kind": {"rest_api"}, "priority": {"ship_fast"}}
}

func hybrid() recommend.Answers {
	return recommend.Answers{"project_kind": {"realtime_app"}, "data_work": {"core"}, "team_skills": {"both"}}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -update writes it anew):\n%s", path, diff)
	}
}

// TestGoldLayout holds the layout of a record written by hand: the same
// headings, the same tables, the same front matter and list.
func TestGoldLayout(t *testing.T) {
	c := recommend.Embedded()
	gold, err := os.ReadFile("testdata/gold_chat.md")
	if err != nil {
		t.Fatal(err)
	}
	got := string(Records(c, chat(), decide(t, c, chat()), huddle())[0].Body)
	fixed := func(page string) (lines []string) {
		top, _, _ := strings.Cut(page, "\n## ")
		for l := range strings.Lines(page) {
			if strings.HasPrefix(l, "#") || strings.HasPrefix(l, "|") {
				lines = append(lines, l)
			}
		}
		return append(lines, top)
	}
	if diff := cmp.Diff(fixed(string(gold)), fixed(got)); diff != "" {
		t.Errorf("layout (-gold +got):\n%s", diff)
	}
	for _, part := range []string{
		"### Confidence\n\nClear (high): 60 to 12",
		"The margin is 48 points and would have to shrink by all of them before the runtime changes.\nDecided by: score.\nNo answers contradict each other.\nPoints rank arguments; they do not measure anything.\n",
		"\"A working prototype soon\" would need five times its weight to tie the score.\n",
		"No other single answer changes the runtime.\n",
		"* `npm run load` holds 500 connections for a minute.\n",
	} {
		if !strings.Contains(string(gold), part) || !strings.Contains(got, part) {
			t.Errorf("missing in the gold or the record: %q", part)
		}
	}
}

// publicRows are the answer sets of the criteria's conformance table that do not conflict.
func publicRows(t testing.TB, c *recommend.Criteria) map[string]recommend.Answers {
	t.Helper()
	src, err := os.ReadFile("../recommend/public_cases.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			ID      string
			Answers map[string]yaml.Node
		}
	}
	if err := yaml.Unmarshal(src, &file); err != nil {
		t.Fatal(err)
	}
	rows := map[string]recommend.Answers{}
	for _, row := range file.Cases {
		a := recommend.Answers{}
		for key, n := range row.Answers {
			list := []string{n.Value}
			if n.Kind == yaml.SequenceNode {
				if err := n.Decode(&list); err != nil {
					t.Fatal(err)
				}
			}
			a[key] = list
		}
		if c.Recommend(a).Runtime != recommend.Conflict {
			rows[row.ID] = a
		}
	}
	if len(rows) != 39 {
		t.Fatalf("%d rows, want 39 and one conflict", len(rows))
	}
	return rows
}

func TestPublicRows(t *testing.T) {
	c := recommend.Embedded()
	for id, a := range publicRows(t, c) {
		t.Run(id, func(t *testing.T) {
			for _, d := range everyDecision(t, c, a) {
				checkPage(t, c, a, d, string(Records(c, a, d, huddle())[0].Body))
			}
		})
	}
}

// everyDecision is the recommended choice and each one that a person could take instead.
func everyDecision(t testing.TB, c *recommend.Criteria, a recommend.Answers) []recommend.Decision {
	t.Helper()
	recommended := decide(t, c, a)
	list := []recommend.Decision{recommended}
	for _, o := range c.Choices(a) {
		if o.Runtime != recommended.Runtime {
			list = append(list, override(t, c, a, o.Runtime, "we know it"))
		}
	}
	for _, stack := range []string{"node-express", "python-flask"} {
		known := func(d recommend.Decision) bool { return d.Choice.Stack == stack }
		if !slices.ContainsFunc(list, known) {
			d := recommended
			runtime, _, _ := strings.Cut(stack, "-")
			d.Choice, d.Override = recommend.Choice{Runtime: runtime, Stack: stack, Components: []string{}}, true
			list = append(list, d)
		}
	}
	return list
}

func TestStatus(t *testing.T) {
	c := recommend.Embedded()
	for _, tc := range []struct {
		name      string
		a         recommend.Answers
		confirmed bool
		want      string
	}{
		{"confirmed", chat(), true, decisionlog.Accepted},
		{"nobody confirmed", chat(), false, decisionlog.Proposed},
		{"close call", closeCall(), true, decisionlog.Proposed},
	} {
		d := decide(t, c, tc.a)
		d.Confirmed = tc.confirmed
		r := Records(c, tc.a, d, huddle())[0]
		body := string(r.Body)
		if r.Status != tc.want || !strings.Contains(body, "\nstatus: "+tc.want+"\n") || !strings.Contains(body, "\n* Status: "+tc.want+"\n") {
			t.Errorf("%s: %s, want %s in record, front matter and list", tc.name, r.Status, tc.want)
		}
	}
}

func TestRecordFields(t *testing.T) {
	c := recommend.Embedded()
	r := Records(c, hybrid(), decide(t, c, hybrid()), huddle())[0]
	r.Body = nil
	want := decisionlog.Record{
		Number: 1, Slug: "use-nodejs-and-python-for-the-backend", Title: "Use NodeJS and Python for the backend",
		Status: decisionlog.Accepted, Date: "2026-11-23",
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
	if got, want := r.Path(), "docs/adr/0001-use-nodejs-and-python-for-the-backend.md"; got != want {
		t.Errorf("path %s, want %s", got, want)
	}
}

// TestEmptyInput holds that nothing panics: not without a subject, not without
// answers, and not for a conflict, which callers do not record.
func TestEmptyInput(t *testing.T) {
	c := recommend.Embedded()
	d := decide(t, c, nil)
	checkPage(t, c, nil, d, string(Records(c, nil, d, Subject{})[0].Body))
	conflict := recommend.Answers{"already_fixed": {"team_only_javascript", "team_only_python"}}
	Records(c, conflict, recommend.Decision{Recommendation: c.Recommend(conflict)}, Subject{})
}
