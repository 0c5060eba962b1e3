// Package render turns templates and values into bytes. Templates are Go's
// text/template with a closed list of functions (funcs.go); free text can only
// be written through the encoder of the file's format (encode.go). Rendering
// has no access to the machine: no files, environment, network, clock or chance.
//
// A template may come from a stranger. What it costs to parse is bounded before
// the parser sees it (scan.go), what it costs to run is counted (budget.go).
package render

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/template"
	"unicode/utf8"

	"github.com/stackinit/stackinit/internal/diag"
)

// Text is free text that a person typed, such as a title. Printing it without
// an encoder is an error.
type Text string

// Secret is free text that may stand in few files only. A result says whether a
// function got it, since what that made of it cannot be told any more: cut in pieces, or
// one word of two. A template may ask whether there is one.
type Secret string

// Format keeps a secret out of every message, whoever writes it.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "…") }

const maxOutput = 4 << 20 // bytes of one rendered file; a source file has at most 1 MiB

// Renderer renders any number of files with the same partials and values, and
// keeps none of them. It is not safe for concurrent use: make one for each worker.
type Renderer struct {
	root     *template.Template
	partials *Partials
	values   map[string]any
	budget   *Budget
	marks    []string      // what only a fault puts into the output
	out      *bytes.Buffer // of the file or partial that runs
	file     bytes.Buffer  // of files, one after the other: a file keeps an exact copy
	text     bool          // a function took free text
	attached map[string]bool
	secret   bool         // a function took a secret, or one was printed
	drawn    map[any]bool // the members of the value secrets, which need no encoder; nil if there are none
	held     int          // bytes of the outputs that wait for the partial that runs
}

// Renderer makes a renderer. Values are strings, bools, ints, float64s, Text, Secret, and
// lists and maps of these; they are read anew for every file.
func (p *Partials) Renderer(values map[string]any) *Renderer {
	r := &Renderer{partials: p, values: values, budget: p.budget, attached: map[string]bool{}}
	if secrets, ok := values["secrets"].(map[string]any); ok {
		r.drawn = map[any]bool{}
		for _, s := range secrets {
			r.drawn[s] = true
		}
	}
	r.root = template.New("").Funcs(template.FuncMap{emitName: r.emit, stepName: r.step}).Option("missingkey=error")
	for name, part := range p.parsed {
		r.attach(part)
		_, _ = r.root.AddParseTree(name, part.tree) // never fails
	}
	for _, mark := range marks {
		if !p.marked[mark] && !typed(values, mark) {
			r.marks = append(r.marks, mark)
		}
	}
	return r
}

// attach gives the functions to the root that a tree calls, each once. Attaching is dear,
// and few of the closed list are called.
func (r *Renderer) attach(t *parsed) {
	for _, name := range t.calls {
		if r.attached[name] {
			continue
		}
		r.attached[name] = true
		if fn := r.function(name); fn != nil {
			r.root.Funcs(template.FuncMap{name: fn})
		}
	}
}

// function is what text/template calls by that name; nil for its own.
func (r *Renderer) function(name string) any {
	fn, ok := library()[name].(function)
	switch name {
	case "include":
		return r.include
	case "regexMatch":
		fn, ok = f2(r.regexMatch), true
	case "regexReplaceAll":
		fn, ok = f3(r.regexReplaceAll), true
	}
	if !ok {
		return nil
	}
	return r.metered(name, fn)
}

var marks = []string{"<no value>", "<nil>", "%!"}

// typed reports whether a person typed the text.
func typed(v any, text string) bool {
	switch v := v.(type) {
	case Text:
		return strings.Contains(string(v), text)
	case Secret:
		return strings.Contains(string(v), text)
	case []any:
		for _, e := range v {
			if typed(e, text) {
				return true
			}
		}
	case map[string]any:
		for _, e := range v {
			if typed(e, text) {
				return true
			}
		}
	}
	return false
}

// File is a template.
type File struct {
	Name        string // stands in errors
	Source      string
	Left, Right string // delimiters; {{ and }} where both are empty
	Item        any    // the value item of a file that is made for each member of a list; nil for others
}

// Result is a rendered file.
type Result struct {
	Body   []byte
	Text   bool // free text had a part in it
	Secret bool // a secret had a part in it
}

