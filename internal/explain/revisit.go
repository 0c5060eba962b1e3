package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/recommend"
)

// Then is what was decided on the day, as a project's record has it.
type Then struct {
	Recommended string   // stack
	Taken       string   // stack
	Parts       []string // of a hybrid that was taken; empty if they are not known
	Answers     recommend.Answers
	Criteria    recommend.Identity
}

// Revisit says whether a choice still holds when its answers, as they are now, are
// held against the criteria of today.
type Revisit struct {
	Holds    bool               `json:"holds"`
	Taken    string             `json:"taken"`
	Then     string             `json:"recommended_then"`
	Now      recommend.Optional `json:"recommended_now"` // null on a conflict
	Parts    []string           `json:"components_now"`
	Override bool               `json:"override"` // another stack was taken than the recommended one, knowingly
	Answers  []Changed          `json:"changed_answers"`
	Criteria *ChangedCriteria   `json:"changed_criteria"` // null when they are the same
	Case     Case               `json:"-"`                // of today
	Text     []string           `json:"findings"`         // the same in sentences
}

// Changed is an answer that is another one than on the day; empty: none was given.
type Changed struct {
	Question string `json:"question"`
	Then     string `json:"then"`
	Now      string `json:"now"`
}

// ChangedCriteria are the criteria of the day and those of today.
type ChangedCriteria struct {
	Then recommend.Identity `json:"then"`
	Now  recommend.Identity `json:"now"`
}

// Revisited compares the day with today. An override holds while the
// recommendation that it was taken against is the same, or has come round to it.
func Revisited(then Then, now Case) Revisit {
	r := now.Decision.Recommendation
	v := Revisit{
		Taken: then.Taken, Then: then.Recommended, Now: r.Stack, Parts: r.Components, Override: then.Taken != then.Recommended,
		Answers: changed(now.Criteria, then.Answers, now.Answers), Case: now,
	}
	if id := now.Criteria.Identity(); id.SHA256 != then.Criteria.SHA256 {
		v.Criteria = &ChangedCriteria{then.Criteria, id}
	}
	today := string(r.Stack)
	v.Holds = r.Runtime != recommend.Conflict && (today == then.Recommended || today == then.Taken)
	if today == then.Taken && len(then.Parts) > 0 {
		v.Holds = v.Holds && slices.Equal(then.Parts, r.Components)
	}
	v.Text = v.findings()
	return v
}

// changed lists the questions, in their order, whose answers differ.
func changed(c *recommend.Criteria, then, now recommend.Answers) []Changed {
	list := []Changed{}
	text := func(a recommend.Answers, q recommend.Question) string {
		keys := slices.Sorted(slices.Values(a[q.Key]))
		if s := strings.Join(keys, ","); s != recommend.NotSure {
			return s
		}
		return "" // not_sure equals no answer
	}
	for _, q := range c.Questions() {
		if was, is := text(then, q), text(now, q); was != is {
			list = append(list, Changed{q.Key, was, is})
		}
	}
	return list
}

// findings are the outcome and its causes, a sentence each.
func (v Revisit) findings() []string {
	taken, now := recommend.StackLabel(v.Taken), stackLabel(string(v.Now), v.Parts)
	var all []string
	switch {
	case v.Case.Decision.Runtime == recommend.Conflict:
		all = append(all, fmt.Sprintf("The choice of %s does not hold: what is fixed now cannot hold together.", taken))
	case v.Holds && v.Override && string(v.Now) == v.Taken:
		all = append(all, fmt.Sprintf("The choice holds: %s was taken against the recommendation of that day and is recommended now.", taken))
	case v.Holds && v.Override:
		all = append(all, fmt.Sprintf("The choice holds: %s was taken knowingly against %s, which is still what is recommended.", taken, recommend.StackLabel(v.Then)))
	case v.Holds && string(v.Now) == v.Taken:
		all = append(all, fmt.Sprintf("The choice holds: %s is still recommended.", taken))
	case string(v.Now) == v.Taken:
		all = append(all, fmt.Sprintf("The choice does not hold: the parts of the hybrid are now %s.", now))
	default:
		all = append(all, fmt.Sprintf("The choice of %s does not hold: %s is recommended now; it was %s.", taken, now, recommend.StackLabel(v.Then)))
	}
	if v.Case.Decision.CloseCall {
		all = append(all, "By the answers of today it is a close call.")
	}
	return append(all, v.causes()...)
}

// causes say what differs from the day.
func (v Revisit) causes() (all []string) {
	for _, c := range v.Answers {
		all = append(all, fmt.Sprintf("The answer to %s was %s and is %s.", c.Question, orOpen(c.Then), orOpen(c.Now)))
	}
	if c := v.Criteria; c != nil {
		all = append(all, fmt.Sprintf("The criteria differ: %s, version %d (sha256 %.12s) then; %s, version %d (%.12s) now.",
			c.Then.ID, c.Then.Version, c.Then.SHA256, c.Now.ID, c.Now.Version, c.Now.SHA256))
	}
	if len(all) == 0 {
		all = append(all, "Answers and criteria are those of the record.")
	}
	return all
}

func orOpen(answer string) string {
	if answer == "" {
		return "open"
	}
	return answer
}
