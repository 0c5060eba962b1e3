//go:build unix

package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// query runs a statement on a database and gives its rows.
func (p *project) query(t *testing.T, place, statement string) string {
	t.Helper()
	args := append(p.sql[:len(p.sql):len(p.sql)], place, statement)
	return strings.TrimSpace(p.run(t, args...))
}

func liveAndReady(t *testing.T, p *project) {
	s := p.start(t)
	s.create(t, "tea")
	move := func(from, to string) {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			if err := os.Rename(from+suffix, to+suffix); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		}
	}
	move(s.database, s.database+".away")
	if a := s.get(t, "/health/live"); a.status != 200 {
		t.Errorf("live answers %d because a database is gone", a.status)
	}
	a := s.get(t, "/health/ready")
	isProblem(t, "ready without a database", a, 503)
	if a.json(t, "detail") == nil {
		t.Errorf("ready gives no reason: %s", a.body)
	}
	move(s.database+".away", s.database)
	if a := s.get(t, "/health/ready"); a.status != 200 {
		t.Errorf("ready answers %d though the database is back: %s", a.status, a.body)
	}
	s.stop(t)
}

// slowRequest is a request whose last bytes are still to come.
type slowRequest struct {
	net.Conn
	rest string
}

// beginRequest sends the most of a request that the example answers.
func beginRequest(t *testing.T, s *service) slowRequest {
	t.Helper()
	return beginPost(t, s, s.resource.write, s.resource.body)
}

// beginPost sends the most of a request with a body.
func beginPost(t *testing.T, s *service, path, body string) slowRequest {
	t.Helper()
	c, err := net.Dial("tcp", "127.0.0.1:"+s.port)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", path, len(body))
	if _, err := io.WriteString(c, head+body[:10]); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond) // so that the service has taken it up
	return slowRequest{c, body[10:]}
}

func drains(t *testing.T, p *project) {
	s := p.start(t)
	slow := beginRequest(t, s)
	start := time.Now()
	s.signal(t, syscall.SIGTERM)
	eventually(t, s, "refuse new connections while it drains", s.refuses)
	time.Sleep(time.Second)
	if _, err := io.WriteString(slow, slow.rest); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(slow), nil)
	if err != nil {
		t.Fatalf("the request in flight is lost: %v\n%s", err, s.log)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); res.StatusCode != s.resource.status || !strings.Contains(string(body), s.resource.holds) {
		t.Errorf("the request in flight is answered with %d: %s", res.StatusCode, body)
	}
	if code := s.wait(t); code != 0 {
		t.Errorf("exit code %d after a drained stop:\n%s", code, s.log)
	}
	t.Logf("drained and gone %.1f s after the signal, of which the client took 1", time.Since(start).Seconds())
	s.gone(t)
	if p.sql != nil {
		if rows := p.query(t, s.database, "SELECT name FROM items"); !strings.Contains(rows, s.resource.holds) {
			t.Errorf("the last item is lost: %s", rows)
		}
	}

	s = p.start(t)
	beginRequest(t, s)
	s.signal(t, syscall.SIGTERM)
	eventually(t, s, "refuse new connections while it drains", s.refuses)
	start = time.Now()
	s.signal(t, syscall.SIGTERM)
	if code := s.wait(t); code != 1 {
		t.Errorf("exit code %d after a second signal", code)
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("a second signal takes %v", took)
	}
	s.gone(t)
}

