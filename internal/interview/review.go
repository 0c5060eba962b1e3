package interview

import (
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/explain"
	"github.com/stackinit/stackinit/internal/names"
	"github.com/stackinit/stackinit/internal/recommend"
)

// Starter is a stack that can be made, with the questions that only it has.
type Starter struct {
	Stack, Runtime string
	Options        []Question
}

// Keys of the review screen's entries. Those that take a stack start with take.
const (
	accept = "accept"
	change = "change"
	other  = "other"
	table  = "table"
	quit   = "quit"
	back   = "back"
	take   = "take:"
)

// dataWork is the question about work with data.
const dataWork = "data_work"

// Decide makes the decision that the answers lead to, or the wanted stack
// instead. A wanted stack that is recommended anyway is no override.
func (iv *Interview) Decide(answers Answers, wanted, reason string) recommend.Decision {
	decision := answers.Decision(iv.Criteria)
	r := iv.Criteria.Recommend(decision)
	d := recommend.Decision{Recommendation: r, Choice: recommend.Choice{Runtime: r.Runtime, Stack: string(r.Stack), Components: r.Components}}
	if wanted == "" && iv.Instead != "" && r.Runtime != recommend.Conflict && !iv.CanMake(d.Choice.Stack) {
		wanted, reason = iv.nearest(r.Runtime), iv.Instead
	}
	if wanted == "" || wanted == d.Choice.Stack {
		return d
	}
	d.Override, d.Reason = true, reason
	d.Choice = recommend.Choice{Stack: wanted, Components: []string{}}
	for _, s := range iv.Starters {
		if s.Stack == wanted {
			d.Choice.Runtime = s.Runtime
		}
	}
	for _, c := range iv.Criteria.Choices(decision) {
		if c.Stack == wanted {
			d.Choice = c
		}
	}
	if c := d.Choice.Components; len(c) == 2 && slices.Contains(r.Open, dataWork) {
		// The rules name a data service where data are spoken of; who wants a hybrid
		// without speaking of them gets what its label says.
		d.Choice.Components = []string{c[0], "python-data"}
	}
	return d
}

// nearest is the first starter of a runtime, or the first one.
func (iv *Interview) nearest(runtime string) string {
	for _, s := range iv.Starters {
		if s.Runtime == runtime {
			return s.Stack
		}
	}
	return iv.Starters[0].Stack
}

// CanMake reports whether there is a starter for the stack.
func (iv *Interview) CanMake(stack string) bool {
	return slices.ContainsFunc(iv.Starters, func(s Starter) bool { return s.Stack == stack })
}

// Review shows the result and lets the person accept it, change answers, or take
// another stack, until one is accepted: then done is true. It is false when the
// person left. wanted, if not empty, is the stack that the command line asks for.
func (iv *Interview) Review(answers Answers, wanted, reason string) (_ Answers, d recommend.Decision, done bool, err error) {
	shown, asked := "", reason != ""
	for err == nil {
		d = iv.Decide(answers, wanted, reason)
		if screen := iv.screen(d, answers); screen != shown {
			shown = screen
			if err = iv.Asker.Show(screen); err != nil {
				break
			}
		}
		var picked []string
		if picked, err = iv.Asker.Ask(iv.menu(d, answers)); err != nil {
			break
		}
		switch picked[0] {
		case accept:
			if d.Override && !asked && d.Reason == "" { // the command line took it, without a word
				d.Reason, err = iv.askReason()
			}
			d.Confirmed = true
			return answers, d, err == nil, err
		case quit:
			return answers, d, false, nil
		case table:
			err = iv.Asker.Show(iv.told(d, answers).Table())
		case change:
			wanted, reason, shown = "", "", ""
			answers, err = iv.change(answers)
		case other:
			wanted, reason, err = iv.takeOther(d, wanted, reason)
			asked = asked || wanted != d.Choice.Stack
		default: // one side of a close call
			wanted = strings.TrimPrefix(picked[0], take)
			if wanted != string(d.Stack) {
				reason, err = iv.askReason()
			}
			d = iv.Decide(answers, wanted, reason)
			d.Confirmed = true
			return answers, d, err == nil, err
		}
	}
	return nil, d, false, err
}

// told is the decision as it is explained.
func (iv *Interview) told(d recommend.Decision, answers Answers) explain.Case {
	return explain.Case{Criteria: iv.Criteria, Answers: answers.Decision(iv.Criteria), Decision: d}
}

// screen is what the person sees before the menu.
func (iv *Interview) screen(d recommend.Decision, answers Answers) string {
	var b strings.Builder
	b.WriteString(iv.told(d, answers).Screen())
	if d.Override {
		b.WriteString("\nYou take instead: " + recommend.StackLabel(d.Choice.Stack) + "\n")
	}
	if s := iv.projectLine(answers); s != "" {
		b.WriteString("\n" + s + "\n")
	}
	return b.String()
}

