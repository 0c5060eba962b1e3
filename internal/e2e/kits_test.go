//go:build unix

package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// kit is what differs between the stacks; all else is the same for all.
type kit struct {
	stack       string
	locks       []string
	packages    string // folder of the installed packages
	bin         string // folder of their commands, if that has to be in PATH
	checks      [][]string
	build       []string // makes what is served, if anything has to be made
	test        []string
	passed      *regexp.Regexp // finds the number of tests in their output
	serve       []string
	env         []string                  // what it cannot start without
	warms       bool                      // it answers before it is ready
	options     []string                  // answers that differ from the defaults, as arguments of new
	newDatabase func(t testing.TB) string // a place for one; nil makes a file
	databaseVar func(place string) string
	sql         []string    // prints the rows of a query; arguments: place, query
	schema      string      // a query for it; empty is SQLite's own
	unusable    [2]string   // variable for which an empty folder is wrong, word that says so
	drift       []string    // tells whether the database is what the models say, if there is such a command
	openapi     []string    // writes openapi.json
	resource    resource    // what the example offers to clients
	example     string      // folder of the example
	elsewhere   []string    // files of the example outside of it
	registered  [][2]string // file, text that names the example
	brokenIn    string      // the phase of verify in which a file that does not parse comes out; check, if empty
	typeFault   [2]string   // file, text to append
	lintFault   [2]string
	coverage    []string                              // runs the tests with their coverage limits
	cutSuite    []string                              // tests without which the limits are missed
	sbom        []string                              // prints a CycloneDX document
	production  [][]string                            // installs what the Dockerfile installs
	ownFault    func(*testing.T, *project)            // has the service fail by itself
	none        map[string]string                     // by numbers: items that do not apply, and why
	instead     map[string]func(*testing.T, *project) // by numbers: what such an item is for this stack
}

// resource is what a starter's example offers to clients.
type resource struct {
	read    string // a path that GET answers
	write   string // a path that POST answers
	body    string // what that takes
	status  int    // what it answers then
	holds   string // a text in that answer
	limit   int    // bytes of the longest body
	refused []refusal
}

// items is the example of all starters with a database.
var items = resource{
	read: "/items", write: "/items", body: `{"name": "tea", "quantity": 2}`, status: http.StatusCreated, holds: "tea",
	limit: 100 * 1024,
	refused: []refusal{
		{"an item that does not exist", "GET", "/items/99", "", nil, 404, ""},
		{"a wrong type", "POST", "/items", `{"name": 1, "quantity": 2}`, nil, 422, "body name"},
		{"several faults", "POST", "/items", `{"quantity": -1}`, nil, 422, "body name,body quantity"},
		{"a field that is not known", "POST", "/items", `{"name": "a", "quantity": 1, "colour": "red"}`, nil, 422, "body *"},
		{"a wrong id", "GET", "/items/abc", "", nil, 422, "path id"},
		{"a wrong query", "GET", "/items?limit=0", "", nil, 422, "query limit"},
	},
}

// npm tells whether the packages come by npm.
func (k *kit) npm() bool { return k.packages == "node_modules" }

// machine is a place that can run the projects of a kit.
type machine struct {
	name        string
	environment func(t testing.TB) []string
	install     [][]string
}

