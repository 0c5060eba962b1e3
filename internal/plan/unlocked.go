package plan

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/pelletier/go-toml/v2"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
)

// byName says how a pack depends on something so that it stands in the lock files.
const byName = "name it under dependencies in " + pack.ManifestFile + "; what stackinit has not resolved is added once the project is made"

// npmUnlocked refuses packages that a layer writes into package.json: the lock file
// would not have them, and npm ci fails on such a pair.
func (d *dependencies) npmUnlocked(f File) error {
	var m struct{ Dependencies, DevDependencies, OptionalDependencies, PeerDependencies map[string]any }
	if err := json.Unmarshal(f.Body, &m); err != nil {
		return diag.New(diag.Refused, "", "%s: package.json: %w", f.Source, err)
	}
	var list diag.List
	for _, section := range []struct{ have, locked []string }{
		{slices.Sorted(maps.Keys(m.Dependencies)), d.direct.Npm},
		{slices.Sorted(maps.Keys(m.DevDependencies)), d.direct.NpmDev},
		{slices.Sorted(maps.Keys(m.OptionalDependencies)), nil},
		{slices.Sorted(maps.Keys(m.PeerDependencies)), nil},
	} {
		for _, name := range section.have {
			if !slices.Contains(section.locked, name) {
				list.Add(diag.Pos{File: f.Source}, byName, "package.json depends on %q, which package-lock.json would not have", name)
			}
		}
	}
	return list.Err(diag.Refused)
}

// pythonUnlocked does the same for pyproject.toml, whose lists are written anew.
func pythonUnlocked(f File) error {
	var m struct {
		Project struct {
			Dependencies []any `toml:"dependencies"`
		} `toml:"project"`
		Groups map[string][]any `toml:"dependency-groups"`
	}
	if err := toml.Unmarshal(f.Body, &m); err != nil {
		return diag.New(diag.Refused, "", "%s: pyproject.toml: %w", f.Source, err)
	}
	var list diag.List
	for _, dep := range slices.Concat(m.Project.Dependencies, m.Groups["dev"]) {
		list.Add(diag.Pos{File: f.Source}, byName, "pyproject.toml depends on \"%v\", which the lock files would not have", dep)
	}
	return list.Err(diag.Refused)
}
