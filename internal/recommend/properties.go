package recommend

import (
	"fmt"
	"strings"
	"sync"
)

// Property is a rule that criteria keep whatever their weights are, and whether
// these do. The rules P1 to P12 are those of the specification of the model.
type Property struct {
	Rule     string    `json:"rule"`
	Name     string    `json:"name"`
	Means    string    `json:"means"`
	Checked  string    `json:"checked"` // on what, and how much of it
	Failures []Failure `json:"failures"`
}

// Failure is a counterexample to a property.
type Failure struct {
	Reason  string  `json:"reason"`
	Answers Answers `json:"answers"` // for which it fails; empty when it is not about one answer set
}

// Holds reports whether there is no counterexample.
func (p *Property) Holds() bool { return len(p.Failures) == 0 }

// maxFailures of one property are told: they mostly have one cause.
const maxFailures = 5

func (p *Property) fail(a Answers, format string, args ...any) {
	if len(p.Failures) < maxFailures {
		p.Failures = append(p.Failures, Failure{fmt.Sprintf(format, args...), a})
	}
}

// randomSets is how many answer sets the rules about the engine are tried on; fewer
// where a recommendation takes long, which looks at every other option and, on a
// conflict, at every set of constraints.
const (
	randomSets    = 10_000
	workForEngine = 100_000_000
	fewestRandom  = 100
)

func (c *Criteria) engineSets() int {
	each := c.cost() * c.allOptions()
	if c.constraints >= 0 {
		each += len(c.conflicts) << len(c.questions[c.constraints].Options)
	}
	return max(min(randomSets, workForEngine/each), fewestRandom)
}

// Properties checks all rules, in their order. Work and memory are bounded: beyond
// maxSets the rules about all answer sets are checked on a sample.
func (c *Criteria) Properties() []*Property {
	var ofData, ofEngine []*Property
	var both sync.WaitGroup
	both.Go(func() { ofEngine = c.engineRules(c.engineSets()) })
	both.Go(func() { ofData = c.tableRules(c.answerSets()) })
	both.Wait()
	traced := c.traced()
	p := append(ofData[:3:3], ofEngine...)
	return append(p, ofData[3], ofData[4], traced)
}

// watcher checks a property on one answer set after the other.
type watcher struct {
	property *Property
	visit    func(set)
	done     func()
}

// tableRules checks P1, P2, P3, P10 and P11, which are about all answer sets.
func (c *Criteria) tableRules(s *sets) []*Property {
	watchers := []watcher{c.reachable(s), c.monotone(s), c.effect(s), c.noDictator(s), c.constraintsKept(s)}
	s.each(func(a set) {
		for _, w := range watchers {
			w.visit(a)
		}
	})
	list := make([]*Property, len(watchers))
	for i, w := range watchers {
		w.done()
		list[i] = w.property
	}
	return list
}

// scope says on how many answer sets a rule was checked.
func (s *sets) scope() string {
	if s.parts == nil {
		return fmt.Sprintf("a sample of %s of %.3g answer sets, which are too many to try all", thousands(s.sample), s.total)
	}
	return "all " + thousands(len(s.parts)*s.size) + " answer sets without a conflict"
}

// witness says what it means that none was found.
func (s *sets) witness() string {
	if s.parts == nil {
		return " in the sample"
	}
	return ""
}

// thousands writes a number as 76,800.
func thousands(n int) string {
	digits := fmt.Sprint(n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// traced is P12. Load refuses criteria that break it, so this counts what Load saw.
func (c *Criteria) traced() *Property {
	p := &Property{Rule: "P12", Name: "traced", Means: "every point rests on a statement or a source"}
	scoring, own := 0, 0
	for _, q := range c.questions {
		for _, o := range q.Options {
			if o.Node+o.Python == 0 {
				continue
			}
			scoring++
			if o.Source != "" {
				own++
			}
			for side, points := range map[string]int{Node: o.Node, Python: o.Python} {
				if points > 0 && len(c.Sections(o.Cites, side)) == 0 {
					p.fail(nil, "%s=%s scores for %s without a statement or a source", q.Key, o.Key, side)
				}
			}
		}
	}
	p.Checked = fmt.Sprintf("%d answers with points, %d of them with a source of the team's own", scoring, own)
	return p
}
