// Package pack reads template layers: a manifest, a tree of files and the
// partials that they include. A stack is a pile of layers, from what all
// projects share up to the features that its answers chose.
package pack

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
)

// Layer is one folder of templates with its manifest.
type Layer struct {
	Manifest
	Files    []File            // sorted by path
	Partials map[string]string // texts for include, by name
	Pin      Pin               // of a team's pack; empty of a built-in layer
	Criteria []byte            // a team's criteria, as the pack brings them; may be nil
	digest   [sha256.Size]byte
}

// File is one file of a layer's tree.
type File struct {
	Path     string // below the project; may hold plain variables; without the .tmpl ending
	Source   string // below the packs' root; stands in errors
	Body     []byte
	Rendered bool // a template; otherwise copied byte for byte
	Verbatim bool // its name is taken as it is, too
}

// MaxFile is the largest source file: templates are text that people read.
const MaxFile = 1 << 20

// Load reads the layer in the folder of that name.
func Load(packs fs.FS, name string) (*Layer, error) {
	manifest := path.Join(name, ManifestFile)
	src, err := readManifest(packs, name)
	if err != nil {
		return nil, err
	}
	l := &Layer{Partials: map[string]string{}}
	if l.Manifest, err = decode(manifest, src, builtIn); err != nil {
		return nil, err
	}
	if l.Name != name {
		return nil, diag.New(diag.Refused, "", "%s: the name is %q, the folder's is %q", manifest, l.Name, name)
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %d\n%s", manifest, len(src), src)
	err = walk(packs, name, func(source, rel string, body []byte) {
		fmt.Fprintf(sum, "%s %d\n%s", rel, len(body), body)
		l.add(source, rel, body)
	})
	if err != nil {
		return nil, err
	}
	sum.Sum(l.digest[:0])
	return l, l.checkLists()
}

func readManifest(packs fs.FS, layer string) ([]byte, error) {
	manifest := path.Join(layer, ManifestFile)
	src, err := fs.ReadFile(packs, manifest)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, diag.New(diag.Refused, "", "there is no layer %q (no %s)", layer, manifest)
	}
	return src, err
}

func manifestOf(packs fs.FS, layer string) (Manifest, error) {
	src, err := readManifest(packs, layer)
	if err != nil {
		return Manifest{}, err
	}
	return decode(path.Join(layer, ManifestFile), src, builtIn)
}

// add sorts one file into the tree or the partials.
func (l *Layer) add(source, rel string, body []byte) {
	dir, below, _ := strings.Cut(rel, "/")
	plain, rendered := strings.CutSuffix(below, ".tmpl")
	if dir == "partials" {
		l.Partials[plain] = string(body)
		return
	}
	if MatchAny(l.Rules.Verbatim, below) {
		l.Files = append(l.Files, File{Path: below, Source: source, Body: body, Verbatim: true})
		return
	}
	l.Files = append(l.Files, File{Path: plain, Source: source, Body: body, Rendered: rendered})
}