// projectLine sums up the project's own answers, cut to the screen's width.
func (iv *Interview) projectLine(answers Answers) string {
	var parts []string
	for _, q := range iv.Project {
		if text := answers.Text(q.Key); text != "" {
			parts = append(parts, q.Key+": "+text)
		}
	}
	var b strings.Builder
	column := 0
	for i, p := range parts {
		if i > 0 {
			if column+3+len([]rune(p)) > screenWidth {
				b.WriteString("\n")
				column = 0
			} else {
				b.WriteString(" | ")
				column += 3
			}
		}
		p = cut(p, screenWidth)
		b.WriteString(p)
		column += len([]rune(p))
	}
	return b.String()
}

// screenWidth is one less than a terminal's 80 columns, so that nothing wraps.
const screenWidth = 79

func cut(s string, width int) string {
	if r := []rune(s); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return s
}

// menu is the question below the result. A close call offers both runtimes and
// has no default: nobody should get one of them by pressing Enter.
func (iv *Interview) menu(d recommend.Decision, answers Answers) Question {
	q := Question{Key: "review", Prompt: "What now?"}
	switch {
	case d.CloseCall && !d.Override:
		q.Prompt = "A close call: which one do you take?"
		for _, c := range iv.Criteria.Contenders(answers.Decision(iv.Criteria)) {
			if iv.CanMake(c.Stack) {
				q.Options = append(q.Options, Option{take + c.Stack, "Take " + recommend.StackLabel(c.Stack)})
			}
		}
	case iv.CanMake(d.Choice.Stack):
		q.Default = []string{accept}
		q.Options = append(q.Options, Option{accept, "Accept: " + recommend.StackLabel(d.Choice.Stack)})
	default:
		q.Prompt = "There is no starter for " + d.Choice.Stack + " yet. What now?"
	}
	q.Options = append(q.Options,
		Option{change, "Change an answer"},
		Option{other, "Take another runtime or stack"},
		Option{table, "Show the full table"},
		Option{quit, "Quit and write nothing"})
	return q
}

// takeOther asks which stack to take instead, and why.
func (iv *Interview) takeOther(d recommend.Decision, wanted, reason string) (string, string, error) {
	q := Question{Key: "other", Prompt: "Which one?"}
	for _, s := range iv.Starters {
		if s.Stack != d.Choice.Stack {
			q.Options = append(q.Options, Option{take + s.Stack, recommend.StackLabel(s.Stack)})
		}
	}
	q.Options = append(q.Options, Option{back, "Back"})
	q.Default = []string{back}
	picked, err := iv.Asker.Ask(q)
	if err != nil || picked[0] == back {
		return wanted, reason, err
	}
	wanted = strings.TrimPrefix(picked[0], take)
	if wanted == string(d.Stack) {
		return "", "", nil
	}
	reason, err = iv.askReason()
	return wanted, reason, err
}

// CheckReason says why a text cannot stand as the reason of an override, or nil.
func CheckReason(s string) error { return names.CheckText(s) }

func (iv *Interview) askReason() (string, error) {
	picked, err := iv.Asker.Ask(Question{
		Key: "reason", Kind: Text, Prompt: "Why, in a sentence?", Help: "Goes into the record; may stay empty.",
		Default: []string{""}, Check: CheckReason,
	})
	if err != nil {
		return "", err
	}
	return picked[0], nil
}

// change asks one question again, and then whatever the new answer has opened.
func (iv *Interview) change(answers Answers) (Answers, error) {
	decision := answers.Decision(iv.Criteria)
	q := Question{Key: "change", Prompt: "Which answer?"}
	var all []Question
	for _, dq := range DecisionQuestions(iv.Criteria) {
		if _, skipped := iv.Criteria.SkippedBy(decision, dq.Key); !skipped {
			all = append(all, dq)
		}
	}
	all = append(all, iv.Project...)
	for _, one := range all {
		q.Options = append(q.Options, Option{one.Key, one.Prompt})
	}
	q.Options = append(q.Options, Option{back, "Back"})
	q.Default = []string{back}
	picked, err := iv.Asker.Ask(q)
	if err != nil || picked[0] == back {
		return answers, err
	}
	changed := Answers{}
	for k, v := range answers {
		changed[k] = v
	}
	one, _ := find(all, picked[0])
	if now, ok := answers[one.Key]; ok && one.Kind != Multi {
		one.Default = now.Values
	} else if by, _, err := SplitAuthor(answers.Text("author")); err == nil && one.Key == "deciders" {
		one.Default = []string{by}
	}
	if err := iv.ask(one, changed); err != nil {
		return nil, err
	}
	if _, ofProject := find(iv.Project, one.Key); ofProject {
		return changed, nil // it opens nothing, so the offer to finish is not made again
	}
	return iv.Ask(changed)
}
