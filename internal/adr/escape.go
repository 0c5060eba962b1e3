package adr

import (
	"encoding/json"
	"regexp"
	"strings"
	"sync"

	"github.com/stackinit/stackinit/internal/markdown"
)

// none fills a table cell that has nothing to say.
const none = "–"

// escape gives Markdown that shows free text as it is.
func escape(text string) string { return markdown.Escape(text) }

func escapeAll(texts []string) []string {
	var out []string
	for _, t := range texts {
		out = append(out, escape(t))
	}
	return out
}

// code gives a code span, fenced by more backticks than the text holds.
func code(text string) string {
	text = markdown.OneLine(text)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

var (
	// plainName is a text that YAML reads as itself within [ ].
	plainName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\p{L}[\p{L}\p{M}\d .'-]*$`) })
	// yamlWord is a text that YAML 1.1 or 1.2 reads as something else.
	yamlWord = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(true|false|yes|no|on|off|y|n|null)$`)
	})
)

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

// sentence ends a text with a full stop unless it ends a sentence already.
func sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") || strings.HasSuffix(text, "…") {
		return text
	}
	return text + "."
}
