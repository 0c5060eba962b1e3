package source

import (
	"context"
	"errors"
	"os/exec"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
)

// What fetching does something about: a commit that a server does not give by its
// name, and a repository that needs a login.
type (
	notOffered struct{ error }
	noLogin    struct{ error }
)

func (n *notOffered) Unwrap() error { return n.error }
func (n *noLogin) Unwrap() error    { return n.error }

func isA[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

// explain makes an error for people from a git command that failed.
func (r *repo) explain(ctx context.Context, cmd *exec.Cmd, err error) error {
	if ctx.Err() != nil {
		cause := context.Cause(ctx)
		var e *diag.Error
		if errors.Is(cause, context.DeadlineExceeded) && !errors.As(cause, &e) {
			return outOfReach(r.spec, cause.Error())
		}
		return cause
	}
	said := ""
	if w, ok := cmd.Stderr.(*words); ok {
		said = r.spec.hideLogin(oneLine(string(w.b)))
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) || said == "" {
		return diag.New(diag.Environment, "", "git does not work: %w %s", err, said)
	}
	return judge(r.spec, said)
}

// judge tells apart, by git's own words in LC_ALL=C, what people do different things
// about. Words that no case knows are taken for trouble on the way to the server.
func judge(s Spec, said string) error {
	has := func(texts ...string) bool {
		for _, t := range texts {
			if strings.Contains(said, t) {
				return true
			}
		}
		return false
	}
	switch {
	case has("over limit"):
		return diag.New(diag.Refused, "", "the template pack %s is refused: its repository holds an object of more than %d MiB", s, maxObject>>20)
	case has("fsck error", "error in packed object", "error in tree", "error in object", "garbage at end of"):
		return diag.New(diag.Refused, "", "the template pack %s is refused: its repository holds what git takes for an attack or a fault: %s", s, said)
	case has("couldn't find remote ref", "no such ref was fetched"):
		return noRef(s)
	case has("not our ref", "unadvertised object"):
		return &notOffered{diag.New(diag.Environment, "give a tag or a branch, or ask those who keep it", "the repository of %s does not give commit %s: %s", s, s.commit, said)}
	case has("transport '", "not allowed"):
		return diag.New(diag.Refused, "", "the template pack %s is refused: its address or the server leads to something else than https or ssh: %s", s, said)
	case has("Authentication failed", "could not read Username", "could not read Password", "terminal prompts disabled", "Permission denied", "returned error: 401", "returned error: 403"):
		return &noLogin{diag.New(diag.Environment, "log in as you do for git clone; without a terminal git needs a credential helper or an ssh agent", "git may not read the repository of %s: %s", s, said)}
	case has("not found", "does not appear to be a git repository", "does not exist", "not valid: is this a git repository", "invalid server response", "not a git repository"):
		return diag.New(diag.Environment, "check the address; hosts say so, too, when a login is missing", "there is no repository for %s: %s", s, said)
	case has("Host key verification failed"):
		return diag.New(diag.Environment, "connect once by hand with ssh and check the key", "ssh does not know the host of %s: %s", s, said)
	}
	return outOfReach(s, said)
}

func outOfReach(s Spec, why string) error {
	return diag.New(diag.Environment, "check the network and the address; a pack that was used before is taken from its copy", "the template pack %s cannot be fetched: %w", s, &unreachable{why})
}

// hideLogin takes the login out of what git says, should it ever say it.
func (s Spec) hideLogin(text string) string {
	if s.login == nil {
		return text
	}
	secret, _ := s.login.Password()
	for _, word := range []string{secret, s.login.Username(), s.login.String()} {
		if len(word) > 3 {
			text = strings.ReplaceAll(text, word, "…")
		}
	}
	return text
}

// oneLine makes what git printed fit into a sentence: the lines that say something,
// without those of the server, which may say anything.
func oneLine(s string) string {
	var parts []string
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "remote:") && !strings.Contains(line, "not our ref") || strings.HasPrefix(line, "warning:") || strings.HasPrefix(line, "hint:") {
			continue
		}
		parts = append(parts, strings.TrimPrefix(strings.TrimPrefix(line, "fatal: "), "error: "))
	}
	text := strings.Join(parts, "; ")
	if len(text) > 400 {
		text = strings.ToValidUTF8(text[:400], "") + "…"
	}
	return text
}
