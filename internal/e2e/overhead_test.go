//go:build linux

package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// contest is a starter and its bare twin: the same handlers, store and server
// settings on the framework alone.
type contest struct {
	stack   string
	install [][]string
	prepare []string // before the first start, if anything
	serve   []string
	twin    []string
	files   []string // of the twin, below testdata/overhead
	env     func(database string) []string
	get     string
	post    string
	body    string
	bin     string
}

const newItem = `{"name": "tea", "quantity": 2}`

var pipInstall = [][]string{
	{"python3", "-m", "venv", ".venv"},
	{".venv/bin/python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements.txt"},
}

func inURL(file string) []string { return []string{"DATABASE_URL=sqlite:///" + file} }

var contests = []contest{
	{
		stack: "node-express", install: [][]string{{"npm", "ci"}}, files: []string{"express.ts"},
		serve: []string{"node", "src/main.ts"}, twin: []string{"node", "express.ts"},
		env: func(file string) []string { return []string{"DATABASE_PATH=" + file} },
		get: "/items/1", post: "/items", body: newItem,
	},
	{
		stack: "python-flask", install: pipInstall, files: []string{"flask_twin.py", "gunicorn_twin.py"},
		serve: []string{"python", "-m", "app"}, twin: []string{"python", "flask_twin.py"},
		env: inURL, get: "/items/1", post: "/items", body: newItem, bin: ".venv/bin",
	},
	{
		stack: "python-django", install: pipInstall, files: []string{"django_twin.py", "django_twin_settings.py", "gunicorn_twin.py"},
		serve: []string{"python", "-m", "app"}, twin: []string{"python", "django_twin.py"},
		env: func(file string) []string { return append(inURL(file), "SECRET_KEY="+testKey) },
		get: "/items/1", post: "/items", body: newItem, bin: ".venv/bin",
	},
	{
		stack: "python-data", install: pipInstall, files: []string{"fastapi_twin.py"}, prepare: []string{"python", "-m", "ml.train"},
		serve: []string{"python", "-m", "app"}, twin: []string{"python", "fastapi_twin.py"},
		env: func(string) []string { return nil },
		get: "/health/live", post: "/predict", bin: ".venv/bin",
		body: `{"rows": [{"distance_km": 3, "parcels": 2, "hour": 9, "weather": "rain"}]}`,
	},
}

