package adr

import (
	"strings"

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

func oneLine(text string) string { return markdown.OneLine(text) }

// code gives a code span, fenced by more backticks than the text holds.
func code(text string) string {
	text = oneLine(text)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// sentence ends a text with a full stop unless it ends a sentence already.
func sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") || strings.HasSuffix(text, "…") {
		return text
	}
	return text + "."
}
