package pack

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/names"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// Schema is the version of the manifest's form.
const Schema = "stackinit.pack/v1"

// Manifest is a layer's stackinit.yaml.
type Manifest struct {
	Name, Description string
	Runtime           string               // of a stack: node, python or hybrid; other layers have none
	Extends           string               // the layer below; may be empty
	Questions         []interview.Question // asked once the stack is chosen; answers are template values
	Team              Team                 // what only packs from elsewhere have
	Secrets           []string             // template values that are random in every project; only .env may hold them
	Features          []Feature            // layers on top
	Parts             []Part               // stacks in folders of the project
	Computed          []Value              // values made from answers, in order
	Dependencies      Dependencies
	Merge             []string            // globs of files that are merged by key over the same file of a lower layer
	Executable        []string            // globs of files of mode 0755
	Rules             Rules               // which files are made, and how
	Confirm           []Command           // commands that put the choice to the test
	Next              []string            // commands to type after creation; templates
	At                map[string]diag.Pos // where the value of each key stands
	Needs             []Need              // tools that have to be on the machine
	Verify            Verify              // how the project proves itself
}

// Feature is a layer that is put on top when every listed answer matches.
type Feature struct {
	Layer string
	When  map[string][]string
}

func (f Feature) fits(answers map[string]string) bool {
	for key, values := range f.When {
		if !slices.Contains(values, answers[key]) {
			return false
		}
	}
	return true
}

// Value is a template value computed from the answers and the values before it.
type Value struct {
	Key, Template string
	At            diag.Pos
}

// Command is a command of the generated project and what it shows.
type Command struct{ Run, Shows string }

// Dependencies are names only: versions and hashes come from the universes.
type Dependencies struct{ Npm, NpmDev, Python, PythonDev []string }

