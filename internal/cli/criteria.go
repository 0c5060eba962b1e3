package cli

import (
	"os"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/recommend"
)

// criteria gives the criteria of a team's file, or the built-in ones.
func (a *app) criteria(file string) (*recommend.Criteria, error) {
	if file == "" {
		return recommend.Embedded(), nil
	}
	src, err := os.ReadFile(file)
	if err != nil {
		return nil, diag.New(diag.Usage, "", "the criteria cannot be read: %w", err)
	}
	return recommend.Load(file, src)
}
