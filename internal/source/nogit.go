package source

import (
	"context"

	"github.com/stackinit/stackinit/internal/diag"
)

func fetchWithoutGit(ctx context.Context, s Spec) (*fetched, error) {
	return nil, diag.New(diag.Environment, "install git", "git is not installed")
}

func askWithoutGit(ctx context.Context, s Spec) (string, error) {
	return "", diag.New(diag.Environment, "install git", "git is not installed")
}
