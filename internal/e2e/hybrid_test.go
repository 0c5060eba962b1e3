//go:build unix

package e2e

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// hybrid is a project of two halves, with what the gateway offers of the example.
type hybrid struct {
	*project
	args       []string // of new
	path, body string   // of a request that goes through both
	behind     string   // the route of the service that it becomes
	model      bool     // the service learns a model, which git does not have
	example    []string // to be deleted, and
	registered [][2]string
	change     [3]string // file of the service, text and what makes the contract another one
}

var hybrids = map[string]hybrid{
	"express and data": {
		path:   "/predictions",
		body:   `{"rows": [{"distance_km": 12.5, "parcels": 3, "hour": 17, "weather": "rain"}]}`,
		behind: "/predict", model: true,
		example: []string{"gateway/src/predictions", "service/ml/deliveries", "service/data/deliveries.csv"},
		registered: [][2]string{
			{"gateway/src/resources.ts", "export { predictions } from \"#app/predictions/routes.ts\";\n"},
			{"service/ml/__init__.py", "TASK = \"ml.deliveries\"  # The example goes with its folder, its table in data/ and this line.\n"},
		},
		change: [3]string{"service/ml/deliveries/task.py", "le=50", "le=51"},
	},
	"realtime and flask": {
		args:    []string{"--set", "data_work=none", "--set", "live_updates=core"},
		path:    "/items",
		body:    `{"name": "tea", "quantity": 2}`,
		behind:  "/items",
		example: []string{"gateway/src/items", "service/app/items"},
		registered: [][2]string{
			{"gateway/src/resources.ts", "export { liveItems } from \"#app/items/live.ts\";\n"},
			{"service/app/main.py", "    \"app.items.routes:router\",\n"},
			{"service/pyproject.toml", ", \"%(here)s/app/items/migrations\""},
		},
		change: [3]string{"service/app/items/schemas.py", "max_length=200", "max_length=201"},
	},
}

func TestHybrid(t *testing.T) {
	slow(t)
	tool(t, "npm")
	needPython(t)
	m := onNode(t, 24)
	t.Parallel()
	for name, h := range hybrids {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := append(m.environment(t), "MYPY_CACHE_DIR="+t.TempDir())
			h.project = &project{kit: &kit{stack: "hybrid"}, on: m, env: env}
			h.dir = made(t, h.kit, h.args...)
			start := time.Now()
			h.run(t, "make", "install")
			t.Logf("both installed in %.1f s", time.Since(start).Seconds())
			if out := h.run(t, "git", "status", "--porcelain"); out != "" {
				t.Errorf("make install changes files:\n%s", out)
			}
			t.Run("one command starts and stops both", func(t *testing.T) { h.together(t) })
			t.Run("a request in hand is answered before both are gone", func(t *testing.T) { h.drains(t) })
			t.Run("when one ends, so does the other", func(t *testing.T) { h.endTogether(t) })
			t.Run("the service is killed, hangs and comes back under the gateway", func(t *testing.T) { h.faults(t) })
			t.Run("30 stackinit verify is green, and finds what is not", func(t *testing.T) { h.verified(t) })
			t.Run("checks and tests of both", func(t *testing.T) { h.ci(t) })
			t.Run("the contract is held by tests", func(t *testing.T) { h.contract(t) })
			t.Run("the example can go", func(t *testing.T) { h.exampleGoes(t) })
			t.Run("example=none", func(t *testing.T) { h.without(t) })
			t.Run("the gateway is what its document says", func(t *testing.T) { h.fuzzed(t) })
			t.Run("README, workflow, containers", func(t *testing.T) { h.says(t) })
		})
	}
}

// verified is item 30 of the checklist for both halves at once.
func (h *hybrid) verified(t *testing.T) {
	v := verify(t, h.dir, h.env, "--no-install")
	if v.Stack != "hybrid" || len(v.Steps) < 7 {
		t.Errorf("%+v", v)
	}
	c := h.copied(t)
	c.edit(t, h.registered[0][0], h.registered[0][1], "this is no code (\n"+h.registered[0][1])
	out, err := c.try(t, program(t), "verify", "--no-install", c.dir)
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 6 || !strings.Contains(out, "  failed   ") {
		t.Errorf("a gateway that does not even parse: %v\n%s", err, out)
	}
}

// half is the project's gateway or service as a project of its own.
func (h *hybrid) half(dir string) *project {
	p := *h.project
	p.dir = h.project.path(dir)
	p.env = append(p.env[:len(p.env):len(p.env)], "PATH="+h.project.path("service/.venv/bin")+":"+value(p.env, "PATH"))
	return &p
}

