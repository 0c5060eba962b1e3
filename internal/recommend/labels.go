package recommend

import (
	"slices"
	"strings"
)

// RuntimeLabel names a runtime for people.
func RuntimeLabel(key string) string {
	switch key {
	case Node:
		return "NodeJS"
	case Python:
		return "Python"
	case Hybrid:
		return "hybrid (NodeJS + Python)"
	}
	return key
}

// stackLabels are the stacks that the embedded criteria know.
var stackLabels = map[string]string{
	"node-realtime":  "NodeJS with Express and Socket.IO",
	"node-express":   "NodeJS with Express",
	"node-fullstack": "NodeJS, full-stack JavaScript with Express",
	"python-django":  "Python with Django",
	"python-flask":   "Python with Flask",
	"python-data":    "Python data and ML service",
	"hybrid":         "NodeJS gateway plus Python data service (hybrid)",
}

// StackLabel names a stack for people; a stack that only a team knows keeps its key.
func StackLabel(key string) string {
	if label, ok := stackLabels[key]; ok {
		return label
	}
	return key
}

// Word is the confidence as people read it.
func (c Confidence) Word() string {
	switch c {
	case High:
		return "clear"
	case Medium:
		return "likely"
	case CloseCall:
		return "close call"
	case Forced:
		return "fixed by you"
	}
	return "no recommendation"
}

// tensionTexts say what the statements that a tension cites come to; a criteria
// file can say it in its own words with say.
var tensionTexts = map[string]string{
	"compute_on_node":       "heavy calculations are Python's strength in the article, not NodeJS's",
	"connections_on_python": "many open connections are NodeJS's strength, and Python needs libraries such as asyncio for them",
	"data_on_node":          "the article gives data work and AI to Python and its libraries",
	"new_language_for_team": "the team would write in a language that it knows less well",
	"async_for_beginners":   "asynchronous code in NodeJS is hard for beginners",
	"slower_first_version":  "the article rates Python as the quicker way to a first version",
	"two_runtimes_to_run":   "two runtimes have to be built, deployed and understood",
}

func tensionText(key string) string {
	if text, ok := tensionTexts[key]; ok {
		return text
	}
	return strings.NewReplacer("_", " ", "-", " ").Replace(key)
}

// sectionRank puts the sections that compare first: they are the article's own reasons.
func sectionRank(heading string) int {
	switch {
	case strings.HasPrefix(heading, "When to Choose"):
		return 0
	case strings.HasPrefix(heading, "Comparison table: "):
		return 1
	}
	return 2
}

// ShortSection cuts a heading to what is needed to find it: "When to Choose
// NodeJS 1: Real-Time Applications" becomes "When to Choose NodeJS, 1".
func ShortSection(heading string) string {
	head, tail, found := strings.Cut(heading, ": ")
	switch {
	case !found:
		return heading
	case head == "Comparison table":
		return tail
	case strings.HasPrefix(head, "When to Choose "):
		if i := strings.LastIndexByte(head, ' '); len(head)-i == 2 {
			return head[:i] + "," + head[i:]
		}
	case strings.HasPrefix(head, "FAQ "):
		return head
	}
	return strings.TrimSuffix(heading, " bullets")
}

// Sections gives the headings of the sections, each once, with a statement for the
// side, or with any of the statements when side is empty; those that compare come first.
func (c *Criteria) Sections(cites []int, side string) (all []string) {
	for _, n := range cites {
		s := c.statements[n]
		if (side == "" || s.Side == side || s.Side == "both") && !slices.Contains(all, s.Section) {
			all = append(all, s.Section)
		}
	}
	slices.SortStableFunc(all, func(a, b string) int { return sectionRank(a) - sectionRank(b) })
	return all
}
