package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
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
		err = toml.Unmarshal(body, &doc)
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
		if err := node.Decode(&doc); err != nil {
			return nil, err
		}
		all = append(all, doc)
	}
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
		o.WriteString(fmt.Sprintf("%T ", v))
	}
	return nil
}

func (o *outline) mapping(keys []string, value func(string) any) error {
	o.WriteByte('{')
	for _, k := range keys {
		o.WriteString(strconv.Quote(k) + ":")
		if err := o.add(value(k)); err != nil {
			return err
		}
	}
	o.WriteByte('}')
	return nil
}
