package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

func (s shownPack) text() string {
	var b strings.Builder
	line := func(label, text string) {
		if text != "" {
			hanging(&b, fmt.Sprintf("%-10s", label), text)
		}
	}
	b.WriteString(s.Name + "\n")
	line("", s.Description)
	line("kind", strings.TrimSpace(s.Runtime+" "+s.Kind))
	line("stands on", strings.Join(s.Extends, ", or "))
	line("source", s.Source)
	line("commit", s.Commit)
	line("digest", s.Digest)
	line("needs", strings.TrimSuffix("stackinit "+s.Oldest, "stackinit "))
	line("criteria", s.Criteria)
	s.questionsText(&b)
	s.policyText(&b)
	if len(s.Tasks) > 0 {
		b.WriteString("\nCommands that it would run in the project\n")
		for _, argv := range s.Tasks {
			fmt.Fprintf(&b, "  %q\n", argv)
		}
	}
	s.filesText(&b)
	return b.String()
}

func (s shownPack) questionsText(b *strings.Builder) {
	if len(s.Questions) > 0 {
		b.WriteString("\nQuestions\n")
	}
	for _, q := range s.Questions {
		hanging(b, "  "+q.Key+"  ", q.Prompt)
		if len(q.Choices) > 0 {
			keys := make([]string, len(q.Choices))
			for i, c := range q.Choices {
				keys[i] = c.Key
			}
			several := ""
			if q.Several {
				several = " (any number of them)"
			}
			hanging(b, "      choices  ", strings.Join(keys, ", ")+several)
		} else if is := q.is(); is != "" {
			hanging(b, "      is       ", is)
		}
		if len(q.Default) > 0 && q.Default[0] != "" {
			hanging(b, "      default  ", strings.Join(q.Default, ", "))
		}
		for _, key := range slices.Sorted(maps.Keys(q.When)) {
			if values, ok := q.When[key].([]string); ok {
				hanging(b, "      asked if ", key+"="+strings.Join(values, "|"))
			} else {
				hanging(b, "      asked if ", fmt.Sprint(q.When[key]))
			}
		}
	}
}

// is says in a line what an answer has to be.
func (q shownQuestion) is() string {
	words := map[string]string{"int": "a whole number", "float": "a number"}[q.Type]
	var parts []string
	add := func(some bool, text string) {
		if some {
			parts = append(parts, text)
		}
	}
	add(words != "", words)
	add(q.Secret, "secret")
	add(q.Multiline, "of several lines")
	add(q.Required, "needed")
	add(q.Match != "", "matches "+q.Match)
	unit := ""
	if words == "" {
		unit = " characters"
	}
	add(q.Min != "", "at least "+q.Min+unit)
	add(q.Max != "", "at most "+q.Max+unit)
	add(q.Placeholder != "", "for example "+q.Placeholder)
	return strings.Join(parts, ", ")
}

func (s shownPack) policyText(b *strings.Builder) {
	if len(s.Policy.Only)+len(s.Policy.Never) == 0 {
		return
	}
	b.WriteString("\nPolicy\n")
	for _, list := range []struct {
		word string
		of   map[string][]string
	}{{"only", s.Policy.Only}, {"never", s.Policy.Never}} {
		for _, key := range slices.Sorted(maps.Keys(list.of)) {
			hanging(b, fmt.Sprintf("  %-5s  ", list.word), key+": "+strings.Join(list.of[key], ", "))
		}
	}
}

func (s shownPack) filesText(b *strings.Builder) {
	fmt.Fprintf(b, "\nFiles (%d)\n", len(s.Files))
	for _, f := range s.Files {
		note := ""
		if f.When != "" {
			note += "  if " + f.When
		}
		if f.Each != "" {
			note += "  for each of " + f.Each
		}
		if f.Runs != "" {
			note += "  (" + f.Runs + ")"
		}
		b.WriteString("  " + f.Path + note + "\n")
	}
	if len(s.Features) > 0 {
		b.WriteString("\nMore files come with\n")
	}
	for _, f := range s.Features {
		hanging(b, "  ", conditionText(f.When))
	}
}
