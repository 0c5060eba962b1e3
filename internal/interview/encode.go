package interview

import (
	"fmt"
	"strings"
)

// YAML writes the answers to the questions, in their order, as an answers file
// that ReadFile reads back. Questions without an answer are left out.
func (a Answers) YAML(questions []Question) string {
	var b strings.Builder
	for _, q := range questions {
		answer, ok := a[q.Key]
		if !ok {
			continue
		}
		switch q.Kind {
		case Text:
			fmt.Fprintf(&b, "%s: %s\n", q.Key, quoteYAML(answer.Values[0]))
		case Multi:
			fmt.Fprintf(&b, "%s: [%s]\n", q.Key, strings.Join(answer.Values, ", "))
		default:
			fmt.Fprintf(&b, "%s: %s\n", q.Key, answer.Values[0])
		}
	}
	return b.String()
}

// quoteYAML writes free text, which is one printable line, as a double-quoted scalar.
func quoteYAML(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
