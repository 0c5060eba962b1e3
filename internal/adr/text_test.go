package adr

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/stackinit/stackinit/internal/recommend"
)

const hostile = "# x | `a` ``b`` *c* _d_ <script>alert(1)</script> [e](http://f) ![g](h) www.i.org j@k.org &amp; $l$ ~~m~~ \\ %! 1. > -"

// TestHostileText puts text that means something in Markdown and YAML wherever
// people can write, and wants the structure of the page to stay as it is.
func TestHostileText(t *testing.T) {
	c, a := recommend.Embedded(), chat()
	d := override(t, c, a, recommend.Python, "plain")
	about := func(text string) Subject {
		return Subject{Title: text, Description: text, Deciders: []string{text}, Date: day, Confirm: []Command{{text, text}}, Storage: sqlite}
	}
	want := whole(Records(c, a, d, about("plain")))
	for _, text := range []string{hostile, "- x", "1) x", "> x", "+ x", "=== x", "a\nb\r\n# c\x00\x1b[31m", "---", "~~~", "| a | b |", "x\\", "    code"} {
		e := d
		e.Reason = text
		got := whole(Records(c, a, e, about(text)))
		wantLines, gotLines := strings.Split(want, "\n"), strings.Split(got, "\n")
		if len(gotLines) != len(wantLines) {
			t.Fatalf("%q: %d lines, want %d:\n%s", text, len(gotLines), len(wantLines), got)
		}
		for i, line := range gotLines {
			shape := regexp.MustCompile("plain(\\.|`)?")
			if loc := shape.FindStringIndex(wantLines[i]); loc == nil {
				if line != wantLines[i] {
					t.Errorf("%q changed a line without text: %q", text, line)
				}
			} else if !strings.HasPrefix(line, strings.TrimSuffix(wantLines[i][:loc[0]], "`")) {
				t.Errorf("%q: line %q does not begin like %q", text, line, wantLines[i])
			} else if m := live(line); m != "" && !strings.HasPrefix(line, "decision-makers: ") {
				t.Errorf("%q: %q is live in %q", text, m, line)
			}
		}
	}
}

var escaped = regexp.MustCompile(`\\[[:punct:]]`)

// afterCode drops the code span that a line begins with: up to the next run of
// as many backticks, by the rules of CommonMark.
func afterCode(line string) string {
	runs := regexp.MustCompile("`+").FindAllStringIndex(line, -1)
	if len(runs) == 0 || runs[0][0] != 0 {
		return line
	}
	for _, run := range runs[1:] {
		if run[1]-run[0] == runs[0][1] {
			return line[run[1]:]
		}
	}
	return line
}

// live gives what still means something to Markdown in a line of free text.
func live(line string) string {
	line = escaped.ReplaceAllString(afterCode(strings.TrimPrefix(line, "* ")), "x")
	return regexp.MustCompile("[`*_<|$~\\[\\]\\\\]|&\\w+;|https?:|www\\.|@|^([-+>#=]|\\d+[.)] )").FindString(line)
}

func TestDecidersInFrontMatter(t *testing.T) {
	for _, names := range [][]string{
		{}, {"Ada Example"}, {"Ada Example", "O'Neil, Bo"}, {"true"}, {"a: b", "- c", "# d", "[e", "{f}", "*g", "&h", "!i", "@j", "`k", `"l"`, `m\`, "n #o", "~", "1.0", "null", "Zoë", "李明"},
	} {
		c := recommend.Embedded()
		page := string(Records(c, chat(), decide(t, c, chat()), Subject{Deciders: names, Date: day})[0].Body)
		var front struct {
			Number   int
			Deciders []string `yaml:"decision-makers"`
			Review   string   `yaml:"review-by"`
		}
		if err := yaml.Unmarshal([]byte(strings.Split(page, "---\n")[1]), &front); err != nil {
			t.Fatalf("%q: %v", names, err)
		}
		if !slices.Equal(front.Deciders, names) || front.Number != 1 || front.Review != "2027-02-23" {
			t.Errorf("front matter %+v, want the names %q", front, names)
		}
		if list := "\n* Deciders: not recorded\n"; strings.Contains(page, list) != (len(names) == 0) {
			t.Errorf("%q: %q is there or missing", names, list)
		}
	}
}

// TestTeamCriteria changes labels, weights and texts, as a team may: sentences
// then quote what they have no words for.
func TestTeamCriteria(t *testing.T) {
	src, err := os.ReadFile("../recommend/criteria.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(
		`label: "Live: chat, notifications, online game"`, `label: "Rooms | <b>"`,
		`label: "JavaScript or TypeScript"`, `label: "Deno"`,
		`"A strong contender for chat, live notifications and online games"`, `"We like it"`,
		"prompt: \"What are you building?\"", "prompt: \"What | now?\"",
	).Replace(string(src))
	c, err := recommend.Load("team.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	page := string(Records(c, chat(), decide(t, c, chat()), huddle())[0].Body)
	for _, part := range []string{
		`| What \| now? | Rooms \| \<b> | 20 | 0 |`,
		`* To "What \| now?" the answer is "Rooms \| \<b>"; the article says of NodeJS: "We like it" (When to Choose NodeJS, item 1; Conclusion).`,
		`the answers favour NodeJS by 48 points: the answer "Rooms \| \<b>", the answer "Deno", a JavaScript front end by the same people`,
	} {
		if !strings.Contains(page, part) {
			t.Errorf("missing: %s\n%s", part, page)
		}
	}
	if m := sums(split(page)["## Context and Problem Statement"], c, decide(t, c, chat())); m != "" {
		t.Error(m)
	}
}
