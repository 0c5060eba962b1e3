package adr

import (
	"fmt"
	"strings"

	"github.com/stackinit/stackinit/internal/recommend"
)

// because is why the criteria recommend what they do: sentences, of which the
// first begins small and the last has no full stop yet.
func (w *writer) because() string {
	switch w.d.DecidedBy {
	case "score":
		return w.becauseOfScore()
	case "core_needs":
		return w.becauseOfNeeds() + w.leaning()
	case "constraint":
		return w.becauseOfConstraints() + w.leaning()
	}
	return fmt.Sprintf("the points are level, %s, and the tie-break decides: %s", w.score(), w.tieBreak())
}

// maxNouns is the most answers that a sentence names; the rest are counted.
const maxNouns = 4

func nouns(answers []answer, most int) string {
	var list []string
	for _, x := range answers[:min(most, len(answers))] {
		list = append(list, x.noun)
	}
	if more := len(answers) - most; more > 0 {
		list = append(list, count(more, "more answer"))
	}
	return and(list)
}

func (w *writer) becauseOfScore() string {
	side := w.d.Runtime
	against, name := w.favouring(other(side)), runtimeName(other(side))
	text := "the answers favour " + runtimeName(side) + " by " + plural(w.margin(), "point") + ": " + nouns(w.favouring(side), maxNouns) + ". "
	switch len(against) {
	case 0:
		return text + "No answer favours " + name
	case 1:
		return text + name + " has only " + nouns(against, 1) + " on its side"
	}
	return text + name + " has " + nouns(against, maxNouns) + " on its side"
}

// margin is how many points the leader is ahead.
func (w *writer) margin() int { return max(w.d.Margin, -w.d.Margin) }

// need is what the embedded criteria call a core need, for a sentence.
func need(key string) string {
	switch key {
	case "live":
		return "live updates"
	case "data":
		return "data work"
	}
	return escape(strings.ReplaceAll(key, "_", " "))
}

func (w *writer) becauseOfNeeds() string {
	var names, reasons []string
	for _, n := range w.c.Needs(w.a) {
		names = append(names, need(n.Key))
		for _, side := range []string{recommend.Node, recommend.Python} {
			var used []int
			if g, ok := w.argue(side, runtimeName(side), n.Cites, &used); ok {
				reasons = append(reasons, g.String())
			}
		}
	}
	is, a := "is", "a core need"
	if len(names) > 1 {
		is, a = "are", "core needs"
	} else if strings.HasSuffix(and(names), "s") {
		is = "are"
	}
	text := and(names) + " " + is + " " + a + ": " + and(reasons)
	if (w.d.Runtime == recommend.Hybrid) != (len(names) > 1) {
		text += ", while the answers as a whole clearly favour " + w.leader() + ", " + w.score()
	}
	return text
}

func (w *writer) becauseOfConstraints() string {
	var says []string
	for _, x := range w.fixed() {
		says = append(says, x.says)
	}
	if w.d.Runtime != recommend.Hybrid {
		return and(says)
	}
	needs := w.c.Needs(w.a)
	for _, n := range needs {
		says = append(says, need(n.Key)+" is a core need")
	}
	if len(needs) == 0 {
		return and(says) + ", while the answers clearly favour " + w.leader() + ", " + w.score()
	}
	return and(says)
}

// leader is the side that has more points; score has its points first.
func (w *writer) leader() string {
	if w.d.Margin < 0 {
		return runtimeName(recommend.Python)
	}
	return runtimeName(recommend.Node)
}

func (w *writer) score() string {
	return fmt.Sprintf("%d to %d", max(w.d.Node, w.d.Python), min(w.d.Node, w.d.Python))
}

// leaning says that the points lean the other way than the recommendation.
func (w *writer) leaning() string {
	against := w.d.Runtime == recommend.Node && w.d.Margin < 0 || w.d.Runtime == recommend.Python && w.d.Margin > 0
	if !against {
		return ""
	}
	return ". The points alone lean to " + w.leader() + ", " + w.score()
}

// tieBreak is the step of the tie-break that decided, as a clause; empty if none did.
func (w *writer) tieBreak() string {
	if w.d.DecidedBy != "tie_break" {
		return ""
	}
	needed, question := w.c.TieStep(w.a)
	cites, lead := []int{defaultGains[w.d.Runtime].statement}, "nothing else leans to a side"
	for _, n := range w.c.Needs(w.a) {
		if n.Key == needed {
			cites, lead = n.Cites, need(n.Key)+" come first"
		}
	}
	for _, x := range w.answers {
		if x.question == question {
			cites, lead = x.option.Cites, x.says
		}
	}
	var used []int
	if g, ok := w.argue(w.d.Runtime, runtimeName(w.d.Runtime), cites, &used); ok {
		lead += ", and " + g.String()
	}
	return lead
}
