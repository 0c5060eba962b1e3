package lockfile_test

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// npmLock holds the entries of a package-lock.json by path, as encoding/json
// reads them: a second pair of eyes on what the package cuts and walks in its
// own way.
type npmLock map[string]map[string]any

func parseNpm(tb testing.TB, lock []byte) npmLock {
	tb.Helper()
	var file map[string]any
	if err := json.Unmarshal(lock, &file); err != nil {
		tb.Fatal(err)
	}
	l := npmLock{}
	for at, entry := range asObject(file["packages"]) {
		l[at] = asObject(entry)
	}
	return l
}

func asObject(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// section gives an object of an entry, such as its "dependencies".
func (l npmLock) section(at, name string) map[string]any { return asObject(l[at][name]) }

// npmEdge is one dependency of the package at from.
type npmEdge struct {
	from, name          string
	dev, optional, peer bool
}

func (e npmEdge) required() bool { return !(e.optional && e.peer) }

func (l npmLock) edges(from string) []npmEdge {
	edges := map[string]npmEdge{}
	for n := range l.section(from, "peerDependencies") {
		meta := asObject(l.section(from, "peerDependenciesMeta")[n])
		edges[n] = npmEdge{from: from, name: n, peer: true, optional: meta["optional"] == true}
	}
	for n := range l.section(from, "dependencies") {
		edges[n] = npmEdge{from: from, name: n}
	}
	for n := range l.section(from, "optionalDependencies") {
		edges[n] = npmEdge{from: from, name: n, optional: true}
	}
	if from == "" {
		for n := range l.section(from, "devDependencies") {
			edges[n] = npmEdge{from: from, name: n, dev: true}
		}
	}
	var list []npmEdge
	for _, e := range edges {
		list = append(list, e)
	}
	return list
}

// find walks up the folders as Node does: from a/b it tries a/b/node_modules/x,
// a/node_modules/x, node_modules/x, but never node_modules/node_modules.
func (l npmLock) find(e npmEdge) (string, bool) {
	for folder := "/" + e.from; ; folder = path.Dir(folder) {
		if path.Base(folder) != "node_modules" {
			at := strings.TrimPrefix(path.Join(folder, "node_modules", e.name), "/")
			if _, ok := l[at]; ok {
				return at, true
			}
		}
		if folder == "/" {
			return "", false
		}
	}
}

// reached are the packages at the end of a path of edges that follow allows.
func (l npmLock) reached(follow func(npmEdge) bool) map[string]bool {
	seen := map[string]bool{"": true}
	for todo := []string{""}; len(todo) > 0; {
		from := todo[0]
		todo = todo[1:]
		for _, e := range l.edges(from) {
			if to, ok := l.find(e); ok && follow(e) && !seen[to] {
				seen[to] = true
				todo = append(todo, to)
			}
		}
	}
	return seen
}

// checkPruned compares a pruned lock with its universe: every edge ends where it
// ended there, only an optional peer may end nowhere; nothing is too much; the
// flags say what npm's documentation of the file says; all else is untouched.
func checkPruned(t *testing.T, pruned, universe npmLock) {
	t.Helper()
	for from := range pruned {
		for _, e := range pruned.edges(from) {
			to, ok := pruned.find(e)
			was, _ := universe.find(e)
			if ok && to != was || !ok && e.required() {
				t.Errorf("%q needs %s at %q, and finds %q", from, e.name, was, to)
			}
		}
	}
	needed := pruned.reached(npmEdge.required)
	notDev := pruned.reached(func(e npmEdge) bool { return !e.dev })
	notOptional := pruned.reached(func(e npmEdge) bool { return !e.optional })
	firm := pruned.reached(func(e npmEdge) bool { return !e.dev && !e.optional })
	notPeer := pruned.reached(func(e npmEdge) bool { return !e.peer })
	for at, got := range pruned {
		if at == "" {
			continue
		}
		if !needed[at] {
			t.Errorf("nothing needs %s", at)
		}
		want := maps.Clone(universe[at])
		for flag, set := range map[string]bool{
			"dev":         !notDev[at],
			"optional":    !notOptional[at],
			"devOptional": !firm[at] && notDev[at] && notOptional[at],
			"peer":        !notPeer[at],
		} {
			if delete(want, flag); set {
				want[flag] = true
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", at, d)
		}
	}
}

// directNpm gives the direct dependencies of a universe, sorted.
func directNpm(l npmLock) (names []string) {
	for n := range l.section("", "dependencies") {
		names = append(names, n)
	}
	for n := range l.section("", "devDependencies") {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
