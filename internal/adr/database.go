package adr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/decisionlog"
)

// Storage is where the project keeps its data.
type Storage struct {
	Databases []Database // one for each part that has one; none if nothing is kept
	Chosen    bool       // by a person, in the interview
	Instances bool       // several of the service are to run
}

// Database is that of the project or, in a hybrid, of one part.
type Database struct{ Part, Kind string }

// databaseWriter composes record 0003.
type databaseWriter struct {
	*writer
	kinds []string // the chosen one first
}

// database writes record 0003: which database, and who said so.
func (w *writer) database(h decisionlog.Head) decisionlog.Record {
	d := &databaseWriter{writer: w, kinds: []string{w.s.Storage.Databases[0].Kind}}
	for _, kind := range []string{SQLite, PostgreSQL} {
		if kind != d.kinds[0] {
			d.kinds = append(d.kinds, kind)
		}
	}
	return w.compose(h, map[part]func(){
		context: d.context, drivers: d.drivers, options: d.considered, outcome: d.outcome, confidence: d.confidence,
		consequences: d.consequences, confirmation: d.confirmation, prosAndCons: d.prosAndCons, changes: d.changes, source: d.source,
	})
}

// stored is the database by name.
func (w *writer) stored() string { return databases[w.s.Storage.Databases[0].Kind].name }

func (d *databaseWriter) chosen() database { return databases[d.kinds[0]] }

func (d *databaseWriter) rejected() database { return databases[d.kinds[1]] }

func (d *databaseWriter) context() {
	d.opening("Where should", "keep its data, in SQLite or in PostgreSQL?")
	if parts := d.parts(); parts != "" {
		d.line("It has two parts; of these, ", parts, ".")
	}
	d.line("The framework is that of ", link(name(d.log[1])), " (", d.log[1].Status, ").")
	d.line()
	d.line("The interview of ", isoDate(d.s.Date), " says of load and growth:")
	d.line()
	d.line("| Question | Answer |")
	d.line("| --- | --- |")
	for _, q := range d.c.Questions() {
		bears := func(s storageArgument) bool { return s.question == q.Key }
		if slices.ContainsFunc(storageArguments, bears) {
			d.line("| ", escape(q.Prompt), " | ", d.answered(q), " |")
		}
	}
}

// parts says which parts of a hybrid keep data.
func (d *databaseWriter) parts() string {
	var list []string
	for _, x := range d.s.Storage.Databases {
		if x.Part != "" {
			list = append(list, "the "+x.Part)
		}
	}
	switch len(list) {
	case 0:
		return ""
	case 1:
		return list[0] + " alone keeps a database"
	}
	return "each keeps a database of its own"
}

// reasons are the answers that speak for a database.
func (d *databaseWriter) reasons(kind string) (list []string) {
	for _, s := range storageArguments {
		q, _ := d.c.Question(s.question)
		if o, ok := q.Option(s.option); ok && s.database == kind && slices.Equal(d.a[q.Key], []string{o.Key}) && !slices.Contains(d.d.Skipped, q.Key) {
			list = append(list, newAnswer(q, o, 0, 0).says+"; "+s.why)
		}
	}
	if kind == PostgreSQL && d.s.Storage.Instances {
		list = append(list, "several instances are to run; they can share a server, but not a file")
	}
	return list
}

func (d *databaseWriter) drivers() {
	for _, r := range d.reasons(d.kinds[0]) {
		d.line("* ", upperFirst(r), ".")
	}
	for _, r := range d.reasons(d.kinds[1]) {
		d.line("* Against it: ", r, ".")
	}
	if len(d.reasons(d.kinds[0]))+len(d.reasons(d.kinds[1])) == 0 {
		d.line("* No answer speaks for either database.")
	}
	d.line("* A project gets one database for development, tests and production, so that tests find what production would.")
}

func (d *databaseWriter) considered() {
	for _, kind := range d.kinds {
		d.line("* ", databases[kind].name)
	}
}

// because is who or what chose the database.
func (d *databaseWriter) because() string {
	switch {
	case d.s.Storage.Chosen && len(d.s.Deciders) > 0:
		return and(escapeAll(d.s.Deciders)) + " chose it in the interview"
	case d.s.Storage.Chosen:
		return "it was chosen in the interview"
	case d.kinds[0] == SQLite:
		return "the starter takes it unless told otherwise, and nobody has weighed it yet"
	}
	return "the project was made with it, though nobody confirmed that in the interview"
}

func (d *databaseWriter) outcome() {
	d.line(`Chosen option: "`, d.chosen().name, `", because `, d.because(), ".")
	d.line()
	facing := "no answer that speaks for either database"
	if n := len(d.reasons(SQLite)); n > 0 {
		facing = count(n, "answer") + " for SQLite"
	}
	if n := len(d.reasons(PostgreSQL)); n > 0 {
		facing = strings.TrimPrefix(facing+" and "+count(n, "answer")+" for PostgreSQL", "no answer that speaks for either database and ")
	}
	d.line(fmt.Sprintf("In short: in the context of %s, facing %s, we %s %s, so that %s, accepting that %s.",
		d.subject(), facing, d.choose(), d.rejected().name, d.chosen().gain, d.chosen().price))
}

// choose is the verb of a choice or a proposal, and what it is about.
func (d *databaseWriter) choose() string {
	if d.s.Storage.Chosen {
		return "chose " + d.chosen().name + " and neglected"
	}
	return "propose " + d.chosen().name + " and neglect"
}

func (d *databaseWriter) confidence() {
	d.line("The criteria have no question on databases and give no points for them.")
	if d.s.Storage.Chosen {
		d.line("Decided by: a person, in the interview.")
	} else {
		d.line("Decided by: nobody yet; this is a proposal until the people it concerns have settled it.")
	}
}

func (d *databaseWriter) consequences() {
	d.line("* Good, because ", d.chosen().gain, ".")
	d.line("* Bad, because ", d.chosen().price, ".")
}

// confirmation names the tests, which work on the database itself.
func (d *databaseWriter) confirmation() {
	if len(d.s.Confirm) == 0 {
		d.checks()
		return
	}
	d.line("* ", code(d.s.Confirm[0].Run), " runs every test on ", d.chosen().name, " itself, with a database for the tests alone.")
}

func (d *databaseWriter) prosAndCons() {
	level := d.level + 1
	for _, kind := range d.kinds {
		var good, bad []argument
		for _, text := range databases[kind].good {
			good = append(good, argument{text: text})
		}
		for _, text := range databases[kind].bad {
			bad = append(bad, argument{text: text})
		}
		d.option(level, databases[kind].name, good, nil, bad)
	}
}

func (d *databaseWriter) changes() {
	d.line(d.rejected().name, " becomes the better choice ", d.chosen().unless, ".")
	d.line("A move means the other database in every environment, tests included, and the data copied over.")
	d.line()
	d.line("Revisit when one of these comes true, or on ", d.reviewBy, ", whichever comes first.")
}

func (d *databaseWriter) source() {
	d.line("The article behind ", link(name(d.log[0])), " says nothing on databases: every argument here is stackinit's.")
}
