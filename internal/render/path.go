package render

import (
	"strconv"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
)

// Path renders the name of a file, in which only plain variables may stand. The
// values of a file that is made for each member of a list come from WithItem.
func Path(path string, values map[string]any) (string, error) {
	return named(path, func(key string) (string, error) {
		s, _ := values[key].(string)
		if n, whole := values[key].(int); whole {
			s = strconv.Itoa(n)
		}
		if s == "" || strings.Contains(s, "/") {
			return "", diag.New(diag.Refused, "only a value without slashes can stand in a file's name", "%s: %q has no value that fits a file's name", shown(path), key)
		}
		return s, nil
	})
}

// CheckPath refuses the name of a file that holds more than plain variables.
func CheckPath(path string) error {
	_, err := named(path, func(string) (string, error) { return "", nil })
	return err
}

// named puts values into the name of a file.
func named(path string, value func(key string) (string, error)) (string, error) {
	if !strings.Contains(path, "{{") {
		return path, nil
	}
	var name strings.Builder
	for rest := path; ; {
		text, action, more := strings.Cut(rest, "{{")
		name.WriteString(text)
		if !more {
			break
		}
		inside, behind, closed := strings.Cut(action, "}}")
		key, field := strings.CutPrefix(strings.Trim(inside, " "), ".")
		if !closed || !field || !isKey(key) {
			return "", notPlain(path)
		}
		s, err := value(key)
		if err != nil {
			return "", err
		}
		name.WriteString(s)
		rest = behind
	}
	if made := name.String(); !strings.Contains(made, "{{") && !strings.Contains(made, "}}") {
		return made, nil
	}
	return "", notPlain(path)
}

func notPlain(path string) error {
	return diag.New(diag.Refused, "write {{ .variable }}; a computed value can be one", "%s: only plain variables can stand in a file's name", shown(path))
}

// isKey reports whether a text is the key of a question: [a-z][a-z0-9_]*.
func isKey(s string) bool {
	return s != "" && s[0] >= 'a' && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}
