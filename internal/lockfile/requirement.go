package lockfile

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

// Want is a direct dependency of a project: a package and the extras of it.
type Want struct {
	Name   string
	Extras []string
}

// requirement is a dependency as pyproject.toml has it.
type requirement struct {
	Want
	versions string // such as ">=3.1.3,<4"
	marker   string // may be empty
}

// requirementText is the part of PEP 508 that a universe needs: a name, extras,
// a range of versions, a marker. An address after "@" is not part of it.
var requirementText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([A-Za-z0-9._, -]+)\])?\s*([0-9A-Za-z.,<>=!~*+ -]*?)\s*(?:;\s*(.+?)\s*)?$`)
})

// parseRequirement reads a requirement; names and extras come out normalized.
func parseRequirement(text string) (requirement, error) {
	m := requirementText().FindStringSubmatch(text)
	if m == nil || m[4] != "" && !isMarker(m[4]) {
		return requirement{}, refused(`such as "name>=1.2,<2" or "name[extra]"`, "%.80q is no requirement of a package", text)
	}
	r := requirement{Want: Want{Name: normal(m[1])}, versions: m[3], marker: m[4]}
	for e := range strings.SplitSeq(m[2], ",") {
		if e = strings.TrimSpace(e); e != "" {
			r.Extras = append(r.Extras, normal(e))
		}
	}
	slices.Sort(r.Extras)
	r.Extras = slices.Compact(r.Extras)
	return r, nil
}

// ParseWant reads "name" or "name[extra,extra]".
func ParseWant(text string) (Want, error) {
	r, err := parseRequirement(text)
	if err != nil {
		return Want{}, err
	}
	if r.versions != "" || r.marker != "" {
		return Want{}, refused("leave out versions and markers: the universe has them", "%.80q is more than a name and extras", text)
	}
	return r.Want, nil
}

// String writes the requirement for a pyproject.toml.
func (r requirement) String() string {
	s := r.Name
	if len(r.Extras) > 0 {
		s += "[" + strings.Join(r.Extras, ",") + "]"
	}
	s += r.versions
	if r.marker != "" {
		s += "; " + r.marker
	}
	return s
}

var separators = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[-_.]+`) })

// normal is a name's normal form by the packaging standard (PEP 503).
func normal(name string) string {
	return strings.ToLower(separators().ReplaceAllString(name, "-"))
}

// directRequirements reads the universe's pyproject.toml: the [project]
// dependencies, optional or not, and the [dependency-groups].
func directRequirements(pyproject []byte) (map[string]requirement, error) {
	var file struct {
		Project struct {
			Dependencies []any            `toml:"dependencies"`
			Optional     map[string][]any `toml:"optional-dependencies"`
		} `toml:"project"`
		Groups map[string][]any `toml:"dependency-groups"`
	}
	if err := toml.Unmarshal(pyproject, &file); err != nil {
		return nil, refused("", "Python universe: pyproject.toml: %w", err)
	}
	all := file.Project.Dependencies
	for _, more := range []map[string][]any{file.Project.Optional, file.Groups} {
		for _, list := range more {
			all = append(all, list...)
		}
	}
	direct := map[string]requirement{}
	for _, v := range all {
		text, ok := v.(string)
		if !ok { // {include-group = "name"}: that group's list is read as well
			continue
		}
		r, err := parseRequirement(text)
		if err != nil {
			return nil, err
		}
		if old, twice := direct[r.Name]; twice && old.String() != r.String() {
			return nil, refused("say the same in both places", "Python universe: pyproject.toml asks for %.80q and for %.80q", min(old.String(), r.String()), max(old.String(), r.String()))
		}
		direct[r.Name] = r
	}
	if len(direct) == 0 {
		return nil, refused("list them under [project] and [dependency-groups]", "Python universe: pyproject.toml has no dependencies")
	}
	return direct, nil
}
