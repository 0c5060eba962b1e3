package gitrepo

import (
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/stackinit/stackinit/internal/diag"
)

// Settings are what git would use for a commit in a folder.
type Settings struct {
	Git       string // path of the git command; empty if there is none that works
	Author    Ident  // nobody if not known
	Committer Ident
	Branch    string
	Sign      bool   // commit.gpgsign: never commit without a signature
	Enclosing string // the work tree that the folder lies in; no repository is made then

	asked    Ident     // by the flag
	planned  *[2]Ident // author and committer, whatever the settings say; nil if they decide
	env      []string  // of the whole program
	byFolder bool      // some configuration is included for certain folders only
}

// Resolve looks up the settings for a project that will be made in the folder
// parent. author is the text of --author, or empty. env is the environment, as
// os.Environ gives it.
//
// Who: --author names author and committer; then GIT_AUTHOR_* and
// GIT_COMMITTER_*, then git's configuration, then EMAIL. Who made the first
// commit, if only an author is known, is the author. Git would go on to guess
// from the login and the host name; a guess that is published with the first
// commit is worse than none. Which branch: init.defaultBranch, else main.
//
// Where git is installed it reads the configuration, in one process; without it
// the user's and the system's files are read, but not what they include.
func Resolve(ctx context.Context, parent, author string, env []string) (Settings, error) {
	s := Settings{env: env}
	if author != "" {
		var err error
		if s.asked, err = ParseIdent("--author", author); err != nil {
			return s, err
		}
	}
	s.Enclosing = enclosing(parent, environ(env))
	if path, err := exec.LookPath("git"); err == nil {
		s.Git = path
	}
	// A repository that does not exist: the settings of one that parent may be
	// in the middle of (a bare one) are not those of the new project.
	config, err := s.read(ctx, filepath.Join(parent, ".stackinit-no-repository"))
	if err != nil {
		return s, err
	}
	s.Branch = "main"
	if b, ok := config["init.defaultbranch"]; ok {
		s.Branch = b
	}
	// Within another work tree no repository is made; a plan is for any place.
	if err := checkBranch(s.Branch); err != nil && s.Enclosing == "" {
		return s, err
	}
	return s, s.apply(config)
}

// Named is the author that the environment names, whatever git's configuration says;
// nobody if it names none.
func Named(env []string) Ident {
	e := environ(env)
	return newIdent(e["GIT_AUTHOR_NAME"], e["GIT_AUTHOR_EMAIL"])
}

// UserName is the name that git gives the author of a commit in the repository that
// dir lies in, or elsewhere on the machine; empty if git knows none or its settings
// cannot be read.
func UserName(ctx context.Context, dir string, env []string) string {
	s := Settings{env: env}
	if path, err := exec.LookPath("git"); err == nil {
		s.Git = path
	}
	gitDir := filepath.Join(dir, ".stackinit-no-repository")
	if top := enclosing(dir, environ(env)); top != "" {
		gitDir = filepath.Join(top, ".git")
	}
	config, err := s.read(ctx, gitDir)
	if err != nil {
		return ""
	}
	return withoutCrud(firstOf(environ(env)["GIT_AUTHOR_NAME"], config["author.name"], config["user.name"]))
}

// checkBranch refuses a branch name that git refuses (git-check-ref-format(1)).
func checkBranch(name string) error {
	if name != "HEAD" && plumbing.NewBranchReferenceName(name).Validate() == nil {
		return nil
	}
	return diag.New(diag.Environment, "set another one: git config --global init.defaultBranch main",
		"git's setting init.defaultBranch is %q, and git allows no such branch", name)
}

// within gives the settings again as they are inside the new repository gitDir,
// if that can make a difference: many people set another address for the
// projects of one folder (includeIf "gitdir:~/clients/").
func (s Settings) within(ctx context.Context, gitDir string) (Settings, error) {
	if s.Git == "" || !s.byFolder {
		return s, nil
	}
	config, err := s.read(ctx, gitDir)
	if err != nil {
		return s, err
	}
	return s, s.apply(config)
}

