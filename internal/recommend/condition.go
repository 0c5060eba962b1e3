package recommend

import (
	"slices"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// condition is a compiled test of the criteria language. Every leaf compares the
// bits of one fact with a mask, which keeps a completion of the interview cheap
// enough to try all of them.
type condition struct {
	op       op
	mask     uint64
	question int
	subs     []condition
}

type op uint8

const (
	never op = iota
	always
	anyOf
	allOf
	noneOf
	answer    // an option of a question that is not skipped
	rawAnswer // the same, skipped or not
	need
	margin
	outcomeRuntime
)

func (t *condition) holds(f *facts) bool {
	switch t.op {
	case always:
		return true
	case anyOf, noneOf:
		for i := range t.subs {
			if t.subs[i].holds(f) {
				return t.op == anyOf
			}
		}
		return t.op == noneOf
	case allOf:
		for i := range t.subs {
			if !t.subs[i].holds(f) {
				return false
			}
		}
		return true
	case answer:
		return f.seen[t.question]&t.mask != 0
	case rawAnswer:
		return f.given[t.question]&t.mask != 0
	case need:
		return f.needs&t.mask != 0
	case margin:
		return f.zone&t.mask != 0
	case outcomeRuntime:
		return f.runtime&t.mask != 0
	}
	return false
}

// cause finds the first question whose answer makes the condition true, -1 if
// none does. It follows the branches that hold.
func (t *condition) cause(f *facts) int {
	if !t.holds(f) {
		return -1
	}
	if t.op == answer || t.op == rawAnswer {
		return t.question
	}
	if t.op == noneOf {
		return t.subs[0].first()
	}
	for i := range t.subs {
		if q := t.subs[i].cause(f); q >= 0 {
			return q
		}
	}
	return -1
}

// first is the first question that the condition names, -1 without one.
func (t *condition) first() int {
	q := -1
	t.leaves(func(leaf *condition) {
		if q < 0 && (leaf.op == answer || leaf.op == rawAnswer) {
			q = leaf.question
		}
	})
	return q
}

// leaves visits every test of the condition.
func (t *condition) leaves(visit func(*condition)) {
	if len(t.subs) == 0 {
		visit(t)
	}
	for i := range t.subs {
		t.subs[i].leaves(visit)
	}
}

// scope says what a condition may test at its place in the file.
type scope struct {
	words     []string // of need, margin, runtime and raw
	before    int      // only questions of a lower index
	ticksOnly bool     // only the constraint question
}

// condition compiles a test, such as {all: [{need: data}, {priority: [large_app]}]}.
func (rd *reader) condition(n strictyaml.Node, s scope) condition {
	fields, err := n.Fields()
	if rd.failed(err) {
		return condition{}
	}
	if rd.tests++; rd.tests > maxTests {
		if rd.tests == maxTests+1 {
			rd.Add(n.Pos(), "", "there can be %d tests at most in all conditions together", maxTests)
		}
		return condition{}
	}
	if len(fields) != 1 {
		rd.Add(n.Pos(), "put several tests under all: or any:", "a condition has exactly one key, found %d", len(fields))
		return condition{}
	}
	f := fields[0]
	if open := rd.testable(s); !slices.Contains(open, f.Key) {
		if rd.still(f.At, f.Key) {
			return condition{}
		}
		rd.Add(f.At, diag.DidYouMean(f.Key, open), "%q cannot be tested here", f.Key)
		return condition{}
	}
	switch f.Key {
	case "any":
		return condition{op: anyOf, subs: rd.conditions(f.Value, s)}
	case "all":
		return condition{op: allOf, subs: rd.conditions(f.Value, s)}
	case "not":
		return condition{op: noneOf, subs: []condition{rd.condition(f.Value, s)}}
	case "raw":
		s.words = nil
		t := rd.condition(f.Value, s)
		if t.op != answer && t.op != never {
			rd.Add(f.At, "", "raw: holds one question and its options")
		}
		t.op = rawAnswer
		return t
	case "need":
		return condition{op: need, mask: rd.need(f.Value)}
	case "margin":
		return condition{op: margin, mask: rd.marginWord(f.Value)}
	case "runtime":
		return condition{op: outcomeRuntime, mask: rd.runtimes(f.Value)}
	}
	q := rd.c.index(f.Key)
	return condition{op: answer, question: q, mask: rd.options(f.Value, q)}
}

// testable lists the keys that a condition may have in its scope.
func (rd *reader) testable(s scope) []string {
	keys := append([]string{"any", "all", "not"}, s.words...)
	for i := range rd.c.questions {
		if i < s.before && (!s.ticksOnly || i == rd.c.constraints) {
			keys = append(keys, rd.c.questions[i].Key)
		}
	}
	return keys
}

func (rd *reader) conditions(n strictyaml.Node, s scope) []condition {
	items := rd.items(n)
	if len(items) == 0 {
		rd.Add(n.Pos(), "", "there is nothing to test")
	}
	subs := make([]condition, len(items))
	for i, it := range items {
		subs[i] = rd.condition(it, s)
	}
	return subs
}

// options reads a list of option keys of question q as a mask.
func (rd *reader) options(n strictyaml.Node, q int) (mask uint64) {
	opts := rd.c.questions[q].Options
	keys := make([]string, len(opts))
	for i, o := range opts {
		keys[i] = o.Key
	}
	for _, it := range rd.items(n) {
		mask |= 1 << rd.oneOf(it, "option of "+rd.c.questions[q].Key, keys)
	}
	return mask
}

func (rd *reader) need(n strictyaml.Node) uint64 {
	keys := make([]string, len(rd.c.needs))
	for i := range rd.c.needs {
		keys[i] = rd.c.needs[i].Key
	}
	return 1 << rd.oneOf(n, "need", keys)
}

// marginWords are the words for parts of the margin, as sets of zones.
var marginWords = map[string]uint64{
	"leans_node":         1<<leansNode | 1<<clearlyNode,
	"leans_python":       1<<leansPython | 1<<clearlyPython,
	"clearly_node":       1 << clearlyNode,
	"clearly_python":     1 << clearlyPython,
	"not_clearly_node":   allZones &^ (1 << clearlyNode),
	"not_clearly_python": allZones &^ (1 << clearlyPython),
}

func (rd *reader) marginWord(n strictyaml.Node) uint64 {
	words := []string{"leans_node", "leans_python", "clearly_node", "clearly_python", "not_clearly_node", "not_clearly_python"}
	return marginWords[words[rd.oneOf(n, "margin word", words)]]
}

func (rd *reader) runtimes(n strictyaml.Node) (mask uint64) {
	for _, it := range rd.items(n) {
		mask |= 1 << rd.oneOf(it, "runtime", runtimeKeys[:rTie])
	}
	return mask
}
