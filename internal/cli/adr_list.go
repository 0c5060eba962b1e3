package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/diag"
)

type adrListOptions struct {
	*adrOptions
	status string
	json   bool
}

// recordJSON is a record in the output of adr list --json.
type recordJSON struct {
	Number       *int     `json:"number"`
	Title        string   `json:"title"`
	Status       string   `json:"status"`
	Date         string   `json:"date"`
	SupersededBy *int     `json:"superseded_by"`
	Deciders     []string `json:"deciders"`
	Tags         []string `json:"tags"`
	Format       string   `json:"format"`
	File         string   `json:"file"`
}

func adrListCommand(a *app, shared *adrOptions) *cobra.Command {
	o := adrListOptions{adrOptions: shared}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the records with status, date and title",
		Long: `A status is shown as the record says it; where it says none, or one that is not
known, it is shown as unknown and never guessed.`,
		Example: `  stackinit adr list
  stackinit adr list --status proposed --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return a.adrList(o) },
	}
	cmd.Flags().StringVar(&o.status, "status", "", "only records of this `status`")
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON")
	return cmd
}

func (a *app) adrList(o adrListOptions) error {
	known := append(slices.Clone(decisionlog.States), decisionlog.Unknown)
	o.status = strings.ToLower(o.status)
	if o.status != "" && !slices.Contains(known, o.status) {
		return diag.New(diag.Usage, diag.DidYouMean(o.status, known), "--status does not know %q", o.status)
	}
	l, err := o.existing()
	if err != nil {
		return err
	}
	defer l.close()
	list := []recordJSON{}
	var text strings.Builder
	for _, e := range l.Entries {
		if o.status != "" && e.Status != o.status {
			continue
		}
		list = append(list, asJSON(l, e))
		fmt.Fprintln(&text, listLine(e))
	}
	if o.json {
		return a.printJSON(list)
	}
	return a.print("%s", clean(text.String()))
}

// listLine is a record on one line: number, status, date, title.
func listLine(e *decisionlog.Entry) string {
	number := "----"
	if e.Number >= 0 {
		number = fmt.Sprintf("%04d", e.Number)
	}
	title := e.Title
	if title == "" {
		title = e.File
	}
	if e.Status == decisionlog.Superseded && e.SupersededBy >= 0 {
		title += fmt.Sprintf(" (by %04d)", e.SupersededBy)
	}
	return fmt.Sprintf("%s  %-10s  %-10s  %s", number, e.Status, e.Date, title)
}

func asJSON(l *openedLog, e *decisionlog.Entry) recordJSON {
	r := recordJSON{Title: e.Title, Status: e.Status, Date: e.Date, Format: e.Format, File: l.Dir + "/" + e.File,
		Deciders: append([]string{}, e.Deciders...), Tags: append([]string{}, e.Tags...)}
	if e.Number >= 0 {
		r.Number = &e.Number
	}
	if e.SupersededBy >= 0 {
		r.SupersededBy = &e.SupersededBy
	}
	return r
}