// apply sets what depends on the configuration, except for the branch, which git
// decides before there is a repository.
func (s *Settings) apply(config map[string]string) error {
	env := environ(s.env)
	s.Author, s.Committer = identFrom(env, config, "author"), identFrom(env, config, "committer")
	if s.asked != (Ident{}) {
		s.Author = s.asked
		s.Committer = newIdent(env["GIT_COMMITTER_NAME"], env["GIT_COMMITTER_EMAIL"])
	}
	if s.Committer == (Ident{}) {
		s.Committer = s.Author
	}
	var err error
	s.Sign, err = parseBool("commit.gpgsign", config["commit.gpgsign"])
	if s.planned != nil {
		s.Author, s.Committer = s.planned[0], s.planned[1]
	}
	return err
}

// Planned gives the settings for a commit that was planned elsewhere, with its branch
// and with the people that it names. Nobody as author leaves both to the settings, and
// whether the commit is signed is theirs in any case. The error is of kind Refused:
// git would write something else than what was planned.
func (s Settings) Planned(branch string, author, committer Ident) (Settings, error) {
	if checkBranch(branch) != nil {
		return s, diag.New(diag.Refused, "", "git allows no branch with the name %q", branch)
	}
	s.Branch = branch
	if author == (Ident{}) && committer == (Ident{}) {
		return s, nil
	}
	for _, id := range []Ident{author, committer} {
		if id == (Ident{}) || newIdent(id.Name, id.Email) != id {
			return s, diag.New(diag.Refused, "", "git would write the identity %q in another way", id)
		}
	}
	s.planned = &[2]Ident{author, committer}
	s.Author, s.Committer = author, committer
	return s, nil
}

// identFrom finds the author or the committer (git-commit(1), "Commit Information").
func identFrom(env, config map[string]string, role string) Ident {
	prefix := "GIT_" + strings.ToUpper(role)
	return newIdent(
		firstOf(env[prefix+"_NAME"], config[role+".name"], config["user.name"]),
		firstOf(env[prefix+"_EMAIL"], config[role+".email"], config["user.email"], env["EMAIL"]),
	)
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}

// parseBool reads a truth value as git does (git-config(1), "Values").
func parseBool(key, text string) (bool, error) {
	switch strings.ToLower(text) {
	case "true", "yes", "on":
		return true, nil
	case "false", "no", "off", "":
		return false, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return false, diag.New(diag.Environment, "set it to true or false: git config --global "+key+" false",
			"git's setting %s is %q, which is neither true nor false", key, text)
	}
	return n != 0, nil
}

// environ turns an environment into a map.
func environ(env []string) map[string]string {
	m := make(map[string]string, len(env))
	for _, e := range env {
		k, v, _ := strings.Cut(e, "=")
		m[k] = v
	}
	return m
}

// read gives the configuration: by git, or from the files where git is missing or
// does not work (on macOS /usr/bin/git may be a stub that asks for an installation).
func (s *Settings) read(ctx context.Context, gitDir string) (map[string]string, error) {
	if s.Git != "" {
		out, err := s.run(ctx, gitDir, nil, "config", "--list", "-z")
		var failed *gitError
		switch {
		case err == nil:
			return s.parse(out), nil
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case errors.As(err, &failed) && failed.code == 128: // git's code for "fatal:"
			return nil, diag.New(diag.Environment, "repair git's configuration, or do without a repository: --no-git", "git cannot read its configuration: %w", err)
		}
		s.Git = ""
	}
	return readFiles(environ(s.env))
}

// parse reads the output of git config --list -z: entries that end in NUL, each a
// key and, behind a newline, a value. The last one of a key counts.
func (s *Settings) parse(out []byte) map[string]string {
	config := map[string]string{}
	for entry := range strings.SplitSeq(string(out), "\x00") {
		key, value, has := strings.Cut(entry, "\n")
		if !has && key == "commit.gpgsign" { // a bare key means true
			value = "true"
		}
		config[key] = value
		if strings.HasPrefix(key, "includeif.") {
			s.byFolder = true
		}
	}
	return config
}
