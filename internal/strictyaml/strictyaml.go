// Package strictyaml reads the YAML and JSON files that people write for
// stackinit: one small document, UTF-8, no aliases, no tags, no duplicate keys, every
// value kept as the text that stands in the file, so that 3.10 stays 3.10.
package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/stackinit/stackinit/internal/diag"
	"go.yaml.in/yaml/v3"
)

// MaxBytes is the largest file that is read: 256 KiB is hundreds of times what
// an answers file or a manifest needs.
const MaxBytes = 256 << 10

// Node is a value of the document with its place in the file.
type Node struct {
	file   string
	y      *yaml.Node
	fields []Field // instead of those of y, if not nil
	items  []Node  // the same for a list
}

// Field is one key of a mapping, in the order of the file.
type Field struct {
	Key   string
	At    diag.Pos // where the key stands
	Value Node
}

// Parse reads src, which came from the file of that name. An empty document is
// an empty mapping. The error is a *diag.Error of kind Usage.
func Parse(file string, src []byte) (Node, error) {
	fail := func(line int, format string, args ...any) (Node, error) {
		var l diag.List
		l.Add(diag.Pos{File: file, Line: line, Col: min(line, 1)}, "", format, args...)
		return Node{}, l.Err(diag.Usage)
	}
	switch {
	case len(src) > MaxBytes:
		return fail(0, "the file has %d bytes, more than the %d KiB that are read", len(src), MaxBytes>>10)
	case !utf8.Valid(src):
		return fail(0, "the file is not UTF-8 text")
	case deep(src):
		return fail(0, "the file is nested more than %d deep", maxDepth)
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var doc yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return Node{file: file, y: &yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}}, nil
	case err != nil:
		line, text := yamlError(err)
		return fail(line, "not valid YAML: %s", text)
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return fail(0, "the file holds more than one document")
	}
	var l diag.List
	check(file, doc.Content[0], &l)
	return Node{file: file, y: doc.Content[0]}, l.Err(diag.Usage)
}

// maxDepth is far above what any of our files needs; it is checked on the raw
// text because the parser recurses.
const maxDepth = 64

// deep reports whether flow collections are nested too deeply. Brackets inside
// strings count too, which is harmless at this limit, as they close again.
func deep(src []byte) bool {
	depth := 0
	for _, b := range src {
		switch b {
		case '[', '{':
			if depth++; depth > maxDepth {
				return true
			}
		case ']', '}':
			depth = max(0, depth-1)
		}
	}
	return false
}

// parserFault is a fault of the library's parser, not of its scanner. The library
// counts the lines of these from 0 and names the block or list that is not well
// formed by its beginning.
var parserFault = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^did not find expected (key|node content|'-' indicator|',' or '[\]}]'|<.*>)$`)
})

var yamlLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(.*)`) })

// yamlError takes the line out of the library's message, which leaves out the first.
func yamlError(err error) (line int, text string) {
	m := yamlLine().FindStringSubmatch(err.Error())
	if m == nil {
		return 1, err.Error()
	}
	line, _ = strconv.Atoi(m[1])
	if parserFault().MatchString(m[2]) {
		return line + 1, m[2]
	}
	return max(line, 1), m[2]
}

// check refuses aliases, tags, odd keys and duplicate keys anywhere in the document.
func check(file string, n *yaml.Node, l *diag.List) {
	at := diag.Pos{File: file, Line: n.Line, Col: n.Column}
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		l.Add(at, "write the value out", "anchors and aliases are not allowed here")
		return
	}
	if n.Style&yaml.TaggedStyle != 0 { // !!bool perhaps would be neither true nor refused
		l.Add(at, "leave the tag out", "tags such as %s are not allowed here", n.Tag)
	}
	if n.Kind == yaml.MappingNode {
		seen := map[string]int{}
		for i := 0; i < len(n.Content); i += 2 {
			k := n.Content[i]
			kat := diag.Pos{File: file, Line: k.Line, Col: k.Column}
			if k.Kind != yaml.ScalarNode || k.Tag == "!!merge" {
				l.Add(kat, "", "a key must be a plain word")
				continue
			}
			if line, dup := seen[k.Value]; dup {
				l.Add(kat, "", "%q is given twice; the first time in line %d", k.Value, line)
			}
			seen[k.Value] = k.Line
		}
	}
	for _, c := range n.Content {
		check(file, c, l)
	}
}

