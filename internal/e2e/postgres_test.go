//go:build unix

package e2e

import (
	"io/fs"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// onPostgres is the same kit with its data in PostgreSQL, and with other answers if
// there are any.
func (k *kit) onPostgres(answers ...string) *kit {
	q := *k
	q.options = append([]string{"--set", "database=postgres"}, answers...)
	q.newDatabase = postgres
	q.databaseVar = func(url string) string { return "DATABASE_URL=" + url }
	q.unusable = [2]string{"DATABASE_URL=", "database"}
	q.sql = []string{"sh", "-c", `psql --no-psqlrc -qAt "$0" --command "$1"`}
	q.schema = "SELECT table_name, column_name, data_type, column_default FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
	return &q
}

// installedOn is installed with a server for the project's own tests.
func installedOn(t *testing.T, k *kit, m machine, env ...string) *project {
	t.Helper()
	withServers := *k
	withServers.env = append(k.env[:len(k.env):len(k.env)], env...)
	return installed(t, &withServers, m)
}

// onServer are the promises of the checklist that a database server could break, and
// what it adds. Those marked once do not depend on the stack.
var onServer = []item{
	{"nothing is left of the other database", noSQLite, false},
	{"checks and tests are green", func(t *testing.T, p *project) { p.green(t) }, false},
	{"tests run twice at once and leave nothing", testsLeaveNothing, true},
	{"tests without a server say what to start", testsNameServer, true},
	{"12 OpenAPI is valid and the committed one", openapiIsTrue, true},
	{"13 errors are RFC 9457 documents", errorsAreProblems, true},
	{"15 live and ready differ, and the database may come back", databaseAway, false},
	{"16 SIGTERM drains, a second signal ends at once", drains, true},
	{"18 bad settings stop the start", refusesToStart, true},
	{"18 so does a database that cannot be used", databaseRefused, true},
	{"20 secrets stay out of git", noSecrets, true},
	{"24 migrations run once, data outlive a restart", dataStay, false},
	{"25 the example can go", exampleCanGo, false},
}

func TestNodeOnPostgres(t *testing.T) {
	slow(t)
	tool(t, "npm")
	m := onNode(t, 24)
	t.Parallel()
	try := func(t *testing.T, p *project, all bool) {
		for _, i := range onServer {
			if all || !i.once {
				t.Run(i.name, func(t *testing.T) { i.try(t, p) })
			}
		}
	}
	t.Run("node-express with metrics", func(t *testing.T) {
		t.Parallel()
		p := installedOn(t, nodeExpress.onPostgres("--set", "metrics=prometheus"), m, "DATABASE_URL="+postgres(t))
		try(t, p, true)
		t.Run("figures for Prometheus", func(t *testing.T) { showsFigures(t, p) })
	})
	t.Run("node-realtime with Redis", func(t *testing.T) {
		t.Parallel()
		p := installedOn(t, nodeRealtime.onPostgres("--set", "redis=redis"), m, "DATABASE_URL="+postgres(t), "REDIS_URL="+redis(t))
		try(t, p, false)
		t.Run("the README's client", func(t *testing.T) { watches(t, p) })
		for _, transport := range []string{"websocket", "polling"} {
			t.Run("two processes deliver over "+transport, func(t *testing.T) { twoDeliver(t, p, transport) })
		}
		t.Run("the start refuses a Redis that is not there", func(t *testing.T) { redisRefused(t, p) })
		t.Run("polling needs sticky sessions, and the README says so", func(t *testing.T) { needsSticky(t, p) })
	})
	t.Run("node-fullstack", func(t *testing.T) {
		t.Parallel()
		p := installedOn(t, nodeFullstack.onPostgres(), m, "DATABASE_URL="+postgres(t))
		try(t, p, false)
		t.Run("a person uses the page", func(t *testing.T) { usePage(t, p, p.serve...) })
	})
}

func noSQLite(t *testing.T, p *project) {
	trace := regexp.MustCompile(`(?i)sqlite|DATABASE_PATH|service\.db|/data\b`)
	err := filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.Name() == ".git" || d.Name() == p.packages || d.Name() == "dist":
			return filepath.SkipDir
		case path == p.path("docs/adr"): // a record names what was turned down
			return filepath.SkipDir
		case d.IsDir():
			return nil
		}
		if found := trace.FindString(read(t, path)); found != "" {
			t.Errorf("%s says %q", path, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func testsLeaveNothing(t *testing.T, p *project) {
	testsTwiceAtOnce(t, p)
	const left = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'test%' UNION ALL SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
	if found := p.query(t, value(p.env, "DATABASE_URL"), left); found != "" {
		t.Errorf("left in the database: %s", found)
	}
}

func testsNameServer(t *testing.T, p *project) {
	q := *p
	q.env = append(p.env[:len(p.env):len(p.env)], p.databaseVar("postgresql://nobody@127.0.0.1:"+freePort(t)+"/nothing"))
	out := q.fails(t, append(p.test, "--", "src/app.test.ts")...)
	if !regexp.MustCompile(`The database 127\.0\.0\.1:\d+/nothing cannot be used: .*docker compose up`).MatchString(out) {
		t.Errorf("the tests do not say what to start:\n%s", out)
	}
}

// databaseAway cuts the line to the database under a running service, and mends it.
func databaseAway(t *testing.T, p *project) {
	line := lineTo(t, p.fresh(t))
	s := p.startOn(t, line.url, p.serve)
	place := s.create(t, "tea")
	line.cut(t)
	if a := s.get(t, "/health/live"); a.status != 200 {
		t.Errorf("live answers %d because a database is gone", a.status)
	}
	a := s.get(t, "/health/ready")
	isProblem(t, "ready without a database", a, 503)
	if a.json(t, "detail") == nil {
		t.Errorf("ready gives no reason: %s", a.body)
	}
	isProblem(t, "a request without a database", s.get(t, place), 503)
	line.mend(t)
	for _, path := range []string{"/health/ready", place} {
		if a := s.get(t, path); a.status != 200 {
			t.Errorf("%s answers %d though the database is back: %s", path, a.status, a.body)
		}
	}
	s.stop(t)
}

func databaseRefused(t *testing.T, p *project) {
	there, err := url.Parse(p.fresh(t))
	if err != nil {
		t.Fatal(err)
	}
	wrongPassword, wrongName, nobody := *there, *there, *there
	wrongPassword.User = url.UserPassword("tester", "s3cret")
	wrongName.Path = "/nothing"
	nobody.Host = "127.0.0.1:" + freePort(t)
	for what, u := range map[string]*url.URL{"password": &wrongPassword, "does not exist": &wrongName, "DATABASE_URL": &nobody} {
		s := p.launch(t, u.String(), p.serve)
		code, said := s.wait(t), s.said.String()
		if code != 1 || strings.Count(said, "\n") != 1 || !strings.Contains(said, what) || strings.Contains(said, "s3cret") {
			t.Errorf("exit code %d, want 1 and one sentence with %q:\n%s", code, what, said)
		}
	}
	s := p.launch(t, "", p.serve, "DATABASE_URL=")
	if code, said := s.wait(t), s.said.String(); code != 1 || !strings.Contains(said, "DATABASE_URL") {
		t.Errorf("without an address: exit code %d\n%s", code, said)
	}
}