// at is the same hybrid in a clone, with what is installed.
func (h *hybrid) at(t *testing.T, dir string) *hybrid {
	t.Helper()
	c, p := *h, *h.project
	p.dir = dir
	c.project = &p
	link(t, h.project.path("gateway/node_modules"), p.path("gateway/node_modules"))
	link(t, h.project.path("service/.venv"), p.path("service/.venv"))
	return &c
}

func (h *hybrid) copied(t *testing.T) *hybrid {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "orders")
	h.run(t, "git", "clone", "--quiet", h.dir, dir)
	c := h.at(t, dir)
	if h.model {
		c.half("service").run(t, "python", "-m", "ml.train")
	}
	return c
}

// both starts both halves by one command and waits until they are ready.
func (h *hybrid) both(t *testing.T, args ...string) *service {
	t.Helper()
	port, behind := freePort(t), freePort(t)
	s := h.launch(t, "", args, "PORT="+port, "SERVICE_URL=http://127.0.0.1:"+behind, "DATABASE_PATH="+filepath.Join(t.TempDir(), "a.db"))
	s.port, s.url, s.database = port, "http://127.0.0.1:"+port, behind
	s.becomes(t, 200)
	return s
}

// becomes waits until the gateway's ready has a status.
func (s *service) becomes(t *testing.T, status int) {
	t.Helper()
	eventually(t, s, "become ready or stop being so", func() bool {
		a, err := s.ask("GET", "/health/ready", "")
		return err == nil && a.status == status
	})
}

func (h *hybrid) together(t *testing.T) {
	for _, c := range []struct {
		name  string
		args  []string
		group bool // as Ctrl-C in a terminal, or the one process alone
		sig   syscall.Signal
	}{
		{"make dev, Ctrl-C", []string{"make", "dev"}, true, syscall.SIGINT},
		{"npm run dev, Ctrl-C", []string{"npm", "run", "dev"}, true, syscall.SIGINT},
		{"make start, SIGTERM", []string{"make", "start"}, false, syscall.SIGTERM},
		{"node, SIGTERM", []string{"node", "gateway/scripts/both.ts", "start"}, false, syscall.SIGTERM},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := h.both(t, c.args...)
			if a := s.do(t, "POST", h.path, h.body, "X-Request-Id: abc-123"); a.status/100 != 2 || a.header.Get("X-Request-Id") != "abc-123" {
				t.Errorf("%s answers %d %s", h.path, a.status, a.body)
			}
			to := s.cmd.Process.Pid
			if c.group {
				to = -to
			}
			if err := syscall.Kill(to, c.sig); err != nil {
				t.Fatal(err)
			}
			if code := s.wait(t); code != 0 && c.args[0] == "node" {
				t.Errorf("exit code %d", code)
			}
			h.nothingLeft(t, s)
			routes := map[string]bool{}
			for line := range strings.Lines(s.log.String()) {
				var entry map[string]any
				if json.Unmarshal([]byte(line), &entry) == nil && entry["id"] == "abc-123" {
					route, _ := entry["route"].(string)
					routes[route] = true
				}
			}
			if !routes[h.path] || !routes[h.behind] {
				t.Errorf("the request's id is found with %v in\n%s", routes, s.log)
			}
		})
	}
}

// nothingLeft checks that no process works in the project's folder any more, and
// that nobody listens on the ports of the two.
func (h *hybrid) nothingLeft(t *testing.T, s *service) {
	t.Helper()
	eventually(t, s, "end with all that it started", func() bool { return len(h.inside()) == 0 })
	behind := service{port: s.database}
	if !s.refuses() || !behind.refuses() {
		t.Errorf("something still listens on port %s or %s", s.port, behind.port)
	}
}

// inside are the processes whose working folder is in the project, by their folder.
func (h *hybrid) inside() map[string]string {
	found := map[string]string{}
	links, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, l := range links {
		if dir, err := os.Readlink(l); err == nil && strings.HasPrefix(dir, h.dir) {
			if stat, _ := os.ReadFile(filepath.Join(filepath.Dir(l), "stat")); !regexp.MustCompile(`\) Z `).Match(stat) {
				found[filepath.Base(filepath.Dir(l))] = strings.TrimPrefix(dir, h.dir)
			}
		}
	}
	return found
}