// Pos is where the value stands.
func (n Node) Pos() diag.Pos { return diag.Pos{File: n.file, Line: n.y.Line, Col: n.y.Column} }

// IsNull reports whether the value is missing or null.
func (n Node) IsNull() bool { return n.y.Tag == "!!null" }

// IsList reports whether the value is a list.
func (n Node) IsList() bool { return n.y.Kind == yaml.SequenceNode }

// IsMapping reports whether the value is a mapping.
func (n Node) IsMapping() bool { return n.y.Kind == yaml.MappingNode }

// Len counts the members of a list or the keys of a mapping.
func (n Node) Len() int {
	if n.IsMapping() {
		return len(n.y.Content) / 2
	}
	return len(n.y.Content)
}

// Fields gives the keys of a mapping in file order.
func (n Node) Fields() ([]Field, error) {
	if n.y.Kind != yaml.MappingNode {
		return nil, n.wrong("keys and values")
	}
	if n.fields != nil {
		return n.fields, nil
	}
	fs := make([]Field, 0, len(n.y.Content)/2)
	for i := 0; i < len(n.y.Content); i += 2 {
		k := n.y.Content[i]
		fs = append(fs, Field{k.Value, diag.Pos{File: n.file, Line: k.Line, Col: k.Column}, Node{file: n.file, y: n.y.Content[i+1]}})
	}
	return fs, nil
}

// Items gives the members of a list.
func (n Node) Items() ([]Node, error) {
	if n.y.Kind != yaml.SequenceNode {
		return nil, n.wrong("a list")
	}
	if n.items != nil {
		return n.items, nil
	}
	items := make([]Node, len(n.y.Content))
	for i, c := range n.y.Content {
		items[i] = Node{file: n.file, y: c}
	}
	return items, nil
}

// WithFields gives a mapping at the place of n, which is one, that holds these
// fields instead. They may come from another file: every value keeps its place.
func (n Node) WithFields(fields []Field) Node {
	n.fields = append([]Field{}, fields...)
	return n
}

// WithItems gives a list at the place of n, which is one, of these items instead.
func (n Node) WithItems(items []Node) Node {
	n.items = append([]Node{}, items...)
	return n
}

// Text gives a scalar as the text that stands in the file; null is an error.
func (n Node) Text() (string, error) {
	if n.y.Kind != yaml.ScalarNode || n.IsNull() {
		return "", n.wrong("a text")
	}
	return n.y.Value, nil
}

// Texts gives a list of scalars.
func (n Node) Texts() ([]string, error) {
	items, err := n.Items()
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(items))
	for i, it := range items {
		if texts[i], err = it.Text(); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// Int gives a whole number.
func (n Node) Int() (int, error) {
	if n.y.Tag != "!!int" {
		return 0, n.wrong("a whole number")
	}
	i, err := strconv.Atoi(n.y.Value)
	if err != nil {
		return 0, n.wrong("a whole number")
	}
	return i, nil
}

// Bool gives true or false.
func (n Node) Bool() (bool, error) {
	if n.y.Tag != "!!bool" {
		return false, n.wrong("true or false")
	}
	return strings.EqualFold(n.y.Value, "true"), nil // YAML has True and TRUE, too
}

// What names the kind of value for a message: "a list", "null", ….
func (n Node) What() string {
	switch {
	case n.IsNull():
		return "nothing (null)"
	case n.IsList():
		return "a list"
	case n.IsMapping():
		return "a mapping"
	}
	return fmt.Sprintf("%q", n.y.Value)
}

func (n Node) wrong(want string) error {
	var l diag.List
	l.Add(n.Pos(), "", "expected %s, found %s", want, n.What())
	return l.Err(diag.Usage)
}
