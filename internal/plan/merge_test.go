package plan

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMerge(t *testing.T) {
	tests := []struct{ name, path, lower, upper, want string }{
		{"json", "package.json",
			`{"name": "x", "scripts": {"a": "1", "b": "2"}, "files": ["old"], "n": 1.50}`,
			`{"scripts": {"b": "3", "c": "<&>"}, "files": ["new"], "empty": {}}`,
			"{\n  \"name\": \"x\",\n  \"scripts\": {\n    \"a\": \"1\",\n    \"b\": \"3\",\n    \"c\": \"<&>\"\n  },\n  \"files\": [\n    \"new\"\n  ],\n  \"n\": 1.50,\n  \"empty\": {}\n}\n"},
		{"yaml keeps comments", "compose.yaml",
			"# top\nservices:\n  # the app\n  app: {image: a}\n", "services:\n  db:\n    image: b # pinned\n",
			"# top\nservices:\n  # the app\n  app: {image: a}\n  db:\n    image: b # pinned\n"},
		{"toml", "pyproject.toml",
			"# top\n[project]\nname = \"x\" # the name\n# why\nrequires = [\n    \"a\",\n]\n\n[tool.ruff]\nline = 100\n",
			"[project]\ndependencies = [\n    \"b; c == 'd'\",\n]\n\n[tool.ruff]\nline = 90\n\n[tool.new]\na = 1\n",
			"# top\n[project]\nname = \"x\" # the name\n# why\nrequires = [\n    \"a\",\n]\ndependencies = [\n    \"b; c == 'd'\",\n]\n\n[tool.ruff]\nline = 90\n\n[tool.new]\na = 1\n"},
		{"toml replaces a list of several lines", "pyproject.toml",
			"[project]\ndependencies = [\n  \"a\",\n  \"b\",\n]\nname = \"x\"\n", "[project]\ndependencies = []\n",
			"[project]\ndependencies = []\nname = \"x\"\n"},
		{"lines", ".gitignore", "a\nb\n", "# more\nb\nc\n", "a\nb\n# more\nc\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := merge(File{Path: tt.path, Body: []byte(tt.lower)}, File{Path: tt.path, Body: []byte(tt.upper)})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got.Body)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMergeRefuses(t *testing.T) {
	for _, tt := range []struct{ path, lower, upper, want string }{
		{"a.txt", "a", "b", "only JSON"},
		{"a.json", "{", "{}", "EOF"},
		{"a.json", "{} {}", "{}", "more than one"},
		{"a.json", "a: yaml", "{}", "invalid"},
		{"a.json", "{}", "", "EOF"},
		{"a.toml", "a = 1\n", "b = [\n", "line"},
		// Text that looks like a key inside of a longer string must not be taken for one.
		{"a.toml", "[a]\ns = \"\"\"\nx = 1\n\"\"\"\n", "[a]\nx = 2\n", "not terminated"},
		{"a.toml", "a.b = 1\n", "[a]\nc = 2\n", ""},
		{"a.toml", "a = {x = 1}\n", "a = {y = 2}\n", "do not merge cleanly"},
		{"a.yaml", "a: 1\n", "# nothing\n", "one of them is empty"},
		{"a.yaml", "a: 1\n", "a: [\n", "line"},
	} {
		_, err := merge(File{Path: tt.path, Body: []byte(tt.lower)}, File{Path: tt.path, Body: []byte(tt.upper)})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %q and %q: %v, want %q", tt.path, tt.lower, tt.upper, err, tt.want)
		}
	}
}

// Two files of a megabyte each are merged in time, whatever they are.
func TestMergeOfManyKeys(t *testing.T) {
	for path, line := range map[string]string{"a.json": "\"k%d\": 1,\n", "a.yaml": "k%d: 1\n", ".gitignore": "k%d\n"} {
		var lower, upper strings.Builder
		for i := 0; lower.Len() < 1<<20; i++ {
			fmt.Fprintf(&lower, line, i)
			fmt.Fprintf(&upper, line, -i)
		}
		a, b := lower.String(), upper.String()
		if path == "a.json" {
			a, b = "{"+strings.TrimSuffix(a, ",\n")+"}", "{"+strings.TrimSuffix(b, ",\n")+"}"
		}
		start := time.Now()
		got, err := merge(File{Path: path, Body: []byte(a)}, File{Path: path, Body: []byte(b)})
		if err != nil || len(got.Body) < 2<<20 {
			t.Errorf("%s: %d bytes, %v", path, len(got.Body), err)
		}
		// Beside other work each second may take a few; compared one by one they take minutes.
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s took %v", path, took)
		} else {
			t.Log(path, took)
		}
	}
}

// Whatever two TOML files are merged: an error, or what merging their values gives.
func FuzzMergeTOML(f *testing.F) {
	f.Add("[a]\nb = 1\n", "[a]\nc = [\n1,\n]\n")
	f.Add("a = \"\"\"\n[x]\n\"\"\"\n", "[x]\ny = 1\n")
	f.Add("# c\n\n[[a]]\nb = 1\n[[a]]\nb = 2\n", "d = 1")
	f.Fuzz(func(_ *testing.T, lower, upper string) {
		_, _ = mergeTOML([]byte(lower), []byte(upper)) // checks itself; must not panic
	})
}
