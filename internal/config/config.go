// Package config reads the user's own configuration: the names that a team gives its
// template packs, and what a person does not want to be asked every time.
//
//	templates:
//	  service: gh:acme/packs//service@v2
//	  worker:
//	    source: git@git.acme.example:platform/packs.git//worker
//	    description: jobs that run at night
//	defaults:
//	  author: Ada Example <ada@acme.example>
//	  license: Apache-2.0
//	  branch: trunk
package config

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"sync"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/names"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// Config is the user's configuration. Its zero value is that of somebody without any.
type Config struct {
	File      string     // where it was read, for messages; empty if there is none
	Templates []Template // sorted by name
	Defaults  Defaults
}

// Template is a name of the list.
type Template struct {
	Name, Source, Description string
	At                        diag.Pos // of its source
}

// Defaults are answers and settings that stand where no flag says otherwise.
type Defaults struct{ Author, License, Branch Setting }

// Setting is a text with its place, as only others can tell whether it is a licence
// or a branch. An empty text is not set.
type Setting struct {
	Text string
	At   diag.Pos
}

// Sources gives the source of each name.
func (c Config) Sources() map[string]string {
	all := make(map[string]string, len(c.Templates))
	for _, t := range c.Templates {
		all[t.Name] = t.Source
	}
	return all
}

// word is the form of names in the list: nothing that is taken for a path, a flag or an address.
var word = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9]*([-_.][a-z0-9]+)*$`) })

// Parse reads the text of the configuration file of that name and reports everything
// that is wrong with it, as an error of kind Usage.
func Parse(file string, src []byte) (Config, error) {
	root, err := strictyaml.Parse(file, src)
	if err != nil {
		return Config{}, err
	}
	d := decoder{}
	c := Config{File: file}
	d.fields(root, map[string]func(strictyaml.Node){
		"templates": func(n strictyaml.Node) { c.Templates = d.templates(n) },
		"defaults": func(n strictyaml.Node) {
			d.fields(n, map[string]func(strictyaml.Node){
				"author":  d.setting(&c.Defaults.Author),
				"license": d.setting(&c.Defaults.License),
				"branch":  d.setting(&c.Defaults.Branch),
			})
		},
	})
	if err := d.Err(diag.Usage); err != nil {
		return Config{}, err
	}
	return c, nil
}

// decoder gathers what is wrong while it walks the document.
type decoder struct{ diag.List }

// take records an error of strictyaml, which already knows its place.
func (d *decoder) take(err error) {
	var e *diag.Error
	if errors.As(err, &e) {
		for _, f := range e.Findings {
			d.Add(f.Pos, f.Hint, "%s", f.Text)
		}
	}
}

// fields calls the handler of every key; other keys are findings.
func (d *decoder) fields(n strictyaml.Node, handlers map[string]func(strictyaml.Node)) {
	fields, err := n.Fields()
	d.take(err)
	for _, f := range fields {
		if handle, ok := handlers[f.Key]; ok {
			handle(f.Value)
			continue
		}
		known := make([]string, 0, len(handlers))
		for k := range handlers {
			known = append(known, k)
		}
		slices.Sort(known)
		d.Add(f.At, diag.DidYouMean(f.Key, known), "unknown key %q", f.Key)
	}
}

// setting reads one line of text that has something in it.
func (d *decoder) setting(to *Setting) func(strictyaml.Node) {
	return func(n strictyaml.Node) {
		text, err := n.Text()
		d.take(err)
		if err != nil {
			return
		}
		if why := names.CheckText(text); why != nil {
			d.Add(n.Pos(), "", "the text %v", why)
		}
		if text == "" {
			d.Add(n.Pos(), "leave the key out to set nothing", "the text is empty")
		}
		*to = Setting{text, n.Pos()}
	}
}

func (d *decoder) templates(n strictyaml.Node) (all []Template) {
	fields, err := n.Fields()
	d.take(err)
	for _, f := range fields {
		if !word().MatchString(f.Key) {
			d.Add(f.At, "lower-case letters, digits, -, _ and .", "%q is no name for a template", f.Key)
		}
		all = append(all, d.template(f))
	}
	slices.SortFunc(all, func(a, b Template) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// template reads a source by itself, or one with a description.
func (d *decoder) template(f strictyaml.Field) Template {
	var source, description Setting
	if f.Value.IsMapping() {
		d.fields(f.Value, map[string]func(strictyaml.Node){"source": d.setting(&source), "description": d.setting(&description)})
		if source == (Setting{}) && !d.knows(f.Value) {
			d.Add(f.At, "for example source: gh:acme/packs//service@v2", "the template %s has no source", f.Key)
		}
	} else {
		d.setting(&source)(f.Value)
	}
	return Template{Name: f.Key, Source: source.Text, Description: description.Text, At: source.At}
}

// knows tells whether a mapping has a source at all, be it a good one.
func (d *decoder) knows(n strictyaml.Node) bool {
	fields, _ := n.Fields()
	return slices.ContainsFunc(fields, func(f strictyaml.Field) bool { return f.Key == "source" })
}
