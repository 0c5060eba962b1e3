package lockfile_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stackinit/stackinit/internal/lockfile"
)

// pyFiles are the two files of a Python universe.
type pyFiles struct{ pyproject, lock []byte }

// pyUniverses are the real universe and a small one with the corner cases.
func pyUniverses(tb testing.TB) map[string]pyFiles {
	file := func(name string) []byte { return must[[]byte](tb)(os.ReadFile(name)) }
	return map[string]pyFiles{
		"templates": {read(tb, "python", "pyproject.toml"), read(tb, "python", "lock.json")},
		"corners":   {file("testdata/corners-python.toml"), file("testdata/corners-python.json")},
	}
}

func wants(tb testing.TB, texts ...string) (list []lockfile.Want) {
	for _, s := range texts {
		list = append(list, must[lockfile.Want](tb)(lockfile.ParseWant(s)))
	}
	return list
}

func TestPythonPruneReadsBack(t *testing.T) {
	for name, files := range pyUniverses(t) {
		universe := parsePython(t, files.pyproject, files.lock)
		u := must[*lockfile.Python](t)(lockfile.LoadPython(files.pyproject, files.lock))
		direct := universe.asked()
		for _, names := range append(subsets(direct, 100), direct) {
			t.Run(name+"/"+strings.Join(names, "+"), func(t *testing.T) {
				list := wants(t, names...)
				if i := slices.Index(names, "app"); i >= 0 {
					list[i].Extras = []string{"json"}
				}
				lock := must[[]byte](t)(u.Prune(list))
				checkRequirements(t, string(lock), universe, list)
				slices.Reverse(list)
				if again := must[[]byte](t)(u.Prune(list)); !bytes.Equal(lock, again) {
					t.Error("the order of the dependencies shows in the lock")
				}
			})
		}
	}
}

// The corner cases, spelled out.
func TestPythonCorners(t *testing.T) {
	files := pyUniverses(t)["corners"]
	u := must[*lockfile.Python](t)(lockfile.LoadPython(files.pyproject, files.lock))
	for _, test := range []struct{ wants, want string }{
		{"lone", "lone==1.0"},
		// an edge back to app asks for its extra json, and the ring ends
		{"app", `app[json]==1.0
click==8.0
colour==0.4 ; sys_platform == 'win32'
loop[fast]==1.0
quick-json==1.0 ; python_full_version >= '3.13' or sys_platform == 'win32' or sys_platform == 'darwin'
ring==1.0
ring-back==1.0
zones==2026.1 ; python_full_version >= '3.13' or sys_platform == 'win32' or sys_platform == 'darwin'`},
		{"app[fast]", `app[fast,json]==1.0
click==8.0
colour==0.4 ; sys_platform == 'win32'
loop[fast]==1.0
quick-json==1.0 ; python_full_version >= '3.13' or sys_platform == 'win32' or sys_platform == 'darwin'
ring==1.0
ring-back==1.0
uv-loop==1.0 ; platform_python_implementation != 'PyPy' and sys_platform != 'win32'
zones==2026.1 ; python_full_version >= '3.13' or sys_platform == 'win32' or sys_platform == 'darwin'`},
		// two versions, each with what only it needs
		{"numbers", `numbers==2.4.0 ; python_full_version < '3.12'
numbers==2.5.0 ; python_full_version >= '3.12'
backport==1.0 ; python_full_version < '3.12'`},
		{"frames", `frames==3.0 ; python_version >= '3.11'
numbers==2.4.0 ; python_full_version < '3.12' and python_version >= '3.11'
numbers==2.5.0 ; python_full_version >= '3.12' and python_version >= '3.11'
backport==1.0 ; python_full_version < '3.12' and python_version >= '3.11'
zones==2026.1 ; python_version >= '3.11' and sys_platform == 'win32'`},
		// the shorter condition absorbs the longer one
		{"frames numbers", `frames==3.0 ; python_version >= '3.11'
numbers==2.4.0 ; python_full_version < '3.12'
numbers==2.5.0 ; python_full_version >= '3.12'
backport==1.0 ; python_full_version < '3.12'
zones==2026.1 ; python_version >= '3.11' and sys_platform == 'win32'`},
		// the same when the longer one comes first, on the shorter way
		{"late", `colour==0.4 ; os_name == 'posix' or os_name == 'nt'
late==1.0 ; os_name == 'posix' or os_name == 'nt'
mid==1.0 ; os_name == 'posix' or os_name == 'nt'
lone==1.0 ; (os_name == 'posix' or os_name == 'nt') and sys_platform == 'win32'`},
		{"server winserver", `server==1.0 ; sys_platform != 'win32'
packing==1.0 ; (python_full_version < '3.14' and sys_platform == 'win32') or sys_platform != 'win32'
winserver==1.0 ; sys_platform == 'win32'`},
		{"server winserver tests", `click==8.0 ; python_full_version < '3.12'
colour==0.4 ; sys_platform == 'win32'
server==1.0 ; sys_platform != 'win32'
packing==1.0
tests==1.0
winserver==1.0 ; sys_platform == 'win32'`},
	} {
		lock := must[[]byte](t)(u.Prune(wants(t, strings.Fields(test.wants)...)))
		var got []string
		for _, p := range parseRequirements(t, string(lock)) {
			line := strings.Replace(p.nameVersion, "==", p.extras+"==", 1)
			if p.marker != "" {
				line += " ; " + p.marker
			}
			got = append(got, line)
		}
		if d := cmp.Diff(strings.Split(test.want, "\n"), got); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.wants, d)
		}
	}
}

