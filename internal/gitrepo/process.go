package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// gitError is a git command that failed.
type gitError struct {
	code int    // its exit code
	text string // what it said
}

func (e *gitError) Error() string {
	if e.text == "" {
		return fmt.Sprintf("git ended with code %d", e.code)
	}
	return e.text
}

// run runs git on the repository gitDir and gives what it prints.
func (s *Settings) run(ctx context.Context, gitDir string, stdin []byte, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, s.Git, args...)
	// GIT_DIR and not the current folder: git then asks nobody who owns it, and
	// finds no other repository on the way up.
	cmd.Env = append(cleaned(s.env), "GIT_DIR="+gitDir)
	cmd.Stdin = bytes.NewReader(stdin)
	cmd.WaitDelay = 2 * time.Second // an agent that git's helper started may keep the pipes
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, &gitError{exit.ExitCode(), oneLine(stderr.String())}
	}
	return out, err
}

// cleaned is the environment for git: of git's own variables only those that
// configure it or say who somebody is. The rest (GIT_DIR, GIT_INDEX_FILE, ...)
// names the repository of the hook or rebase that stackinit may be run from.
func cleaned(env []string) []string {
	var keep []string
	for _, e := range env {
		if !strings.HasPrefix(e, "GIT_") || strings.HasPrefix(e, "GIT_CONFIG_") || strings.HasPrefix(e, "GIT_EXEC_PATH=") ||
			strings.HasPrefix(e, "GIT_AUTHOR_") || strings.HasPrefix(e, "GIT_COMMITTER_") {
			keep = append(keep, e)
		}
	}
	return keep
}

// oneLine makes what git printed fit into a sentence: the lines that say
// something, joined.
func oneLine(s string) string {
	var parts []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			parts = append(parts, strings.TrimPrefix(strings.TrimPrefix(line, "fatal: "), "error: "))
		}
	}
	return strings.Join(parts, "; ")
}

// signed makes the commit by git, which signs it by the user's settings (gpg, ssh
// or x509; agents and pinentry find the terminal by themselves). It is
// git commit-tree and not git commit, because that one runs hooks.
func (s *Settings) signed(ctx context.Context, gitDir string, tree plumbing.Hash, message string, when time.Time) (plumbing.Hash, error) {
	if s.Git == "" {
		return plumbing.ZeroHash, errors.New("that needs git, which is not installed or does not work")
	}
	date := fmt.Sprintf("%d %s", when.Unix(), when.Format("-0700"))
	signer := *s
	signer.env = append(cleaned(s.env),
		"GIT_AUTHOR_NAME="+s.Author.Name, "GIT_AUTHOR_EMAIL="+s.Author.Email, "GIT_AUTHOR_DATE="+date,
		"GIT_COMMITTER_NAME="+s.Committer.Name, "GIT_COMMITTER_EMAIL="+s.Committer.Email, "GIT_COMMITTER_DATE="+date)
	out, err := signer.run(ctx, gitDir, []byte(message), "-c", "i18n.commitEncoding=UTF-8", "commit-tree", "-S", tree.String())
	if err != nil {
		return plumbing.ZeroHash, err
	}
	text := strings.TrimSpace(string(out))
	if !plumbing.IsHash(text) {
		return plumbing.ZeroHash, fmt.Errorf("git commit-tree printed %q", text)
	}
	return plumbing.NewHash(text), nil
}
