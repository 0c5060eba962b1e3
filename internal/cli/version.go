package cli

import (
	"runtime"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/templates"
)

func versionCommand(a *app) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version and the age of the lock files",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return a.printJSON(versionJSON{buildVersion(), runtime.Version(), platform, templates.Resolved})
			}
			return a.print("stackinit %s (%s, %s)\nlock files resolved on %s\n", buildVersion(), runtime.Version(), platform, templates.Resolved)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// versionJSON is the output of version --json.
type versionJSON struct {
	Version  string `json:"version"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Resolved string `json:"resolved"` // the day of the lock files
}