var word = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9]*([-_][a-z0-9]+)*$`) })

// decode reads a manifest and reports everything that is wrong with it. Whose layer
// it is decides what may stand in it.
func decode(file string, src []byte, whose origin) (Manifest, error) {
	root, err := strictyaml.Parse(file, src)
	if err != nil {
		return Manifest{}, refused(err)
	}
	d := decoder{}
	var m Manifest
	schema := ""
	keys := map[string]func(strictyaml.Node){
		"schema":       d.text(&schema),
		"name":         d.word(&m.Name),
		"description":  d.line(&m.Description),
		"runtime":      d.word(&m.Runtime),
		"extends":      d.word(&m.Extends),
		"questions":    func(n strictyaml.Node) { m.Questions = d.questions(n) },
		"secrets":      d.words(&m.Secrets),
		"features":     d.each(func(n strictyaml.Node) { m.Features = append(m.Features, d.feature(n)) }),
		"parts":        d.each(func(n strictyaml.Node) { m.Parts = append(m.Parts, d.part(n)) }),
		"computed":     func(n strictyaml.Node) { m.Computed = d.values(n) },
		"dependencies": func(n strictyaml.Node) { m.Dependencies = d.dependencies(n) },
		"merge":        d.texts(&m.Merge),
		"executable":   d.texts(&m.Executable),
		"confirm":      d.each(func(n strictyaml.Node) { m.Confirm = append(m.Confirm, d.command(n)) }),
		"next":         d.texts(&m.Next),
		"needs":        func(n strictyaml.Node) { m.Needs = d.needs(n) },
		"verify":       func(n strictyaml.Node) { m.Verify = d.verify(n) },
	}
	d.rules(keys, &m.Rules)
	d.restrict(keys, whose, &m.Team)
	m.At = map[string]diag.Pos{}
	for key, handle := range keys {
		keys[key] = func(n strictyaml.Node) { m.At[key] = n.Pos(); handle(n) }
	}
	d.fields(root, keys)
	if schema != Schema {
		d.list.Add(root.Pos(), "", "schema is %q; this stackinit reads %q", schema, Schema)
	}
	if m.Name == "" {
		d.list.Add(root.Pos(), "", "name is missing")
	}
	return m, d.list.Err(diag.Refused)
}

// refused turns faults of a pack's file into the kind that packs have.
func refused(err error) error {
	var e *diag.Error
	if errors.As(err, &e) {
		e.Kind = diag.Refused
	}
	return err
}

// decoder gathers what is wrong while it walks the document.
type decoder struct{ list diag.List }

// take records an error of strictyaml, which already knows its place.
func (d *decoder) take(err error) {
	var e *diag.Error
	if errors.As(err, &e) {
		for _, f := range e.Findings {
			d.list.Add(f.Pos, f.Hint, "%s", f.Text)
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
		d.list.Add(f.At, diag.DidYouMean(f.Key, known), "unknown key %q", f.Key)
	}
}

func (d *decoder) text(to *string) func(strictyaml.Node) {
	return func(n strictyaml.Node) {
		s, err := n.Text()
		d.take(err)
		d.visible(n, s)
		*to = s
	}
}

// visible refuses texts with characters that could steer a terminal or hide what is
// said: packs have no use for them, and no place where they are shown has to care.
func (d *decoder) visible(n strictyaml.Node, text string) {
	if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && names.Hidden(r) }); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		d.list.Add(n.Pos(), "", "the text holds the control or invisible character %U", r)
	}
}

// line reads a text that is shown on a line of its own, such as a prompt: with line
// ends it could pass for lines of stackinit.
func (d *decoder) line(to *string) func(strictyaml.Node) {
	return func(n strictyaml.Node) {
		d.text(to)(n)
		if *to = strings.TrimSpace(*to); strings.Contains(*to, "\n") {
			d.list.Add(n.Pos(), "", "the text has to be one line")
		}
	}
}

func (d *decoder) word(to *string) func(strictyaml.Node) {
	return func(n strictyaml.Node) {
		d.text(to)(n)
		if *to != "" && !word().MatchString(*to) {
			d.list.Add(n.Pos(), "", "%q is not a name: lower-case letters, digits, - and _", *to)
		}
	}
}

func (d *decoder) texts(to *[]string) func(strictyaml.Node) {
	return func(n strictyaml.Node) {
		s, err := n.Texts()
		d.take(err)
		for _, text := range s { // shown in lists, which a line end would make longer
			if d.visible(n, text); strings.ContainsAny(text, "\n\t") {
				d.list.Add(n.Pos(), "", "%.40q has to be one line", text)
			}
		}
		*to = s
	}
}

func (d *decoder) each(handle func(strictyaml.Node)) func(strictyaml.Node) {
	return func(n strictyaml.Node) {
		items, err := n.Items()
		d.take(err)
		for _, it := range items {
			handle(it)
		}
	}
}

func (d *decoder) feature(n strictyaml.Node) Feature {
	f := Feature{}
	d.fields(n, map[string]func(strictyaml.Node){
		"layer": d.word(&f.Layer),
		"when":  func(n strictyaml.Node) { f.When = d.when(n) },
	})
	if f.Layer == "" {
		d.list.Add(n.Pos(), "", "a feature needs a layer")
	}
	return f
}

// when reads which answers something depends on: the values of each key that fit.
func (d *decoder) when(n strictyaml.Node) map[string][]string {
	fields, err := n.Fields()
	d.take(err)
	when := map[string][]string{}
	for _, f := range fields {
		if !variable(f.Key) {
			d.list.Add(f.At, "", "%q is not a name: lower-case letters, digits and _", f.Key)
		}
		values, err := f.Value.Texts()
		d.take(err)
		when[f.Key] = values
	}
	return when
}

func (d *decoder) words(to *[]string) func(strictyaml.Node) {
	return func(n strictyaml.Node) {
		d.texts(to)(n)
		for _, s := range *to {
			if !word().MatchString(s) {
				d.list.Add(n.Pos(), "", "%q is not a name: lower-case letters, digits and _", s)
			}
		}
	}
}

func (d *decoder) values(n strictyaml.Node) (values []Value) {
	fields, err := n.Fields()
	d.take(err)
	for _, f := range fields {
		v := Value{Key: f.Key, At: f.At}
		d.text(&v.Template)(f.Value)
		if !variable(f.Key) {
			d.list.Add(f.At, "", "%q is not a name: lower-case letters, digits and _", f.Key)
		}
		if slices.Contains(reserved, f.Key) {
			d.list.Add(f.At, "choose another name", "%q is what stackinit itself calls something", f.Key)
		}
		values = append(values, v)
	}
	return values
}

func (d *decoder) command(n strictyaml.Node) (c Command) {
	d.fields(n, map[string]func(strictyaml.Node){"run": d.text(&c.Run), "shows": d.text(&c.Shows)})
	return c
}

func (d *decoder) dependencies(n strictyaml.Node) (deps Dependencies) {
	d.fields(n, map[string]func(strictyaml.Node){
		"npm": d.texts(&deps.Npm), "npm_dev": d.texts(&deps.NpmDev),
		"python": d.texts(&deps.Python), "python_dev": d.texts(&deps.PythonDev),
	})
	return deps
}
