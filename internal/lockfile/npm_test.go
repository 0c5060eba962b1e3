package lockfile_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stackinit/stackinit/internal/lockfile"
)

// rootOf makes the root of a project that has the named direct dependencies,
// each in the section where the universe has it.
func rootOf(universe npmLock, names ...string) lockfile.NpmRoot {
	root := lockfile.NpmRoot{Name: "myservice", Version: "0.1.0", License: "MIT", Engines: map[string]string{"npm": ">=11", "node": ">=24"}}
	for _, n := range names {
		if _, ok := universe.section("", "devDependencies")[n]; ok {
			root.DevDeps = append(root.DevDeps, n)
		} else {
			root.Deps = append(root.Deps, n)
		}
	}
	return root
}

// npmUniverses are the real universe and a small one with the corner cases.
func npmUniverses(tb testing.TB) map[string][]byte {
	corners, err := os.ReadFile("testdata/corners-npm.json")
	if err != nil {
		tb.Fatal(err)
	}
	return map[string][]byte{"templates": read(tb, "npm", "package-lock.json"), "corners": corners}
}

// Order, spaces and flags of what is written are npm's own.
func TestNpmPruneToEverything(t *testing.T) {
	for name, raw := range npmUniverses(t) {
		universe := parseNpm(t, raw)
		var m struct {
			Name, Version, License string
			Engines                map[string]string
		}
		if err := json.Unmarshal(must[[]byte](t)(json.Marshal(universe[""])), &m); err != nil {
			t.Fatal(err)
		}
		root := rootOf(universe, directNpm(universe)...)
		root.Name, root.Version, root.License, root.Engines = m.Name, m.Version, m.License, m.Engines
		u := must[*lockfile.Npm](t)(lockfile.LoadNpm(raw))
		got := must[[]byte](t)(u.Prune(root))
		if !bytes.Equal(got, raw) {
			t.Errorf("%s: pruned to everything, it differs (-universe +pruned):\n%s", name, cmp.Diff(strings.Split(string(raw), "\n"), strings.Split(string(got), "\n")))
		}
	}
}

func TestNpmPruneReadsBack(t *testing.T) {
	for name, raw := range npmUniverses(t) {
		universe := parseNpm(t, raw)
		u := must[*lockfile.Npm](t)(lockfile.LoadNpm(raw))
		for i, names := range subsets(directNpm(universe), 100) {
			if testing.Short() && i%10 > 0 {
				continue
			}
			t.Run(name+"/"+strings.Join(names, "+"), func(t *testing.T) {
				root := rootOf(universe, names...)
				if i%2 == 1 { // what the universe has for development may be needed at run time, and the other way round
					root.Deps, root.DevDeps = root.DevDeps, root.Deps
				}
				once := must[[]byte](t)(u.Prune(root))
				pruned := parseNpm(t, once)
				if got := directNpm(pruned); !slices.Equal(got, names) {
					t.Errorf("direct dependencies are %q", got)
				}
				checkPruned(t, pruned, universe)

				v := must[*lockfile.Npm](t)(lockfile.LoadNpm(once))
				if twice := must[[]byte](t)(v.Prune(root)); !bytes.Equal(once, twice) {
					t.Error("pruning a second time changes the lock")
				}
			})
		}
	}
}