// noOrphans starts the service in the ways that people do, stops it in the ways
// that terminals and supervisors do, and looks for what is left.
func noOrphans(t *testing.T, p *project) {
	group := func(s *service) int { return -s.cmd.Process.Pid }
	only := func(s *service) int { return s.cmd.Process.Pid }
	for _, c := range []struct {
		name string
		args []string
		to   func(*service) int
		sig  syscall.Signal
	}{
		{"Ctrl-C", p.serve, group, syscall.SIGINT},
		{"SIGTERM", p.serve, only, syscall.SIGTERM},
		{"make start, Ctrl-C", []string{"make", "start"}, group, syscall.SIGINT},
		{"make start, SIGTERM to make", []string{"make", "start"}, only, syscall.SIGTERM},
		{"make dev, Ctrl-C", []string{"make", "dev"}, group, syscall.SIGINT},
		{"make dev, SIGTERM to make", []string{"make", "dev"}, only, syscall.SIGTERM},
	} {
		t.Run(c.name, func(t *testing.T) {
			port := freePort(t) // a development server need not say where it listens
			s := p.launch(t, p.fresh(t), c.args, "PORT="+port)
			s.port, s.url = port, "http://127.0.0.1:"+port
			eventually(t, s, "answer", func() bool {
				a, err := s.ask("GET", "/health/ready", "")
				return err == nil && a.status == 200
			})
			if err := syscall.Kill(c.to(s), c.sig); err != nil {
				t.Fatal(err)
			}
			s.wait(t)
			s.gone(t)
		})
	}
}

// freePort is a port that nobody listens on now.
func freePort(t testing.TB) string {
	t.Helper()
	port, err := findPort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func findPort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

func refusesToStart(t *testing.T, p *project) {
	refusal := func(env ...string) string {
		s := p.launch(t, p.fresh(t), p.serve, env...)
		if code := s.wait(t); code != 1 {
			t.Errorf("exit code %d with %v, want 1", code, env)
		}
		if regexp.MustCompile(`(?i)traceback|\.ts:\d|\.py", line`).MatchString(s.log.String()) {
			t.Errorf("a stack where a sentence should be:\n%s", s.log)
		}
		return s.said.String()
	}
	said := refusal("PORT=s3cret", "LOG_LEVEL=l0ud", "TRUST_PROXY=-1", "CORS_ORIGINS=https://a.example/path")
	for _, name := range []string{"PORT", "LOG_LEVEL", "TRUST_PROXY", "CORS_ORIGINS"} {
		if !strings.Contains(said, name) {
			t.Errorf("%s is not named:\n%s", name, said)
		}
	}
	if strings.Contains(said, "s3cret") {
		t.Errorf("a value is printed, and one day it is a password:\n%s", said)
	}

	s := p.start(t)
	said = refusal("PORT=" + s.port)
	if !strings.Contains(said, s.port) || strings.Count(said, "\n") != 1 {
		t.Errorf("a taken port is not one sentence with its number:\n%s", said)
	}
	if a := s.get(t, "/health/live"); a.status != 200 {
		t.Errorf("the first service answers %d", a.status)
	}
	s.stop(t)
	if said := refusal(p.unusable[0] + t.TempDir()); !strings.Contains(strings.ToLower(said), p.unusable[1]) {
		t.Errorf("an empty folder as %s is refused with:\n%s", p.unusable[0], said)
	}
}

func dataStay(t *testing.T, p *project) {
	schema := p.schema
	if schema == "" {
		schema = "SELECT sql FROM sqlite_master ORDER BY name"
	}
	database := p.fresh(t)
	s := p.startOn(t, database, p.serve)
	place := s.create(t, "tea")
	before := s.get(t, place)
	s.stop(t)
	shape := p.query(t, database, schema)
	if !strings.Contains(shape, "items") {
		t.Errorf("no table for items: %s", shape)
	}

	s = p.startOn(t, database, p.serve)
	if after := s.get(t, place); after.status != 200 || after.body != before.body {
		t.Errorf("after a restart %s is %d %s, before it was %s", place, after.status, after.body, before.body)
	}
	if again := p.query(t, database, schema); again != shape {
		t.Errorf("a second start changes the schema:\n%s\n%s", shape, again)
	}
	s.stop(t)
	if p.drift != nil {
		try := *p
		try.env = append(p.env[:len(p.env):len(p.env)], p.databaseVar(database))
		try.run(t, p.drift...)
	}
}
