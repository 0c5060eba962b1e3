package explain

import "github.com/stackinit/stackinit/internal/recommend"

// Document is the JSON of an explanation: that of the recommendation, each row
// with the sections behind it, and what was made of it.
type Document struct {
	*recommend.Recommendation
	Rows     []SourcedRow `json:"rows"`
	Override *Override    `json:"override"` // null when the recommendation was taken
	Notes    []string     `json:"notes"`
}

// SourcedRow is a row with the headings of the article that speak for its points.
type SourcedRow struct {
	recommend.Row
	Sections []string `json:"sections"`
}

// Override is the stack that was taken instead of the recommended one.
type Override struct {
	recommend.Choice
	Reason string `json:"reason"` // empty when none was given
}

// Document gives the explanation for machines.
func (e Case) Document() Document {
	d := Document{Recommendation: e.Decision.Recommendation, Rows: []SourcedRow{}, Notes: append([]string{}, e.Notes...)}
	for _, row := range e.Decision.Rows {
		d.Rows = append(d.Rows, SourcedRow{row, append([]string{}, e.Criteria.Sections(e.option(row).Cites, "")...)})
	}
	if e.Decision.Override {
		d.Override = &Override{e.Decision.Choice, e.Decision.Reason}
	}
	return d
}