// The corner cases, spelled out: which entries are kept, and with which flags.
func TestNpmCorners(t *testing.T) {
	raw := npmUniverses(t)["corners"]
	universe := parseNpm(t, raw)
	u := must[*lockfile.Npm](t)(lockfile.LoadNpm(raw))
	for _, test := range []struct{ deps, want string }{
		{"app", "app host:peer lib"},
		{"tool", "fsx:dev:optional shared:dev tool:dev tool>lib:dev"},
		{"plat", "plat plat-linux:optional plat-mac:optional shared:optional"},
		{"plat tool", "fsx:dev:optional plat plat-linux:optional plat-mac:optional shared:devOptional tool:dev tool>lib:dev"},
		{"app tool", "app fsx:dev:optional host:peer lib shared:dev tool:dev tool>lib:dev"},
		// inner's optional peer is opt 1 beside it, with or without opt 2 at the top
		{"holder", "holder holder>inner holder>opt"},
		{"holder opt", "holder holder>inner holder>opt opt"},
		// an optional peer is installed only if something else asks for it, and then counts for the flags
		{"watcher", "watcher"},
		{"watcher maybe", "maybe:devOptional watcher"},
		{"maybe", "maybe:dev"},
		{"alias", "alias lib"},
		{"bundler", "bundler bundler>bundled"}, // the second without integrity
	} {
		var got []string
		for at, p := range parseNpm(t, must[[]byte](t)(u.Prune(rootOf(universe, strings.Fields(test.deps)...)))) {
			name := strings.ReplaceAll(strings.TrimPrefix(at, "node_modules/"), "/node_modules/", ">")
			for _, flag := range []string{"dev", "devOptional", "optional", "peer"} {
				if p[flag] == true {
					name += ":" + flag
				}
			}
			if at != "" {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%s: got  %s\nwant %s", test.deps, s, test.want)
		}
	}
}

func TestNpmRange(t *testing.T) {
	u := must[*lockfile.Npm](t)(lockfile.LoadNpm(npmUniverses(t)["corners"]))
	if r, err := u.Range("opt"); r != "^2.0.0" || err != nil {
		t.Errorf("opt: %q, %v", r, err)
	}
	if r, err := u.Range("shared"); err == nil { // there, but not a direct dependency
		t.Errorf("shared: %q", r)
	}
}

func TestNpmPruneRefuses(t *testing.T) {
	u := must[*lockfile.Npm](t)(lockfile.LoadNpm(npmUniverses(t)["corners"]))
	for _, test := range []struct {
		deps, dev []string
		want      string
	}{
		{[]string{"holdr"}, nil, "\"holdr\" is not a direct dependency of the npm universe\n  did you mean \"holder\"?"},
		{nil, []string{"shared"}, `"shared" is not a direct dependency of the npm universe`},
		{[]string{"app"}, []string{"app"}, `"app" is both a dependency and a devDependency`},
		{[]string{""}, nil, `"" is not a direct dependency`},
	} {
		_, err := u.Prune(lockfile.NpmRoot{Name: "x", Deps: test.deps, DevDeps: test.dev})
		if got := wantRefused(t, err); !strings.HasPrefix(got, test.want) {
			t.Errorf("got %s\nwant %s", got, test.want)
		}
	}
}

func TestLoadNpmRefuses(t *testing.T) {
	const good = `"integrity":"sha512-x"`
	entries := func(more string) string {
		return `{"lockfileVersion":3,"packages":{"":{"dependencies":{"a":"^1"}},"node_modules/a":{"version":"1.0.0",` + more + `}}}`
	}
	for _, test := range []struct{ name, lock, want string }{
		{"empty", "", "line 1 is not the JSON of a lock: "},
		{"not JSON", "{\n\"lockfileVersion\": 3,\n}", "line 3 is not the JSON of a lock: "},
		{"cut off", entries(good)[:40], "is not the JSON of a lock: unexpected end"},
		{"no object", "[3]", `lockfileVersion is "", not 3`},
		{"an older lock", `{"lockfileVersion":2,"packages":{}}`, `lockfileVersion is "2", not 3`},
		{"no version", `{"packages":{}}`, `lockfileVersion is "", not 3`},
		{"no packages", `{"lockfileVersion":3}`, `entry "" of the project is missing`},
		{"packages is a list", `{"lockfileVersion":3,"packages":[]}`, `entry "" of the project is missing`},
		{"a direct dependency without entry", `{"lockfileVersion":3,"packages":{"":{"dependencies":{"a":"^1"}}}}`, `the npm universe depends on "a" and does not have it`},
		{"a range that is no text", `{"lockfileVersion":3,"packages":{"":{"dependencies":{"a":1}}}}`, `the project needs "a", but not by a range`},
		{"a range that is an address", `{"lockfileVersion":3,"packages":{"":{"dependencies":{"a":"https://host.example/a.tgz"}}}}`, `the project needs "a", but not by a range`},
		{"no integrity", entries(`"license":"MIT"`), "node_modules/a has no integrity"},
		{"empty integrity", entries(`"integrity":""`), "node_modules/a has no integrity"},
		{"no integrity and in no bundle", entries(`"inBundle":false`), "node_modules/a has no integrity"},
		{"an address", entries(good + `,"resolved":"https://host.example/a.tgz"`), `node_modules/a has the field "resolved"`},
		{"extraneous", entries(good + `,"extraneous":true`), `node_modules/a has the field "extraneous"`},
		{"a link", entries(good + `,"link":true`), `node_modules/a has the field "link"`},
		{"an entry is no object", `{"lockfileVersion":3,"packages":{"":{},"node_modules/a":7}}`, "node_modules/a has no integrity"},
		{"a missing dependency", entries(good + `,"dependencies":{"b":"^1"}`), "node_modules/a needs b, which is nowhere above it"},
		{"a missing optional one", entries(good + `,"optionalDependencies":{"b":"^1"}`), "node_modules/a needs b, which is nowhere above it"},
		{"a missing peer", entries(good + `,"peerDependencies":{"b":"^1"}`), "node_modules/a needs b, which is nowhere above it"},
		{"a dependency that is a path", entries(good + `,"peerDependencies":{"../a":"^1"},"peerDependenciesMeta":{"../a":{"optional":true}}`), `node_modules/a needs "../a"`},
		{"a direct dependency that is a path", strings.Replace(entries(good), `"a":`, `"b/node_modules/a":`, 1), `"b/node_modules/a"`},
		{"a dependency from git", entries(good + `,"dependencies":{"a":"someone/a"}`), `node_modules/a needs "a", but not by a range`},
		{"twice", entries(good + `},"node_modules/a":{` + good), "node_modules/a is there twice"},
		{"not needed", entries(good + `},"node_modules/b":{` + good), "nothing needs node_modules/b"},
		{"needed as optional peer only", entries(good + `,"peerDependencies":{"b":"^1"},"peerDependenciesMeta":{"b":{"optional":true}}},"node_modules/b":{` + good), "nothing needs node_modules/b"},
		{"outside of node_modules", entries(good + `},"src/b":{` + good), `"src/b" is no path of a package`},
		{"upwards", entries(good + `},"node_modules/../b":{` + good), `"node_modules/../b" is no path of a package`},
		{"a deep path", entries(good + `},"` + strings.Repeat("node_modules/b/", 100) + `node_modules/b":{` + good), "is no path of a package"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := lockfile.LoadNpm([]byte(test.lock))
			if got := wantRefused(t, err); !strings.Contains(got, test.want) {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
	if _, err := lockfile.LoadNpm([]byte(entries(good))); err != nil {
		t.Errorf("the lock that the others are made from: %v", err)
	}
}

// packageJSON is a manifest with everything that a starter's has, in an order
// that is not npm's.
func packageJSON(u *lockfile.Npm, root lockfile.NpmRoot) []byte {
	m := map[string]any{
		"name": root.Name, "version": root.Version, "license": root.License, "description": "A service", "private": true, "type": "module",
		"scripts": map[string]string{"test": "node --test"}, "imports": map[string]string{"#app/*": "./src/*"},
		"engines":    root.Engines,
		"devEngines": map[string]any{"runtime": map[string]string{"name": "node", "version": ">=24", "onFail": "ignore"}},
	}
	for section, names := range map[string][]string{"dependencies": root.Deps, "devDependencies": root.DevDeps} {
		ranges := map[string]string{}
		for _, n := range names {
			ranges[n], _ = u.Range(n)
		}
		if len(names) > 0 {
			m[section] = ranges
		}
	}
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		panic(err)
	}
	return raw
}

// Whatever loads can be pruned to any of its direct dependencies, and every
// required edge of the result ends where it should.
func FuzzLoadNpm(f *testing.F) {
	corners, err := os.ReadFile("testdata/corners-npm.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(corners)
	f.Add([]byte(`{"lockfileVersion":3,"packages":{"":{"dependencies":{"a":"1"}},"node_modules/a":{"integrity":"x","peerDependencies":{"a":"\u0031\\"}}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		u, err := lockfile.LoadNpm(raw)
		if err != nil {
			wantRefused(t, err)
			return
		}
		universe := parseNpm(t, raw)
		for _, n := range directNpm(universe) {
			lock, err := u.Prune(rootOf(universe, n))
			if err != nil {
				t.Fatal(err)
			}
			checkPruned(t, parseNpm(t, lock), universe)
		}
	})
}

func BenchmarkNpmLoad(b *testing.B) {
	raw := read(b, "npm", "package-lock.json")
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, err := lockfile.LoadNpm(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNpmPrune(b *testing.B) {
	raw := read(b, "npm", "package-lock.json")
	universe := parseNpm(b, raw)
	u := must[*lockfile.Npm](b)(lockfile.LoadNpm(raw))
	for name, names := range map[string][]string{"everything": directNpm(universe), "two": directNpm(universe)[:2]} {
		b.Run(name, func(b *testing.B) {
			root := rootOf(universe, names...)
			for b.Loop() {
				if _, err := u.Prune(root); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
