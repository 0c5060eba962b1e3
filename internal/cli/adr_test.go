package cli_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/recommend"
)

// The records of new projects are those that adr lint asks for, proposed and
// accepted, and their index is the one that adr index writes.
func TestRecordsOfNewProjectsLintClean(t *testing.T) {
	const rows = 10
	done := 0
	for i, c := range recommend.Cases() {
		if i%3 != 0 || c.Expect["runtime"] == "conflict" || done == rows { // all kinds of rows, in the order of the file
			continue
		}
		done++
		given := map[string]any{}
		for key, options := range c.Answers {
			if given[key] = options; key != "already_fixed" {
				given[key] = options[0]
			}
		}
		answers, err := json.Marshal(given)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if out, code := run(t, string(answers), "new", "orders", "--dir", dir, "--answers", "-", "--no-git", "--author", "Ada Lovelace <ada@example.org>"); code != 0 {
			t.Fatalf("%s: %s", c.ID, out)
		}
		project := filepath.Join(dir, "orders")
		lintClean(t, c.ID+" proposed", project, "proposed")
		in(t, project, "adr", "status", "1", "accepted")
		lintClean(t, c.ID+" accepted", project, "accepted")
	}
	if done != rows {
		t.Errorf("%d rows were tried", done)
	}
}

func lintClean(t *testing.T, name, project, status string) {
	t.Helper()
	if out := in(t, project, "adr", "index"); out != "" {
		t.Errorf("%s: adr index changes %s", name, out)
	}
	var lint struct {
		Records  int
		Findings []any
	}
	if err := json.Unmarshal([]byte(in(t, project, "adr", "lint", "--json")), &lint); err != nil || lint.Records == 0 || len(lint.Findings) > 0 {
		t.Errorf("%s: %+v, %v", name, lint, err)
	}
	if out := in(t, project, "adr", "list", "--status", status); !strings.Contains(out, "0001") {
		t.Errorf("%s: the first record is not %s: %s", name, status, out)
	}
}

// This project's own log is kept by the rules that the program has for others.
func TestOwnRecordsLintClean(t *testing.T) {
	if out := in(t, "../..", "adr", "lint"); !strings.HasPrefix(out, "docs/adr: ") || !strings.Contains(out, " 0 errors") {
		t.Errorf("adr lint says\n%s", out)
	}
	if out := in(t, "../..", "adr", "list"); !strings.Contains(out, "Publish a project by one rename") {
		t.Errorf("adr list says\n%s", out)
	}
}

// in runs stackinit in a folder and gives what it printed.
func in(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("stackinit", args...)
	cmd.Dir = dir
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("stackinit %s: %v\n%s%s", strings.Join(args, " "), err, out, complaints.String())
	}
	return string(out)
}
