package plan

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/templates"
)

// checkLocks holds every lock file of a project against its manifest and, by a
// walk that shares nothing with the one that made it, against its own edges.
func checkLocks(t *testing.T, name string, files map[string]File) {
	t.Helper()
	found := false
	for p, f := range files {
		switch path.Base(p) {
		case "package-lock.json":
			found = true
			for _, fault := range npmFaults(t, f.Body, files[path.Join(path.Dir(p), "package.json")].Body) {
				t.Errorf("%s: %s: %s", name, p, fault)
			}
		case "requirements.txt", "requirements-dev.txt":
			found = true
			for _, fault := range pythonFaults(t, f.Body) {
				t.Errorf("%s: %s: %s", name, p, fault)
			}
		}
	}
	if !found {
		t.Errorf("%s has no lock file", name)
	}
}

type npmPackage struct {
	Version, Integrity, Resolved  string
	Optional                      bool
	Dependencies, DevDependencies map[string]string
	OptionalDependencies          map[string]string
	PeerDependencies              map[string]string
	PeerDependenciesMeta          map[string]struct{ Optional bool }
}

func npmFaults(t *testing.T, lock, manifest []byte) (faults []string) {
	var l struct{ Packages map[string]npmPackage }
	var m npmPackage
	for src, to := range map[*[]byte]any{&lock: &l, &manifest: &m} {
		if err := json.Unmarshal(*src, to); err != nil {
			t.Fatal(err)
		}
	}
	root := l.Packages[""]
	if !maps.Equal(root.Dependencies, m.Dependencies) || !maps.Equal(root.DevDependencies, m.DevDependencies) {
		faults = append(faults, "the root is not what package.json says")
	}
	reached, todo := map[string]bool{}, []string{""}
	need := func(from, name string, must bool) {
		for at := from; ; at = at[:max(0, strings.LastIndex("/"+at, "/node_modules/")-1)] {
			p := strings.TrimPrefix(at+"/node_modules/"+name, "/")
			if _, ok := l.Packages[p]; ok {
				if !reached[p] {
					reached[p] = true
					todo = append(todo, p)
				}
				return
			}
			if at == "" {
				break
			}
		}
		if must {
			faults = append(faults, fmt.Sprintf("%q needs %s, which is not there", from, name))
		}
	}
	for len(todo) > 0 {
		from := todo[0]
		todo = todo[1:]
		p := l.Packages[from]
		for _, names := range []map[string]string{p.Dependencies, p.DevDependencies, p.OptionalDependencies} {
			for n := range names {
				need(from, n, true)
			}
		}
		for n := range p.PeerDependencies {
			need(from, n, !p.PeerDependenciesMeta[n].Optional)
		}
	}
	for at, p := range l.Packages {
		switch {
		case at == "":
		case !reached[at]:
			faults = append(faults, at+" is needed by nothing")
		case p.Integrity == "" || p.Resolved != "":
			faults = append(faults, at+" has no hash, or names a host")
		}
	}
	return faults
}

var pinned = regexp.MustCompile(`(?m)^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==`)

// pythonFaults follows the edges of the universe that hold on every machine.
func pythonFaults(t *testing.T, requirements []byte) (faults []string) {
	src, err := templates.FS.ReadFile(pythonUniverse)
	if err != nil {
		t.Fatal(err)
	}
	var universe struct {
		Packages []struct {
			Name         string
			Dependencies []struct{ Name, Marker string }
		}
	}
	if err := json.Unmarshal(src, &universe); err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, m := range pinned.FindAllSubmatch(requirements, -1) {
		there[string(m[1])] = true
	}
	if len(there) == 0 || len(universe.Packages) == 0 {
		return []string{"nothing is pinned"}
	}
	for _, p := range universe.Packages {
		for _, d := range p.Dependencies {
			if there[p.Name] && d.Marker == "" && !there[d.Name] {
				faults = append(faults, p.Name+" needs "+d.Name+", which is not pinned")
			}
		}
	}
	return faults
}
