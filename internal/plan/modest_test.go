package plan

import (
	"fmt"
	"strings"
	"testing"
)

// What would take long to read is refused before any parser sees it.
func TestEffort(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, tt := range []struct{ format, body, want string }{
		{"json", deep(maxNested), ""},
		{"json", deep(maxNested + 1), "nested more than 64 deep"},
		{"yaml", deep(maxNested + 1), "nested more than 64 deep"},
		{"yaml", strings.Repeat("- ", maxNested), "nested more than 64 deep"},
		{"toml", "a" + strings.Repeat(".a", maxDots) + " = 1\n", ""},
		{"toml", "a" + strings.Repeat(".a", maxDots+1) + " = 1\n", "nested more than 64 deep"},
		{"lines", deep(maxNested + 1), ""},
		{"yaml", strings.Repeat("a: 1\n", maxParts), ""},
		{"yaml", strings.Repeat("a: 1\n", maxParts+1), "it is too large"},
		{"json", "[" + strings.Repeat("1,", maxParts) + "1]", "it is too large"},
		{"yaml", "a: " + strings.Repeat("x", maxParsed), "it is too large"},
	} {
		err := new(effort).take(tt.format, []byte(tt.body))
		if got := fmt.Sprint(err); (err == nil) != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s, %.20q…: %v, want %q", tt.format, tt.body, err, tt.want)
		}
	}
}

// Many files of a size that is allowed are too much together.
func TestEffortOfManyFiles(t *testing.T) {
	var e effort
	body := []byte(strings.Repeat("a: 1\n", maxParts))
	for i := range 2 {
		if err := e.take("yaml", body); (err != nil) != (i == 1) {
			t.Errorf("file %d: %v", i, err)
		}
	}
}
