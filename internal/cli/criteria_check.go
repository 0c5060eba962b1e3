package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/recommend"
)

func criteriaCheckCommand(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check [FILE]",
		Short: "Check a team's criteria: the property rules, and which known cases change",
		Long: `Lays a team's file over the built-in criteria, checks the twelve properties that
every version of the model must have, and shows which of the 40 public cases it
decides in another way. Without a file it checks the built-in criteria.

Changed cases are no failure; look at those that were not close calls. A
property that fails ends with exit code 6.`,
		Example: `  stackinit criteria check team.yaml
  stackinit criteria check team.yaml --json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return wrongUsage(cmd, fmt.Errorf("check takes one file at most, but got %d", len(args)))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			return a.criteriaCheck(strings.Join(args, ""), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// criteriaReport is what check found.
type criteriaReport struct {
	Criteria   recommend.Identity      `json:"criteria"`
	OK         bool                    `json:"ok"`
	Properties []*recommend.Property   `json:"properties"`
	Changed    []recommend.ChangedCase `json:"changed_cases"`
}

func (a *app) criteriaCheck(file string, asJSON bool) error {
	c, err := a.criteria(file)
	if err != nil {
		return err
	}
	done := slow(a.Err, "trying all answers …")
	r := criteriaReport{Criteria: c.Identity(), Properties: c.Properties(), Changed: c.ChangedCases()}
	done()
	failed := []string{}
	for _, p := range r.Properties {
		if !p.Holds() {
			failed = append(failed, p.Rule)
		}
	}
	r.OK = len(failed) == 0
	if asJSON {
		err = a.printJSON(r)
	} else {
		err = a.print("%s", r.text(c))
	}
	if err == nil && !r.OK {
		err = diag.New(diag.Findings, "change what the reasons above name, and check again", "the criteria break %s", strings.Join(failed, ", "))
	}
	return err
}

func (r criteriaReport) text(c *recommend.Criteria) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, version %d, sha256 %.12s\n\nProperties\n", r.Criteria.ID, r.Criteria.Version, r.Criteria.SHA256)
	for _, p := range r.Properties {
		word := "ok    "
		if !p.Holds() {
			word = "FAILED"
		}
		hanging(&b, fmt.Sprintf("  %s %-4s", word, p.Rule), p.Name+": "+p.Means+" ("+p.Checked+")")
		for _, f := range p.Failures {
			hanging(&b, "         - ", f.Reason)
			if len(f.Answers) > 0 {
				hanging(&b, "           with ", typed(c, f.Answers))
			}
		}
	}
	fmt.Fprintf(&b, "\nPublic cases: %d of %d are decided as before\n", len(recommend.Cases())-len(r.Changed), len(recommend.Cases()))
	for _, ch := range r.Changed {
		mark := " "
		if ch.Firm {
			mark = "!"
		}
		hanging(&b, fmt.Sprintf("  %s %s  ", mark, ch.ID), ch.Title+": "+ch.Before+" -> "+ch.After)
	}
	if slices.ContainsFunc(r.Changed, func(ch recommend.ChangedCase) bool { return ch.Firm }) {
		b.WriteString("  ! was not a close call: the article itself decides it\n")
	}
	return b.String()
}

// typed writes answers as they are typed, in the order of the questions.
func typed(c *recommend.Criteria, a recommend.Answers) string {
	var words []string
	for _, q := range c.Questions() {
		if keys, ok := a[q.Key]; ok {
			words = append(words, q.Key+"="+strings.Join(keys, ","))
		}
	}
	return strings.Join(words, " ")
}
