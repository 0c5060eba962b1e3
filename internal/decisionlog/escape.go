package decisionlog

import (
	"encoding/json"
	"regexp"
	"strings"
	"sync"

	"github.com/stackinit/stackinit/internal/markdown"
)

// none fills a table cell that has nothing to say.
const none = "–"

func escapeAll(texts []string) []string {
	var out []string
	for _, t := range texts {
		out = append(out, markdown.Escape(t))
	}
	return out
}

var (
	// plainName is a text that YAML reads as itself within [ ].
	plainName = pattern(`^\p{L}[\p{L}\p{M}\d .'-]*$`)
	// yamlWord is a text that YAML 1.1 or 1.2 reads as something else.
	yamlWord = pattern(`(?i)^(true|false|yes|no|on|off|y|n|null)$`)
)

// pattern compiles a regular expression when it is needed: most runs of the program
// read no records, and these would be a tenth of its start.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

// flowList gives a YAML list on one line, each text quoted where it must be.
func flowList(texts []string) string {
	items := make([]string, len(texts))
	for i, t := range texts {
		t = markdown.OneLine(t)
		if !plainName().MatchString(t) || yamlWord().MatchString(t) {
			quoted, _ := json.Marshal(t) // a string always encodes, and JSON strings are YAML
			t = string(quoted)
		}
		items[i] = t
	}
	return "[" + strings.Join(items, ", ") + "]"
}
