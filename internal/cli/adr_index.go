package cli

import (
	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/decisionlog"
)

func adrIndexCommand(a *app, o *adrOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "index",
		Short: "Write the index of the records anew",
		Long: `Rewrites the table in README.md of the folder between its two markers, and keeps
what people wrote around them. A page without markers gets them at its end. The
file is printed if it changed.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.changeLog(cmd.Context(), *o, func(l *openedLog) ([]decisionlog.Change, error) { return l.Reindex() })
		},
	}
}
