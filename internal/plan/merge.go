package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"path"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// merge puts the upper file's keys into the lower one: by key in structured
// files, by line in lists such as .gitignore.
func merge(lower, upper File) (File, error) {
	var err error
	switch format(upper.Path) {
	case "json", "yaml":
		upper.Body, err = mergeNodes(format(upper.Path), lower.Body, upper.Body)
	case "toml":
		upper.Body, err = mergeTOML(lower.Body, upper.Body)
	case "lines":
		upper.Body = mergeLines(lower.Body, upper.Body)
	default:
		err = errors.New("only JSON, TOML, YAML and ignore files can be merged")
	}
	upper.made = true
	upper.Source = lower.Source + ", " + upper.Source
	return upper, err
}

// Mergeable tells by a file's name whether it can be merged into that of a lower layer.
func Mergeable(name string) bool { return format(name) != "" }

// format tells by a file's name how it is read; "" is anything else.
func format(name string) string {
	switch base := path.Base(name); base {
	case ".gitignore", ".dockerignore", ".gitattributes", ".env.example", secretFile:
		return "lines"
	default:
		switch path.Ext(base) {
		case ".json":
			return "json"
		case ".toml":
			return "toml"
		case ".yml", ".yaml":
			return "yaml"
		}
	}
	return ""
}

// mergeLines appends the lines that are not there yet.
func mergeLines(lower, upper []byte) []byte {
	have := map[string]bool{}
	for line := range strings.SplitSeq(string(lower), "\n") {
		have[line] = true
	}
	out := bytes.TrimRight(lower, "\n")
	for line := range strings.Lines(string(upper)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") || !have[line] {
			out = append(append(out, '\n'), line...)
		}
	}
	return append(out, '\n')
}

// mergeNodes merges YAML or JSON, in the same kind of tree: keys keep their
// order, new ones follow, mappings are merged, everything else is replaced.
func mergeNodes(format string, lower, upper []byte) ([]byte, error) {
	parse := parseYAML
	if format == "json" {
		parse = parseJSON
	}
	a, err := parse(lower)
	if err != nil {
		return nil, err
	}
	b, err := parse(upper)
	if err != nil {
		return nil, err
	}
	mergeMapping(a, b)
	var out bytes.Buffer
	if format == "json" {
		writeJSON(&out, a, "")
		out.WriteByte('\n')
		return out.Bytes(), nil
	}
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	err = errors.Join(enc.Encode(a), enc.Close())
	return out.Bytes(), err
}

func parseYAML(src []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return nil, errors.New("one of them is empty")
	}
	return doc.Content[0], nil
}

func parseJSON(src []byte) (*yaml.Node, error) {
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	n, err := jsonValue(dec)
	if err == nil && dec.More() {
		err = errors.New("there is more than one value")
	}
	return n, err
}

// jsonValue reads the next value; numbers keep their text.
func jsonValue(dec *json.Decoder) (*yaml.Node, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case string:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: t}, nil
	case json.Number:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!float", Value: t.String()}, nil
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(t)}, nil
	case json.Delim:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		if t == '{' {
			n.Kind = yaml.MappingNode
		}
		for dec.More() { // in an object, keys and values take turns
			v, err := jsonValue(dec)
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, v)
		}
		_, err := dec.Token() // the closing bracket
		return n, err
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}, nil
}

func mergeMapping(a, b *yaml.Node) {
	if a.Kind != yaml.MappingNode || b.Kind != yaml.MappingNode {
		*a = *b
		return
	}
	at := map[string]int{} // where a has a key
	for i := len(a.Content) - 2; i >= 0; i -= 2 {
		at[a.Content[i].Value] = i
	}
	for i := 0; i < len(b.Content); i += 2 {
		key := b.Content[i].Value
		if k, ok := at[key]; ok {
			mergeMapping(a.Content[k+1], b.Content[i+1])
			continue
		}
		at[key] = len(a.Content)
		a.Content = append(a.Content, b.Content[i], b.Content[i+1])
	}
}

// writeJSON writes a node of parseJSON as npm writes package.json: two spaces, one value a
// line.
func writeJSON(w *bytes.Buffer, n *yaml.Node, indent string) {
	open, shut := byte('{'), byte('}')
	switch {
	case n.Kind == yaml.SequenceNode:
		open, shut = '[', ']'
	case n.Tag == "!!str":
		w.Write(jsonString(n.Value))
		return
	case n.Kind == yaml.ScalarNode:
		w.WriteString(n.Value)
		return
	}
	w.WriteByte(open)
	for i := 0; i < len(n.Content); i++ {
		if i > 0 {
			w.WriteByte(',')
		}
		w.WriteString("\n" + indent + "  ")
		if n.Kind == yaml.MappingNode {
			w.Write(jsonString(n.Content[i].Value))
			w.WriteString(": ")
			i++
		}
		writeJSON(w, n.Content[i], indent+"  ")
	}
	if len(n.Content) > 0 {
		w.WriteString("\n" + indent)
	}
	w.WriteByte(shut)
}

func jsonString(s string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return bytes.TrimRight(b.Bytes(), "\n")
}
