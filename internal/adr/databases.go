package adr

// The databases that a starter can have.
const (
	SQLite     = "sqlite"
	PostgreSQL = "postgres"
)

// database is what is said of one. None of it is in the article.
type database struct {
	name   string
	good   []string // clauses: for and against it as an option,
	bad    []string
	gain   string // and what follows from it once it is chosen
	price  string
	unless string // what would speak for the other one
}

// databases by the answer to the starters' question. What they claim of a project
// is true of the starters in templates.
var databases = map[string]database{
	SQLite: {
		name: "SQLite",
		good: []string{
			"nothing has to be installed, started or paid for: the database is one file beside the service",
			"a backup is one command, and its result is one file",
		},
		bad:    []string{"it takes one writer at a time, so that many writers wait for each other"},
		gain:   "a clone, an install and a start are enough: the service makes its database by itself",
		price:  "the service is bound to one instance and to a disk that stays, and has to move before it can grow beyond them",
		unless: "when a second instance is planned, when writers wait for each other, or when other programs need the same data",
	},
	PostgreSQL: {
		name: "PostgreSQL",
		good: []string{
			"many clients write at once, and several instances of the service share it",
			"roles, replicas and backups under load come with it, and every large cloud runs it for you",
		},
		bad:    []string{"a server has to be run, upgraded, watched and backed up, or paid for"},
		gain:   "the service can run as several instances, as none of them keeps the data",
		price:  "development, tests and the workflow need a server too, which compose.yaml starts",
		unless: "when one small instance turns out to be all there is, and its server is the larger part of the work",
	},
}

// storageArgument is an answer that speaks for a database, and why.
type storageArgument struct{ question, option, database, why string }

var storageArguments = []storageArgument{
	{"load_profile", "light", SQLite, "one file carries that with ease"},
	{"priority", "ship_fast", SQLite, "a file needs no set-up"},
	{"load_profile", "many_connections", PostgreSQL, "those who write at once would wait for each other in SQLite"},
	{"priority", "scale_out", PostgreSQL, "several instances can share a server, but not a file"},
	{"priority", "large_app", PostgreSQL, "a server grows with it: more writers, roles, replicas"},
}
