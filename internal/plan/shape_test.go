package plan

import (
	"runtime"
	"strings"
	"testing"
)

// Files of the same values have the same shape, and others another.
func TestShape(t *testing.T) {
	for _, tt := range []struct {
		path, a, b string
		same       bool
	}{
		{"a.json", `{"a": "x", "b": [1, 2]}`, `{"b": [3, 4], "a": "y"}`, true},
		{"a.json", `{"a": "x"}`, `{"a": "x", "b": "y"}`, false},
		{"a.json", `{"a": "x"}`, `{"a": 1}`, false},
		{"a.json", `{"a": ["x"]}`, `{"a": ["x", "y"]}`, false},
		{"a.json", `{"a": {}, "b": 1}`, `{"a": {"b": 1}}`, false},
		{"a.yaml", "a: x\n", "a: 'y'\n", true},
		{"a.yaml", "a: x\n", "a: null\n", false},
		{"a.yaml", "a: x\n---\nb: x\n", "a: x\n---\nb: y\n", true},
		{"a.yaml", "a: x\n---\nb: x\n", "a: x\n---\nb: x\nc: x\n", false}, // below the first document
		{"a.yaml", "1: {a: x}\n", "1: {a: y}\n", true},
		{"a.yaml", "1: {a: x}\n", "1: {a: x, b: y}\n", false}, // below a key that is no text
		{"a.toml", "a = 'x'\n", "a = 'y'\n", true},
		{"a.toml", "a = 'x'\n", "a = 'x'\n[b]\n", false},
		{"a.txt", "a", "b: c", true},
	} {
		a, errA := shape(tt.path, []byte(tt.a))
		b, errB := shape(tt.path, []byte(tt.b))
		if errA != nil || errB != nil || (a == b) != tt.same {
			t.Errorf("%s: %q and %q have the shapes %q, %v and %q, %v", tt.path, tt.a, tt.b, a, errA, b, errB)
		}
	}
}

func TestShapeRefuses(t *testing.T) {
	long := strings.Repeat("k", 1000)
	for _, tt := range []struct{ path, body, want string }{
		{"a.json", "{", "unexpected end"},
		{"a.json", "{} {}", "after top-level value"},
		{"a.yaml", "a: [", "line 1"},
		{"a.yaml", "a: 1\n---\na: [", "line 3"},
		{"a.yaml", "a: 1\na: 2\n", "already defined"},
		{"a.yaml", "a: &a\n  ? " + long + "\n  : 1\nb: [" + strings.Repeat("*a, ", 30_000) + "]\n", "it has more than 16 MiB of keys"},
		{"a.toml", "a = ", "toml"},
	} {
		if _, err := shape(tt.path, []byte(tt.body)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %.40q: %v, want %q", tt.path, tt.body, err, tt.want)
		}
	}
}

// What lies deep below a long key costs no more than what does not.
func TestShapeCostsWhatTheFileDoes(t *testing.T) {
	body := `{"` + strings.Repeat("k", 300_000) + `": ` + strings.Repeat("[", 5000) + strings.Repeat("1,", 300_000) + "1" + strings.Repeat("]", 5000) + "}"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, err := shape("a.json", []byte(body))
	runtime.ReadMemStats(&after)
	if made := after.TotalAlloc - before.TotalAlloc; err != nil || len(got) > 4<<20 || made > 128<<20 {
		t.Errorf("%d bytes, after %d MiB: %v", len(got), made>>20, err)
	}
}
