package adr

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stackinit/stackinit/internal/recommend"
)

// openings turn a paraphrase, which may lack subject and verb, into a clause: a
// paraphrase that begins like this takes the words in front of it. {} stands for
// the subject.
var openings = []struct{ begins, lead string }{
	{"Serves ", "{} "}, {"Suits ", "{} "}, {"Performs ", "{} "}, {"Scales ", "{} "}, {"Can ", "{} "},
	{"One language", "{} means "}, {"Quick development", "{} means "},
	{"Clear, ", "{} has a "}, {"Wide ", "{} has a "},
	{"NodeJS for ", "the article names "}, {"Python for ", "the article names "},
	{"Quick when", "{} is "}, {"Plain ", "{} is "}, {"Frequently ", "{} is "}, {"General purpose", "{} is "},
	{"The pick ", "{} is "}, {"The first choice", "{} is "}, {"A high-level", "{} is "}, {"A strong", "{} is "},
	{"Also ", "{} is "}, {"Widely ", "{} is "}, {"Asynchronous and", "{} is "}, {"Synchronous ", "{} is "},
	{"Strong ", "{} is "}, {"Fairly ", "{} is "}, {"Among ", "{} is "}, {"Designed ", "{} is "}, {"Known ", "{} is "},
	{"Right ", "{} is "}, {"Good ", "{} is "}, {"Best ", "{} is "}, {"Excellent ", "{} is "},
	// whole sentences
	{"The event loop", ""}, {"The choice", ""}, {"The question", ""}, {"There is", ""}, {"Its ", ""}, {"npm ", ""},
	{"Asynchronous programming", ""}, {"If ", ""}, {"Any ", ""}, {"Django ", ""}, {"NodeJS ", ""}, {"Python ", ""},
	{"A helpful", ""}, {"Each ", ""}, {"Both ", "{} "}, {"Requirements", ""}, {"Let ", ""}, {"In the end", ""}, {"The team's own", ""},
}

// clause says a statement as a clause about subject. A paraphrase that it cannot
// take apart, such as one that a team wrote, is quoted.
func clause(subject, paraphrase string) string {
	for _, o := range openings {
		if strings.HasPrefix(paraphrase, o.begins) {
			// "If the team ..., it streamlines": it is the runtime.
			text := strings.Replace(lowerFirst(paraphrase), ", it ", ", "+subject+" ", 1)
			return strings.Replace(o.lead, "{}", subject, 1) + escape(text)
		}
	}
	return `the article says of ` + subject + `: "` + escape(paraphrase) + `"`
}

// lowerFirst lowers the first letter unless the word is a name, which has
// another capital or stands in the list.
func lowerFirst(s string) string {
	word, _, _ := strings.Cut(s, " ")
	switch word {
	case "Python", "Django", "Flask":
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	if strings.ContainsFunc(word[min(size, len(word)):], unicode.IsUpper) {
		return s
	}
	return string(unicode.ToLower(first)) + s[size:]
}

func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// runtimeName is the subject of a statement on one side.
func runtimeName(side string) string {
	switch side {
	case recommend.Node:
		return "NodeJS"
	case recommend.Python:
		return "Python"
	}
	return "NodeJS and Python"
}

// and joins texts: a, b and c.
func and(texts []string) string {
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	last := len(texts) - 1
	return strings.Join(texts[:last], ", ") + " and " + texts[last]
}
