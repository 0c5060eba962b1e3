//go:build unix

package e2e

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// onPythonServer is onServer for Python, whose tests make databases instead of schemas.
var onPythonServer = []item{
	{"nothing is left of the other database", noSQLite, false},
	{"checks and tests are green", func(t *testing.T, p *project) { p.green(t) }, false},
	{"tests run twice at once and leave nothing", databasesLeft, true},
	{"tests without a server say what to start", pytestNamesServer, true},
	{"12 OpenAPI is valid and the committed one", openapiIsTrue, false},
	{"13 errors are RFC 9457 documents", errorsAreProblems, false},
	{"15 live and ready differ, and the database may come back", databaseAway, false},
	{"16 SIGTERM drains, a second signal ends at once", drains, true},
	{"18 bad settings stop the start", refusesToStart, false},
	{"18 so does a database that cannot be used", databaseRefused, false},
	{"20 secrets stay out of git", noSecrets, true},
	{"24 migrations run once, data outlive a restart", dataStay, false},
	{"25 the example can go", exampleCanGo, false},
}

func TestPythonOnServers(t *testing.T) {
	slow(t)
	t.Parallel()
	t.Run("python-flask", func(t *testing.T) {
		t.Parallel()
		k := pythonFlask.onPostgres("--set", "metrics=prometheus")
		p := installedOn(t, k, withUv(t), "DATABASE_URL="+postgres(t))
		onServers(t, p, true)
		t.Run("metrics", func(t *testing.T) { measured(t, p) })
	})
	t.Run("python-flask with users", func(t *testing.T) {
		t.Parallel()
		k := pythonFlask.onPostgres("--set", "auth=tokens", "--set", "redis=redis")
		p := installedOn(t, k, withUv(t), "DATABASE_URL="+postgres(t), "REDIS_URL="+redis(t))
		t.Run("nothing is left of the other database", func(t *testing.T) { noSQLite(t, p) })
		t.Run("checks and tests are green", func(t *testing.T) { p.green(t) })
		t.Run("12 OpenAPI is valid and the committed one", func(t *testing.T) { openapiIsTrue(t, p) })
		t.Run("23 the limit of log-ins cannot be dodged", func(t *testing.T) { guessing(t, p, logInForToken) })
		t.Run("25 the example can go", func(t *testing.T) { exampleCanGo(t, p) })
		t.Run("only users write", func(t *testing.T) { onlyUsersWrite(t, p) })
	})
	t.Run("python-flask with users in SQLite", func(t *testing.T) {
		t.Parallel()
		k := *pythonFlask
		k.options = []string{"--set", "auth=tokens"}
		p := installed(t, &k, withUv(t))
		t.Run("checks and tests are green", func(t *testing.T) { p.green(t) })
		t.Run("12 OpenAPI is valid and the committed one", func(t *testing.T) { openapiIsTrue(t, p) })
		t.Run("23 the limit of log-ins cannot be dodged", func(t *testing.T) { guessing(t, p, logInForToken) })
		t.Run("25 the example can go", func(t *testing.T) { exampleCanGo(t, p) })
		t.Run("only users write", func(t *testing.T) { onlyUsersWrite(t, p) })
		t.Run("29 the README's commands", func(t *testing.T) { readme(t, p) })
	})
	t.Run("python-django", func(t *testing.T) {
		t.Parallel()
		k := pythonDjango.onPostgres("--set", "redis=redis", "--set", "metrics=prometheus")
		p := installedOn(t, k, withUv(t), "DATABASE_URL="+postgres(t), "REDIS_URL="+redis(t))
		onServers(t, p, false)
		t.Run("metrics", func(t *testing.T) { measured(t, p) })
		t.Run("19 production refuses a missing, short or example secret", func(t *testing.T) { secretRefused(t, p) })
		t.Run("23 the limit of log-ins cannot be dodged", func(t *testing.T) { guessing(t, p, logIn) })
		t.Run("fit for production by Django's own check", func(t *testing.T) { deployable(t, p) })
		t.Run("Redis may go and come back", func(t *testing.T) { redisAway(t, p) })
	})
}

func onServers(t *testing.T, p *project, all bool) {
	for _, i := range onPythonServer {
		if all || !i.once {
			t.Run(i.name, func(t *testing.T) { i.try(t, p) })
		}
	}
}

func databasesLeft(t *testing.T, p *project) {
	testsTwiceAtOnce(t, p)
	const left = `SELECT datname FROM pg_database WHERE datname LIKE 'test\_%' AND datdba = current_user::regrole UNION ALL SELECT tablename FROM pg_tables WHERE schemaname = 'public'`
	if found := p.query(t, value(p.env, "DATABASE_URL"), left); found != "" {
		t.Errorf("left on the server: %s", found)
	}
}

