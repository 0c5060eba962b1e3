package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/decisionlog"
)

func adrStatusCommand(a *app, o *adrOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "status NUMBER STATUS",
		Short: "Give a record another status, in every place that says it",
		Long: `STATUS is draft, proposed, accepted, rejected or deprecated; a superseded record
names its successor, which stackinit adr supersede writes. An accepted record
needs decision-makers. The files that changed are printed.`,
		Example: `  stackinit adr status 4 accepted
  stackinit adr status 0004 deprecated --dir doc/adr`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return wrongUsage(cmd, fmt.Errorf("status takes two arguments, a record's number and its status, but got %d", len(args)))
			}
			n, err := parseNumber(args[0])
			if err != nil {
				return err
			}
			return a.changeLog(cmd.Context(), *o, func(l *openedLog) ([]decisionlog.Change, error) { return l.SetStatus(n, args[1]) })
		},
	}
}
