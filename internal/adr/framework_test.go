package adr

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/recommend"
)

// checkFollowing holds what is true of the records that follow the one on the runtime.
func checkFollowing(t *testing.T, c *recommend.Criteria, a recommend.Answers, d recommend.Decision, records []decisionlog.Record) {
	t.Helper()
	for _, r := range records[1:] {
		page := string(r.Body)
		fail := func(format string, args ...any) {
			t.Helper()
			t.Errorf("%v, %s taken for %s: %s\n%s", a, d.Choice.Stack, d.Stack, fmt.Sprintf(format, args...), page)
		}
		parts := split(page)
		options := bullets(parts["## Considered Options"])
		if len(options) < 2 || !strings.HasPrefix(parts["## Decision Outcome"], `Chosen option: "`+options[0]+`", because `) {
			fail("the chosen option is not the first of %q", options)
		}
		for _, o := range options {
			for _, word := range []string{"Good", "Bad"} {
				if !strings.Contains(parts["### "+o], "* "+word+", because ") {
					fail("%s lacks a %s", o, word)
				}
			}
		}
		for _, word := range []string{"* Good, because ", "* Bad, because "} {
			if !strings.Contains(parts["### Consequences"], word) {
				fail("the consequences lack %q", word)
			}
		}
		if !strings.Contains(parts["## Decision Outcome"], "\nIn short: in the context of ") {
			fail("there is no summary")
		}
		for _, o := range odd {
			if strings.Contains(page, o) {
				fail("%q in the text", o)
			}
		}
		for _, cite := range cites(page) {
			if r.Number == databaseNumber || !exists(c, cite) {
				fail("it cites %q", cite)
			}
		}
		for line := range strings.Lines(page) {
			if argued := strings.HasPrefix(line, "* Good, because ") || strings.HasPrefix(line, "* Bad, because "); argued && strings.Contains(line, ownArgument) && len(cites(line)) > 0 {
				fail("from the article and not: %s", line)
			}
		}
	}
	checkLinks(t, records)
}

// checkLinks holds that every link leads to a record and has its slug for text.
func checkLinks(t *testing.T, records []decisionlog.Record) {
	t.Helper()
	known := map[string]bool{}
	for _, r := range records {
		known[r.Name()] = true
	}
	for _, r := range records {
		for _, after := range strings.Split(string(r.Body), "](")[1:] {
			target, _, _ := strings.Cut(after, ".md)")
			if !known[target] || !strings.Contains(string(r.Body), link(target)) {
				t.Errorf("%s links to %q", r.Name(), target)
			}
		}
	}
}

func TestFollowingRecords(t *testing.T) {
	c := recommend.Embedded()
	for id, a := range publicRows(t, c) {
		for _, d := range everyDecision(t, c, a) {
			for _, kind := range []string{SQLite, PostgreSQL} {
				s := huddle()
				s.Storage = Storage{Databases: []Database{{Kind: kind}}, Chosen: kind == PostgreSQL}
				records := Records(c, a, d, s)
				if len(records) != 3 || records[1].Status != records[0].Status {
					t.Fatalf("%s: %d records, 0002 is %s", id, len(records), records[1].Status)
				}
				checkFollowing(t, c, a, d, records)
				if t.Failed() {
					return
				}
			}
		}
	}
}

