package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/diag"
)

func adrSupersedeCommand(a *app, o *adrOptions) *cobra.Command {
	var by, title string
	cmd := &cobra.Command{
		Use:   "supersede NUMBER",
		Short: "Let one record supersede another, in both and in the index",
		Long: `The successor is a record that is there (--by), or a new one (-t), which is
proposed. Both records name each other with links. The files that changed are
printed.`,
		Example: `  stackinit adr supersede 3 --by 7
  stackinit adr supersede 3 -t "Use one queue for everything"`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return wrongUsage(cmd, fmt.Errorf("supersede takes one argument, the number of the older record, but got %d", len(args)))
			}
			if (by == "") == (strings.TrimSpace(title) == "") {
				return wrongUsage(cmd, fmt.Errorf("give either --by or --title: what supersedes the record"))
			}
			old, err := parseNumber(args[0])
			if err != nil {
				return err
			}
			if by == "" {
				n := adrNewOptions{adrOptions: o, title: title, status: decisionlog.Proposed, supersedes: args}
				return a.supersedeByNew(cmd, n)
			}
			next, err := parseNumber(by)
			if err != nil {
				return diag.New(diag.Usage, "", "--by: %w", err)
			}
			return a.changeLog(cmd.Context(), *o, func(l *openedLog) ([]decisionlog.Change, error) { return l.Supersede(old, next) })
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "the `number` of the record that supersedes it")
	cmd.Flags().StringVarP(&title, "title", "t", "", "write a new record with this title, in a few `words`")
	return cmd
}

// supersedeByNew is adr new for a log that must be there already.
func (a *app) supersedeByNew(cmd *cobra.Command, n adrNewOptions) error {
	l, err := n.existing()
	if err != nil {
		return err
	}
	l.close()
	return a.adrNew(cmd.Context(), n)
}
