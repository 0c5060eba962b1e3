package lockfile

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Python is a Python universe. It does not change after LoadPython, so any
// number of Prune calls may share it.
type Python struct {
	direct         map[string]requirement
	requiresPython string
	packages       []pyPackage      // in the order of lock.json
	byName         map[string][]int // indexes in packages; several only if uv forked
}

type pyPackage struct {
	name, version string
	marker        string              // where this version applies, if there are several
	edges         map[string][]pyEdge // by extra; "" is the package itself
	hashes        []string            // sorted
}

// A pyEdge leads to a package, and to the extras of it, where marker holds.
type pyEdge struct {
	to     int // index in Python.packages
	extras []string
	marker string // "" is everywhere
}

// pyLock is the form of lock.json: a uv.lock without addresses. Edges have a
// version only where the universe holds a package twice, as uv does when no
// single version suits every Python. The marker of a package, which says where
// its version applies, is there only if such a package is a direct dependency.
type pyLock struct {
	Version        int
	RequiresPython string `json:"requires_python"`
	Packages       []struct {
		Name, Version, Marker string
		Dependencies          []pyLockEdge
		Optional              map[string][]pyLockEdge
		Hashes                []string
	}
}

type pyLockEdge struct {
	Name, Version string
	Extra         []string
	Marker        string
}

// LoadPython reads a universe: its pyproject.toml, which holds the direct
// dependencies, and its lock.json. It must be whole: each dependency is there,
// each package has hashes, and nothing could add a line to a requirements file.
func LoadPython(pyproject, lock []byte) (*Python, error) {
	direct, err := directRequirements(pyproject)
	if err != nil {
		return nil, err
	}
	var file pyLock
	if err := json.Unmarshal(lock, &file); err != nil {
		return nil, jsonError("Python", lock, err)
	}
	if file.Version != 1 || !safeSpec().MatchString(file.RequiresPython) {
		return nil, refused(remake, "Python universe: lock.json has version %d and requires_python %.80q, not 1 and a range", file.Version, file.RequiresPython)
	}
	u := &Python{direct: direct, requiresPython: file.RequiresPython, byName: map[string][]int{}}
	for i, p := range file.Packages {
		hashes := slices.Compact(slices.Sorted(slices.Values(p.Hashes)))
		u.packages = append(u.packages, pyPackage{p.Name, p.Version, p.Marker, map[string][]pyEdge{}, hashes})
		if err := u.packages[i].check(); err != nil {
			return nil, err
		}
		for _, other := range u.byName[p.Name] {
			if u.packages[other].version == p.Version {
				return nil, refused(remake, "Python universe: %s %s is there twice", p.Name, p.Version)
			}
		}
		u.byName[p.Name] = append(u.byName[p.Name], i)
	}
	for i, p := range file.Packages {
		sections := maps.Clone(p.Optional)
		if sections == nil {
			sections = map[string][]pyLockEdge{}
		}
		sections[""] = p.Dependencies
		for _, extra := range slices.Sorted(maps.Keys(sections)) {
			if err := u.connect(i, extra, sections[extra]); err != nil {
				return nil, err
			}
		}
	}
	if err := u.checkDirect(); err != nil {
		return nil, err
	}
	return u, nil
}

var (
	safeName    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`) })
	safeVersion = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9][0-9a-z.!+]*$`) })
	safeSpec    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[<>=!~0-9a-z.,* ]+$`) })
	safeMarker  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_.'"()<>=!~+* -]+$`) })
)

// isMarker reports whether text can be a marker of a requirement. Extras are
// edges here and must not come back as a condition.
func isMarker(text string) bool {
	return safeMarker().MatchString(text) && !strings.Contains(text, "extra")
}

// check refuses a package that could not be pinned, or verified, in one line.
func (p pyPackage) check() error {
	switch {
	case !safeName().MatchString(p.name):
		return refused(remake, "Python universe: %.80q is no normalized name of a package", p.name)
	case !safeVersion().MatchString(p.version):
		return refused(remake, "Python universe: %s has the version %.80q", p.name, p.version)
	case p.marker != "" && !isMarker(p.marker):
		return refused(remake, "Python universe: %s has the marker %.80q", p.name, p.marker)
	case len(p.hashes) == 0:
		return refused(remake, "Python universe: %s %s has no hash", p.name, p.version)
	}
	for _, h := range p.hashes {
		if digits, ok := strings.CutPrefix(h, "sha256:"); !ok || len(digits) != 64 || strings.Trim(digits, "0123456789abcdef") != "" {
			return refused(remake, "Python universe: %s %s has the hash %.80q, which is no sha256", p.name, p.version, h)
		}
	}
	return nil
}

// connect resolves the edges of a package, or of one of its extras.
func (u *Python) connect(i int, extra string, edges []pyLockEdge) error {
	p := &u.packages[i]
	path := p.name
	if extra != "" {
		path += "[" + extra + "]"
	}
	p.edges[extra] = make([]pyEdge, 0, len(edges))
	for _, e := range edges {
		to := u.byName[e.Name]
		if e.Version != "" {
			to = slices.DeleteFunc(slices.Clone(to), func(i int) bool { return u.packages[i].version != e.Version })
		}
		switch {
		case len(to) == 0:
			return refused(remake, "Python universe: %.80q needs %.80q %.80q, which is not in it", path, e.Name, e.Version)
		case len(to) > 1:
			return refused(remake, "Python universe: %.80q needs %s, but which of its versions?", path, e.Name)
		case e.Marker != "" && !isMarker(e.Marker):
			return refused(remake, "Python universe: %.80q needs %s where %.80q, which is no marker", path, e.Name, e.Marker)
		}
		p.edges[extra] = append(p.edges[extra], pyEdge{to[0], e.Extra, e.Marker})
	}
	return nil
}

// checkDirect refuses direct dependencies that Prune could not start from.
func (u *Python) checkDirect() error {
	for _, n := range slices.Sorted(maps.Keys(u.direct)) {
		at := u.byName[n]
		if len(at) == 0 {
			return refused(remake, "Python universe: pyproject.toml asks for %s, which lock.json lacks", n)
		}
		for _, i := range at {
			if len(at) > 1 && u.packages[i].marker == "" {
				return refused(remake, "Python universe: %s has several versions; %s lacks the marker that says where it applies", n, u.packages[i].version)
			}
		}
	}
	return nil
}

// Spec gives the requirement for the project's pyproject.toml: the name and
// extras as wanted, with the universe's range and marker.
func (u *Python) Spec(w Want) (string, error) {
	r, ok := u.direct[w.Name]
	if !ok {
		return "", refused(notResolved(w.Name, u.direct), "%.80q is not a direct dependency of the Python universe", w.Name)
	}
	known := slices.Clone(r.Extras)
	for _, i := range u.byName[w.Name] {
		for extra := range u.packages[i].edges {
			known = append(known, extra)
		}
	}
	for _, e := range w.Extras {
		if e == "" || !slices.Contains(known, e) {
			return "", refused("add it to the universe", "the Python universe does not hold the extra %.80q of %s", e, w.Name)
		}
	}
	r.Want = w
	return r.String(), nil
}
