// Package adr writes the decision records of a generated project: which runtime,
// framework and database it has, with the arguments of the criteria and, where
// these are silent, with its own. The package is pure: dates, names and decisions
// come in as values.
package adr

import (
	"time"

	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/recommend"
)

// AnswersPath is where a project keeps the interview's answers, for a replay.
const AnswersPath = decisionlog.Dir + "/answers.yaml"

// CriteriaPath is where a project keeps a team's criteria, if it was made with some.
const CriteriaPath = decisionlog.Dir + "/criteria.yaml"

// Replay is the command that runs a project's answers again.
func Replay(c *recommend.Criteria) string {
	if c.TeamFile() == nil {
		return "stackinit recommend --answers " + AnswersPath
	}
	return "stackinit recommend --answers " + AnswersPath + " --criteria " + CriteriaPath
}

// Subject is what the records are about, beyond the decision itself.
type Subject struct {
	Title, Description string   // free text
	Deciders           []string // names; may be empty
	Date               time.Time
	// Confirm are the commands of the generated project that would show a choice
	// to be wrong; the records name no others.
	Confirm []Command
	Storage Storage
	Format  string // decisionlog.Madr, which is the default, or decisionlog.Nygard
	Months  int    // until people look at the decisions again; 0 is the default
}

// Command is a line to type and what it shows, as a clause: "starts the server".
type Command struct{ Run, Shows string }

// The numbers of the records.
const (
	runtimeNumber = iota + 1
	frameworkNumber
	databaseNumber
)

// Records writes the records of a new project in their order. The recommendation
// in d must come from c and a and must not be a conflict: where nothing was
// decided there is nothing to record.
func Records(c *recommend.Criteria, a recommend.Answers, d recommend.Decision, s Subject) []decisionlog.Record {
	w := newWriter(c, a, d, s)
	w.log = w.heads()
	records := []decisionlog.Record{w.runtime(w.log[0]), w.framework(w.log[1])}
	if len(w.log) == databaseNumber {
		records = append(records, w.database(w.log[2]))
	}
	return records
}

// heads are the heads of all records, which links and follow-ups need beforehand.
func (w *writer) heads() []decisionlog.Head {
	runtime := decisionlog.Head{
		Number: runtimeNumber, Title: "Use " + runtimeName(w.d.Choice.Runtime) + " for the backend", Status: decisionlog.Proposed,
		Date: w.s.Date, Deciders: w.s.Deciders, Tags: []string{"runtime", "backend"}, Months: w.s.Months,
	}
	if w.d.Confirmed && !w.d.CloseCall {
		runtime.Status = w.accepted()
	}
	framework := runtime
	framework.Number, framework.Title, framework.Tags = frameworkNumber, "Use "+w.frameworkName(w.built()), []string{"framework", "backend"}
	heads := []decisionlog.Head{runtime, framework}
	if len(w.s.Storage.Databases) > 0 {
		database := runtime
		database.Number, database.Title, database.Tags = databaseNumber, "Use "+w.stored()+" for storage", []string{"database", "storage"}
		database.Status = decisionlog.Proposed
		if w.s.Storage.Chosen {
			database.Status = w.accepted()
		}
		heads = append(heads, database)
	}
	return heads
}

// accepted is the state of a record that people agreed on. Somebody has to stand
// by it: where nobody is named, it stays a proposal.
func (w *writer) accepted() string {
	if len(w.s.Deciders) == 0 {
		return decisionlog.Proposed
	}
	return decisionlog.Accepted
}

// name is the record's file without its extension.
func name(h decisionlog.Head) string {
	return decisionlog.Record{Number: h.Number, Slug: decisionlog.Slug(h.Title)}.Name()
}
