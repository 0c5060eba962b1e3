package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/diag"
)

type adrLintOptions struct {
	*adrOptions
	json bool
	fix  bool
}

// lintJSON is the output of adr lint --json.
type lintJSON struct {
	Dir      string                `json:"dir"`
	Records  int                   `json:"records"`
	Errors   int                   `json:"errors"`
	Warnings int                   `json:"warnings"`
	Fixed    []string              `json:"fixed"`
	Findings []decisionlog.Finding `json:"findings"`
	Skipped  []decisionlog.Skipped `json:"skipped"`
}

func adrLintCommand(a *app, shared *adrOptions) *cobra.Command {
	o := adrLintOptions{adrOptions: shared}
	cmd := &cobra.Command{
		Use:   "lint",
		Short: "Hold the records to the rules L01 to L18",
		Long: `Names each fault with rule, file and line, and the files that it skipped. Exit
code 6 if there are errors, 0 if there are only warnings. Run it on the result of
a merge: two branches that took the same number merge without a conflict.

--fix mends what needs no judgement: of two records with one number the later
one (by date, then by name) gets the next free number, and links, titles and the
index follow; the form of the front matter; what only one half of a record says;
links between superseded records that only one side has.

` + rulesText,
		Example: `  stackinit adr lint
  stackinit adr lint --fix
  stackinit adr lint --json --dir doc/adr`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.adrLint(cmd.Context(), o) },
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON")
	cmd.Flags().BoolVar(&o.fix, "fix", false, "mend what needs no judgement, then look again")
	return cmd
}

const rulesText = `  L01 name NNNN-slug.md                 L10 sections there and filled in
  L02 numbers are unique                L11 two options, the chosen one among them
  L03 no gaps (warning)                 L12 pros and cons of every option
  L04 number = name                     L13 scores add up to the totals
  L05 one title, and first              L14 accepted: by whom
  L06 status is known                   L15 superseded: links on both sides
  L07 dates of ISO 8601                 L16 links lead somewhere
  L08 front matter = list               L17 review is due (warning)
  L09 form of the front matter          L18 there is front matter, and a status`

func (a *app) adrLint(ctx context.Context, o adrLintOptions) error {
	today, err := now()
	if err != nil {
		return err
	}
	l, err := o.existing()
	if err != nil {
		return err
	}
	defer func() { l.close() }()
	report := lintJSON{Fixed: []string{}}
	if o.fix {
		changes, done := l.Fix()
		if err := a.writeLog(ctx, l, changes); err != nil {
			return err
		}
		report.Fixed = append(report.Fixed, done...)
		l.close()
		if l, err = o.existing(); err != nil { // what stands there now is what counts
			return err
		}
	}
	report.Dir, report.Records = l.Dir, len(l.Entries)
	report.Findings = l.Lint(today)
	report.Skipped = append([]decisionlog.Skipped{}, l.Skipped...)
	for _, f := range report.Findings {
		if f.Severity == decisionlog.Error {
			report.Errors++
		} else {
			report.Warnings++
		}
	}
	return a.showLint(report, o.json)
}

func (a *app) showLint(r lintJSON, json bool) error {
	var err error
	if json {
		err = a.printJSON(r)
	} else {
		err = a.print("%s", clean(lintText(r)))
	}
	if err == nil && r.Errors > 0 {
		err = diag.New(diag.Findings, "", "%s in %s", count(r.Errors, "error"), r.Dir)
	}
	return err
}

func lintText(r lintJSON) string {
	var b strings.Builder
	for _, f := range r.Fixed {
		fmt.Fprintf(&b, "fixed %s\n", f)
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s:%d: %s %s: %s\n", f.File, f.Line, f.Severity, f.Rule, f.Text)
		if f.Hint != "" {
			fmt.Fprintf(&b, "  %s\n", f.Hint)
		}
	}
	for _, s := range r.Skipped {
		fmt.Fprintf(&b, "skipped %s/%s: %s\n", r.Dir, s.File, s.Reason)
	}
	fmt.Fprintf(&b, "%s: %s, %s, %s\n", r.Dir, count(r.Records, "record"), count(r.Errors, "error"), count(r.Warnings, "warning"))
	return b.String()
}

// count gives "1 error" or "2 errors".
func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
