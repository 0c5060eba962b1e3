package plan

import (
	"slices"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/record"
	"github.com/stackinit/stackinit/templates"
)

// A project has a record for each decision that its stack asks for, and the index
// names exactly these.
func TestRecordsOfEachStack(t *testing.T) {
	for _, stack := range stacks {
		for _, form := range []string{"madr", "nygard"} {
			p, err := Build(input(templates.FS, stack, map[string]string{"adr_format": form, "adr_review": "12"}))
			if err != nil {
				t.Fatal(err)
			}
			var records []string
			files := byPath(p)
			for _, f := range p.Files {
				if name, ok := strings.CutPrefix(f.Path, decisionlog.Dir+"/0"); ok {
					records = append(records, "0"+name)
					if text := string(f.Body); strings.HasPrefix(text, "---\n") != (form == "madr") || !strings.Contains(text, "2027-11-23") {
						t.Errorf("%s: %s is not in the form %s, to be looked at in a year", stack, f.Path, form)
					}
				}
			}
			want := 3
			if stack == "python-data" {
				want = 2
			}
			index := string(files[decisionlog.IndexPath].Body)
			if len(records) != want || strings.Count(index, "\n| [0") != want {
				t.Errorf("%s: records %q, index:\n%s", stack, records, index)
			}
			for _, r := range records {
				if !strings.Contains(index, "]("+r+")") {
					t.Errorf("%s: the index lacks %s", stack, r)
				}
			}
		}
	}
}

// Whether a person chose the database decides the state of its record, so that the
// project's own record has to remember it.
func TestWhoChoseTheDatabase(t *testing.T) {
	for _, from := range []interview.Origin{interview.FromPerson, interview.FromFlag, interview.FromDefault} {
		in := input(templates.FS, "python-flask", map[string]string{"author": "Ada <ada@example.org>"})
		in.Answers["database"] = interview.Answer{Values: []string{"postgres"}, From: from}
		p, err := Build(in)
		if err != nil {
			t.Fatal(err)
		}
		files := byPath(p)
		text := string(files[decisionlog.Dir+"/0003-use-postgresql-for-storage.md"].Body)
		if want := from == interview.FromPerson; strings.Contains(text, "\nstatus: accepted\n") != want {
			t.Errorf("%s: accepted is not %v:\n%s", from, want, text)
		}
		r, err := record.Decode(files[record.File].Body)
		if err != nil || r.Decision.DatabaseChosen != (from == interview.FromPerson) {
			t.Errorf("%s: the record says %+v, %v", from, r.Decision, err)
		}
	}
}

// The question of several instances bears on the database; only Node's stacks ask it.
func TestInstancesAreNodes(t *testing.T) {
	for _, stack := range []string{"node-realtime", "python-django"} {
		in := input(templates.FS, stack, map[string]string{"redis": "redis"})
		sections, err := in.sections()
		if err != nil {
			t.Fatal(err)
		}
		s := in.storage(sections)
		if s.Instances != (stack == "node-realtime") || len(s.Databases) != 1 {
			t.Errorf("%s: %+v", stack, s)
		}
		i := slices.IndexFunc(in.Questions, func(q interview.Question) bool { return q.Key == "redis" })
		if asks := strings.Contains(in.Questions[i].Prompt, "instances"); asks != s.Instances {
			t.Errorf("%s asks %q", stack, in.Questions[i].Prompt)
		}
	}
}
