package adr

import (
	"os"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/recommend"
)

// The records that a project starts with are those that adr lint asks for.
func TestRecordsLintClean(t *testing.T) {
	src, err := os.ReadFile("../recommend/testdata/public_cases.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			ID      string
			Answers map[string]any
		}
	}
	if err := yaml.Unmarshal(src, &file); err != nil {
		t.Fatal(err)
	}
	c, linted := recommend.Embedded(), map[string]int{}
	for _, row := range file.Cases {
		a := recommend.Answers{}
		for key, value := range row.Answers {
			switch v := value.(type) {
			case string:
				a[key] = []string{v}
			case []any:
				for _, one := range v {
					a[key] = append(a[key], one.(string))
				}
			}
		}
		r := c.Recommend(a)
		if r.Runtime == recommend.Conflict {
			continue
		}
		for _, confirmed := range []bool{true, false} {
			d := recommend.Decision{Recommendation: r, Choice: choice(t, c, a, r.Runtime), Confirmed: confirmed}
			record := Runtime(c, a, d, huddle())
			linted[record.Status]++
			log, err := decisionlog.Read(fstest.MapFS{
				record.Path():         {Data: record.Body, Mode: 0o644},
				decisionlog.IndexPath: {Data: decisionlog.Index([]decisionlog.Record{record}), Mode: 0o644},
			}, decisionlog.Dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range log.Lint(day) {
				t.Errorf("%s, %s: %+v", row.ID, record.Status, f)
			}
			if changes, err := log.Reindex(); err != nil || len(changes) != 0 {
				t.Errorf("%s: the index of a new project is not that of adr index: %v", row.ID, err)
			}
		}
	}
	if linted[decisionlog.Accepted] < 10 || linted[decisionlog.Proposed] < 10 {
		t.Errorf("only %v records were linted", linted)
	}
}
