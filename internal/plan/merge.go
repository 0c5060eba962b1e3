package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
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

// format tells by a file's name how it is read; "" is anything else.
func format(name string) string {
	switch base := path.Base(name); base {
	case ".gitignore", ".dockerignore", ".gitattributes", ".env.example":
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
	have := strings.Split(string(lower), "\n")
	out := bytes.TrimRight(lower, "\n")
	for line := range strings.Lines(string(upper)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") || !slices.Contains(have, line) {
			out = append(append(out, '\n'), line...)
		}
	}
	return append(out, '\n')
}

// mergeNodes merges YAML or JSON, which is a part of YAML: keys keep their
// order, new ones follow, mappings are merged, everything else is replaced.
func mergeNodes(format string, lower, upper []byte) ([]byte, error) {
	var a, b yaml.Node
	if err := yaml.Unmarshal(lower, &a); err != nil {
		return nil, err
	}
	if err := yaml.Unmarshal(upper, &b); err != nil {
		return nil, err
	}
	if len(a.Content) == 0 || len(b.Content) == 0 {
		return nil, errors.New("one of them is empty")
	}
	mergeMapping(a.Content[0], b.Content[0])
	var out bytes.Buffer
	if format == "json" {
		err := writeJSON(&out, a.Content[0], "")
		out.WriteByte('\n')
		return out.Bytes(), err
	}
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	err := errors.Join(enc.Encode(&a), enc.Close())
	return out.Bytes(), err
}

func mergeMapping(a, b *yaml.Node) {
	if a.Kind != yaml.MappingNode || b.Kind != yaml.MappingNode {
		*a = *b
		return
	}
	for i := 0; i < len(b.Content); i += 2 {
		if at := keyIndex(a, b.Content[i].Value); at >= 0 {
			mergeMapping(a.Content[at+1], b.Content[i+1])
		} else {
			a.Content = append(a.Content, b.Content[i], b.Content[i+1])
		}
	}
}

// keyIndex is where a mapping holds a key, or -1.
func keyIndex(m *yaml.Node, key string) int {
	for i := 0; i < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// writeJSON writes a node as npm writes package.json: two spaces, one value a line.
func writeJSON(w *bytes.Buffer, n *yaml.Node, indent string) error {
	open, shut := byte('{'), byte('}')
	switch n.Kind {
	case yaml.ScalarNode:
		return writeScalar(w, n)
	case yaml.SequenceNode:
		open, shut = '[', ']'
	case yaml.MappingNode:
	default:
		return fmt.Errorf("line %d: not JSON", n.Line)
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
		if err := writeJSON(w, n.Content[i], indent+"  "); err != nil {
			return err
		}
	}
	if len(n.Content) > 0 {
		w.WriteString("\n" + indent)
	}
	w.WriteByte(shut)
	return nil
}

func writeScalar(w *bytes.Buffer, n *yaml.Node) error {
	switch {
	case n.Tag == "!!str":
		w.Write(jsonString(n.Value))
	case json.Valid([]byte(n.Value)):
		w.WriteString(n.Value)
	default:
		return fmt.Errorf("line %d: %q is not JSON", n.Line, n.Value)
	}
	return nil
}

func jsonString(s string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return bytes.TrimRight(b.Bytes(), "\n")
}
