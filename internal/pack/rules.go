package pack

import (
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// Rules say which files of template/ are made, and how. Globs are those of
// .gitignore's kind (**, *, ?, [a-z], {a,b}) on paths below template/, without the
// .tmpl ending; a glob that is exactly a file's path names it even if braces stand in it.
type Rules struct {
	Exclude      []string // not made at all
	Verbatim     []string // copied with their whole names: no .tmpl is cut off, no {{ read; these globs see the ending
	SkipIfExists []string // not made where a lower layer, or the project, has the file already
	Files        []FileRule
	Delimiters   []Delimiters
}

// FileRule makes files depend on answers.
type FileRule struct {
	Glob         string
	When         map[string][]string // every key has one of these answers
	WhenTemplate string              // or: renders to true
	Each         string              // a list: one file for each of its members, which is {{ .item }}
	At           diag.Pos
}

// Delimiters stand around the actions of templates instead of {{ and }}.
type Delimiters struct{ Glob, Left, Right string }

// Match tells whether a glob names the file.
func Match(glob, path string) bool {
	return glob == path || strings.ContainsAny(glob, signs) && doublestar.MatchUnvalidated(glob, path)
}

// MatchAny tells whether one of the globs names the file.
func MatchAny(globs []string, path string) bool {
	return slices.ContainsFunc(globs, func(g string) bool { return Match(g, path) })
}

// Excluded tells whether the file is not made at all.
func (r Rules) Excluded(path string) bool { return MatchAny(r.Exclude, path) }

// Of gives the places among Files of the rules that a file has to keep, in their order.
func (r Rules) Of(path string) (all []int) {
	for i, f := range r.Files {
		if Match(f.Glob, path) {
			all = append(all, i)
		}
	}
	return all
}

// DelimitersOf gives the delimiters of a template; the last rule that names it counts.
func (r Rules) DelimitersOf(path string) (left, right string) {
	for _, d := range slices.Backward(r.Delimiters) {
		if Match(d.Glob, path) {
			return d.Left, d.Right
		}
	}
	return "{{", "}}"
}

// rules adds the manifest's keys about files.
func (d *decoder) rules(keys map[string]func(strictyaml.Node), r *Rules) {
	keys["exclude"] = d.globs(&r.Exclude)
	keys["verbatim"] = d.globs(&r.Verbatim)
	keys["skip_if_exists"] = d.globs(&r.SkipIfExists)
	keys["files"] = d.each(func(n strictyaml.Node) {
		f := FileRule{At: n.Pos()}
		d.fields(n, map[string]func(strictyaml.Node){
			"path": d.glob(&f.Glob), "each": d.text(&f.Each),
			"when": func(n strictyaml.Node) { f.When, f.WhenTemplate = d.condition(n) },
		})
		if f.Glob == "" || f.Each == "" && f.When == nil && f.WhenTemplate == "" {
			d.list.Add(n.Pos(), "", "a rule for files needs a path, and when or each")
		}
		r.Files = append(r.Files, f)
	})
	keys["delimiters"] = d.each(func(n strictyaml.Node) {
		var l Delimiters
		d.fields(n, map[string]func(strictyaml.Node){"path": d.glob(&l.Glob), "left": d.text(&l.Left), "right": d.text(&l.Right)})
		if l.Glob == "" || !delimiter(l.Left) || !delimiter(l.Right) || l.Left == l.Right {
			d.list.Add(n.Pos(), `for example {path: "charts/**", left: "[[", right: "]]"}`, "delimiters need a path, and two different signs of 2 to 8 characters without blanks, letters and digits")
		}
		r.Delimiters = append(r.Delimiters, l)
	})
}

func delimiter(s string) bool {
	const signs = "!#$%&()*+,-./:;<=>?@[]^_{|}~"
	return len(s) >= 2 && len(s) <= 8 && strings.Trim(s, signs) == "" && !strings.Contains(s, "/*") && !strings.Contains(s, "*/")
}

func (d *decoder) glob(to *string) func(strictyaml.Node) {
	return func(n strictyaml.Node) {
		d.text(to)(n)
		d.checkGlob(n, *to)
	}
}

func (d *decoder) globs(to *[]string) func(strictyaml.Node) {
	return func(n strictyaml.Node) {
		d.texts(to)(n)
		for _, g := range *to {
			d.checkGlob(n, g)
		}
	}
}

func (d *decoder) checkGlob(n strictyaml.Node, glob string) {
	if err := CheckGlobs([]string{glob}); err != nil {
		d.list.Add(n.Pos(), "", "%v", err)
	}
}

// CheckGlobs refuses globs that are none, or that would take long to match.
func CheckGlobs(globs []string) error {
	for _, g := range globs {
		switch {
		case len(g) > maxGlob || alternatives(g) > maxAlternatives || classes(g) > maxClasses:
			return diag.New(diag.Refused, "", "the glob %.40q is too long, or stands for too much", g)
		case g == "" || !doublestar.ValidatePattern(g) || strings.HasPrefix(g, "/"):
			return diag.New(diag.Refused, "", "%q is no glob of files below template/", g)
		}
	}
	return nil
}