// walk calls visit for every file of a layer's tree and partials, in order.
func walk(packs fs.FS, name string, visit func(source, rel string, body []byte)) error {
	for _, dir := range []string{"partials", "template"} {
		root := path.Join(name, dir)
		err := fs.WalkDir(packs, root, func(p string, d fs.DirEntry, err error) error {
			if p == root && errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || d.IsDir() {
				return err
			}
			if !d.Type().IsRegular() {
				return diag.New(diag.Refused, "", "%s is not a regular file", p)
			}
			body, err := fs.ReadFile(packs, p)
			if err == nil && len(body) > MaxFile {
				err = diag.New(diag.Refused, "", "%s has %d bytes; %d are the most", p, len(body), MaxFile)
			}
			if err != nil {
				return err
			}
			visit(p, strings.TrimPrefix(p, name+"/"), body)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// checkLists holds the manifest's file lists against the tree: a rule that names no
// file is a slip of the pen.
func (l *Layer) checkLists() error {
	lists := map[string][]string{"merge": l.Merge, "executable": l.Executable, "exclude": l.Rules.Exclude, "verbatim": l.Rules.Verbatim, "skip_if_exists": l.Rules.SkipIfExists}
	for _, f := range l.Rules.Files {
		lists["files"] = append(lists["files"], f.Glob)
	}
	for _, f := range l.Rules.Delimiters {
		lists["delimiters"] = append(lists["delimiters"], f.Glob)
	}
	if err := l.checkCost(lists); err != nil {
		return err
	}
	var faults diag.List
	for list, globs := range lists {
		for _, glob := range globs {
			if !slices.ContainsFunc(l.Files, func(f File) bool { return Match(glob, f.Path) && (list != "verbatim" || f.Verbatim) }) {
				faults.Add(l.Manifest.At[list], "", "%s names %q, which is not in template/", list, glob)
			}
		}
	}
	return faults.Err(diag.Refused)
}

// Pile is the layers of one project, the lowest first.
type Pile []*Layer

// maxLayers bounds a chain of extends, and so ends a circle.
const maxLayers = 16

// Stack piles up the layers of a stack: those it extends, itself, and the
// features that fit the answers.
func Stack(packs fs.FS, stack string, answers map[string]string) (Pile, error) {
	var pile Pile
	for name := stack; name != ""; {
		l, err := Load(packs, name)
		if err != nil {
			return nil, err
		}
		if pile = append(pile, l); len(pile) > maxLayers {
			return nil, diag.New(diag.Refused, "", "%s extends more than %d layers; is there a circle?", stack, maxLayers)
		}
		name = l.Extends
	}
	slices.Reverse(pile)
	for _, l := range slices.Clone(pile) {
		var err error
		if pile, err = pile.with(packs, l.Features, answers); err != nil {
			return nil, err
		}
	}
	return pile, nil
}

// with puts the features on top that fit the answers.
func (p Pile) with(packs fs.FS, features []Feature, answers map[string]string) (Pile, error) {
	for _, f := range features {
		if !f.fits(answers) {
			continue
		}
		l, err := Load(packs, f.Layer)
		if err != nil {
			return nil, err
		}
		p = append(p, l)
	}
	return p, nil
}

// Stacks gives the manifests of the stacks among the packs, sorted by name, each
// with the questions of all the layers that it stands on.
func Stacks(packs fs.FS) ([]Manifest, error) {
	dirs, err := fs.ReadDir(packs, ".")
	if err != nil {
		return nil, err
	}
	all := map[string]Manifest{}
	var names []string
	for _, d := range dirs {
		src, err := fs.ReadFile(packs, path.Join(d.Name(), ManifestFile))
		if err != nil {
			continue // not a layer
		}
		m, err := decode(d.Name()+"/"+ManifestFile, src, builtIn)
		if err != nil {
			return nil, err
		}
		all[d.Name()] = m
		names = append(names, d.Name())
	}
	var stacks []Manifest
	for _, name := range names {
		if m := all[name]; m.Runtime != "" {
			m.Questions = questionsOf(chainOf(all, m))
			stacks = append(stacks, m)
		}
	}
	return stacks, nil
}

// chainOf is a layer and those below it, the uppermost first.
func chainOf(all map[string]Manifest, m Manifest) (chain []Manifest) {
	for ok := true; ok && len(chain) <= maxLayers; m, ok = all[m.Extends] {
		chain = append(chain, m)
	}
	return chain
}

// Questions gives the questions of one stack, those of the layers that it stands
// on included; it reads no other manifests.
func Questions(packs fs.FS, stack string) ([]interview.Question, error) {
	var chain []Manifest
	for name := stack; name != "" && len(chain) <= maxLayers; {
		m, err := manifestOf(packs, name)
		if err != nil {
			return nil, err
		}
		chain = append(chain, m)
		name = m.Extends
	}
	return questionsOf(chain), nil
}

// questionsOf gives the questions of a chain of layers, the lowest first, but for those
// at the very bottom, which every project has and hardly anybody answers. A question of
// an upper layer takes the place of one with the same key.
func questionsOf(chain []Manifest) (qs []interview.Question) {
	if len(chain) == 0 {
		return nil
	}
	for _, m := range slices.Backward(chain) {
		for _, q := range m.Questions {
			i := slices.IndexFunc(qs, func(have interview.Question) bool { return have.Key == q.Key })
			if i < 0 {
				qs = append(qs, q)
			} else {
				qs[i] = q
			}
		}
	}
	bottom := len(chain[len(chain)-1].Questions)
	return slices.Concat(qs[bottom:], qs[:bottom])
}

// Digest names the bytes of all built-in layers, in hexadecimal.
func (p Pile) Digest() string {
	sum := sha256.New()
	for _, l := range p {
		if l.Pin.Digest == "" { // a team's pack is pinned by its own
			sum.Write(l.digest[:])
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Computed gives the computed values of all layers in order; upper layers come later.
func (p Pile) Computed() (all []Value) {
	for _, l := range p {
		all = append(all, l.Manifest.Computed...)
	}
	return all
}

// Partials gives the partials that are seen: those of upper layers win.
func (p Pile) Partials() map[string]string {
	all := map[string]string{}
	for _, l := range p {
		for name, src := range l.Partials {
			all[name] = src
		}
	}
	return all
}

// Dependencies gives all layers' direct dependencies, sorted, each once.
func (p Pile) Dependencies() Dependencies {
	var all Dependencies
	for _, l := range p {
		all.Npm = append(all.Npm, l.Manifest.Dependencies.Npm...)
		all.NpmDev = append(all.NpmDev, l.Manifest.Dependencies.NpmDev...)
		all.Python = append(all.Python, l.Manifest.Dependencies.Python...)
		all.PythonDev = append(all.PythonDev, l.Manifest.Dependencies.PythonDev...)
	}
	for _, list := range []*[]string{&all.Npm, &all.NpmDev, &all.Python, &all.PythonDev} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return all
}

// Secrets gives the names of all layers' secrets, sorted, each once.
func (p Pile) Secrets() (all []string) {
	for _, l := range p {
		all = append(all, l.Manifest.Secrets...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Next gives the commands to type after creation: those of the uppermost layer that has any.
func (p Pile) Next() []string {
	for _, l := range slices.Backward(p) {
		if len(l.Manifest.Next) > 0 {
			return l.Manifest.Next
		}
	}
	return nil
}

// Confirm gives the commands that put the choice of the stack to the test.
func (p Pile) Confirm() (all []Command) {
	for _, l := range p {
		all = append(all, l.Manifest.Confirm...)
	}
	return all
}