var nodeExpress = &kit{
	stack:    "node-express",
	locks:    []string{"package-lock.json"},
	packages: "node_modules",
	checks:   [][]string{{"npm", "run", "check"}},
	test:     []string{"npm", "test"},
	passed:   regexp.MustCompile(`(?m)^. pass (\d+)$`),
	serve:    []string{"node", "src/main.ts"},
	databaseVar: func(file string) string {
		return "DATABASE_PATH=" + file
	},
	sql: []string{"node", "--input-type=module", "--eval",
		`import { DatabaseSync } from "node:sqlite";
		const [file, query] = process.argv.slice(1);
		console.log(JSON.stringify(new DatabaseSync(file).prepare(query).all()));`},
	unusable:   [2]string{"DATABASE_PATH=", "database"},
	openapi:    []string{"npm", "run", "openapi"},
	resource:   items,
	ownFault:   tableGone,
	example:    "src/items",
	registered: [][2]string{{"src/resources.ts", "export { items } from \"#app/items/routes.ts\";\n"}},
	typeFault:  [2]string{"src/config.ts", "export const wrong: number = \"\";\n"},
	lintFault:  [2]string{"src/config.ts", "export const unused = (a: string) => a == \"\";\n"},
	coverage:   []string{"npm", "test"},
	cutSuite:   []string{"src/app.test.ts"},
	sbom:       []string{"npm", "sbom", "--sbom-format", "cyclonedx", "--omit", "dev"},
	production: [][]string{{"npm", "ci", "--omit=dev", "--prefer-offline"}},
}

// nodeRealtime is nodeExpress with Socket.IO; live_test.go has what that adds.
var nodeRealtime = func() *kit {
	k := *nodeExpress
	k.stack = "node-realtime"
	k.cutSuite = []string{"src/app.test.ts", "src/database.test.ts", "src/live/live.test.ts"}
	k.registered = [][2]string{{"src/resources.ts", "export { liveItems } from \"#app/items/live.ts\";\n"}}
	return &k
}()

var pythonFlask = &kit{
	stack:    "python-flask",
	locks:    []string{"requirements.txt", "requirements-dev.txt"},
	packages: ".venv",
	bin:      ".venv/bin",
	checks:   [][]string{{"ruff", "check", "."}, {"ruff", "format", "--check", "."}, {"mypy", "."}},
	test:     []string{"pytest"},
	passed:   regexp.MustCompile(`(\d+) passed`),
	serve:    []string{"python", "-m", "app"},
	databaseVar: func(file string) string {
		return "DATABASE_URL=sqlite:///" + file
	},
	sql: []string{"python", "-c",
		`import json, sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database:
    database.row_factory = sqlite3.Row
    print(json.dumps([dict(row) for row in database.execute(sys.argv[2])]))`},
	unusable: [2]string{"DATABASE_URL=sqlite:///", "database"},
	drift:    []string{"alembic", "check"},
	openapi:  []string{"python", "-m", "app", "openapi"},
	resource: items,
	ownFault: tableGone,
	example:  "app/items",
	registered: [][2]string{
		{"app/main.py", "    \"app.items.routes:router\",\n"},
		{"pyproject.toml", ", \"%(here)s/app/items/migrations\""},
	},
	typeFault: [2]string{"app/settings.py", "\nwrong: int = \"\"\n"},
	lintFault: [2]string{"app/settings.py", "\nimport os\n"},
	coverage:  []string{"pytest", "--cov"},
	cutSuite:  []string{"app/items/test_items.py", "tests/test_api.py", "tests/test_server.py"},
	sbom:      []string{"cyclonedx-py", "requirements", "requirements.txt"},
	production: [][]string{
		{"python3", "-m", "venv", ".venv"},
		{".venv/bin/python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements.txt"},
	},
}

// testKey is a secret that is long enough, and none.
const testKey = "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ"

