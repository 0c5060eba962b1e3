package cli
import "github.com/spf13/cobra"
func adrRevisitCommand(a *app) *cobra.Command { return &cobra.Command{Use:"revisit"} }
