//go:build unix

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a service may take for anything at all on a busy machine, the
// install that the README puts in front of the first start included. It bounds a test
// that would hang; what a starter promises about time is measured where it is promised.
const patience = 3 * time.Minute

// service is a running service of a project.
type service struct {
	url      string // http://127.0.0.1:PORT
	port     string
	database string // the database's place: its file or its URL
	resource resource
	cmd      *exec.Cmd
	log      *output // both streams
	said     *output // stderr alone
	exited   chan struct{}
}

// output is what a process prints.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// listening is how the services log where they listen.
var listening = regexp.MustCompile(`"port":(\d+)|Listening at: http://\S+:(\d+)`)

// start starts the service on a free port with a new database.
func (p *project) start(t *testing.T, env ...string) *service {
	t.Helper()
	return p.startOn(t, p.fresh(t), p.serve, env...)
}

// fresh gives the place of a new database.
func (p *project) fresh(t *testing.T) string {
	t.Helper()
	if p.newDatabase != nil {
		return p.newDatabase(t)
	}
	return filepath.Join(t.TempDir(), "new", "service.db")
}

// startOn starts a service by a command on a database and waits until it listens.
func (p *project) startOn(t *testing.T, database string, args []string, env ...string) *service {
	t.Helper()
	s := p.launch(t, database, args, env...)
	eventually(t, s, "listen", func() bool {
		found := listening.FindStringSubmatch(s.log.String())
		if found != nil {
			s.port = found[1] + found[2]
			s.url = "http://127.0.0.1:" + s.port
		}
		return found != nil
	})
	if p.warms {
		eventually(t, s, "become ready", func() bool { return s.get(t, "/health/ready").status == 200 })
	}
	return s
}

// launch starts a service by a command and does not wait. No database means the
// one that the project takes by itself.
func (p *project) launch(t *testing.T, database string, args []string, env ...string) *service {
	t.Helper()
	s := &service{database: database, resource: p.resource, log: &output{}, said: &output{}, exited: make(chan struct{})}
	all := append(p.env[:len(p.env):len(p.env)], "PORT=0")
	if database != "" && p.databaseVar != nil {
		all = append(all, p.databaseVar(database))
	}
	s.cmd = command(context.Background(), p.dir, append(all, env...), args...)
	s.cmd.Stdout, s.cmd.Stderr = s.log, io.MultiWriter(s.log, s.said)
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = s.cmd.Wait() // the code is read from ProcessState
		close(s.exited)
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL) // mostly gone by now
		<-s.exited
	})
	return s
}

// eventually waits until something about a service is so.
func eventually(t *testing.T, s *service, what string, so func() bool) {
	t.Helper()
	within(t, patience, s, what, so)
}

// within waits as long as it is told.
func within(t *testing.T, limit time.Duration, s *service, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		if so() {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the service does not %s within %v:\n%s", what, limit, s.log)
		}
	}
}

func (s *service) signal(t *testing.T, sig syscall.Signal) {
	t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
}

// wait waits for the end of the process and gives its exit code.
func (s *service) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-s.exited:
		return s.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		t.Fatalf("the process does not end:\n%s", s.log)
		return 0
	}
}

// stop ends the service by SIGTERM; it has to end well and completely.
func (s *service) stop(t *testing.T) {
	t.Helper()
	s.signal(t, syscall.SIGTERM)
	if code := s.wait(t); code != 0 {
		t.Errorf("exit code %d after SIGTERM:\n%s", code, s.log)
	}
	s.gone(t)
}

// gone checks that nobody listens and no process of the group is left.
func (s *service) gone(t *testing.T) {
	t.Helper()
	eventually(t, s, "end with all its children", func() bool { return len(alive(s.cmd.Process.Pid)) == 0 })
	if !s.refuses() {
		t.Errorf("something still listens on port %s", s.port)
	}
}

// refuses tells whether a new connection is refused.
func (s *service) refuses() bool {
	c, err := net.Dial("tcp", "127.0.0.1:"+s.port)
	if err == nil {
		_ = c.Close() // it was only to see
	}
	return err != nil
}

// alive lists the processes of a group that have not ended; those that have but
// were not waited for (zombies) do not count.
func alive(group int) (pids []string) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	if stats == nil { // no /proc: macOS
		if syscall.Kill(-group, 0) == nil {
			return []string{strconv.Itoa(group)}
		}
		return nil
	}
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // it ended meanwhile
		}
		_, rest, _ := strings.Cut(string(text), ") ") // behind the name: state, parent, group
		if f := strings.Fields(rest); len(f) > 2 && f[0] != "Z" && f[2] == strconv.Itoa(group) {
			pids = append(pids, filepath.Base(filepath.Dir(stat)))
		}
	}
	return pids
}

// answer is what a service answers.
type answer struct {
	status int
	header http.Header
	body   string
}

// json is the value of a field of the body.
func (a answer) json(t *testing.T, field string) any {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(a.body), &all); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, a.body)
	}
	return all[field]
}

// client opens a connection for every request, as a new caller would.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}

// do makes a request; headers are "Name: value".
func (s *service) do(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	a, err := s.ask(method, path, body, headers...)
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", method, path, err, s.log)
	}
	return a
}

func (s *service) ask(method, path, body string, headers ...string) (answer, error) {
	req, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, text, _ := strings.Cut(h, ": ")
		req.Header.Set(name, text)
	}
	res, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, string(text)}, err
}

func (s *service) get(t *testing.T, path string, headers ...string) answer {
	t.Helper()
	return s.do(t, "GET", path, "", headers...)
}

// works has the example do its work.
func (s *service) works(t *testing.T) {
	t.Helper()
	r := s.resource
	if a := s.do(t, "POST", r.write, r.body); a.status != r.status || !strings.Contains(a.body, r.holds) {
		t.Errorf("POST %s is answered with %d, want %d and %q in it: %s", r.write, a.status, r.status, r.holds, a.body)
	}
}

// create makes an item and gives its path.
func (s *service) create(t *testing.T, name string, headers ...string) string {
	t.Helper()
	a := s.do(t, "POST", "/items", fmt.Sprintf(`{"name": %q, "quantity": 2}`, name), headers...)
	if a.status != http.StatusCreated || a.header.Get("Location") == "" {
		t.Fatalf("creating an item gives %d, Location %q: %s", a.status, a.header.Get("Location"), a.body)
	}
	return a.header.Get("Location")
}
