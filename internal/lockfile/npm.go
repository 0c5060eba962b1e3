package lockfile

import (
	"encoding/json"
	"slices"
	"strings"
)

// Npm is an npm universe: a parsed package-lock.json of lockfileVersion 3. It
// does not change after LoadNpm, so any number of Prune calls may share it.
type Npm struct {
	direct   map[string]string // direct dependency -> its range
	packages []npmPackage      // in npm's order
	index    map[string]int    // path -> index in packages
}

type npmPackage struct {
	path   string // "node_modules/a/node_modules/b"
	fields []field
	edges  []edge
}

// An edge leads to the package that Node finds for a dependency.
type edge struct {
	kind edgeKind
	to   int // index in Npm.packages
}

type edgeKind uint8

const (
	prod edgeKind = iota
	dev
	optional
	peer
	peerOptional
)

func (k edgeKind) isPeer() bool     { return k == peer || k == peerOptional }
func (k edgeKind) isOptional() bool { return k == optional || k == peerOptional }

// Range gives the range that a direct dependency has in the universe, for the
// project's package.json.
func (u *Npm) Range(name string) (string, error) {
	if r, ok := u.direct[name]; ok {
		return r, nil
	}
	return "", refused(notResolved(name, u.direct), "%.80q is not a direct dependency of the npm universe", name)
}

// LoadNpm parses a universe and resolves every dependency in it. The universe
// must be whole: each dependency, optional ones included, has an entry where
// Node looks for it; each entry has an integrity and is needed by something;
// nothing names an address to fetch from.
func LoadNpm(lock []byte) (*Npm, error) {
	if !json.Valid(lock) {
		return nil, jsonError("npm", lock, json.Unmarshal(lock, new(any)))
	}
	var entries []field
	version := ""
	for _, f := range fields(strings.TrimSpace(string(lock))) {
		switch f.key {
		case "lockfileVersion":
			version = f.value
		case "packages":
			entries = fields(f.value)
		}
	}
	if version != "3" {
		return nil, refused("npm 9 and later write version 3", "npm universe: lockfileVersion is %.80q, not 3", version)
	}
	u := &Npm{index: make(map[string]int, len(entries))}
	for _, e := range entries {
		if err := u.addEntry(e); err != nil {
			return nil, err
		}
	}
	if u.direct == nil {
		return nil, refused(remake, `npm universe: the entry "" of the project is missing`)
	}
	for i := range u.packages {
		if err := u.connect(&u.packages[i]); err != nil {
			return nil, err
		}
	}
	if err := u.checkReached(); err != nil {
		return nil, err
	}
	return u, nil
}

// addEntry takes one entry of "packages" over. The entry "" is the project.
func (u *Npm) addEntry(e field) error {
	fs := fields(e.value)
	if e.key == "" {
		return u.addRoot(fs)
	}
	if _, twice := u.index[e.key]; twice {
		return refused(remake, "npm universe: %s is there twice", e.key)
	}
	if err := checkEntry(e.key, fs); err != nil {
		return err
	}
	u.index[e.key] = len(u.packages)
	u.packages = append(u.packages, npmPackage{path: e.key, fields: fs})
	return nil
}

func (u *Npm) addRoot(fs []field) error {
	u.direct = map[string]string{}
	for _, f := range fs {
		if f.key != "dependencies" && f.key != "devDependencies" {
			continue
		}
		for _, d := range fields(f.value) {
			if err := checkDependency("the project", d); err != nil {
				return err
			}
			u.direct[d.key] = d.text()
		}
	}
	return nil
}

// connect resolves the dependencies of p. A name that stands in several
// sections counts once, in npm's order: optional, then prod, then peer.
func (u *Npm) connect(p *npmPackage) error {
	var sections [4][]field
	for _, f := range p.fields {
		if i := slices.Index(sectionNames, f.key); i >= 0 {
			sections[i] = fields(f.value)
		}
	}
	mayLack := map[string]bool{}
	for _, f := range sections[3] {
		for _, o := range fields(f.value) {
			if o.key == "optional" {
				mayLack[f.key] = o.value == "true"
			}
		}
	}
	seen := map[string]bool{}
	for i, kind := range []edgeKind{optional, prod, peer} {
		for _, d := range sections[i] {
			if seen[d.key] {
				continue
			}
			seen[d.key] = true
			k := kind
			if k == peer && mayLack[d.key] {
				k = peerOptional
			}
			if err := u.addEdge(p, d, k); err != nil {
				return err
			}
		}
	}
	return nil
}

// addEdge resolves one dependency of p: a name with its range.
func (u *Npm) addEdge(p *npmPackage, dep field, kind edgeKind) error {
	if err := checkDependency(p.path, dep); err != nil {
		return err
	}
	to, ok := u.lookup(p.path, dep.key)
	switch {
	case ok:
		p.edges = append(p.edges, edge{kind, to})
	case kind != peerOptional:
		return refused(remake, "npm universe: %s needs %s, which is nowhere above it", p.path, dep.key)
	}
	return nil
}

var sectionNames = []string{"optionalDependencies", "dependencies", "peerDependencies", "peerDependenciesMeta"}

// lookup finds what require(name) gives in the package at path: it looks in the
// package's own node_modules, then its parent's, and so on up to the project's.
func (u *Npm) lookup(path, name string) (int, bool) {
	buf := make([]byte, 0, maxPath)
	for {
		buf = append(buf[:0], path...)
		if path != "" {
			buf = append(buf, '/')
		}
		buf = append(append(buf, "node_modules/"...), name...)
		if i, ok := u.index[string(buf)]; ok {
			return i, true
		}
		if path == "" {
			return 0, false
		}
		path = strings.TrimSuffix(path[:strings.LastIndex(path, "node_modules/")], "/")
	}
}
