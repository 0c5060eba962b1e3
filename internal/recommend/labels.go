package recommend

import "strings"

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
