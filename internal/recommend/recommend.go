// Package recommend is the decision model: it turns the answers of an interview
// into a runtime and a stack, with the points, the rule that decided, how sure
// that is, and what would change it. Everything it knows comes from a criteria
// file; the embedded one holds the statements of a single article. The package
// is pure: the same criteria and answers always give the same recommendation.
package recommend

import "encoding/json"

// Answers are the option keys chosen for each question. A question that is
// absent was not answered, which equals the answer not_sure.
type Answers map[string][]string

// Runtimes that a recommendation can name.
const (
	Node     = "node"
	Python   = "python"
	Hybrid   = "hybrid"
	Conflict = "conflict" // the ticked constraints cannot hold together
)

// Confidence says how far the answers are from another runtime.
type Confidence string

// The four levels; the empty value, on a conflict, is null in JSON.
const (
	High      Confidence = "high"
	Medium    Confidence = "medium"
	CloseCall Confidence = "close_call"
	Forced    Confidence = "forced" // no number of points would change the runtime
)

// Recommendation is what the criteria say about a set of answers. Its JSON form
// is the output of `stackinit recommend --json`.
type Recommendation struct {
	Runtime        string           `json:"runtime"`
	Stack          Optional         `json:"stack"`
	Components     []string         `json:"components"` // the two stacks of a hybrid, else empty
	DecidedBy      string           `json:"decided_by"` // score, constraint, core_needs, tie_break, conflict
	Rule           Optional         `json:"rule"`       // key of the runtime rule that matched
	Node           int              `json:"node"`       // points
	Python         int              `json:"python"`     // points
	Margin         int              `json:"margin"`     // node - python
	Slack          *int             `json:"slack"`      // points to the next runtime; nil: none would do
	Confidence     Confidence       `json:"confidence"`
	CloseCall      bool             `json:"close_call"`
	Rows           []Row            `json:"rows"`
	Open           []string         `json:"open"`    // questions unanswered or not_sure
	Skipped        []string         `json:"skipped"` // questions settled by other answers
	Contradictions []string         `json:"contradictions"`
	Tensions       []string         `json:"tensions"`
	Flips          []Flip           `json:"flips"`
	CritWeights    []CriticalWeight `json:"critical_weights"`
	Conflict       Optional         `json:"conflict"`
	Conflicts      []string         `json:"conflicts"`
	Repairs        []Repair         `json:"repairs"`
	Criteria       Identity         `json:"criteria"`
}

// Row is the points of one answered question.
type Row struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
	Node     int    `json:"node"`
	Python   int    `json:"python"`
}

// Flip is another answer to one question that changes the runtime or the stack.
type Flip struct {
	Question    string `json:"question"`
	Answer      string `json:"answer"`
	PointsMoved int    `json:"points_moved"`
	Runtime     string `json:"runtime"`
	Stack       string `json:"stack"`
}

// CriticalWeight is the factor on one question's weight that ties the score.
type CriticalWeight struct {
	Question string      `json:"question"`
	Factor   json.Number `json:"factor"` // two decimals, 0 as 0
}

// Repair is a smallest set of constraints whose removal ends all conflicts.
type Repair struct {
	Drop       []string `json:"drop"`
	Runtime    string   `json:"runtime"`
	Stack      string   `json:"stack"`
	Components []string `json:"components"`
}

// Identity names the criteria behind a recommendation.
type Identity struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	SHA256  string `json:"sha256"` // hex, of the file's bytes; with a team's file, of the merged criteria as JSON
}

// Optional is a text that is null in JSON when it is empty.
type Optional string

// MarshalJSON writes null for the empty text.
func (o Optional) MarshalJSON() ([]byte, error) {
	if o == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(o))
}

// MarshalJSON writes null for no confidence.
func (c Confidence) MarshalJSON() ([]byte, error) { return Optional(c).MarshalJSON() }

// Choice is a runtime with the stack that its rules pick.
type Choice struct {
	Runtime    string   `json:"runtime"`
	Stack      string   `json:"stack"`
	Components []string `json:"components"`
	Cites      []int    `json:"-"` // statements behind the stack
}

// Decision is a recommendation and what was made of it.
type Decision struct {
	*Recommendation
	Choice    Choice // what is built
	Override  bool   // Choice is not what was recommended
	Reason    string // for the override; free text, may be empty
	Confirmed bool   // by a person, on the review screen
}

// By says what decided: an override, else what the recommendation says.
func (d Decision) By() string {
	if d.Override {
		return "override"
	}
	return d.DecidedBy
}
