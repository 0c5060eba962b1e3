package lockfile_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/lockfile"
)

// The universes that the templates use hold everything a lock needs, and no
// place to fetch it from. The loaders refuse most of these faults; here they
// are looked for in another way.
func TestUniverseIsWhole(t *testing.T) {
	t.Run("npm", func(t *testing.T) {
		raw := read(t, "npm", "package-lock.json")
		u := must[*lockfile.Npm](t)(lockfile.LoadNpm(raw))
		lock := parseNpm(t, raw)
		for at, p := range lock {
			if at != "" && p["integrity"] == nil && p["inBundle"] != true {
				t.Errorf("%s has no integrity", at)
			}
			if p["extraneous"] != nil {
				t.Errorf("%s is extraneous", at)
			}
			delete(p, "funding") // pages where one can give money, which npm copies
			if text := must[[]byte](t)(json.Marshal(p)); p["resolved"] != nil || bytes.Contains(text, []byte("://")) {
				t.Errorf("%s names an address: %s", at, text)
			}
			for _, e := range lock.edges(at) {
				if _, ok := lock.find(e); !ok && e.required() {
					t.Errorf("%q needs %s (optional: %v), which has no entry", at, e.name, e.optional)
				}
			}
		}
		var manifest map[string]any
		if err := json.Unmarshal(read(t, "npm", "package.json"), &manifest); err != nil {
			t.Fatal(err)
		}
		if a, b := directNpm(npmLock{"": manifest}), directNpm(lock); !slices.Equal(a, b) || len(a) == 0 {
			t.Errorf("package.json has %q, package-lock.json %q", a, b)
		}
		for _, n := range directNpm(lock) {
			if r, err := u.Range(n); err != nil || r == "" {
				t.Errorf("%s has no range", n)
			}
		}
	})
	t.Run("Python", func(t *testing.T) {
		files := pyUniverses(t)["templates"]
		u := must[*lockfile.Python](t)(lockfile.LoadPython(files.pyproject, files.lock))
		universe := parsePython(t, files.pyproject, files.lock)
		if bytes.Contains(files.lock, []byte("://")) || bytes.Contains(files.pyproject, []byte("://")) {
			t.Error("it names an address")
		}
		for _, p := range universe.Packages {
			if len(p.Hashes) == 0 {
				t.Errorf("%s has no hash", p.Name)
			}
		}
		for _, n := range slices.Sorted(maps.Keys(universe.direct)) {
			spec := must[string](t)(u.Spec(wants(t, n)[0]))
			if !strings.ContainsAny(spec, "<=>") {
				t.Errorf("%s has no range", spec)
			}
		}
	})
}
