package cli

import (
	"runtime"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/templates"
)

func versionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version and the age of the lock files",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			return a.print("stackinit %s (%s, %s)\nlock files resolved on %s\n", buildVersion(), runtime.Version(), platform, templates.Resolved)
		},
	}
}