// drains stops both while the gateway has a request in hand that the service has not
// seen yet: it is answered all the same.
func (h *hybrid) drains(t *testing.T) {
	s := h.both(t, "node", "gateway/scripts/both.ts", "start")
	slow := beginPost(t, s, h.path, h.body)
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
	if res.StatusCode/100 != 2 {
		t.Errorf("the request in flight is answered with %d\n%s", res.StatusCode, s.log)
	}
	if code := s.wait(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
	h.nothingLeft(t, s)
}

func (h *hybrid) endTogether(t *testing.T) {
	s := h.both(t, "node", "gateway/scripts/both.ts", "start")
	for pid, dir := range h.inside() {
		if dir == "/service" {
			h.run(t, "kill", "-KILL", pid)
		}
	}
	if code := s.wait(t); code != 1 {
		t.Errorf("exit code %d after a half was killed", code)
	}
	h.nothingLeft(t, s)

	h.run(t, "mv", "service/.venv", "service/.away")
	out := h.fails(t, "make", "start")
	h.run(t, "mv", "service/.away", "service/.venv")
	if !strings.Contains(out, "service/.venv is missing: run `make install` first.\n") {
		t.Errorf("without packages the start says:\n%s", out)
	}
}

func (h *hybrid) faults(t *testing.T) {
	behind, port := freePort(t), freePort(t)
	database := filepath.Join(t.TempDir(), "a.db")
	back := func() *service {
		return h.half("service").launch(t, "", []string{"python", "-m", "app"}, "PORT="+behind, "DATABASE_URL=sqlite:///"+database)
	}
	python := back()
	s := h.half("gateway").launch(t, "", []string{"node", "src/main.ts"},
		"PORT="+port, "DATABASE_PATH=:memory:", "SERVICE_URL=http://127.0.0.1:"+behind, "SERVICE_TIMEOUT_MS=1000")
	s.port, s.url = port, "http://127.0.0.1:"+port
	s.becomes(t, 200)
	timed := func(what, method, path, body string, status int, limit time.Duration) {
		t.Helper()
		start := time.Now()
		a := s.do(t, method, path, body)
		took := time.Since(start)
		isProblem(t, what, a, status)
		if took > limit {
			t.Errorf("%s takes %v, more than %v", what, took, limit)
		}
		t.Logf("%s: %d %s in %v", what, a.status, a.body, took.Round(time.Millisecond))
	}
	send := func(sig syscall.Signal) { // a WSGI server has workers
		if err := syscall.Kill(-python.cmd.Process.Pid, sig); err != nil {
			t.Fatal(err)
		}
	}

	send(syscall.SIGKILL)
	<-python.exited
	timed("the service killed", "POST", h.path, h.body, 502, time.Second)
	s.becomes(t, 503)
	timed("ready without the service", "GET", "/health/ready", "", 503, time.Second)
	if a := s.get(t, "/health/live"); a.status != 200 {
		t.Errorf("live answers %d because the service is gone", a.status)
	}
	python = back()
	s.becomes(t, 200)
	if a := s.do(t, "POST", h.path, h.body); a.status/100 != 2 {
		t.Errorf("the service is back, and %s answers %d %s", h.path, a.status, a.body)
	}

	send(syscall.SIGSTOP)
	timed("the service hanging", "POST", h.path, h.body, 504, 1500*time.Millisecond)
	s.becomes(t, 503)
	time.Sleep(time.Second) // what was found is kept for one
	timed("ready with the service hanging", "GET", "/health/ready", "", 503, time.Second)
	send(syscall.SIGCONT)
	s.becomes(t, 200)
	s.stop(t)
	python.signal(t, syscall.SIGTERM)
	python.wait(t)
}

func (h *hybrid) ci(t *testing.T) {
	out := h.run(t, "make", "ci")
	for _, passed := range []*regexp.Regexp{nodeExpress.passed, pythonFlask.passed} {
		found := passed.FindStringSubmatch(out)
		if found == nil || found[1] == "0" {
			t.Fatalf("one half has no tests:\n%s", out)
		}
		t.Logf("%s tests", found[1])
	}
	h.run(t, "make", "openapi")
	if out := h.run(t, "git", "status", "--porcelain"); out != "" {
		t.Errorf("make ci or make openapi changes files:\n%s", out)
	}
	for _, dir := range []string{"gateway", "service"} {
		h.half(dir).validOpenAPI(t)
	}
}

// contract changes the service: its own test sees that the contract is not what it
// does, and once the contract follows, the gateway's sees that it has to, too.
func (h *hybrid) contract(t *testing.T) {
	c := h.copied(t)
	ours := []string{"npm", "test", "--", "src/upstream/contract.test.ts"}
	theirs := []string{"pytest", "-q", "tests/test_api.py"}
	c.half("gateway").run(t, ours...)
	c.half("service").run(t, theirs...)
	c.edit(t, c.change[0], c.change[1], c.change[2])
	c.half("gateway").run(t, ours...)
	if out := c.half("service").fails(t, theirs...); !strings.Contains(out, "test_the_committed_openapi_document") {
		t.Errorf("it is not the contract that fails:\n%s", out)
	}
	c.half("service").run(t, "python", "-m", "app", "openapi")
	c.half("service").run(t, theirs...)
	if out := c.half("gateway").fails(t, ours...); !strings.Contains(out, "is what the contract says") {
		t.Errorf("it is not the contract that fails:\n%s", out)
	}
}

// fuzzed lets schemathesis at the gateway, with the service behind it.
func (h *hybrid) fuzzed(t *testing.T) {
	s := h.both(t, "node", "gateway/scripts/both.ts", "start")
	s.fuzz(t, h.env)
	s.signal(t, syscall.SIGTERM)
	s.wait(t)
	h.nothingLeft(t, s)
}

// exampleGoes deletes the example as the READMEs say.
func (h *hybrid) exampleGoes(t *testing.T) {
	c := h.copied(t)
	for _, name := range c.example {
		if err := os.RemoveAll(c.project.path(name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range c.registered {
		c.edit(t, line[0], line[1], "")
	}
	c.run(t, "make", "openapi")
	c.run(t, "make", "ci")
	c.answersNothing(t)
}

func (h *hybrid) without(t *testing.T) {
	c := h.at(t, made(t, h.kit, append([]string{"--set", "example=none"}, h.args...)...))
	c.run(t, "make", "ci")
	c.answersNothing(t)
}

func (h *hybrid) answersNothing(t *testing.T) {
	t.Helper()
	s := h.both(t, "node", "gateway/scripts/both.ts", "start")
	if a := s.get(t, h.path); a.status != 404 {
		t.Errorf("%s answers %d", h.path, a.status)
	}
	s.signal(t, syscall.SIGTERM)
	s.wait(t)
	h.nothingLeft(t, s)
}

// says holds the texts against the project: commands that exist, paths that are
// there, a workflow that is safe, and a service without a port outside.
func (h *hybrid) says(t *testing.T) {
	named := regexp.MustCompile("`((?:gateway|service)/[^`]*)`|\\]\\(([a-z][^)#]*)(?:#[^)]*)?\\)")
	for _, name := range []string{"README.md", "AGENTS.md", "gateway/README.md", "gateway/AGENTS.md", "service/README.md", "service/AGENTS.md"} {
		text := read(t, h.project.path(name))
		for _, found := range named.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(h.project.path(filepath.Join(filepath.Dir(name), found[1]+found[2]))); err != nil {
				t.Errorf("%s names %s, which is not there", name, found[1]+found[2])
			}
		}
		for _, found := range regexp.MustCompile("(?m)(?:`|^)make ([a-z]+)").FindAllStringSubmatch(text, -1) {
			dir := filepath.Dir(name)
			if found[1] == "dev" {
				dir = "." // the gateway's README speaks of the folder above
			}
			h.half(dir).run(t, "make", "--dry-run", found[1])
		}
	}
	readme := read(t, h.project.path("README.md"))
	curl := regexp.MustCompile(`(?m)^curl .*$`).FindAllString(readme, -1)
	s := h.both(t, "make", "dev")
	for _, line := range curl {
		out := h.run(t, "sh", "-ec", defaults.ReplaceAllString(line, "127.0.0.1:"+s.port))
		if !regexp.MustCompile(`(?m)^HTTP/1\.1 20\d`).MatchString(out) {
			t.Errorf("%s gives:\n%s", line, out)
		}
	}
	if len(curl) != 2 {
		t.Errorf("%d requests in the README", len(curl))
	}
	s.signal(t, syscall.SIGTERM)
	s.wait(t)
	h.nothingLeft(t, s)

	var compose struct {
		Services map[string]struct {
			Build       string
			Ports       []string
			Environment map[string]string
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, h.project.path("compose.yaml"))), &compose); err != nil {
		t.Fatal(err)
	}
	gateway, service := compose.Services["gateway"], compose.Services["service"]
	if gateway.Build != "gateway" || service.Build != "service" || len(gateway.Ports) != 1 || len(service.Ports) != 0 || gateway.Environment["SERVICE_URL"] != "http://service:8000" {
		t.Errorf("compose.yaml says %+v", compose)
	}
	for line := range strings.Lines(read(t, h.project.path(".github/workflows/ci.yml"))) {
		if strings.Contains(line, "uses:") && !action.MatchString(strings.TrimRight(line, "\n")) {
			t.Errorf("not pinned to a commit: %s", line)
		}
	}
}
