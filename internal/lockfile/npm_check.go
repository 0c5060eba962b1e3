package lockfile

import (
	"maps"
	"slices"
	"strings"
)

// checkDependency refuses what does not come from the registry: its range would
// be a git repository, an address or a folder.
func checkDependency(of string, d field) error {
	registry := d.isString() && (strings.HasPrefix(d.text(), "npm:") || !strings.ContainsAny(d.text(), ":/"))
	if !registry || !isPackageName(d.key) {
		return refused(remake, "npm universe: %s needs %.80q, but not by a range of versions", of, d.key)
	}
	return nil
}

// isPackageName knows npm's grammar for names, old ones with capitals included.
func isPackageName(name string) bool {
	scope, rest, scoped := strings.Cut(name, "/")
	if scoped {
		return strings.HasPrefix(scope, "@") && isWord(scope[1:]) && isWord(rest)
	}
	return isWord(name)
}

func isWord(s string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~"
	return s != "" && s[0] != '.' && s != "node_modules" && strings.Trim(s, letters) == ""
}

// maxPath is the longest path of an entry in bytes; Windows allows 260 for the
// whole path of a file.
const maxPath = 512

// checkEntry refuses an entry that npm could not install from the registry and
// verify. Bundled packages come inside of another one, whose integrity counts.
func checkEntry(path string, fs []field) error {
	names := strings.Split("/"+path, "/node_modules/")
	good := names[0] == "" && len(names) > 1 && len(path) <= maxPath
	for _, n := range names[1:] {
		good = good && isPackageName(n)
	}
	if !good {
		return refused(remake, "npm universe: %.80q is no path of a package", path)
	}
	whole := false
	for _, f := range fs {
		switch f.key {
		case "integrity":
			whole = whole || f.isString() && f.text() != ""
		case "inBundle":
			whole = whole || f.value == "true"
		case "resolved", "link", "extraneous":
			return refused(remake, "npm universe: %s has the field %.80q", path, f.key)
		}
	}
	if !whole {
		return refused(remake, "npm universe: %s has no integrity", path)
	}
	return nil
}

// checkReached refuses a universe with entries that nothing needs. The rest of
// the package relies on it: as every entry is reached by required edges, and a
// walk can enter a nested node_modules only through the package that owns it, a
// kept package always finds all of its neighbours there. So no optional peer
// can fall through to another version further up.
func (u *Npm) checkReached() error {
	edges, err := u.rootEdges(slices.Sorted(maps.Keys(u.direct)), prod)
	if err != nil {
		return err
	}
	kept := u.reach(edges)
	for i, p := range u.packages {
		if !kept[i] {
			return refused(remake, "npm universe: nothing needs %s", p.path)
		}
	}
	return nil
}
