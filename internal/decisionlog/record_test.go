package decisionlog

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestSlug(t *testing.T) {
	for title, want := range map[string]string{
		"Use NodeJS for the backend":  "use-nodejs-for-the-backend",
		"  C++ & Über: 100 % | done.": "c-ber-100-done",
		strings.Repeat("word ", 20):   strings.TrimSuffix(strings.Repeat("word-", 12), "-"),
		strings.Repeat("x", 80):       strings.Repeat("x", 60),
	} {
		if got := Slug(title); got != want {
			t.Errorf("Slug(%q) = %q, want %q", title, got, want)
		}
	}
}

func TestReviewBy(t *testing.T) {
	for date, want := range map[string]string{
		"2026-11-23": "2027-02-23", "2026-11-30": "2027-02-28", "2027-11-30": "2028-02-29", "2026-12-31": "2027-03-31", "2026-01-31": "2026-04-30",
	} {
		d, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		if got := (Head{Date: d}).ReviewBy(); got != want {
			t.Errorf("three months after %s: %s, want %s", date, got, want)
		}
	}
}

func TestIndex(t *testing.T) {
	got := string(Index([]Record{
		{Number: 1, Slug: "use-nodejs", Title: "Use NodeJS", Status: Accepted, Date: "2026-11-23"},
		{Number: 12, Slug: "sqlite", Title: "Store data in SQLite", Status: Proposed, Date: "2026-11-24"},
	}))
	golden(t, "index.md", got)
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