// File renders one file. Errors are *diag.Error of kind Refused.
func (r *Renderer) File(f File) (Result, error) {
	t, err := parseTree(f, fileKey, r.budget, r.fixed)
	if err == nil {
		err = placed(f.Name, r.budget.step(t.weight))
	}
	if err != nil {
		return Result{}, err
	}
	r.attach(t)
	// The one key is used again for every file, so that no tree outlives its file.
	// AddParseTree gives the new template even where it does not keep an empty one.
	tmpl, err := r.root.AddParseTree(fileKey, t.tree)
	if err != nil {
		return Result{}, executionError(f.Name, err)
	}
	r.file.Reset()
	r.out, r.text, r.secret, r.held = &r.file, false, false, 0
	if err := tmpl.Execute(&r.file, WithItem(r.values, f.Item)); err != nil {
		return Result{}, r.withoutSecret(executionError(f.Name, err))
	}
	if err := r.checkOutput(f, r.file.Bytes()); err != nil {
		return Result{}, err
	}
	return Result{Body: bytes.Clone(r.file.Bytes()), Text: r.text, Secret: r.secret}, nil
}

// fixed gives what a plain variable prints, whatever else is in its file. What needs a
// guard is left to it: free text and secrets, what is missing, and what is long.
func (r *Renderer) fixed(key string) (string, bool) {
	const most = 200 // bytes; so many that a template cannot fill memory with them
	v := r.values[key]
	s, err := printable(v)
	return s, err == nil && len(s) <= most && !r.drawn[v]
}

func (r *Renderer) checkOutput(f File, out []byte) error {
	for _, mark := range r.marks {
		if bytes.Contains(out, []byte(mark)) && !strings.Contains(f.Source, mark) && !typed(f.Item, mark) {
			return refused(diag.Pos{File: f.Name, Line: 1, Col: 1}, "a value is missing or of the wrong type", "the rendered file holds "+mark)
		}
	}
	if !utf8.Valid(out) {
		return refused(diag.Pos{File: f.Name, Line: 1, Col: 1}, "", "the rendered file is not UTF-8")
	}
	err := r.budget.write(len(out))
	if err == nil {
		err = checkSize(len(out))
	}
	return placed(f.Name, err)
}

// checkSize is asked wherever the output can grow beyond its source.
func checkSize(n int) error {
	if n > maxOutput {
		return fmt.Errorf("the rendered file has more than %d MiB", maxOutput>>20)
	}
	return nil
}

// WithItem gives the values that a file sees which is made for each member of a list.
func WithItem(values map[string]any, item any) map[string]any {
	if item == nil {
		return values
	}
	values = maps.Clone(values)
	values["item"] = item
	return values
}

// took notes that a function got the value.
func (r *Renderer) took(v any) {
	switch v := v.(type) {
	case string:
		r.secret = r.secret || r.drawn[v]
	case []any:
		r.secret = r.secret || r.drawn != nil && slices.ContainsFunc(v, func(e any) bool { s, _ := e.(string); return r.drawn[s] })
	case Text:
		r.text = true
	case Secret:
		r.text, r.secret = true, true
	}
}

// asks tells whether a function only asks whether there is a value, or hands it on as it
// is: {{ ne .key "" }}, {{ not .key }}.
func asks(name string, args []any) bool {
	switch name {
	case "not", "empty", "default", "coalesce", "ternary":
		return true
	case "eq", "ne":
		return len(args) == 2 && (args[0] == "" || args[1] == "")
	}
	return false
}

// withoutSecret keeps an error from quoting what was made of a secret.
func (r *Renderer) withoutSecret(err error) error {
	var e *diag.Error
	if r.secret && errors.As(err, &e) && e.Kind == diag.Refused {
		e.Findings[0].Text, e.Findings[0].Hint = "this fails with the secret that it works on", ""
		e.Cause = nil // it says the same
	}
	return err
}

// include renders a partial; a function, unlike the template action, can be piped.
func (r *Renderer) include(name string, data any) (string, error) {
	r.took(data)
	if r.partials.parsed[name] == nil {
		return "", fmt.Errorf("there is no partial %q", name)
	}
	outer, out := r.out, &bytes.Buffer{}
	r.out, r.held = out, r.held+outer.Len()
	err := r.root.ExecuteTemplate(out, name, data)
	r.out, r.held = outer, r.held-outer.Len()
	if err != nil {
		return "", err
	}
	if out.Len() > maxText {
		return "", errTooLong
	}
	return strings.TrimSuffix(out.String(), "\n"), r.budget.make(out.Len())
}

// step counts what a range's body or a partial costs, once for every time it runs.
func (r *Renderer) step(n int) (bool, error) {
	if err := checkSize(r.held + r.out.Len()); err != nil {
		return false, err
	}
	return false, r.budget.step(n)
}
