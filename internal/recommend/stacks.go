package recommend

import (
	"math/bits"
	"slices"
)

// StackRule is an entry of the decision list that picks a stack for a runtime,
// and what the answers make of it. The first entry that holds is taken.
type StackRule struct {
	Stack   string
	Cites   []int // statements; none for the parts of a hybrid
	Holds   bool  // by itself, whatever comes before it
	Always  bool  // it has no condition: it takes what no other entry took
	Because []Given
	Tests   []string // keys of the questions that its condition looks at
}

// Given is an answer that makes a condition hold.
type Given struct{ Question, Option string }

// StackRules gives the list that picks the stack of a runtime, in its order.
func (c *Criteria) StackRules(a Answers, runtime string) []StackRule {
	for rt, key := range runtimeKeys[:rTie] {
		if key == runtime {
			return c.stackRules(c.stacks[rt], a)
		}
	}
	return nil
}

// PartRules gives the list that picks the part of a hybrid on one side.
func (c *Criteria) PartRules(a Answers, side string) []StackRule {
	if side == Node {
		return c.stackRules(c.components[0], a)
	}
	return c.stackRules(c.components[1], a)
}

func (c *Criteria) stackRules(list []stackRule, a Answers) []StackRule {
	f := c.read(a)
	rules := make([]StackRule, len(list))
	for i := range list {
		when := &list[i].when
		rules[i] = StackRule{Stack: list[i].key, Cites: list[i].cites, Holds: when.holds(f), Always: when.op == always}
		rules[i].Because = c.givens(when, f, nil)
		rules[i].Tests = c.looksAt(when, nil)
	}
	return rules
}

// givens adds the answers that make the condition hold, each once.
func (c *Criteria) givens(t *condition, f *facts, found []Given) []Given {
	if !t.holds(f) {
		return found
	}
	switch t.op {
	case anyOf, allOf:
		for i := range t.subs {
			found = c.givens(&t.subs[i], f, found)
		}
	case need:
		for i := range c.needs {
			if t.mask&f.needs&(1<<i) != 0 {
				found = c.givens(&c.needs[i].when, f, found)
			}
		}
	case answer, rawAnswer:
		q := &c.questions[t.question]
		for set := f.given[t.question] & t.mask; set != 0; set &= set - 1 {
			g := Given{q.Key, q.Options[bits.TrailingZeros64(set)].Key}
			if !slices.Contains(found, g) {
				found = append(found, g)
			}
		}
	}
	return found
}

// looksAt adds the questions that the condition looks at, each once.
func (c *Criteria) looksAt(t *condition, found []string) []string {
	t.leaves(func(leaf *condition) {
		switch leaf.op {
		case need:
			for i := range c.needs {
				if leaf.mask&(1<<i) != 0 {
					found = c.looksAt(&c.needs[i].when, found)
				}
			}
		case answer, rawAnswer:
			if key := c.questions[leaf.question].Key; !slices.Contains(found, key) {
				found = append(found, key)
			}
		}
	})
	return found
}
