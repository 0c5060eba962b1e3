package render

import (
	"regexp"
	"strings"
	"sync"

	"github.com/stackinit/stackinit/internal/diag"
)

var variable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{\{ *\.([a-z][a-z0-9_]*) *\}\}`) })

// Path renders the name of a file, in which only plain variables may stand. The
// values of a file that is made for each member of a list come from WithItem.
func Path(path string, values map[string]any) (string, error) {
	if !strings.Contains(path, "{{") {
		return path, nil
	}
	var bad error
	out := variable().ReplaceAllStringFunc(path, func(v string) string {
		key := variable().FindStringSubmatch(v)[1]
		s, ok := values[key].(string)
		if !ok || s == "" || strings.Contains(s, "/") {
			bad = diag.New(diag.Refused, "only a value without slashes can stand in a file's name", "%s: %q has no value that fits a file's name", shown(path), key)
		}
		return s
	})
	if bad == nil && (strings.Contains(out, "{{") || strings.Contains(out, "}}")) {
		bad = diag.New(diag.Refused, "write {{ .variable }}", "%s: only plain variables can stand in a file's name", shown(path))
	}
	return out, bad
}
