package plan

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"
)

// shape lists the key paths of a structured file, sorted; other files have none.
// An error means that the file does not parse.
func shape(path string, body []byte) ([]string, error) {
	var doc any
	var err error
	switch format(path) {
	case "json":
		err = json.Unmarshal(body, &doc)
	case "yaml":
		err = yaml.Unmarshal(body, &doc)
	case "toml":
		err = toml.Unmarshal(body, &doc)
	default:
		return nil, nil
	}
	var keys []string
	collect(doc, "", &keys)
	slices.Sort(keys)
	return keys, err
}

// collect adds every key and list position below v.
func collect(v any, at string, keys *[]string) {
	*keys = append(*keys, fmt.Sprintf("%s:%T", at, v))
	switch v := v.(type) {
	case map[string]any:
		for k, c := range v {
			collect(c, at+"/"+k, keys)
		}
	case []any:
		for i, c := range v {
			collect(c, fmt.Sprintf("%s/%d", at, i), keys)
		}
	}
}
