package pack

import (
	"cmp"
	"path"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/names"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// Team is what only packs from elsewhere have: a pack of a team stands on a built-in
// stack, on another pack, or on nothing.
type Team struct {
	Stacks           []string // the built-in stacks that it may stand on, the preferred ones first
	Base             Base     // the pack that it stands on
	MinStackinit     string   // the oldest stackinit that does; may be empty
	Criteria         string   // its file of team criteria, below the pack; may be empty
	MessageAfterCopy string   // a template, shown when the project is made
	Tasks            [][]string
	Policy           Policy
}

// Base is a pack that another one extends.
type Base struct{ Source, Digest string }

// Policy takes choices away.
type Policy struct {
	Only  map[string][]string // the only choices that a question has
	Never map[string][]string // choices that it does not have
	At    map[string]diag.Pos // where a question's rule stands
}

// origin tells whose a layer is.
type origin int

const (
	builtIn origin = iota
	team
)

// restrict takes the keys out of a manifest that its layer may not have. What runs on
// people's machines (verify, needs), holds their secrets or puts stacks together comes
// with the program.
func (d *decoder) restrict(keys map[string]func(strictyaml.Node), whose origin, t *Team) {
	if whose == builtIn {
		return
	}
	for _, key := range []string{"runtime", "secrets", "features", "parts", "confirm", "needs", "verify"} {
		keys[key] = func(n strictyaml.Node) {
			d.list.Add(n.Pos(), "", "%s is for stackinit's own layers", key)
		}
	}
	keys["extends"] = func(n strictyaml.Node) { d.extends(n, t) }
	keys["min_stackinit"] = func(n strictyaml.Node) {
		d.text(&t.MinStackinit)(n)
		if !semver.IsValid("v" + t.MinStackinit) {
			d.list.Add(n.Pos(), "", "%q is no version, such as 1.2", t.MinStackinit)
		}
	}
	keys["criteria"] = func(n strictyaml.Node) {
		d.text(&t.Criteria)(n)
		if path.Clean(t.Criteria) != t.Criteria || strings.HasPrefix(t.Criteria, "/") || strings.HasPrefix(t.Criteria, "..") {
			d.list.Add(n.Pos(), "", "criteria is a file of the pack, such as criteria.yaml")
		}
	}
	keys["message_after_copy"] = d.text(&t.MessageAfterCopy)
	keys["tasks"] = d.each(func(n strictyaml.Node) {
		var argv []string
		if d.texts(&argv)(n); len(argv) == 0 || argv[0] == "" {
			d.list.Add(n.Pos(), `for example [npm, run, setup]`, "a task is a program with its arguments; there is no shell")
		}
		t.Tasks = append(t.Tasks, argv)
	})
	keys["policy"] = func(n strictyaml.Node) {
		d.fields(n, map[string]func(strictyaml.Node){
			"only":  func(n strictyaml.Node) { t.Policy.Only = d.limits(n, &t.Policy) },
			"never": func(n strictyaml.Node) { t.Policy.Never = d.limits(n, &t.Policy) },
		})
	}
}

// limits reads questions with some of their choices, and notes where each stands.
func (d *decoder) limits(n strictyaml.Node, p *Policy) map[string][]string {
	if p.At == nil {
		p.At = map[string]diag.Pos{}
	}
	fields, _ := n.Fields() // when tells the fault
	for _, f := range fields {
		p.At[f.Key] = f.At
	}
	return d.when(n)
}

// extends reads what a pack stands on: built-in stacks by name, or one other pack,
// which is pinned by its digest unless it lies in the same repository.
func (d *decoder) extends(n strictyaml.Node, t *Team) {
	switch {
	case n.IsList():
		d.words(&t.Stacks)(n)
	case n.IsMapping():
		d.fields(n, map[string]func(strictyaml.Node){"pack": d.text(&t.Base.Source), "digest": d.text(&t.Base.Digest)})
		if t.Base.Source == "" || !strings.HasPrefix(t.Base.Digest, "sha256:") {
			d.list.Add(n.Pos(), "stackinit template show SOURCE prints its digest", "a pack from elsewhere is named by pack and digest")
		}
	default:
		var name string
		d.text(&name)(n)
		if strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../") {
			t.Base.Source = name
			return
		}
		if t.Stacks = []string{name}; !word().MatchString(name) {
			d.list.Add(n.Pos(), "{pack: SOURCE, digest: sha256:…} for a pack from elsewhere, ../folder for a neighbour", "%q is no name of a built-in stack", name)
		}
	}
}

// ManifestFile is where a pack says what it is.
const ManifestFile = "stackinit.yaml"

// FromTree reads the pack of a team.
func FromTree(t *Tree) (*Layer, error) {
	manifest := path.Join(t.Pin.Source, ManifestFile)
	src, ok := t.File(ManifestFile)
	if !ok {
		return nil, diag.New(diag.Refused, "a pack is a folder with a "+ManifestFile, "%s is not there", manifest)
	}
	l := &Layer{Partials: map[string]string{}, Pin: t.Pin}
	var err error
	if l.Manifest, err = decode(manifest, src, team); err != nil {
		return nil, err
	}
	for _, f := range t.Files {
		// Such a name would stand in errors and lists, where it could look like more lines of them.
		if strings.ContainsFunc(f.Path, names.Hidden) {
			return nil, diag.New(diag.Refused, "", "%s: the name %q holds a control or invisible character, or is not UTF-8", t.Pin.Source, f.Path)
		}
		dir, _, below := strings.Cut(f.Path, "/")
		if !below || dir != "template" && dir != "partials" {
			continue
		}
		if len(f.Body) > MaxFile {
			return nil, diag.New(diag.Refused, "", "%s/%s has %d bytes; %d are the most", t.Pin.Source, f.Path, len(f.Body), MaxFile)
		}
		l.add(path.Join(l.Name, f.Path), f.Path, f.Body)
	}
	if file := l.Team.Criteria; file != "" {
		if l.Criteria, ok = t.File(file); !ok {
			return nil, diag.New(diag.Refused, "", "%s: criteria names %s, which is not in the pack", manifest, file)
		}
	}
	return l, l.checkLists()
}

// CheckVersion refuses a pack that needs a newer stackinit than this one. A build
// without a version, such as one from a clone, is taken for the newest.
func (l *Layer) CheckVersion(have string) error {
	least := "v" + l.Team.MinStackinit
	if l.Team.MinStackinit == "" || !semver.IsValid("v"+have) || semver.Compare("v"+have, least) >= 0 {
		return nil
	}
	return diag.New(diag.Refused, "install a newer stackinit", "the pack %s needs stackinit %s or newer; this is %s", l.Name, l.Team.MinStackinit, have)
}

// Title is what the pack is called in a sentence.
func (l *Layer) Title() string { return cmp.Or(l.Description, l.Name) }
