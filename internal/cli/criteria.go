package cli

import (
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/recommend"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

func criteriaCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "criteria",
		Short: "Show and check the criteria of the recommendation, a team's own included",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(criteriaShowCommand(a), criteriaCheckCommand(a))
	return cmd
}

// criteriaFlag is the flag of every command that recommends.
func criteriaFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "criteria", "", "lay a team's criteria, a YAML `file`, over the built-in ones")
}

// criteriaOf gives the criteria of a file, if one is named, else those of the packs.
func (a *app) criteriaOf(file string, t team) (*recommend.Criteria, error) {
	if file == "" {
		return t.criteria()
	}
	return a.criteria(file)
}

// criteria gives the built-in criteria, with those of a team's file laid over them
// if one is named.
func (a *app) criteria(file string) (*recommend.Criteria, error) {
	if file == "" {
		return recommend.Embedded(), nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, diag.New(diag.Usage, "give the path of a YAML file; see stackinit help criteria-files", "the criteria cannot be read: %w", err)
	}
	defer func() { _ = f.Close() }() // opened for reading: nothing can be lost
	src, err := io.ReadAll(io.LimitReader(f, strictyaml.MaxBytes+1))
	if err != nil {
		return nil, diag.New(diag.Usage, "", "the criteria in %s cannot be read: %w", file, err)
	}
	return teamCriteriaOf(file, src)
}

// teamCriteriaOf reads the criteria of a team.
func teamCriteriaOf(file string, src []byte) (*recommend.Criteria, error) {
	stacks, err := starters()
	if err != nil {
		return nil, err
	}
	var taken []string
	for _, q := range slices.Concat(interview.ProjectQuestions(interview.Facts{}), interview.AllOptions(stacks)) {
		taken = append(taken, q.Key)
	}
	return recommend.LoadTeam(file, src, taken...)
}