func TestPythonText(t *testing.T) {
	files := pyUniverses(t)["corners"]
	u := must[*lockfile.Python](t)(lockfile.LoadPython(files.pyproject, files.lock))
	want := `# Made by stackinit from pyproject.toml; pinned and hashed, for Python >=3.11 on every platform.
# Install: uv pip sync FILE, or: pip install --require-hashes -r FILE
# Update: uv pip compile --universal --generate-hashes --upgrade pyproject.toml -o FILE
# (for the development file, add: --group dev)
server==1.0 ; sys_platform != 'win32' \
    --hash=sha256:SERVER0 \
    --hash=sha256:SERVER1
    # via pyproject.toml
packing==1.0 \
    --hash=sha256:PACKING0 \
    --hash=sha256:PACKING1
    # via server, tests
`
	got := string(must[[]byte](t)(u.Prune(wants(t, "server", "tests"))))
	for _, p := range parsePython(t, files.pyproject, files.lock).Packages {
		for i, h := range slices.Sorted(slices.Values(p.Hashes)) {
			got = strings.ReplaceAll(got, h, fmt.Sprintf("sha256:%s%d", strings.ToUpper(p.Name), i))
		}
	}
	before, after, _ := strings.Cut(got, "click==")
	_, after, _ = strings.Cut(after, "server==")
	after, _, _ = strings.Cut(after, "tests==")
	if d := cmp.Diff(want, before+"server=="+after); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestPythonSpec(t *testing.T) {
	files := pyUniverses(t)["corners"]
	u := must[*lockfile.Python](t)(lockfile.LoadPython(files.pyproject, files.lock))
	for want, spec := range map[string]string{
		"app":              "app>=1,<2",
		"App[json , FAST]": "app[fast,json]>=1,<2",
		"server":           "server>=1; sys_platform != 'win32'",
		"lone":             "lone==1.0",
		"tests":            "tests>=1",
	} {
		if got := must[string](t)(u.Spec(wants(t, want)[0])); got != spec {
			t.Errorf("%s: %q, want %q", want, got, spec)
		}
	}
}

func TestPythonPruneRefuses(t *testing.T) {
	files := pyUniverses(t)["corners"]
	u := must[*lockfile.Python](t)(lockfile.LoadPython(files.pyproject, files.lock))
	for _, test := range []struct {
		want lockfile.Want
		text string
	}{
		{lockfile.Want{Name: "framez"}, "\"framez\" is not a direct dependency of the Python universe\n  did you mean \"frames\"?"},
		{lockfile.Want{Name: "zones"}, `"zones" is not a direct dependency of the Python universe`}, // there, but not direct
		{lockfile.Want{}, `"" is not a direct dependency`},
		{lockfile.Want{Name: "app", Extras: []string{"slow"}}, `the Python universe does not hold the extra "slow" of app`},
		{lockfile.Want{Name: "app", Extras: []string{""}}, `the Python universe does not hold the extra "" of app`},
	} {
		_, err := u.Prune([]lockfile.Want{test.want})
		if got := wantRefused(t, err); !strings.HasPrefix(got, test.text) {
			t.Errorf("got %s\nwant %s", got, test.text)
		}
	}
	for _, text := range []string{"", "app>=1", "app; sys_platform == 'x'", "app[", "app @ https://host.example/a.whl", "-r file", "app\napp", "../app"} {
		_, err := lockfile.ParseWant(text)
		wantRefused(t, err)
	}
}

const aHash = `"hashes":["sha256:0000000000000000000000000000000000000000000000000000000000000000"]`

func TestLoadPythonRefuses(t *testing.T) {
	const goodProject = "[project]\ndependencies = ['a>=1']\n"
	pkgs := func(list string) string { return `{"version":1,"requires_python":">=3.11","packages":[` + list + `]}` }
	good := pkgs(`{"name":"a","version":"1",` + aHash + `}`)
	edge := func(edge string) string {
		return pkgs(`{"name":"a","version":"1",` + aHash + `,"dependencies":[` + edge + `]}`)
	}
	for _, test := range []struct{ name, pyproject, lock, want string }{
		{"empty", goodProject, "", "line 1 is not the JSON of a lock: "},
		{"not JSON", goodProject, "{\n\"version\": 1,\n}", "line 3 is not the JSON of a lock: "},
		{"no object", goodProject, "[]", "line 1 is not the JSON of a lock: json: cannot unmarshal array"},
		{"an unknown form", goodProject, strings.Replace(good, `"version":1`, `"version":2`, 1), "lock.json has version 2"},
		{"no range of Python", goodProject, `{"version":1}`, `requires_python ""`},
		{"a line break in the range of Python", goodProject, strings.Replace(good, ">=3.11", `>=3.11\n--index-url x`, 1), "requires_python"},
		{"no packages", goodProject, pkgs(""), "asks for a, which lock.json lacks"},
		{"no hash", goodProject, pkgs(`{"name":"a","version":"1"}`), "a 1 has no hash"},
		{"a weak hash", goodProject, pkgs(`{"name":"a","version":"1","hashes":["md5:00"]}`), `a 1 has the hash "md5:00"`},
		{"a line break in a name", goodProject, pkgs(`{"name":"a\nb","version":"1",` + aHash + `}`), `"a\nb" is no normalized name`},
		{"a name without end", goodProject, pkgs(`{"name":"` + strings.Repeat("A", 1e5) + `","version":"1",` + aHash + `}`), "is no normalized name"},
		{"no version", goodProject, pkgs(`{"name":"a",` + aHash + `}`), `a has the version ""`},
		{"a line break in a marker", goodProject, edge(`{"name":"a","marker":"os_name == 'x'\n--index-url x"}`), "which is no marker"},
		{"an extra as a marker", goodProject, edge(`{"name":"a","marker":"extra == 'x'"}`), "which is no marker"},
		{"a missing package", goodProject, edge(`{"name":"b"}`), `"a" needs "b" "", which is not in it`},
		{"a missing version", goodProject, edge(`{"name":"a","version":"2"}`), `"a" needs "a" "2", which is not in it`},
		{"a missing package of an extra", goodProject, pkgs(`{"name":"a","version":"1",` + aHash + `,"optional":{"x":[{"name":"b"}]}}`), `"a[x]" needs "b"`},
		{"an edge to one of two versions", goodProject, pkgs(`{"name":"b","version":"1",` + aHash + `},{"name":"b","version":"2",` + aHash + `},{"name":"a","version":"1",` + aHash + `,"dependencies":[{"name":"b"}]}`), "\"a\" needs b, but which of its versions?"},
		{"two versions of a direct dependency without markers", goodProject, pkgs(`{"name":"a","version":"1",` + aHash + `},{"name":"a","version":"2",` + aHash + `}`), "a has several versions; 1 lacks the marker"},
		{"twice", goodProject, pkgs(`{"name":"a","version":"1",` + aHash + `},{"name":"a","version":"1",` + aHash + `}`), "a 1 is there twice"},
		{"a pyproject.toml that is no TOML", "[project\n", good, "pyproject.toml:"},
		{"no direct dependency", "[project]\ndependencys = ['a>=1']\n", good, "pyproject.toml has no dependencies"},
		{"a requirement that is an address", "[project]\ndependencies = ['a @ https://host.example/a.whl']\n", good, "is no requirement of a package"},
		{"two ranges", goodProject + "[dependency-groups]\ndev = ['a>=2']\n", good, `asks for "a>=1" and for "a>=2"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := lockfile.LoadPython([]byte(test.pyproject), []byte(test.lock))
			if got := wantRefused(t, err); !strings.Contains(got, test.want) {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
	if _, err := lockfile.LoadPython([]byte(goodProject), []byte(good)); err != nil {
		t.Errorf("the universe that the others are made from: %v", err)
	}
}

// Universes that no resolver makes, in which conditions grow without end.
func TestPythonConditionsThatExplode(t *testing.T) {
	marked := func(to, letter string, n int) string {
		return fmt.Sprintf(`{"name":"p%s","marker":"os_name == '%s%d'"}`, to, letter, n)
	}
	for _, test := range []struct {
		name  string
		size  int
		edges func(i int) string
	}{
		{"the ways to the last package double at each step", 40, func(i int) string {
			next := fmt.Sprint(i + 1)
			return marked(next, "a", i) + "," + marked(next, "b", i)
		}},
		{"each step adds a marker", 40, func(i int) string { return marked(fmt.Sprint(i+1), "a", i) }},
		{"many packages with many conditions", 3000, func(i int) string {
			var edges []string
			for n := range 3000 {
				switch {
				case i == 0 && n < 60:
					edges = append(edges, marked("1", "a", n))
				case i == 1 && n > 1:
					edges = append(edges, fmt.Sprintf(`{"name":"p%d"}`, n))
				}
			}
			return strings.Join(edges, ",")
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var list []string
			for i := range test.size {
				list = append(list, fmt.Sprintf(`{"name":"p%d","version":"1","dependencies":[%s],%s}`, i, test.edges(i), aHash))
			}
			list = append(list, fmt.Sprintf(`{"name":"p%d","version":"1",%s}`, test.size, aHash))
			lock := `{"version":1,"requires_python":">=3.11","packages":[` + strings.Join(list, ",") + `]}`
			u := must[*lockfile.Python](t)(lockfile.LoadPython([]byte("[project]\ndependencies = ['p0']\n"), []byte(lock)))
			start := time.Now()
			_, err := u.Prune(wants(t, "p0"))
			if got := wantRefused(t, err); !strings.Contains(got, "the markers of p") {
				t.Error(got)
			}
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("it took %v", d)
			}
		})
	}
}

func FuzzLoadPython(f *testing.F) {
	files := pyUniverses(f)["corners"]
	f.Add(files.pyproject, files.lock)
	f.Fuzz(func(t *testing.T, pyproject, lock []byte) {
		u, err := lockfile.LoadPython(pyproject, lock)
		if err != nil {
			wantRefused(t, err)
			return
		}
		for name := range parsePython(t, pyproject, lock).direct {
			w, err := lockfile.ParseWant(name)
			if err != nil {
				continue
			}
			text, err := u.Prune([]lockfile.Want{w})
			if err != nil {
				wantRefused(t, err)
				continue
			}
			parseRequirements(t, string(text))
		}
	})
}

func BenchmarkPythonLoad(b *testing.B) {
	files := pyUniverses(b)["templates"]
	b.SetBytes(int64(len(files.lock)))
	for b.Loop() {
		if _, err := lockfile.LoadPython(files.pyproject, files.lock); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPythonPrune(b *testing.B) {
	files := pyUniverses(b)["templates"]
	u := must[*lockfile.Python](b)(lockfile.LoadPython(files.pyproject, files.lock))
	all := wants(b, parsePython(b, files.pyproject, files.lock).asked()...)
	for b.Loop() {
		if _, err := u.Prune(all); err != nil {
			b.Fatal(err)
		}
	}
}
