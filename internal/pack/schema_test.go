package pack

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/templates"
)

// level is a mapping of the manifest: the keys that the schema knows there, and how
// a document with one more key there is written.
type level struct {
	at   string
	keys map[string]any
	doc  func(inner any) map[string]any
}

// levelsOf finds all mappings with fixed keys in a schema.
func levelsOf(at string, schema map[string]any, wrap func(any) map[string]any) (all []level) {
	if keys, ok := schema["properties"].(map[string]any); ok {
		all = append(all, level{at, keys, wrap})
		for key, below := range keys {
			all = append(all, levelsOf(at+"."+key, below.(map[string]any), func(v any) map[string]any { return wrap(map[string]any{key: v}) })...)
		}
	}
	if items, ok := schema["items"].(map[string]any); ok {
		all = append(all, levelsOf(at+"[]", items, func(v any) map[string]any { return wrap([]any{v}) })...)
	}
	if below, ok := schema["additionalProperties"].(map[string]any); ok {
		all = append(all, levelsOf(at+".*", below, func(v any) map[string]any { return wrap(map[string]any{"any": v}) })...)
	}
	if some, ok := schema["anyOf"].([]any); ok {
		for _, s := range some {
			all = append(all, levelsOf(at, s.(map[string]any), wrap)...)
		}
	}
	return all
}

// unknown tells whether the decoder calls a key unknown.
func unknown(t *testing.T, doc map[string]any, key string, whose origin) bool {
	t.Helper()
	doc["schema"], doc["name"] = Schema, "x"
	src, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	_, err = decode("x", src, whose)
	var e *diag.Error
	if errors.As(err, &e) {
		for _, f := range e.Findings {
			if f.Text == "unknown key "+strconv.Quote(key) {
				return true
			}
		}
	}
	return false
}

// literals are all words in quotes in the sources of this package: the keys of the
// decoder are among them.
func literals(t *testing.T) (words map[string]bool) {
	t.Helper()
	words = map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`^[a-z][a-z_]*$`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || file == "schema.go" {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if word, err := strconv.Unquote(lit.Value); err == nil && key.MatchString(word) {
					words[word] = true
				}
			}
			return true
		})
	}
	return words
}

// Schema and decoder know the same keys, at every level.
func TestSchemaHasTheDecodersKeys(t *testing.T) {
	words := literals(t)
	whole := func(v any) map[string]any { return v.(map[string]any) }
	levels := levelsOf("", JSONSchema(), whole)
	if len(levels) < 10 || len(words) < 40 {
		t.Fatalf("%d levels, %d words: the test does not see what it is to compare", len(levels), len(words))
	}
	for _, l := range levels {
		var readers []origin
		for _, whose := range []origin{builtIn, team} {
			if unknown(t, l.doc(map[string]any{"zzz": "1"}), "zzz", whose) {
				readers = append(readers, whose)
			}
		}
		if len(readers) == 0 {
			t.Errorf("%s is a level of the schema that the decoder takes anything in", l.at)
		}
		known := func(key string) bool {
			for _, whose := range readers {
				if !unknown(t, l.doc(map[string]any{key: "1"}), key, whose) {
					return true
				}
			}
			return false
		}
		for word := range words {
			if _, there := l.keys[word]; !there && known(word) {
				t.Errorf("the decoder knows %s.%s, the schema does not", l.at, word)
			}
		}
		for key := range l.keys {
			if !known(key) {
				t.Errorf("the schema knows %s.%s, the decoder does not", l.at, key)
			}
		}
	}
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	src, err := json.Marshal(JSONSchema())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(src)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("pack.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("pack.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func valid(t *testing.T, s *jsonschema.Schema, src []byte) error {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal(src, &doc); err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestSchemaTakesOurManifests(t *testing.T) {
	s, seen := compiled(t), 0
	manifests, err := fs.Glob(templates.FS, "*/"+ManifestFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range manifests {
		src, err := fs.ReadFile(templates.FS, m)
		if err != nil {
			t.Fatal(err)
		}
		seen++
		if err := valid(t, s, src); err != nil {
			t.Errorf("%s: %v", m, err)
		}
	}
	if seen < 20 {
		t.Errorf("only %d manifests", seen)
	}
	src, err := os.ReadFile("testdata/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := valid(t, s, src); err != nil {
		t.Error(err)
	}
	if _, err := decode("everything.yaml", src, team); err != nil {
		t.Error(err)
	}
}

// What the schema refuses, the decoder refuses too.
func TestSchemaRefuses(t *testing.T) {
	s := compiled(t)
	for _, src := range []string{
		"{}", "schema: stackinit.pack/v1", "name: x", "schema: stackinit.pack/v2\nname: x",
		"schema: stackinit.pack/v1\nname: Big Name",
		"schema: stackinit.pack/v1\nname: x\nquestion: {}",
		"schema: stackinit.pack/v1\nname: x\nquestions: {a: {type: string}}",
		"schema: stackinit.pack/v1\nname: x\nquestions: {a: {choices: []}}",
		"schema: stackinit.pack/v1\nname: x\nquestions: {Big: {}}",
		"schema: stackinit.pack/v1\nname: x\nquestions: {a: {validate: {regex: x}}}",
		"schema: stackinit.pack/v1\nname: x\nquestions: {a: {multiselect: perhaps}}",
		"schema: stackinit.pack/v1\nname: x\nextends: {pack: y}",
		"schema: stackinit.pack/v1\nname: x\nfiles: [{when: {a: [b]}}]",
		"schema: stackinit.pack/v1\nname: x\ndelimiters: [{path: x, left: '['}]",
		"schema: stackinit.pack/v1\nname: x\nexclude: x",
		"schema: stackinit.pack/v1\nname: x\ntasks: [npm test]",
		"schema: stackinit.pack/v1\nname: x\nmin_stackinit: newest",
		"schema: stackinit.pack/v1\nname: x\npolicy: {always: {}}",
	} {
		if err := valid(t, s, []byte(src)); err == nil {
			t.Errorf("the schema takes\n%s", src)
		}
		if _, err := decode("x", []byte(src), team); err == nil {
			t.Errorf("the decoder takes\n%s", src)
		}
	}
}
