package decisionlog

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Whatever stands in the files, reading, linting and mending end, mending twice is
// mending once, and a change leaves all lines but its own as they were.
func FuzzLog(f *testing.F) {
	archives, _ := filepath.Glob("testdata/*/*.txtar")
	for _, file := range archives {
		_, files := archive(f, file)
		var bodies []string
		for _, name := range slices.Sorted(maps.Keys(files)) {
			bodies = append(bodies, files[name])
		}
		f.Add([]byte(bodies[0]), []byte(bodies[len(bodies)-1]), []byte("x\n<!-- decision records: begin -->\n<!-- decision records: end -->"))
	}
	f.Add([]byte("---\nstatus:\n - a\n - b # c\n---\n# x\n* status:\n* date"), []byte("x\n===\n\n## status\nSuperseded by [](0001-a.md)"), []byte("---"))
	f.Fuzz(func(t *testing.T, a, b, index []byte) {
		files := map[string]string{
			"docs/adr/0001-a.md": string(a), "docs/adr/0001-b.md": string(b), "docs/adr/0003-c.md": string(a),
			"docs/adr/0004-d.md": string(b), "docs/adr/README.md": string(index),
		}
		l := open(t, files)
		l.Lint(today)
		changes, _ := l.Fix()
		mended := after(t, files, changes)
		next := open(t, mended)
		next.Lint(today)
		if again, done := next.Fix(); len(again) > 0 {
			t.Fatalf("fixing again changes %s: %v\n%q\n%q", again[0].Path, done, again[0].Old, again[0].New)
		}
		small(t, l)
	})
}

// small makes a change to one record and wants nearly all its lines untouched.
func small(t *testing.T, l *Log) {
	changes, err := l.SetStatus(3, "rejected")
	if err != nil {
		return
	}
	for _, c := range changes {
		if filepath.Base(c.Path) == indexName {
			continue
		}
		end := []byte("\n") // one that was missing is no line more
		was, is := bytes.Split(bytes.TrimSuffix(c.Old, end), end), bytes.Split(bytes.TrimSuffix(c.New, end), end)
		differ := max(len(was), len(is)) - min(len(was), len(is))
		if differ == 0 {
			for i := range was {
				if !bytes.Equal(was[i], is[i]) {
					differ++
				}
			}
		}
		if differ > 2 {
			t.Fatalf("a new status changes %d lines of\n%q\n%q", differ, c.Old, c.New)
		}
	}
	next := l.change(map[string][]byte{"0003-c.md": changes[0].New})
	if e, err := next.Entry(3); err == nil && changes[0].Path == "docs/adr/0003-c.md" && e.Status != "rejected" {
		t.Fatalf("the status is %q after the change\n%q", e.Status, changes[0].New)
	}
}

// A log of ten thousand records, and records made to be slow, end soon.
func TestLargeAndHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	_, files := archive(t, "testdata/lint/good-madr.txtar")
	good := files["docs/adr/0001-store-data-in-sqlite.md"]
	many := map[string]string{}
	for i := range 9999 {
		many[fmt.Sprintf("docs/adr/%04d-store-data.md", i+1)] = strings.Replace(good, "number: 1\n", fmt.Sprintf("number: %d\n", i+1), 1) +
			fmt.Sprintf("\n[next](%04d-store-data.md)\n", min(i+2, 9999))
	}
	many["docs/adr/0007-other.md"] = good
	hostile := map[string]string{}
	for i, body := range []string{
		strings.Repeat("[", 1<<19), "---\na: " + strings.Repeat("[", 1<<14) + "\n---\n", "---\n" + strings.Repeat("- ", 1<<12) + "\n---\n# x\n",
		strings.Repeat("#\n", 1<<19), "## Considered options\n" + strings.Repeat("* a\n", 1<<17) + "## Pros and cons of the options\n" + strings.Repeat("### b\n", 1<<16),
		strings.Repeat("`` ` ", 1<<17) + "](", strings.Repeat("{a ", 1<<18), strings.Repeat("|\\", 1<<19), "\xff\xfe", strings.Repeat("x", maxRecord+1), "", "---", "---\n---",
		strings.Repeat("[a](0001-x.md)", 1<<16), strings.Repeat("Supersedes [a](0002-x.md)\n", 1<<15), strings.Repeat("<!--", 1<<18), "# " + strings.Repeat("||", 1<<18),
		"---\nstatus: a\n---\n# x\n" + strings.Repeat("* status: b\n", 1<<16),
	} {
		hostile[fmt.Sprintf("docs/adr/%04d-x.md", i+1)] = body
	}
	for name, files := range map[string]map[string]string{"many": many, "hostile": hostile} {
		start := time.Now()
		l := open(t, files)
		list := l.Lint(today)
		changes, _ := l.Fix()
		if len(list) == 0 || len(changes) == 0 {
			t.Errorf("%s: %d findings, %d changes", name, len(list), len(changes))
		}
		// Far above what it takes: it is there for what never ends.
		if spent := time.Since(start); spent > 30*time.Second {
			t.Errorf("%s: %v", name, spent)
		} else {
			t.Logf("%s: %v", name, spent)
		}
	}
}