// Each answer in the table of changes, applied, gives the framework that it says, and
// every answer that does so without changing the runtime is in the table.
func TestFrameworkChanges(t *testing.T) {
	c := recommend.Embedded()
	for id, a := range publicRows(t, c) {
		d := decide(t, c, a)
		w := newWriter(c, a, d, huddle())
		want := map[string]string{}
		for _, q := range c.Questions() {
			for _, o := range q.Options {
				changed := maps.Clone(a)
				changed[q.Key] = []string{o.Key}
				r := c.Recommend(changed)
				before, after := w.frameworkName(w.built()), w.frameworkName(append(slices.Clone(r.Components), string(r.Stack))[:max(1, len(r.Components))])
				if !q.Multi && o.Key != recommend.NotSure && !slices.Contains(d.Skipped, q.Key) && r.Runtime == d.Runtime && before != after {
					want[escape(q.Prompt)+" → "+escape(o.Label)] = after
				}
			}
		}
		got := map[string]string{}
		if rows := cells(split(string(Records(c, a, d, huddle())[1].Body))["### What would change this decision"]); len(rows) > 2 {
			for _, row := range rows[2:] {
				got[strings.Replace(row[0], " (still open)", "", 1)] = row[1]
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

func TestStacksHaveTheirWords(t *testing.T) {
	c := recommend.Embedded()
	for _, runtime := range []string{recommend.Node, recommend.Python} {
		for _, r := range c.StackRules(nil, runtime) {
			f, ok := frameworks[r.Stack]
			if !ok || f.name == "" || f.asks == "" || f.good == "" || f.bad == "" || f.gain == "" || f.price == "" {
				t.Errorf("%s: words are missing: %+v", r.Stack, f)
			}
			told := func(x recommend.StackRule) bool {
				return x.Stack == r.Stack && slices.ContainsFunc(x.Cites, func(n int) bool { return slices.Contains(f.tells, n) })
			}
			if !slices.ContainsFunc(c.StackRules(nil, runtime), told) {
				t.Errorf("%s: no rule cites %v", r.Stack, f.tells)
			}
		}
	}
}

// A framework other than the criteria's is an override of record 0002, too.
func TestFrameworkOverride(t *testing.T) {
	c := recommend.Embedded()
	d := decide(t, c, chat())
	d.Choice, d.Override, d.Reason = recommend.Choice{Runtime: recommend.Node, Stack: "node-express"}, true, "no sockets here"
	page := string(Records(c, chat(), d, huddle())[1].Body)
	for _, part := range []string{
		"# Use Express\n", "* Taken over what the criteria pick, reason: no sockets here.\n",
		`Chosen option: "Express", because Huddle team took it instead of "Express and Socket.IO", reason: no sockets here.`,
		"Decided by: override; the criteria would go by rule 1 of the 4 for NodeJS.", `* Bad, because the criteria pick "Express and Socket.IO".`,
		"* Good, because the criteria pick it: the project is live",
	} {
		if !strings.Contains(page, part) {
			t.Errorf("missing: %s\n%s", part, page)
		}
	}
}

// Nygard's form says in its four sections what MADR says in its own.
func TestNygardSaysTheSame(t *testing.T) {
	c := recommend.Embedded()
	lines := func(page string) (list []string) {
		_, body, _ := strings.Cut(page, "\n## Context")
		_, body, _ = strings.Cut(body, "\n") // the rest of the heading
		for l := range strings.Lines(body) {
			if !strings.HasPrefix(l, "#") && l != "\n" {
				list = append(list, l)
			}
		}
		slices.Sort(list)
		return list
	}
	for _, d := range everyDecision(t, c, hybrid()) {
		s := huddle()
		madr := Records(c, hybrid(), d, s)
		s.Format = decisionlog.Nygard
		for i, r := range Records(c, hybrid(), d, s) {
			if diff := cmp.Diff(lines(string(madr[i].Body)), lines(string(r.Body))); diff != "" {
				t.Errorf("%s (-madr +nygard):\n%s", r.Name(), diff)
			}
			var top []string
			for _, h := range headings(string(r.Body)) {
				if !strings.HasPrefix(h, "###") {
					top = append(top, h)
				}
			}
			want := []string{fmt.Sprintf("# %d. %s", r.Number, r.Title), "## Status", "## Context", "## Decision", "## Consequences"}
			if diff := cmp.Diff(want, top); diff != "" {
				t.Errorf("%s (-want +got):\n%s", r.Name(), diff)
			}
		}
	}
}
