package recommend

import (
	_ "embed"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/stackinit/stackinit/internal/strictyaml"
)

//go:embed public_cases.yaml
var publicRows []byte

// Case is a conformance row: answers and what the embedded criteria make of them.
type Case struct {
	ID, Title string
	Answers   Answers
	Expect    map[string]any // fields of the recommendation's JSON
}

// Cases gives the public conformance rows.
func Cases() []Case { return cases() }

var cases = sync.OnceValue(func() []Case {
	root, err := strictyaml.Parse("public_cases.yaml", publicRows)
	if err != nil {
		panic("the embedded rows do not load: " + err.Error())
	}
	file, _ := data(root).(map[string]any)
	var list []Case
	for _, it := range file["cases"].([]any) {
		row := it.(map[string]any)
		c := Case{ID: row["id"].(string), Title: row["title"].(string), Answers: Answers{}, Expect: row["expect"].(map[string]any)}
		for key, given := range row["answers"].(map[string]any) {
			c.Answers[key] = texts(given)
		}
		list = append(list, c)
	}
	return list
})

// texts gives one answer, or a list of them, as a list.
func texts(given any) []string {
	list, ok := given.([]any)
	if !ok {
		list = []any{given}
	}
	keys := make([]string, len(list))
	for i, v := range list {
		keys[i] = v.(string)
	}
	return keys
}

// ChangedCase is a conformance row that criteria decide in another way.
type ChangedCase struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// Firm rows follow from the article; the others are close calls, which hang on
	// the weights.
	Firm   bool     `json:"firm"`
	Fields []string `json:"fields"` // of the recommendation, that differ from the row
	Before string   `json:"before"`
	After  string   `json:"after"`
}

// ChangedCases gives the public rows whose expectation the criteria do not meet.
func (c *Criteria) ChangedCases() []ChangedCase {
	changed := []ChangedCase{}
	for _, row := range Cases() {
		is, was := c.Recommend(row.Answers), Embedded().Recommend(row.Answers)
		fields := row.differs(is)
		if len(fields) > 0 {
			changed = append(changed, ChangedCase{row.ID, row.Title, !was.CloseCall, fields, was.told(fields), is.told(fields)})
		}
	}
	return changed
}

// differs gives the fields in which a recommendation is not what the row expects:
// contradictions and tensions name what must be among those found; all else is
// exact.
func (row Case) differs(r *Recommendation) []string {
	fields := []string{}
	got := r.fields()
	for key, want := range row.Expect {
		found, isList := got[key].([]any)
		if isList && (key == "contradictions" || key == "tensions") {
			missing := func(w any) bool { return !slices.Contains(found, w) }
			if slices.ContainsFunc(want.([]any), missing) {
				fields = append(fields, key)
			}
			continue
		}
		if !reflect.DeepEqual(got[key], want) {
			fields = append(fields, key)
		}
	}
	slices.Sort(fields)
	return fields
}

// fields gives the recommendation as its JSON says it.
func (r *Recommendation) fields() map[string]any {
	text, _ := json.Marshal(r) // no error: see its type
	var all map[string]any
	_ = json.Unmarshal(text, &all)
	return all
}

// told says the stack and the confidence of a recommendation in short, with the
// other fields that a row is about.
func (r *Recommendation) told(fields []string) string {
	text := string(r.Stack)
	if len(r.Components) > 0 {
		text += " of " + strings.Join(r.Components, " and ")
	}
	if r.Runtime == Conflict {
		text = "conflict " + string(r.Conflict)
	} else {
		text += ", " + r.Confidence.Word()
	}
	for _, f := range fields {
		switch f {
		case "decided_by":
			text += ", decided by " + r.DecidedBy
		case "contradictions":
			text += ", contradictions: " + orNone(r.Contradictions)
		case "tensions":
			text += ", tensions: " + orNone(r.Tensions)
		}
	}
	return text
}

func orNone(keys []string) string {
	if len(keys) == 0 {
		return "none"
	}
	return strings.Join(keys, ", ")
}