var pythonDjango = &kit{
	stack:    "python-django",
	locks:    []string{"requirements.txt", "requirements-dev.txt"},
	packages: ".venv",
	bin:      ".venv/bin",
	checks:   [][]string{{"ruff", "check", "."}, {"ruff", "format", "--check", "."}, {"mypy", "."}},
	test:     []string{"pytest"},
	passed:   regexp.MustCompile(`(\d+) passed`),
	env:      []string{"SECRET_KEY=" + testKey, "DEBUG=false"},
	serve:    []string{"python", "-m", "app"},
	databaseVar: func(file string) string {
		return "DATABASE_URL=sqlite:///" + file
	},
	sql: []string{"python", "-c",
		`import json, sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database:
    database.row_factory = sqlite3.Row
    print(json.dumps([dict(row) for row in database.execute(sys.argv[2])]))`},
	unusable: [2]string{"DATABASE_URL=sqlite:///", "database"},
	drift:    []string{"python", "manage.py", "migrate", "--check"},
	openapi:  []string{"python", "-m", "app", "openapi"},
	resource: items,
	ownFault: tableGone,
	example:  "app/items",
	registered: [][2]string{
		{"app/django_settings.py", "    \"app.items\",\n"},
		{"app/api.py", "api.add_router(\"/items\", \"app.items.routes.router\")\n"},
		{"app/urls.py", "    path(\"\", include(\"app.items.urls\")),\n"},
	},
	typeFault: [2]string{"app/settings.py", "\nwrong: int = \"\"\n"},
	lintFault: [2]string{"app/settings.py", "\nimport os\n"},
	coverage:  []string{"pytest", "--cov"},
	cutSuite:  []string{"app/items/test_items.py", "tests/test_api.py", "tests/test_server.py", "tests/test_service.py", "tests/test_development.py"},
	sbom:      []string{"cyclonedx-py", "requirements", "requirements.txt"},
	production: [][]string{
		{"python3", "-m", "venv", ".venv"},
		{".venv/bin/python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements.txt"},
	},
}

// onNode gives a machine with this major version of Node, or skips the test.
func onNode(t *testing.T, major int) machine {
	t.Helper()
	node := os.Getenv("STACKINIT_TEST_NODE" + strconv.Itoa(major))
	if node == "" {
		found, _ := exec.LookPath("node")
		has := nodeMajor(found)
		// 25 is no release that people stay on; it runs what 24 runs.
		if has == major || has == 25 && major == 24 || has > 26 && major == 26 {
			node = found
		}
	}
	need(t, "Node "+strconv.Itoa(major), node != "")
	return machine{
		name: "node" + strconv.Itoa(major),
		environment: func(t testing.TB) []string {
			return environment(t, "PATH="+filepath.Dir(node)+":"+os.Getenv("PATH"), "npm_config_cache="+t.TempDir())
		},
		install: [][]string{{"npm", "ci"}},
	}
}

// nodeMajor is the major version of a Node, 0 if it is none.
func nodeMajor(node string) int {
	out, err := exec.Command(node, "--version").Output()
	if err != nil {
		return 0
	}
	major, _, _ := strings.Cut(strings.TrimPrefix(string(out), "v"), ".")
	n, _ := strconv.Atoi(major)
	return n
}

// withPip and withUv give machines with python3 that install by pip and by uv, or
// skip the test.
func withPip(t *testing.T) machine {
	t.Helper()
	needPython(t)
	return machine{
		name: "pip",
		environment: func(t testing.TB) []string {
			return environment(t, "PIP_CACHE_DIR="+t.TempDir(), "MYPY_CACHE_DIR="+t.TempDir())
		},
		install: [][]string{
			{"python3", "-m", "venv", ".venv"},
			{".venv/bin/python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements-dev.txt"},
		},
	}
}

func withUv(t *testing.T) machine {
	t.Helper()
	needPython(t)
	tool(t, "uv")
	return machine{
		name: "uv",
		environment: func(t testing.TB) []string {
			return environment(t, "UV_CACHE_DIR="+t.TempDir(), "UV_PYTHON_DOWNLOADS=never", "MYPY_CACHE_DIR="+t.TempDir())
		},
		install: [][]string{
			{"uv", "venv", "--quiet", "--python", "python3", ".venv"},
			{"uv", "pip", "sync", "--quiet", "requirements-dev.txt"},
		},
	}
}

func needPython(t *testing.T) {
	t.Helper()
	err := exec.Command("python3", "-c", "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))").Run()
	need(t, "python3, 3.11 or newer, with venv", err == nil)
}
