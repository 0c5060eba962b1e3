package house

import (
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/templates"
)

const (
	top    = "../.."
	module = "github.com/stackinit/stackinit/"
)

// levels are the rooms from the top down: a room imports only rooms further
// down, and rooms that share a line never import each other.
var levels = [][]string{
	{"cmd/stackinit"},
	{"internal/cli"},
	{"internal/apply", "internal/gitrepo", "internal/prompt", "internal/source", "internal/verify"}, // effects
	{"internal/packlint"},
	{"internal/planfile", "internal/packtest", "internal/packnew"},
	{"internal/plan"},
	{"internal/record", "internal/adr"},
	{"internal/pack", "internal/render", "internal/lockfile", "internal/decisionlog"},
	{"internal/interview"},
	{"internal/explain", "internal/config"},
	{"internal/recommend", "internal/names", "internal/markdown"},
	{"internal/strictyaml"},
	{"internal/diag", "internal/workers"},
	{"templates"},
}

// apart are packages that no room imports: tests and what they share.
var apart = []string{"internal/house", "internal/house/guards", "internal/e2e", "internal/testterm"}

// pure lists the rooms that must not know the machine, and what that means.
var (
	pure      = []string{"diag", "strictyaml", "names", "markdown", "config", "recommend", "explain", "interview", "pack", "render", "lockfile", "decisionlog", "adr", "record", "plan", "planfile", "packtest", "packlint", "packnew", "workers"}
	notPure   = []string{"os", "os/exec", "os/signal", "net", "net/http", "syscall", "math/rand", "math/rand/v2", "crypto/rand", "path/filepath", "log", "embed"}
	edgeTools = map[string][]string{
		"github.com/spf13/cobra":           {"internal/cli"},
		"github.com/AlecAivazis/survey/v2": {"internal/prompt"},
		"github.com/go-git/go-git/v5":      {"internal/gitrepo", "internal/source"},
		"github.com/klauspost/compress":    {"internal/gitrepo"},
		"github.com/Masterminds/sprig/v3":  {"internal/render"},
		"github.com/pelletier/go-toml/v2":  {"internal/plan", "internal/lockfile"},
		"golang.org/x/sys":                 {"internal/apply", "internal/prompt"},
		"golang.org/x/term":                {"internal/prompt"},
		"github.com/rogpeppe/go-internal":  nil, // tests alone
		"github.com/google/go-cmp":         nil,
		"github.com/Netflix/go-expect":     nil,
		"github.com/hinshun/vt10x":         nil,
		"github.com/creack/pty":            nil,
	}
)

type room struct {
	imports map[string]bool
	doc     bool
}

// rooms parses every package of the module without its tests.
func rooms(t *testing.T) map[string]*room {
	t.Helper()
	all := map[string]*room{}
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		rel := filepath.ToSlash(strings.TrimPrefix(p, top+string(filepath.Separator)))
		if err != nil || d.IsDir() {
			if d != nil && (strings.HasPrefix(d.Name(), ".") && p != top || d.Name() == "testdata" || d.Name() == "node_modules" || rel == "examples" || strings.HasPrefix(rel, "templates/")) {
				return filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		dir := path.Dir(rel)
		if all[dir] == nil {
			all[dir] = &room{imports: map[string]bool{}}
		}
		all[dir].doc = all[dir].doc || f.Doc != nil
		for _, imp := range f.Imports {
			name, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				return err
			}
			all[dir].imports[name] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func level(dir string) int {
	return slices.IndexFunc(levels, func(l []string) bool { return slices.Contains(l, dir) })
}

func TestImportsPointDown(t *testing.T) {
	for dir, r := range rooms(t) {
		if slices.Contains(apart, dir) {
			continue
		}
		if level(dir) < 0 {
			t.Errorf("%s is a room that the table of this test and docs/architecture.md do not know", dir)
		}
		for imp := range r.imports {
			to, ours := strings.CutPrefix(imp, module)
			if ours && level(to) <= level(dir) {
				t.Errorf("%s imports %s: imports point down only, so that what a room needs can be read off its place", dir, to)
			}
		}
	}
}

func TestPureRoomsKnowNoMachine(t *testing.T) {
	all := rooms(t)
	for _, name := range pure {
		r := all["internal/"+name]
		if r == nil {
			t.Errorf("there is no room %s", name)
			continue
		}
		for imp := range r.imports {
			if slices.Contains(notPure, imp) && !(imp == "embed" && name == "recommend") { // its own data
				t.Errorf("internal/%s imports %s: a pure room gets dates, files and names as values, so that the same input gives the same project", name, imp)
			}
		}
	}
}

func TestLibrariesStayAtTheirEdge(t *testing.T) {
	for dir, r := range rooms(t) {
		for imp := range r.imports {
			for lib, at := range edgeTools {
				if (imp == lib || strings.HasPrefix(imp, lib+"/")) && !slices.Contains(at, dir) && !slices.Contains(apart, dir) {
					t.Errorf("%s imports %s, which only %v may: a library that can be replaced in one place can be replaced", dir, imp, at)
				}
			}
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for dir, r := range rooms(t) {
		if !r.doc {
			t.Errorf("%s has no package comment: a reader starts there", dir)
		}
	}
}

// Embedding drops dotfiles without "all:", folders with a go.mod, and modes.
func TestEmbeddedTreeIsComplete(t *testing.T) {
	onDisk := os.DirFS(top + "/templates")
	seen := 0
	err := fs.WalkDir(onDisk, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		seen++
		want, err := fs.ReadFile(onDisk, p)
		if err != nil {
			return err
		}
		if got, err := fs.ReadFile(templates.FS, p); err != nil || !bytes.Equal(got, want) {
			t.Errorf("templates/%s is not embedded as it is on disk: %v", p, err)
		}
		return nil
	})
	if err != nil || seen < 50 {
		t.Errorf("%d files, %v", seen, err)
	}
}

// Regular expressions compiled as the program starts were a tenth of its start-up.
func TestNothingIsCompiledAtImport(t *testing.T) {
	early := regexp.MustCompile(`(?m)^(var |\t)\w+ *= (regexp\.MustCompile|template\.Must)\(`)
	sources(t, func(p string, src []byte) {
		if at := early.Find(src); at != nil {
			t.Errorf("%s: %q works at import time; put it into a sync.OnceValue", p, at)
		}
	})
}

// sources visits every Go file that is no test.
func sources(t *testing.T, visit func(p string, src []byte)) {
	t.Helper()
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return err
		}
		src, err := os.ReadFile(p)
		visit(p, src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSizesStayReadable(t *testing.T) {
	const most = 400 // lines of a file; 250 is the aim
	sources(t, func(p string, src []byte) {
		if n := bytes.Count(src, []byte("\n")); n > most {
			t.Errorf("%s has %d lines; over %d a reader gets lost: split it", p, n, most)
		}
	})
}

// The day shown to users is the one that the universe was really resolved for.
func TestLockDateIsTrue(t *testing.T) {
	src, err := os.ReadFile(top + "/templates/universe/python/pyproject.toml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(src), `exclude-newer = "`+templates.Resolved+`T`) {
		t.Errorf("templates.Resolved is %s, but universe/python/pyproject.toml says otherwise", templates.Resolved)
	}
}