func pytestNamesServer(t *testing.T, p *project) {
	q := *p
	q.env = append(p.env[:len(p.env):len(p.env)], p.databaseVar("postgresql://nobody@127.0.0.1:"+freePort(t)+"/nothing"))
	out := q.fails(t, p.test...)
	if !regexp.MustCompile(`(?m)The tests need PostgreSQL, started by docker compose up --wait: .*refused`).MatchString(out) || strings.Contains(out, "Traceback") {
		t.Errorf("the tests do not say what to start:\n%s", out)
	}
}

// measured sees requests counted by route and status, and by nothing that clients make up.
func measured(t *testing.T, p *project) {
	s := p.start(t)
	s.works(t)
	for _, path := range []string{"/nope/1", "/nope/2"} {
		s.get(t, path)
	}
	a := s.get(t, "/metrics")
	for _, line := range []string{
		`http_request_duration_seconds_count{method="POST",route="` + p.resource.write + `",status="` + strconv.Itoa(p.resource.status) + `"} 1.0`,
		`http_request_duration_seconds_count{method="GET",route="unmatched",status="404"} 2.0`,
	} {
		if !strings.Contains(a.body, line) {
			t.Errorf("no line %s in\n%s", line, a.body)
		}
	}
	if strings.Contains(a.body, "nope") {
		t.Errorf("a path of a client is a label:\n%s", a.body)
	}
	s.stop(t)
}

// redisAway cuts the line to Redis under a running service, and mends it.
func redisAway(t *testing.T, p *project) {
	line := lineTo(t, redis(t))
	s := p.start(t, "REDIS_URL="+line.url)
	line.cut(t)
	a := s.get(t, "/health/ready")
	isProblem(t, "ready without Redis", a, 503)
	if a.json(t, "detail") == nil {
		t.Errorf("ready gives no reason: %s", a.body)
	}
	isProblem(t, "a log-in without Redis", logIn(t, s, "ada", 1), 503)
	if a := s.get(t, p.resource.read); a.status != 200 {
		t.Errorf("what needs no Redis answers %d", a.status)
	}
	line.mend(t)
	if a := s.get(t, "/health/ready"); a.status != 200 {
		t.Errorf("ready answers %d though Redis is back: %s", a.status, a.body)
	}
	if a := logIn(t, s, "ada", 2); a.status != 200 {
		t.Errorf("a log-in answers %d though Redis is back", a.status)
	}
	s.stop(t)

	s = p.launch(t, p.fresh(t), p.serve, "REDIS_URL=redis://:s3cret@127.0.0.1:"+freePort(t))
	code, said := s.wait(t), s.said.String()
	if code != 1 || strings.Count(said, "\n") != 1 || !strings.Contains(said, "REDIS_URL") || strings.Contains(said, "s3cret") {
		t.Errorf("a start without Redis: exit code %d\n%s", code, said)
	}
}

// logInForToken tries a password on the API, each time with another forwarded address.
func logInForToken(t *testing.T, s *service, account string, attempt int) answer {
	t.Helper()
	body := fmt.Sprintf(`{"name": %q, "password": "wrong horse battery staple"}`, account)
	return s.do(t, "POST", "/login", body, fmt.Sprintf("X-Forwarded-For: 198.51.100.%d", attempt))
}

// onlyUsersWrite goes through the life of a token, over a restart.
func onlyUsersWrite(t *testing.T, p *project) {
	const ada = `{"name": "ada", "password": "correct horse battery staple"}`
	r := p.resource
	database := p.fresh(t)
	s := p.startOn(t, database, p.serve)
	isProblem(t, "writing without a token", s.do(t, "POST", r.write, r.body), 401)
	a := s.do(t, "POST", "/users", ada)
	if a.status != 201 {
		t.Fatalf("registering gives %d: %s", a.status, a.body)
	}
	isProblem(t, "the same name again", s.do(t, "POST", "/users", ada), 409)
	a = s.do(t, "POST", "/login", ada)
	if a.status != 200 {
		t.Fatalf("logging in gives %d: %s", a.status, a.body)
	}
	token := fmt.Sprint(a.json(t, "token"))
	s.stop(t)

	next := p.startOn(t, database, p.serve) // A log-in outlives a restart.
	bearer := "Authorization: Bearer " + token
	if a := next.do(t, "POST", r.write, r.body, bearer); a.status != r.status {
		t.Errorf("writing with a token gives %d: %s", a.status, a.body)
	}
	if a := next.get(t, r.read); a.status != 200 || !strings.Contains(a.body, r.holds) {
		t.Errorf("reading without a token gives %d: %s", a.status, a.body)
	}
	if a := next.do(t, "POST", "/logout", "", bearer); a.status != 204 {
		t.Errorf("logging out gives %d: %s", a.status, a.body)
	}
	isProblem(t, "writing after the log-out", next.do(t, "POST", r.write, r.body, bearer), 401)
	next.stop(t)
	for _, secret := range []string{"correct horse", token} {
		if strings.Contains(s.log.String()+next.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}
