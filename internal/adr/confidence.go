package adr

import (
	"fmt"
	"strings"

	"github.com/stackinit/stackinit/internal/recommend"
)

// confidence says how sure the recommendation is and what that rests on.
func (w *writer) confidence() {
	w.line(w.sure())
	w.line(w.slack())
	decided := strings.NewReplacer("core_needs", "core needs", "tie_break", "tie-break").Replace(w.d.DecidedBy)
	if w.d.Override {
		w.line("Decided by: override; the recommendation by ", decided, ".")
	} else {
		w.line("Decided by: ", decided, ".")
	}
	w.line(w.contradictions())
	w.line("Points rank arguments; they do not measure anything.")
	switch {
	case w.d.CloseCall:
		w.line("A close call stays proposed until the people it concerns have settled it.")
	case !w.d.Confirmed:
		w.line("Nobody has confirmed it on the review screen, so it stays proposed until the people it concerns do.")
	case len(w.s.Deciders) == 0:
		w.line("No decision-maker is named, so it stays proposed until somebody stands by it.")
	}
}

// sure is the word for the confidence, with the totals.
func (w *writer) sure() string {
	word := w.d.Confidence.Word()
	if w.d.Confidence != recommend.CloseCall {
		word += " (" + string(w.d.Confidence) + ")"
	}
	if w.d.Override && w.d.CloseCall {
		word = "a " + word
	}
	if w.d.Override {
		word = "the recommendation was " + word
	}
	totals := ": " + w.score()
	if w.d.Confidence == recommend.Forced {
		totals = "; the points stand " + w.score()
	}
	if w.d.Margin != 0 {
		totals += " for " + w.leader()
	}
	return upperFirst(word) + totals + "."
}

// slack is the sentence on how far the result is from another runtime.
func (w *writer) slack() string {
	margin := w.margin()
	changes := "before the runtime changes."
	if w.d.Override {
		changes = "before another runtime is recommended."
	}
	is := "The margin is " + plural(margin, "point")
	if margin == 0 {
		is = "There is no margin"
	}
	switch {
	case w.d.Slack == nil:
		return is + ", and no number of points would change the runtime."
	case *w.d.Slack == 0:
		return is + ": one point to either side can change the runtime."
	case *w.d.Slack != margin || w.d.DecidedBy != "score":
		return is + ", and it would have to move by " + fmt.Sprint(*w.d.Slack) + " " + changes
	case margin == 1:
		return is + ", and without it the runtime changes."
	case margin == 2:
		return is + " and would have to shrink by both of them " + changes
	}
	return is + " and would have to shrink by all of them " + changes
}

func (w *writer) contradictions() string {
	if len(w.d.Contradictions) == 0 {
		return "No answers contradict each other."
	}
	text := "Some answers do not fit together:"
	for _, key := range w.d.Contradictions {
		r, _ := w.c.Contradiction(key)
		text += " " + sentence(escape(r.Text))
	}
	return text
}

// plural counts in figures, as points are; count counts in words.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

var numbers = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}

func count(n int, noun string) string {
	if n >= len(numbers) {
		return plural(n, noun)
	}
	if n != 1 {
		noun += "s"
	}
	return numbers[n] + " " + noun
}
