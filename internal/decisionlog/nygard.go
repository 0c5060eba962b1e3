package decisionlog

import (
	"fmt"
	"strings"
)

// Nygard gives the head of a record in Michael Nygard's form as adr-tools reads and
// writes it: the number in the title on line 1, a line with the date, a section
// with the status. What that form has no place for stands in lines behind the date.
func (h Head) Nygard() string {
	return fmt.Sprintf(`# %d. %s

Date: %s

Deciders: %s

Tags: %s

Review by: %s

## Status

%s
`, h.Number, h.Title, isoDate(h.Date), h.deciders(), strings.Join(escapeAll(h.Tags), ", "), h.ReviewBy(),
		strings.ToUpper(h.Status[:1])+h.Status[1:])
}

// deciders are the names for people.
func (h Head) deciders() string {
	if len(h.Deciders) == 0 {
		return nobody
	}
	return strings.Join(escapeAll(h.Deciders), ", ")
}
