package render

import (
	"regexp"
	"strconv"
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
		if n, whole := values[key].(int); whole {
			s, ok = strconv.Itoa(n), true
		}
		if !ok || s == "" || strings.Contains(s, "/") {
			bad = diag.New(diag.Refused, "only a value without slashes can stand in a file's name", "%s: %q has no value that fits a file's name", shown(path), key)
		}
		return s
	})
	if bad == nil && !plainVariables(out) {
		bad = CheckPath(path)
	}
	return out, bad
}

// CheckPath refuses the name of a file that holds more than plain variables.
func CheckPath(path string) error {
	if plainVariables(variable().ReplaceAllString(path, "")) {
		return nil
	}
	return diag.New(diag.Refused, "write {{ .variable }}; a computed value can be one", "%s: only plain variables can stand in a file's name", shown(path))
}

func plainVariables(rest string) bool {
	return !strings.Contains(rest, "{{") && !strings.Contains(rest, "}}")
}