// BenchmarkOverhead compares the processor time that a starter takes for a request
// with that of its bare twin, in turns in one run. Throughput says little on a busy
// machine; processor time is what a service pays.
func BenchmarkOverhead(b *testing.B) {
	for _, c := range contests {
		b.Run(c.stack, func(b *testing.B) {
			dir, env := c.made(b)
			servers := [2]*contestant{c.start(b, dir, env, c.serve), c.start(b, dir, env, c.twin)}
			var get, post [2][]float64
			for i := range b.N + 1 {
				for j, s := range servers {
					g := s.cost(b, 1000, func() (*http.Response, error) { return s.client.Get(s.url + c.get) })
					p := s.cost(b, 500, func() (*http.Response, error) {
						return s.client.Post(s.url+c.post, "application/json", strings.NewReader(c.body))
					})
					if i > 0 { // the first round is for warming up
						get[j], post[j] = append(get[j], g), append(post[j], p)
					}
				}
			}
			report := func(what string, costs [2][]float64) {
				ours, bare := median(costs[0]), median(costs[1])
				b.ReportMetric(ours, "µs-"+what)
				b.ReportMetric(bare, "µs-bare-"+what)
				b.ReportMetric(ours/bare, "×bare-"+what)
			}
			report("GET", get)
			report("POST", post)
			b.ReportMetric(0, "ns/op") // of all together: says nothing
		})
	}
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

// made makes and installs the starter and puts the twin beside it.
func (c contest) made(b *testing.B) (dir string, env []string) {
	parent := b.TempDir()
	run(b, parent, home(b, ada), program(b), "new", "orders", "--defaults", "--stack", c.stack, "--no-git")
	dir = filepath.Join(parent, "orders")
	path := filepath.Join(dir, c.bin) + ":" + os.Getenv("PATH")
	if node := os.Getenv("STACKINIT_TEST_NODE24"); node != "" && c.bin == "" {
		path = filepath.Dir(node) + ":" + os.Getenv("PATH")
	}
	env = environment(b, "PATH="+path, "PYTHONPATH="+dir, "PORT=0", "HOST=127.0.0.1")
	for _, args := range c.install {
		run(b, dir, env, args...)
	}
	if c.prepare != nil {
		run(b, dir, env, c.prepare...)
	}
	for _, f := range c.files {
		write(b, filepath.Join(dir, f), read(b, filepath.Join("testdata/overhead", f)))
	}
	return dir, env
}

// contestant is a running server.
type contestant struct {
	url     string
	client  *http.Client
	pid     int
	threads map[string]int64 // the processor time of each, by its folder below /proc
}

const connections = 20

// start starts a server with a database of its own and one item in it. What it
// logs goes to a file, as it would with a supervisor.
func (c contest) start(b *testing.B, dir string, env, args []string) *contestant {
	b.Helper()
	logged, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(lookPath(args[0], env), args[1:]...)
	cmd.Dir, cmd.Env = dir, append(env, c.env(filepath.Join(b.TempDir(), "service.db"))...)
	cmd.Stdout, cmd.Stderr = logged, logged
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait() // killed: always an error
		_ = logged.Close()
	})
	s := &contestant{pid: cmd.Process.Pid, threads: map[string]int64{}, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections}}}
	for end := time.Now().Add(patience); s.url == ""; time.Sleep(50 * time.Millisecond) {
		said := read(b, logged.Name())
		if found := listening.FindStringSubmatch(said); found != nil {
			s.url = "http://127.0.0.1:" + found[1] + found[2]
		} else if time.Now().After(end) {
			b.Fatalf("%v does not listen:\n%s", args, said)
		}
	}
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		status, said := s.once(b, func() (*http.Response, error) {
			return s.client.Post(s.url+c.post, "application/json", strings.NewReader(c.body))
		})
		if status < 300 {
			return s
		}
		if time.Now().After(end) {
			b.Fatalf("%v answers %d %s\n%s", args, status, said, read(b, logged.Name()))
		}
	}
}

func (s *contestant) once(b *testing.B, send func() (*http.Response, error)) (int, string) {
	r, err := send()
	if err != nil {
		b.Error(err)
		return 999, ""
	}
	defer func() { _ = r.Body.Close() }()
	var body bytes.Buffer
	if _, err := io.Copy(&body, r.Body); err != nil {
		b.Error(err)
	}
	return r.StatusCode, body.String()
}

// cost sends requests over several connections and gives the processor time that
// the server took for one, in microseconds.
func (s *contestant) cost(b *testing.B, requests int, send func() (*http.Response, error)) float64 {
	b.Helper()
	before := s.cpu(b)
	var all sync.WaitGroup
	for range connections {
		all.Go(func() {
			for range requests / connections {
				if status, body := s.once(b, send); status >= 300 {
					b.Errorf("answers %d %s", status, body)
					return
				}
			}
		})
	}
	all.Wait()
	if b.Failed() {
		b.FailNow()
	}
	return float64(s.cpu(b)-before) / 1000 / float64(requests)
}

// cpu is the processor time of the server and its children so far, in nanoseconds:
// the first field of each thread's schedstat (proc(5)). What a thread took stays
// in the sum when it has ended.
func (s *contestant) cpu(b *testing.B) (total int64) {
	b.Helper()
	s.look(b, s.pid)
	for _, n := range s.threads {
		total += n
	}
	return total
}

// look takes down the time of every thread of a process and of its children.
func (s *contestant) look(b *testing.B, pid int) {
	b.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	if err != nil {
		b.Fatal(err)
	}
	for _, task := range tasks {
		stat, err := os.ReadFile(filepath.Join(task, "schedstat"))
		if err != nil {
			continue // the thread has just ended
		}
		if s.threads[task], err = strconv.ParseInt(strings.Fields(string(stat))[0], 10, 64); err != nil {
			b.Fatal(err)
		}
		children, _ := os.ReadFile(filepath.Join(task, "children")) // none, if it has just ended
		for _, child := range strings.Fields(string(children)) {
			id, err := strconv.Atoi(child)
			if err != nil {
				b.Fatal(err)
			}
			s.look(b, id)
		}
	}
}
