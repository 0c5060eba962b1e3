package lockfile_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"
	"github.com/stackinit/stackinit/internal/lockfile"
)

// pyUniverse is a Python universe as this test reads it by itself.
type pyUniverse struct {
	Packages []struct {
		Name, Version, Marker string
		Dependencies          []pyEdge
		Optional              map[string][]pyEdge
		Hashes                []string
	}
	direct map[string]pyDirect // by name
}

// pyDirect is what pyproject.toml says of a package beside its versions.
type pyDirect struct{ extras, marker string }

type pyEdge struct {
	Name, Version, Marker string
	Extra                 []string
}

func parsePython(tb testing.TB, pyproject, lock []byte) pyUniverse {
	tb.Helper()
	u := pyUniverse{direct: map[string]pyDirect{}}
	if err := json.Unmarshal(lock, &u); err != nil {
		tb.Fatal(err)
	}
	var file map[string]any
	if err := toml.Unmarshal(pyproject, &file); err != nil {
		tb.Fatal(err)
	}
	project := asObject(file["project"])
	lists := []any{project["dependencies"]}
	lists = slices.AppendSeq(lists, maps.Values(asObject(project["optional-dependencies"])))
	lists = slices.AppendSeq(lists, maps.Values(asObject(file["dependency-groups"])))
	for _, list := range lists {
		items, _ := list.([]any)
		for _, v := range items {
			if text, ok := v.(string); ok {
				spec, marker, _ := strings.Cut(text, ";")
				m := regexp.MustCompile(`^([A-Za-z0-9._-]+)(\[.*\])?`).FindStringSubmatch(spec)
				u.direct[strings.ToLower(m[1])] = pyDirect{m[2], strings.TrimSpace(marker)}
			}
		}
	}
	return u
}

// asked gives the direct dependencies with their extras, sorted.
func (u pyUniverse) asked() (names []string) {
	for name, d := range u.direct {
		names = append(names, name+d.extras)
	}
	slices.Sort(names)
	return names
}

// installed walks the universe on one machine, evaluating every marker on the
// way, and gives what must be installed there, as "name==version".
func (u pyUniverse) installed(t *testing.T, env environment, wants []lockfile.Want) []string {
	t.Helper()
	type need struct{ name, version, extra string }
	seen := map[need]bool{}
	var visit func(e pyEdge)
	visit = func(e pyEdge) {
		if !env.evaluate(t, e.Marker) {
			return
		}
		for _, p := range u.Packages {
			if p.Name != e.Name || e.Version != "" && p.Version != e.Version {
				continue
			}
			if e.Version == "" && !env.evaluate(t, p.Marker) {
				continue
			}
			for _, extra := range append([]string{""}, e.Extra...) {
				n := need{p.Name, p.Version, extra}
				if seen[n] {
					continue
				}
				seen[n] = true
				next := p.Dependencies
				if extra != "" {
					next = p.Optional[extra]
				}
				for _, e := range next {
					visit(e)
				}
			}
		}
	}
	for _, w := range wants {
		visit(pyEdge{Name: w.Name, Extra: w.Extras, Marker: u.direct[w.Name].marker})
	}
	var list []string
	for n := range seen {
		list = append(list, n.name+"=="+n.version)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// pin is one line of a requirements file.
type pin struct {
	nameVersion, extras, marker string
	hashes                      []string
}

var pinText = regexp.MustCompile(`^([a-z0-9-]+)(\[[a-z0-9,-]+\])?(==[0-9a-z.!+]+)(?: ; ([^\\]+?))?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n    # via ([a-z0-9., -]+)\n`)

// parseRequirements reads a requirements file, every byte of it.
func parseRequirements(t *testing.T, text string) (pins []pin) {
	t.Helper()
	for strings.HasPrefix(text, "#") {
		_, text, _ = strings.Cut(text, "\n")
	}
	for text != "" {
		m := pinText.FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("not a pinned and hashed requirement:\n%.300s", text)
		}
		pins = append(pins, pin{m[1] + m[3], m[2], m[4], strings.Split(strings.TrimPrefix(m[5], " \\\n    --hash="), " \\\n    --hash=")})
		text = text[len(m[0]):]
	}
	return pins
}

// checkRequirements compares what a requirements file installs with what an
// own walk of the universe wants, machine by machine, and its hashes with the
// universe's.
func checkRequirements(t *testing.T, text string, u pyUniverse, wants []lockfile.Want) {
	t.Helper()
	pins := parseRequirements(t, text)
	for name, env := range environments() {
		var got []string
		for _, p := range pins {
			if env.evaluate(t, p.marker) {
				got = append(got, p.nameVersion)
			}
		}
		slices.Sort(got)
		if d := cmp.Diff(u.installed(t, env, wants), got); d != "" {
			t.Errorf("%s (-needed +installed):\n%s", name, d)
		}
		names := map[string]bool{}
		for _, p := range got {
			n, _, _ := strings.Cut(p, "==")
			if names[n] {
				t.Errorf("%s: two versions of %s", name, n)
			}
			names[n] = true
		}
	}
	for _, p := range u.Packages {
		for _, got := range pins {
			if got.nameVersion == p.Name+"=="+p.Version {
				if d := cmp.Diff(slices.Sorted(slices.Values(p.Hashes)), got.hashes); d != "" {
					t.Errorf("hashes of %s (-universe +lock):\n%s", p.Name, d)
				}
			}
		}
	}
}
