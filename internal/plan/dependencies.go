package plan

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash"
	"io/fs"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/lockfile"
	"github.com/stackinit/stackinit/internal/pack"
)

// The universes that lock files are cut from, below the packs' root.
const (
	npmUniverse    = Universe + "/npm/package-lock.json"
	pythonUniverse = Universe + "/python/lock.json"
	pythonDirect   = Universe + "/python/pyproject.toml"
)

// dependencies are a project's direct ones with the universes that they need. A
// universe is read only if the project has dependencies in its language.
type dependencies struct {
	direct pack.Dependencies
	npm    *lockfile.Npm
	python *lockfile.Python
	sum    hash.Hash // of the universes that were read
}

func loadDependencies(packs fs.FS, pile pack.Pile) (*dependencies, error) {
	d := &dependencies{direct: pile.Dependencies(), sum: sha256.New()}
	read := func(path string) ([]byte, error) {
		src, err := fs.ReadFile(packs, path)
		d.sum.Write(src)
		return src, err
	}
	if len(d.direct.Npm)+len(d.direct.NpmDev) > 0 {
		lock, err := read(npmUniverse)
		if err != nil {
			return nil, err
		}
		if d.npm, err = lockfile.LoadNpm(lock); err != nil {
			return nil, err
		}
	}
	if len(d.direct.Python)+len(d.direct.PythonDev) > 0 {
		direct, err := read(pythonDirect)
		if err != nil {
			return nil, err
		}
		lock, err := read(pythonUniverse)
		if err != nil {
			return nil, err
		}
		if d.python, err = lockfile.LoadPython(direct, lock); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// checkName refuses a project that has the name of one of its dependencies:
// npm and pip could not tell the two apart.
func (d *dependencies) checkName(name string) error {
	for _, list := range [][]string{d.direct.Npm, d.direct.NpmDev, d.direct.Python, d.direct.PythonDev} {
		if slices.ContainsFunc(list, func(dep string) bool { dep, _, _ = strings.Cut(dep, "["); return dep == name }) {
			return diag.New(diag.Usage, "choose another, e.g. "+name+"-service", "the project name %q is taken: the project depends on a package of that name", name)
		}
	}
	return nil
}

// addTo writes the dependencies into the manifests and cuts the lock files.
func (d *dependencies) addTo(t tree) error {
	if d.npm != nil {
		if err := d.addNpm(t); err != nil {
			return err
		}
	}
	if d.python != nil {
		return d.addPython(t)
	}
	return nil
}

func (d *dependencies) addNpm(t tree) error {
	type ranges map[string]string // encoding/json sorts the keys, as npm does
	sections := map[string]ranges{"dependencies": {}, "devDependencies": {}}
	for section, names := range map[string][]string{"dependencies": d.direct.Npm, "devDependencies": d.direct.NpmDev} {
		for _, n := range names {
			sections[section][n], _ = d.npm.Range(n) // Prune names all that it does not have
		}
		if len(names) == 0 {
			delete(sections, section)
		}
	}
	upper, err := json.Marshal(sections)
	if err != nil {
		return err
	}
	manifest, err := t.mergeInto("package.json", upper)
	if err != nil {
		return err
	}
	root := lockfile.NpmRoot{Deps: d.direct.Npm, DevDeps: d.direct.NpmDev}
	if err := json.Unmarshal(manifest, &root); err != nil {
		return diag.New(diag.Refused, "", "package.json: %w", err)
	}
	lock, err := d.npm.Prune(root)
	if err != nil {
		return err
	}
	return t.put(Universe+"/npm", "package-lock.json", lock)
}

func (d *dependencies) addPython(t tree) error {
	var run, dev []lockfile.Want
	var upper strings.Builder
	for _, section := range []struct {
		open  string
		names []string
		wants *[]lockfile.Want
	}{
		{"[project]\ndependencies = [\n", d.direct.Python, &run},
		{"\n[dependency-groups]\ndev = [\n", d.direct.PythonDev, &dev},
	} {
		upper.WriteString(section.open)
		for _, n := range section.names {
			want, err := lockfile.ParseWant(n)
			if err != nil {
				return err
			}
			spec, err := d.python.Spec(want)
			if err != nil {
				return err
			}
			fmt.Fprintf(&upper, "    %q,\n", spec)
			*section.wants = append(*section.wants, want)
		}
		upper.WriteString("]\n")
	}
	if _, err := t.mergeInto("pyproject.toml", []byte(upper.String())); err != nil {
		return err
	}
	for path, wants := range map[string][]lockfile.Want{"requirements.txt": run, "requirements-dev.txt": append(slices.Clone(run), dev...)} {
		lock, err := d.python.Prune(wants)
		if err != nil {
			return err
		}
		if err := t.put(Universe+"/python", path, lock); err != nil {
			return err
		}
	}
	return nil
}

// mergeInto merges a text into a manifest that the layers have to bring.
func (t tree) mergeInto(path string, upper []byte) ([]byte, error) {
	lower, ok := t[path]
	if !ok {
		return nil, diag.New(diag.Refused, "add a "+path+" without dependencies to a layer", "the layers have dependencies but no %s to put them in", path)
	}
	merged, err := merge(lower, File{Path: path, Mode: lower.Mode, Body: upper, Source: Universe})
	if err != nil {
		return nil, diag.New(diag.Refused, "", "%s: the dependencies cannot be put in: %w", lower.Source, err)
	}
	t[path] = merged
	return merged.Body, nil
}
