package recommend

import (
	_ "embed"
	"slices"
	"sync"

	"github.com/stackinit/stackinit/internal/strictyaml"
)

//go:embed criteria.yaml
var embeddedFile []byte

var embedded = sync.OnceValue(func() *Criteria {
	c, err := Load("criteria.yaml", embeddedFile)
	if err != nil {
		panic("the embedded criteria do not load: " + err.Error())
	}
	return c
})

// Embedded gives the criteria that are built into the program; they are read at
// the first call. It is safe for concurrent use, as is everything on Criteria.
func Embedded() *Criteria { return embedded() }

// Criteria is a criteria file, checked and compiled. It never changes once it is
// loaded; callers must not change the slices that its methods hand out.
type Criteria struct {
	root           strictyaml.Node // the whole file, merged with the team's
	team           []byte          // the team's file, nil without one
	tests          int             // in all conditions
	identity       Identity
	article        string
	statements     map[int]Statement
	thresholds     thresholds
	questions      []question
	constraints    int // index of the question of type multi; -1 without one
	needs          []remark
	conflicts      []conflict
	rules          []rule
	tieBreak       []tieStep
	stacks         [3][]stackRule // by runtime
	components     [2][]stackRule // of a hybrid: its NodeJS part, its Python part
	contradictions []remark
	tensions       []remark
}

// Question is one question of the interview that the criteria can weigh.
type Question struct {
	Key          string
	Multi        bool   // several options may be ticked, none included
	Criterion    string // the idea that it asks about
	Weight       int    // points for each step of an option's value; 0 when Multi
	Prompt, Help string
	Options      []Option
}

// Option is one answer. Node and Python are values on the scale of the file
// (0 to 4); the points are the value times the weight of the question.
type Option struct {
	Key, Label   string
	Node, Python int
	Neutral      bool   // says nothing for or against a runtime
	Cites        []int  // statements, by number, the source's included
	Source       string // of a rule that the team made itself; mostly empty
}

// Statement is a paraphrased statement of the article, or stands for a source of
// the team, which is its section then.
type Statement struct {
	Number   int
	Section  string // its heading
	Side     string // node, python, both or neither
	Strength string // strong, weak or conditional
	Text     string
}

// Remark is a contradiction between answers (a sentence) or a tension between
// the outcome and the answers (a clause that can follow "Bad, because").
type Remark struct {
	Key, Text string
	Cites     []int
}

// Rule is a rule that turns facts and margin into a runtime.
type Rule struct {
	Key, DecidedBy string
	Cites          []int
}

// NotSure is the option that every single-choice question has; it equals no answer.
const NotSure = "not_sure"

// thresholds are in points, except highMinAnswers.
type thresholds struct {
	closeCallMax   int // a slack up to this is a close call
	highMin        int // from this on confidence may be high
	highMinAnswers int // if at least so many answers are not neutral
}

type question struct {
	Question
	skip     condition
	notSure  uint64   // the bit of not_sure; 0 when Multi
	net      []int    // points for NodeJS less those for Python, by option
	distinct []uint64 // one answer of every kind that can lead to another outcome
}

type remark struct {
	Remark
	when condition
}

type conflict struct {
	key   string
	ticks uint64 // of the constraint question: all of these together
}

type rule struct {
	Rule
	when    condition
	runtime runtime
}

// tieStep leans to a runtime if its need holds (0: always), or, with a question
// (-1: none), to the side that the answer to it gives more points.
type tieStep struct {
	need    uint64
	runtime runtime
	leanOf  int
}

type stackRule struct {
	key   string
	when  condition
	cites []int
}

// Identity names the criteria.
func (c *Criteria) Identity() Identity { return c.identity }

// Article is the title of the article behind the statements.
func (c *Criteria) Article() string { return c.article }

// Questions gives all questions in the order in which they are asked.
func (c *Criteria) Questions() []Question {
	qs := make([]Question, len(c.questions))
	for i := range c.questions {
		qs[i] = c.questions[i].Question
	}
	return qs
}

// Question gives the question of that key.
func (c *Criteria) Question(key string) (Question, bool) {
	if i := c.index(key); i >= 0 {
		return c.questions[i].Question, true
	}
	return Question{}, false
}

// Option gives the option of that key.
func (q Question) Option(key string) (Option, bool) {
	i := slices.IndexFunc(q.Options, func(o Option) bool { return o.Key == key })
	if i < 0 {
		return Option{}, false
	}
	return q.Options[i], true
}

// Statement gives the statement of that number.
func (c *Criteria) Statement(n int) (Statement, bool) {
	s, ok := c.statements[n]
	return s, ok
}

// Contradiction gives the contradiction of that key.
func (c *Criteria) Contradiction(key string) (Remark, bool) { return find(c.contradictions, key) }

// Tension gives the tension of that key.
func (c *Criteria) Tension(key string) (Remark, bool) { return find(c.tensions, key) }

func find(list []remark, key string) (Remark, bool) {
	for i := range list {
		if list[i].Key == key {
			return list[i].Remark, true
		}
	}
	return Remark{}, false
}

// ConflictTicks gives the constraints that exclude each other in the conflict of that key.
func (c *Criteria) ConflictTicks(key string) []string {
	for _, cf := range c.conflicts {
		if cf.key == key {
			return c.questions[c.constraints].keysOf(cf.ticks)
		}
	}
	return nil
}

// Rule gives the runtime rule of that key.
func (c *Criteria) Rule(key string) (Rule, bool) {
	for i := range c.rules {
		if c.rules[i].Key == key {
			return c.rules[i].Rule, true
		}
	}
	return Rule{}, false
}

// Needs gives the core needs that hold: what the article ties to one runtime in
// so many words. Their Text is empty.
func (c *Criteria) Needs(a Answers) []Remark {
	f := c.read(a)
	held := []Remark{}
	for i := range c.needs {
		if f.needs&(1<<i) != 0 {
			held = append(held, c.needs[i].Remark)
		}
	}
	return held
}

// index is the place of a question, -1 if there is none of that key.
func (c *Criteria) index(key string) int {
	return slices.IndexFunc(c.questions, func(q question) bool { return q.Key == key })
}
