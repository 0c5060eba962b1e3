package cli

import (
	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/pack"
)

func templateSchemaCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of stackinit.yaml, for editors",
		Long: `Prints the JSON Schema (draft 2020-12) of a pack's stackinit.yaml. An editor with
the YAML language server takes it from the first line of the file:

  # yaml-language-server: $schema=./stackinit.schema.json`,
		Example: `  stackinit template schema > stackinit.schema.json`,
		Args:    noArgs,
		RunE:    func(*cobra.Command, []string) error { return a.printJSON(pack.JSONSchema()) },
	}
}
