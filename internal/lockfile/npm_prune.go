package lockfile

import (
	"bytes"
	"maps"
	"slices"

	"github.com/stackinit/stackinit/internal/diag"
)

// NpmRoot is what npm takes over from a project's package.json into its lock.
// (devEngines is not part of that.)
type NpmRoot struct {
	Name, Version, License string            // Version and License may be empty
	Engines                map[string]string // such as "node" -> ">=24"
	Deps, DevDeps          []string          // names; the ranges are the universe's
}

// Prune gives the package-lock.json of a project that has exactly root's
// dependencies: `npm ci` takes it, and npm itself would write the same bytes if
// package.json is indented by two spaces and has no empty sections. The error names every dependency that is not a direct one of the universe.
func (u *Npm) Prune(root NpmRoot) ([]byte, error) {
	edges, err := u.rootEdges(root.Deps, prod)
	if err != nil {
		return nil, err
	}
	devEdges, err := u.rootEdges(root.DevDeps, dev)
	if err != nil {
		return nil, err
	}
	for _, n := range root.Deps {
		if slices.Contains(root.DevDeps, n) {
			return nil, refused("keep the first", "%.80q is both a dependency and a devDependency", n)
		}
	}
	edges = append(edges, devEdges...)
	kept := u.reach(edges)
	marks := u.mark(kept, edges)

	var b bytes.Buffer
	b.WriteString("{\n  \"name\": " + quote(root.Name))
	if root.Version != "" {
		b.WriteString(",\n  \"version\": " + quote(root.Version))
	}
	b.WriteString(",\n  \"lockfileVersion\": 3,\n  \"requires\": true,\n  \"packages\": {\n    \"\": ")
	u.writeRoot(&b, root)
	for i, p := range u.packages {
		if kept[i] {
			writePackage(&b, p, marks[i])
		}
	}
	b.WriteString("\n  }\n}\n")
	return b.Bytes(), nil
}

// rootEdges are the edges from the project to direct dependencies.
func (u *Npm) rootEdges(names []string, kind edgeKind) ([]edge, error) {
	var l diag.List
	var edges []edge
	for _, n := range names {
		to, ok := u.index["node_modules/"+n]
		if _, direct := u.direct[n]; !direct {
			l.Add(diag.Pos{}, notResolved(n, u.direct), "%.80q is not a direct dependency of the npm universe", n)
		} else if !ok {
			l.Add(diag.Pos{}, remake, "the npm universe depends on %.80q and does not have it", n)
		}
		edges = append(edges, edge{kind, to})
	}
	return edges, l.Err(diag.Refused)
}

// reach marks everything that must be there for the given edges. Optional peers
// are not followed: npm installs one only if something else asks for it.
func (u *Npm) reach(from []edge) []bool {
	kept := make([]bool, len(u.packages))
	for todo := [][]edge{from}; len(todo) > 0; {
		edges := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, e := range edges {
			if e.kind != peerOptional && !kept[e.to] {
				kept[e.to] = true
				todo = append(todo, u.packages[e.to].edges)
			}
		}
	}
	return kept
}

// flags are npm's marks on a package: it is there only for development, only
// optionally, only for one of these two, only as a peer.
type flags struct{ dev, optional, devOptional, peer bool }

// mark computes the flags by the rule of npm 11: all start set, and one falls
// off a package as soon as an edge that does not justify it comes from a package
// that does not carry it. Optional peers count here, although they keep nothing.
func (u *Npm) mark(kept []bool, rootEdges []edge) []flags {
	marks := make([]flags, len(u.packages))
	for i := range marks {
		marks[i] = flags{true, true, true, true}
	}
	var todo []int
	walk := func(from flags, edges []edge) {
		for _, e := range edges {
			if !kept[e.to] {
				continue
			}
			is := marks[e.to]
			now := flags{
				dev:         is.dev && (from.dev || e.kind == dev),
				optional:    is.optional && (from.optional || e.kind.isOptional()),
				devOptional: is.devOptional && (from.devOptional || e.kind == dev || e.kind.isOptional()),
				peer:        is.peer && (from.peer || e.kind.isPeer()),
			}
			if now != is {
				marks[e.to] = now
				todo = append(todo, e.to)
			}
		}
	}
	walk(flags{}, rootEdges)
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		walk(marks[i], u.packages[i].edges)
	}
	return marks
}

// keys are the fields that npm writes for the flags, in its order.
func (m flags) keys() []string {
	var ks []string
	if m.dev {
		ks = append(ks, "dev")
	}
	if m.devOptional && !m.dev && !m.optional {
		ks = append(ks, "devOptional")
	}
	if m.optional {
		ks = append(ks, "optional")
	}
	if m.peer {
		ks = append(ks, "peer")
	}
	return ks
}

// writePackage copies an entry with its flags replaced. npm writes name, version
// and integrity first, then everything that is not an object by name, then the
// objects by name; the flags are merged into the second group.
func writePackage(b *bytes.Buffer, p npmPackage, m flags) {
	b.WriteString(",\n    ")
	b.WriteString(quote(p.path))
	b.WriteString(": {")
	sep := "\n      "
	write := func(text string) {
		b.WriteString(sep)
		b.WriteString(text)
		sep = ",\n      "
	}
	keys := m.keys()
	for _, f := range p.fields {
		switch f.key {
		case "dev", "optional", "devOptional", "peer":
			continue
		case "name", "version", "integrity":
		default:
			for len(keys) > 0 && (f.isObject() || keys[0] < f.key) {
				write(`"` + keys[0] + `": true`)
				keys = keys[1:]
			}
		}
		write(f.both)
	}
	for _, k := range keys {
		write(`"` + k + `": true`)
	}
	b.WriteString("\n    }")
}

func (u *Npm) writeRoot(b *bytes.Buffer, root NpmRoot) {
	b.WriteString("{\n      \"name\": " + quote(root.Name))
	if root.Version != "" {
		b.WriteString(",\n      \"version\": " + quote(root.Version))
	}
	if root.License != "" {
		b.WriteString(",\n      \"license\": " + quote(root.License))
	}
	section := func(key string, names []string, values map[string]string) {
		if len(names) == 0 {
			return
		}
		sep := ",\n      " + quote(key) + ": {"
		for _, n := range names {
			b.WriteString(sep + "\n        " + quote(n) + ": " + quote(values[n]))
			sep = ","
		}
		b.WriteString("\n      }")
	}
	section("dependencies", u.inOrder(root.Deps), u.direct)
	section("devDependencies", u.inOrder(root.DevDeps), u.direct)
	section("engines", slices.Sorted(maps.Keys(root.Engines)), root.Engines)
	b.WriteString("\n    }")
}

// inOrder gives direct dependencies, each once, in npm's order, which is a
// locale's and not that of bytes. It is read off the universe's entries.
func (u *Npm) inOrder(names []string) []string {
	sorted := slices.SortedFunc(slices.Values(names), func(a, b string) int {
		return u.index["node_modules/"+a] - u.index["node_modules/"+b]
	})
	return slices.Compact(sorted)
}
