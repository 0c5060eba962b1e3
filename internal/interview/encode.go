package interview

import (
	"fmt"
	"strings"
)

// YAML writes the answers to the questions, in their order, as an answers file
// that ReadFile reads back. Questions without an answer are left out, and so are
// secret ones.
func (a Answers) YAML(questions []Question) string {
	var b strings.Builder
	for _, q := range questions {
		answer, ok := a[q.Key]
		switch {
		case !ok || q.Secret || q.Kind == Single && answer.Values[0] == "": // it was not to be asked
			continue
		case q.Kind == Text && q.Type == Str:
			fmt.Fprintf(&b, "%s: %s\n", q.Key, quoteYAML(answer.Values[0]))
		case q.Kind == Multi:
			all := make([]string, len(answer.Values))
			for i, v := range answer.Values {
				all[i] = plainYAML(v)
			}
			fmt.Fprintf(&b, "%s: [%s]\n", q.Key, strings.Join(all, ", "))
		default:
			fmt.Fprintf(&b, "%s: %s\n", q.Key, plainYAML(answer.Values[0]))
		}
	}
	return b.String()
}

var yamlEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`)

// quoteYAML writes free text, which is printable but for line ends and tabs, as a
// double-quoted scalar.
func quoteYAML(s string) string {
	return `"` + yamlEscapes.Replace(s) + `"`
}

// plainYAML writes what can be chosen as it is, or quoted if YAML could take it for
// something else. Whatever is read keeps the text that stands in the file, so that
// 3.10 and no need no quotes.
func plainYAML(s string) string {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
		if !letter && (r != '-' && r != '.' || i == 0) {
			return quoteYAML(s)
		}
	}
	if s == "" || s == "null" || s == "Null" || s == "NULL" {
		return quoteYAML(s)
	}
	return s
}
