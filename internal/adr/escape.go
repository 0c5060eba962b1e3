package adr

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
)

// none fills a table cell that has nothing to say.
const none = "–"

var (
	// inline characters begin emphasis, code, links, HTML, mathematics (GitHub),
	// strike-through, mail links or a new table cell.
	inline = regexp.MustCompile("[\\\\`*_\\[\\]<|$~@]")
	entity = regexp.MustCompile(`&(#?\w+;)`)
	// autolink is what GitHub turns into a link by itself.
	autolink = regexp.MustCompile(`(?i)(\bwww|\bhttps?|\bftp)([.:])`)
	// start characters begin a heading, a quotation or a list in front of a text.
	start = regexp.MustCompile(`^([-+=#>]|\d+[.)])`)
)

// escape gives Markdown that shows free text as it is and stays one line.
func escape(text string) string {
	s := inline.ReplaceAllString(oneLine(text), `\$0`)
	s = entity.ReplaceAllString(s, `\&$1`)
	s = autolink.ReplaceAllString(s, `$1\$2`)
	return start.ReplaceAllStringFunc(s, func(m string) string { return m[:len(m)-1] + `\` + m[len(m)-1:] })
}

// oneLine joins the words of a text by single spaces: line ends and invisible
// characters would change the structure of the page around it.
func oneLine(text string) string {
	visible := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "�"))
	return strings.Join(strings.Fields(visible), " ")
}

func escapeAll(texts []string) []string {
	var out []string
	for _, t := range texts {
		out = append(out, escape(t))
	}
	return out
}

var backticks = regexp.MustCompile("`+")

// code gives a code span, fenced by more backticks than the text holds.
func code(text string) string {
	text = oneLine(text)
	fence := "`"
	for _, run := range backticks.FindAllString(text, -1) {
		if len(run) >= len(fence) {
			fence = run + "`"
		}
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

var (
	// plainName is a text that YAML reads as itself within [ ].
	plainName = regexp.MustCompile(`^\p{L}[\p{L}\p{M}\d .'-]*$`)
	// yamlWord is a text that YAML 1.1 or 1.2 reads as something else.
	yamlWord = regexp.MustCompile(`(?i)^(true|false|yes|no|on|off|y|n|null)$`)
)

// flowList gives a YAML list on one line, each text quoted where it must be.
func flowList(texts []string) string {
	items := make([]string, len(texts))
	for i, t := range texts {
		t = oneLine(t)
		if !plainName.MatchString(t) || yamlWord.MatchString(t) {
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
