// Package render turns a template and its values into bytes. Templates are Go's
// text/template with a closed list of functions (funcs.go); free text can only
// be written through the encoder of the file's format (encode.go). Rendering
// has no access to the machine: no files, environment, network, clock or chance.
package render

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"

	"github.com/stackinit/stackinit/internal/diag"
)

// Text is free text that a person typed, such as a title. Printing it without
// an encoder is an error.
type Text string

const (
	maxOutput  = 4 << 20 // bytes of one rendered file; a source file has at most 1 MiB
	maxInclude = 32      // includes inside each other
)

// Renderer renders any number of files with one set of partials and values. It
// is not safe for concurrent use: make one for each worker.
type Renderer struct {
	root  *template.Template
	data  map[string]any
	funcs map[string]any // what parsing accepts
	marks []string       // what only a fault puts into the output
	depth int            // of includes
}

// New makes a renderer. partials are the texts for include, by name; values are
// strings, bools, ints, Text, and lists and maps of these.
func New(partials map[string]string, values map[string]any) (*Renderer, error) {
	funcs := functions()
	r := &Renderer{data: values, funcs: funcs}
	funcs["include"] = r.include
	funcs[emitName] = emit
	// Parsing is most of the work and attaching functions is dear, so they are
	// attached once, here, for all the files.
	r.root = template.New("").Funcs(funcs).Option("missingkey=error")
	for _, mark := range []string{"<no value>", "<nil>", "%!"} {
		if !typed(values, mark) {
			r.marks = append(r.marks, mark)
		}
	}
	for name, src := range partials {
		if err := r.parse("partials/"+name, name, src); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// typed reports whether a person typed the text.
func typed(values map[string]any, text string) bool {
	for _, v := range values {
		if t, ok := v.(Text); ok && strings.Contains(string(t), text) {
			return true
		}
	}
	return false
}

// File renders one file; name stands in errors.
func (r *Renderer) File(name, src string) ([]byte, error) {
	// A key of its own: text/template keeps the old body where a new one is empty.
	key := "\x00" + name
	if err := r.parse(name, key, src); err != nil {
		return nil, err
	}
	var out limited
	if err := r.root.ExecuteTemplate(&out, key, r.data); err != nil {
		return nil, templateError(name, err)
	}
	for _, mark := range r.marks {
		if bytes.Contains(out.Bytes(), []byte(mark)) && !strings.Contains(src, mark) {
			return nil, diag.New(diag.Refused, "a value is missing or of the wrong type", "%s: the rendered file holds %s", name, mark)
		}
	}
	return out.Bytes(), nil
}

// parse adds a template under a key; name stands in errors. A template cannot
// define others: that would change what other files see.
func (r *Renderer) parse(name, key, src string) error {
	trees := map[string]*parse.Tree{}
	tree, err := parse.New(key).Parse(src, "", "", trees, r.funcs, builtins)
	if err != nil {
		return templateError(name, err)
	}
	if len(trees) > 1 || trees[key] == nil {
		return diag.New(diag.Refused, "make it a partial and include it", "%s: a template cannot define others", name)
	}
	guard(tree, tree.Root)
	_, err = r.root.AddParseTree(key, tree)
	return err
}

// include renders a partial; a function, unlike the template action, can be piped.
func (r *Renderer) include(name string, data any) (string, error) {
	if r.root.Lookup(name) == nil {
		return "", fmt.Errorf("there is no partial %q", name)
	}
	if r.depth++; r.depth > maxInclude {
		return "", fmt.Errorf("partials include each other more than %d deep", maxInclude)
	}
	defer func() { r.depth-- }()
	var out limited
	err := r.root.ExecuteTemplate(&out, name, data)
	return strings.TrimSuffix(out.String(), "\n"), err
}

const emitName = "_emit"

// emit is the last step of everything that is printed; guard puts it there.
func emit(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case int:
		return strconv.Itoa(v), nil
	case bool:
		return strconv.FormatBool(v), nil
	case Text:
		return "", errors.New("this is free text: pipe it through the encoder of this file's format (json, js, yaml, toml, python, sh, dockerfile, markdown, text)")
	case nil:
		return "", errors.New("there is no value here")
	}
	return "", fmt.Errorf("a %T cannot be printed: join or range over it", v)
}

// guard appends emit to every action that prints, as html/template does with
// its escapers, so that no template can forget it.
func guard(tree *parse.Tree, node parse.Node) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, c := range n.Nodes {
			guard(tree, c)
		}
	case *parse.ActionNode:
		if len(n.Pipe.Decl) == 0 {
			call := parse.NewIdentifier(emitName).SetTree(tree).SetPos(n.Pos)
			n.Pipe.Cmds = append(n.Pipe.Cmds, &parse.CommandNode{NodeType: parse.NodeCommand, Pos: n.Pos, Args: []parse.Node{call}})
		}
	case *parse.IfNode:
		guard(tree, n.List)
		guard(tree, n.ElseList)
	case *parse.RangeNode:
		guard(tree, n.List)
		guard(tree, n.ElseList)
	case *parse.WithNode:
		guard(tree, n.List)
		guard(tree, n.ElseList)
	}
}

// limited is a buffer that refuses to grow beyond maxOutput.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if l.Len()+len(p) > maxOutput {
		return 0, fmt.Errorf("the rendered file has more than %d MiB", maxOutput>>20)
	}
	return l.Buffer.Write(p)
}

// place takes line and column out of text/template's messages.
var place = regexp.MustCompile(`^template: [^:]*:(\d+)(?::(\d+))?: (?:executing .*? at <.*?>: )?(?:error calling \w+: )?`)

func templateError(name string, err error) error {
	msg := err.Error()
	pos := diag.Pos{File: name}
	if m := place.FindStringSubmatch(msg); m != nil {
		pos.Line, _ = strconv.Atoi(m[1])
		pos.Col, _ = strconv.Atoi(m[2])
		msg = msg[len(m[0]):]
	}
	return &diag.Error{Kind: diag.Refused, Findings: []diag.Finding{{Pos: pos, Text: msg}}, Cause: err}
}

var variable = regexp.MustCompile(`\{\{ *\.([a-z][a-z0-9_]*) *\}\}`)

// Path renders the name of a file, in which only plain variables may stand.
func Path(path string, values map[string]any) (string, error) {
	if !strings.Contains(path, "{{") {
		return path, nil
	}
	var bad error
	out := variable.ReplaceAllStringFunc(path, func(v string) string {
		key := variable.FindStringSubmatch(v)[1]
		s, ok := values[key].(string)
		if !ok || s == "" || strings.Contains(s, "/") {
			bad = diag.New(diag.Refused, "only a value without slashes can stand in a file's name", "%s: %q has no value that fits a file's name", path, key)
		}
		return s
	})
	if bad == nil && (strings.Contains(out, "{{") || strings.Contains(out, "}}")) {
		bad = diag.New(diag.Refused, "write {{ .variable }}", "%s: only plain variables can stand in a file's name", path)
	}
	return out, bad
}
