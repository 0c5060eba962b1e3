package lockfile_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"
	"github.com/stackinit/stackinit/internal/lockfile"
)

// need skips the test where something is missing that only some machines have;
// under CI=true that is a failure.
func need(t *testing.T, what string, there bool) {
	t.Helper()
	switch {
	case there:
	case os.Getenv("CI") == "true":
		t.Fatalf("needs %s, and CI=true allows no skipping", what)
	default:
		t.Skipf("needs %s", what)
	}
}

// noNetwork matches what npm, pip and uv say when they reach no registry.
var noNetwork = regexp.MustCompile(`(?i)name resolution|dns error|unreachable|connection (error|refused|reset)|NewConnectionError|timed out|ENOTFOUND|EAI_AGAIN`)

// run runs a tool in a folder and gives what it prints, both streams; where it
// cannot reach the network, the test needs that.
func run(t *testing.T, folder, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = folder
	c.Env = append(os.Environ(), "npm_config_update_notifier=false", "PIP_DISABLE_PIP_VERSION_CHECK=1")
	out, err := c.CombinedOutput()
	if err != nil {
		need(t, "the network", !noNetwork.Match(out))
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return string(out)
}

func write(t *testing.T, folder, name string, body []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), body, 0o644); err != nil {
		t.Fatal(err)
	}
}

// npm itself takes pruned locks, finds every edge satisfied, and would write
// the same bytes. All of it works from the lock alone, without the network.
func TestNpmAgrees(t *testing.T) {
	if testing.Short() {
		t.Skip("runs npm many times")
	}
	version, err := exec.Command("npm", "--version").Output()
	major, _, _ := strings.Cut(string(version), ".")
	n, _ := strconv.Atoi(major)
	need(t, "npm 11 or later", err == nil && n >= 11)
	for name, raw := range npmUniverses(t) {
		universe := parseNpm(t, raw)
		u := must[*lockfile.Npm](t)(lockfile.LoadNpm(raw))
		all := subsets(directNpm(universe), 2)
		for _, names := range append(all[len(all)-2:], directNpm(universe)) {
			t.Run(name+"/"+strings.Join(names, "+"), func(t *testing.T) {
				root := rootOf(universe, names...)
				lock := must[[]byte](t)(u.Prune(root))
				folder := t.TempDir()
				write(t, folder, "package.json", packageJSON(u, root))
				write(t, folder, "package-lock.json", lock)
				run(t, folder, "npm", "install", "--package-lock-only", "--offline", "--no-audit", "--no-fund")
				after := must[[]byte](t)(os.ReadFile(filepath.Join(folder, "package-lock.json")))
				if d := cmp.Diff(string(lock), string(after)); d != "" {
					t.Errorf("npm changes the lock (-ours +npm's):\n%s", d)
				}
				run(t, folder, "npm", "ci", "--dry-run", "--offline", "--no-audit", "--no-fund")
				run(t, folder, "npm", "ls", "--all", "--package-lock-only")
			})
		}
	}
}

// realPython gives the real universe and three choices of its direct
// dependencies: for running, for development, and two of them.
func realPython(t *testing.T) (u *lockfile.Python, walk pyUniverse, choices map[string][]lockfile.Want) {
	t.Helper()
	files := pyUniverses(t)["templates"]
	walk = parsePython(t, files.pyproject, files.lock)
	var file struct {
		Project struct{ Dependencies []string }
	}
	if err := toml.Unmarshal(files.pyproject, &file); err != nil {
		t.Fatal(err)
	}
	running := slices.DeleteFunc(walk.asked(), func(name string) bool {
		return !slices.ContainsFunc(file.Project.Dependencies, func(s string) bool {
			return regexp.MustCompile(`^` + regexp.QuoteMeta(name) + `[^-[:alnum:]]`).MatchString(s)
		})
	})
	choices = map[string][]lockfile.Want{
		"run":         wants(t, running...),
		"development": wants(t, walk.asked()...),
		"two":         wants(t, running[0], running[len(running)/2]),
	}
	return must[*lockfile.Python](t)(lockfile.LoadPython(files.pyproject, files.lock)), walk, choices
}

// pip before 23.3 refuses a line of coverage without the extra that pytest-cov needs, but
// only once coverage has a newer version than the universe: no test can wait for that.
func TestExtrasStandInTheirLine(t *testing.T) {
	u, _, choices := realPython(t)
	if text := string(must[[]byte](t)(u.Prune(choices["development"]))); !strings.Contains(text, "\ncoverage[toml]==") {
		t.Error("coverage[toml], which pytest-cov needs, is not pinned as such")
	}
}

// In hash mode pip refuses a file that lacks any package which this machine needs.
func TestPipAgrees(t *testing.T) {
	if testing.Short() {
		t.Skip("downloads packages")
	}
	err := exec.Command("python3", "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))").Run()
	need(t, "python3, 3.11 or later, with pip", err == nil)
	u, _, choices := realPython(t)
	for name, list := range choices {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			write(t, folder, "requirements.txt", must[[]byte](t)(u.Prune(list)))
			run(t, folder, "python3", "-m", "pip", "install", "--dry-run", "--ignore-installed", "--only-binary=:all:", "--require-hashes", "-r", "requirements.txt")
		})
	}
}

// uv takes the files too, and what it makes itself of the whole universe
// installs the same on every machine.
func TestUvAgrees(t *testing.T) {
	if testing.Short() {
		t.Skip("asks for metadata of packages")
	}
	_, err := exec.LookPath("uv")
	need(t, "uv", err == nil)
	u, _, choices := realPython(t)
	for name, list := range choices {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			write(t, folder, "requirements.txt", must[[]byte](t)(u.Prune(list)))
			run(t, folder, "uv", "pip", "sync", "--dry-run", "--target", "site", "--require-hashes", "requirements.txt")
		})
	}
	folder := t.TempDir()
	write(t, folder, "pyproject.toml", read(t, "python", "pyproject.toml"))
	run(t, folder, "uv", "pip", "compile", "--universal", "--quiet", "--generate-hashes", "--group", "dev", "pyproject.toml", "-o", "theirs.txt")
	ours := string(must[[]byte](t)(u.Prune(choices["development"])))
	theirs := string(must[[]byte](t)(os.ReadFile(filepath.Join(folder, "theirs.txt"))))
	for name, env := range environments() {
		if d := cmp.Diff(pinned(t, theirs, env), pinned(t, ours, env)); d != "" {
			t.Errorf("%s (-uv's +ours):\n%s", name, d)
		}
	}
}

var pinLine = regexp.MustCompile(`(?m)^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?(==\S+)(?: ; ([^\\\n]*))?`)

// pinned gives what a requirements file installs on a machine, whoever wrote it.
func pinned(t *testing.T, text string, env environment) (list []string) {
	t.Helper()
	for _, m := range pinLine.FindAllStringSubmatch(text, -1) {
		if env.evaluate(t, m[3]) {
			list = append(list, m[1]+m[2])
		}
	}
	slices.Sort(list)
	return list
}
