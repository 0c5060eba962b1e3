package cli

import "github.com/spf13/cobra"

// adrCommand groups the commands on decision records.
func adrCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "adr",
		Short: "Keep decision records",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(adrRevisitCommand(a))
	return cmd
}
