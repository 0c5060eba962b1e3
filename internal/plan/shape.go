package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// shape writes down what a structured file is made of: its keys, sorted, and the kinds
// of its values. Other files have none. An error means that the file does not parse.
func shape(path string, body []byte) (string, error) {
	var doc any
	var err error
	switch format(path) {
	case "json":
		err = json.Unmarshal(body, &doc)
	case "yaml":
		doc, err = yamlDocuments(body)
	case "toml":
		err = parseTOML(body, &doc)
	default:
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var o outline
	err = o.add(doc)
	return o.String(), err
}

// yamlDocuments reads all documents of a file.
func yamlDocuments(body []byte) (all []any, err error) {
	dec := yaml.NewDecoder(bytes.NewReader(body))
	for {
		var node yaml.Node
		if err := dec.Decode(&node); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		var doc any
		if err := checkKeys(&node); err != nil {
			return nil, err
		}
		if err := node.Decode(&doc); err != nil {
			return nil, err
		}
		all = append(all, doc)
	}
}

// What a mapping of YAML may have: the decoder compares each key with all others, and
// reads it again for each alias.
const (
	maxKeys = 10_000
	maxKey  = 1000 // bytes
)

func checkKeys(n *yaml.Node) error {
	if n.Kind == yaml.MappingNode && len(n.Content)/2 > maxKeys {
		return fmt.Errorf("line %d: a mapping of more than %d keys", n.Line, maxKeys)
	}
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && len(c.Value) > maxKey {
			return fmt.Errorf("line %d: a key of more than %d bytes", c.Line, maxKey)
		}
		if err := checkKeys(c); err != nil {
			return err
		}
	}
	return nil
}

// outline grows with the file that it is about, but for YAML's aliases.
type outline struct{ strings.Builder }

const maxOutline = 16 << 20 // bytes

func (o *outline) add(v any) error {
	if o.Len() > maxOutline {
		return fmt.Errorf("it has more than %d MiB of keys", maxOutline>>20)
	}
	switch v := v.(type) {
	case map[string]any:
		return o.mapping(slices.Sorted(maps.Keys(v)), func(k string) any { return v[k] })
	case map[any]any: // YAML's, if a key is no text
		byName := map[string]any{}
		for k, c := range v {
			byName[fmt.Sprintf("%T %v", k, k)] = c
		}
		return o.mapping(slices.Sorted(maps.Keys(byName)), func(k string) any { return byName[k] })
	case []any:
		o.WriteByte('[')
		for _, c := range v {
			if err := o.add(c); err != nil {
				return err
			}
		}
		o.WriteByte(']')
	default:
		fmt.Fprintf(o, "%T ", v)
	}
	return nil
}

func (o *outline) mapping(keys []string, value func(string) any) error {
	o.WriteByte('{')
	for _, k := range keys {
		fmt.Fprintf(o, "%q:", k)
		if err := o.add(value(k)); err != nil {
			return err
		}
	}
	o.WriteByte('}')
	return nil
}
