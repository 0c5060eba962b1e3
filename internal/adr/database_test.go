package adr

import (
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/recommend"
)

func TestDatabaseRecord(t *testing.T) {
	c := recommend.Embedded()
	for _, tc := range []struct {
		name    string
		storage Storage
		nobody  bool
		status  string
		says    []string
	}{
		{"nothing kept", Storage{}, false, "", nil},
		{"default", sqlite, false, decisionlog.Proposed, []string{
			"# Use SQLite for storage", "Decided by: nobody yet", "we propose SQLite and neglect PostgreSQL",
			"* Against it: many people are connected at once; those who write at once would wait for each other in SQLite.",
		}},
		{"chosen", Storage{Databases: []Database{{Kind: PostgreSQL}}, Chosen: true}, false, decisionlog.Accepted, []string{
			"# Use PostgreSQL for storage", "because Huddle team chose it in the interview.", "* Against it: a working prototype soon matters most; a file needs no set-up.",
		}},
		{"chosen by nobody in particular", Storage{Databases: []Database{{Kind: PostgreSQL}}, Chosen: true}, true, decisionlog.Proposed, []string{
			"because it was chosen in the interview.",
		}},
		{"several instances on a file", Storage{Databases: []Database{{Kind: SQLite}}, Instances: true}, false, decisionlog.Proposed, []string{
			"* Against it: several instances are to run; they can share a server, but not a file.",
		}},
		{"a hybrid", Storage{Databases: []Database{{"service", SQLite}, {"gateway", SQLite}}}, false, decisionlog.Proposed, []string{
			"It has two parts; of these, each keeps a database of its own.",
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := huddle()
			s.Storage = tc.storage
			if tc.nobody {
				s.Deciders = nil
			}
			records := Records(c, chat(), decide(t, c, chat()), s)
			runtime := split(string(records[0].Body))
			if tc.status == "" {
				if len(records) != 2 || strings.Contains(runtime["### Consequences"], "storage") || !strings.Contains(string(records[1].Body), "the starter keeps no database") {
					t.Errorf("%d records:\n%s", len(records), records[1].Body)
				}
				return
			}
			if got := records[2]; got.Status != tc.status || !strings.Contains(string(got.Body), "\nstatus: "+tc.status+"\n") {
				t.Errorf("status %s, want %s", got.Status, tc.status)
			}
			if want := "* " + link(records[2].Name()) + ": " + records[2].Title + " (" + tc.status + ")."; !strings.Contains(runtime["### Follow-up decisions"], want) {
				t.Errorf("the follow-ups lack %s", want)
			}
			if neutral := "* Neutral, because " + storage(tc.status) + "."; !strings.Contains(runtime["### Consequences"], neutral) {
				t.Errorf("the consequences of 0001 lack %s", neutral)
			}
			for _, part := range tc.says {
				if !strings.Contains(string(records[2].Body), part) {
					t.Errorf("missing: %s\n%s", part, records[2].Body)
				}
			}
		})
	}
}

// Nobody stands by a record without decision-makers, whoever pressed Enter.
func TestAcceptedNeedsDeciders(t *testing.T) {
	c := recommend.Embedded()
	s := huddle()
	s.Deciders = nil
	for _, r := range Records(c, chat(), decide(t, c, chat()), s) {
		if r.Status != decisionlog.Proposed {
			t.Errorf("%s is %s", r.Name(), r.Status)
		}
	}
}

// Arguments for a database rest on answers that exist.
func TestStorageArguments(t *testing.T) {
	for _, s := range storageArguments {
		q, _ := recommend.Embedded().Question(s.question)
		if _, ok := q.Option(s.option); !ok || databases[s.database].name == "" {
			t.Errorf("%+v names what does not exist", s)
		}
	}
}
