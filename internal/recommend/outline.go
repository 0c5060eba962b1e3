package recommend

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Mark says what a team did to a line of the outline.
type Mark string

// The marks; the empty one stands for what is as in the embedded criteria.
const (
	New     Mark = "+"
	Changed Mark = "*"
	Removed Mark = "-"
)

// Section is a part of the criteria for people.
type Section struct {
	Title string
	Lines []Line
}

// Line is a question, an answer, a threshold or a rule.
type Line struct {
	Mark    Mark
	Key     string
	Value   string   // weight, points NodeJS : Python, or the outcome
	Text    string   // its words, or its condition as it stands in the file
	Sources []string // sections of the article and the team's own
	Lines   []Line   // the answers of a question
	cites   string   // the statements; several may stand in one section
}

// Outline shows the whole criteria. What a team changed is marked, and what it
// took away is there with the mark Removed.
func (c *Criteria) Outline() []Section {
	list := c.outline()
	if c.team == nil {
		return list
	}
	for i, base := range Embedded().outline() {
		list[i].Lines = mark(list[i].Lines, base.Lines)
	}
	return list
}

// mark compares lines with those of the embedded criteria. Lines of the same key,
// such as two rules for one stack, are taken as the same where they say the same.
func mark(lines, base []Line) []Line {
	left := slices.Clone(base)
	take := func(same func(Line) bool) *Line {
		i := slices.IndexFunc(left, same)
		if i < 0 {
			return nil
		}
		found := left[i]
		left = slices.Delete(left, i, i+1)
		return &found
	}
	open := []int{}
	for i, l := range lines {
		if take(func(b Line) bool { return l.Key == b.Key && l.said() == b.said() && len(l.Lines) == 0 }) == nil {
			open = append(open, i)
		}
	}
	for _, i := range open {
		l := &lines[i]
		switch was := take(func(b Line) bool { return l.Key == b.Key }); {
		case was == nil:
			l.Mark = New
		default:
			l.Lines = mark(l.Lines, was.Lines)
			if l.said() != was.said() {
				l.Mark = Changed
			}
		}
	}
	for _, l := range left {
		l.Mark = Removed
		lines = append(lines, l)
	}
	return lines
}

// said is the line without its mark and answers.
func (l Line) said() string {
	return fmt.Sprint(l.Key, "|", l.Value, "|", l.Text, "|", l.Sources, l.cites)
}

func (c *Criteria) outline() []Section {
	all := c.Data()
	stacks, _ := all["stack_rules"].(map[string]any)
	parts, _ := all["hybrid_components"].(map[string]any)
	thresholds := []Line{}
	for _, key := range []string{"close_call_max", "high_min", "high_min_answers"} {
		thresholds = append(thresholds, Line{Key: key, Value: fmt.Sprint(all["thresholds"].(map[string]any)[key])})
	}
	return []Section{
		{"Questions", c.questionLines()},
		{"Thresholds", thresholds},
		{"Core needs", c.needLines(all["needs"])},
		{"Conflicts", c.ruleLines(all["conflicts"], "", "all_of")},
		{"Runtime rules, first match wins", c.ruleLines(all["runtime_rules"], "runtime", "when")},
		{"Tie-break, first step that leans", c.tieLines(all["tie_break"])},
		{"Stack rules for NodeJS, first match wins", c.ruleLines(stacks[Node], "", "when")},
		{"Stack rules for Python, first match wins", c.ruleLines(stacks[Python], "", "when")},
		{"Stack rules for a hybrid, first match wins", c.ruleLines(stacks[Hybrid], "", "when")},
		{"NodeJS part of a hybrid, first match wins", c.ruleLines(parts[Node], "", "when")},
		{"Python part of a hybrid, first match wins", c.ruleLines(parts[Python], "", "when")},
		{"Contradictions", c.ruleLines(all["contradictions"], "", "when")},
		{"Tensions", c.ruleLines(all["tensions"], "", "when")},
	}
}

func (c *Criteria) questionLines() []Line {
	lines := make([]Line, len(c.questions))
	items, _ := c.Data()["questions"].([]any)
	for i, q := range c.questions {
		l := Line{Key: q.Key, Text: strings.TrimSpace(q.Prompt + " " + q.Help), Value: fmt.Sprintf("weight %d", q.Weight)}
		if q.Multi {
			l.Value = "constraints"
		}
		if skip, ok := items[i].(map[string]any)["skip_when"]; ok {
			l.Text += " Settled when " + flow(skip)
		}
		for _, o := range q.Options {
			a := Line{Key: o.Key, Text: o.Label, Sources: c.headings(o.Cites), cites: fmt.Sprint(o.Cites)}
			if !q.Multi {
				a.Value = fmt.Sprintf("%d : %d", q.Weight*o.Node, q.Weight*o.Python)
			}
			l.Lines = append(l.Lines, a)
		}
		lines[i] = l
	}
	return lines
}

// headings are the sections behind statements.
func (c *Criteria) headings(cites []int) []string {
	list := []string{}
	for _, n := range cites {
		if h := ShortSection(c.statements[n].Section); !slices.Contains(list, h) {
			list = append(list, h)
		}
	}
	return list
}

func (c *Criteria) needLines(needs any) []Line {
	lines := []Line{}
	all, _ := needs.(map[string]any)
	for _, n := range c.needs {
		when := all[n.Key].(map[string]any)["when"]
		lines = append(lines, Line{Key: n.Key, Text: flow(when), Sources: c.headings(n.Cites), cites: fmt.Sprint(n.Cites)})
	}
	return lines
}

// ruleLines shows entries with a key: the value under one of their keys, the test
// under another, and what they say.
func (c *Criteria) ruleLines(rules any, value, test string) []Line {
	lines := []Line{}
	list, _ := rules.([]any)
	for _, it := range list {
		r := it.(map[string]any)
		l := Line{Key: r["key"].(string), Text: "in every other case", Sources: c.citedBy(r), cites: fmt.Sprint(r["cites"])}
		if v, ok := r[value].(string); ok {
			l.Value = v
		}
		if t, ok := r[test]; ok {
			l.Text = flow(t)
		}
		if say, ok := r["say"].(string); ok {
			l.Text += " " + say
		}
		lines = append(lines, l)
	}
	return lines
}

func (c *Criteria) tieLines(steps any) []Line {
	lines := []Line{}
	list, _ := steps.([]any)
	for _, it := range list {
		r := it.(map[string]any)
		l := Line{Key: "always", Sources: c.citedBy(r), cites: fmt.Sprint(r["cites"])}
		if q, ok := r["lean_of"].(string); ok {
			l.Key, l.Value = q, "where it leans"
		} else {
			l.Value = r["runtime"].(string)
		}
		if need, ok := r["need"].(string); ok {
			l.Key, l.Text = "need "+need, "when it holds"
		}
		lines = append(lines, l)
	}
	return lines
}

// citedBy are the sources of an entry as it stands in the file.
func (c *Criteria) citedBy(entry map[string]any) []string {
	cites := []int{}
	list, _ := entry["cites"].([]any)
	for _, n := range list {
		cites = append(cites, n.(int))
	}
	sources := c.headings(cites)
	if own, ok := entry["source"].(string); ok {
		sources = append(sources, own)
	}
	return sources
}

// flow writes a condition on one line, as the file has it.
func flow(v any) string {
	text, _ := json.Marshal(v) // texts and numbers in maps and lists
	return strings.NewReplacer(`"`, "", ",", ", ", ":", ": ").Replace(string(text))
}
