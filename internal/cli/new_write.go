package cli

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"os"
	"path/filepath"
	"time"

	"github.com/stackinit/stackinit/internal/apply"
	"github.com/stackinit/stackinit/internal/gitrepo"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/plan"
)

// askGit looks git's settings up. That is a process of its own, which can run while we
// read; without a repository it has only the author to say, who may be known.
func (p *project) askGit(ctx context.Context) <-chan error {
	o, done := p.options, make(chan error, 1)
	p.git.Author = gitrepo.Named(os.Environ())
	if o.noGit && (o.author != "" || p.git.Author != gitrepo.Ident{}) {
		done <- nil
		return done
	}
	go func() {
		var err error
		p.git, err = gitrepo.Resolve(ctx, o.dir, o.author, os.Environ())
		done <- err
	}()
	return done
}

// settle looks git's settings up again if an answer names another author.
func (p *project) settle(ctx context.Context) (err error) {
	if by := p.answers.Text("author"); by != author(p.git) && !p.options.noGit {
		branch := p.git.Branch // perhaps the configuration's
		p.git, err = gitrepo.Resolve(ctx, p.options.dir, by, os.Environ())
		p.git.Branch = branch
	}
	return err
}

// site is where a project is made, and by whom its commit.
type site struct {
	dir   string
	noGit bool
	git   gitrepo.Settings
	when  time.Time
}

// write makes the project on disk, the first commit included.
func (a *app) write(ctx context.Context, at site, made *plan.Plan) (gitrepo.Outcome, error) {
	defer slow(a.Err, "writing "+filepath.Join(at.dir, made.Name)+" …")()
	var outcome gitrepo.Outcome
	o := apply.Options{Parent: at.dir, Name: made.Name, Files: filesOf(made)}
	if !at.noGit {
		o.Commit = func(ctx context.Context, dir string, written []apply.Written) error {
			var err error
			outcome, err = gitrepo.First(ctx, dir, repoFiles(written, made), at.git, gitrepo.Commit{Message: made.Message, When: at.when})
			return err
		}
	}
	return outcome, apply.New(ctx, o)
}

// filesOf are the files to write.
func filesOf(made *plan.Plan) []apply.File {
	files := make([]apply.File, len(made.Files))
	for i, f := range made.Files {
		files[i] = apply.File{Path: f.Path, Mode: f.Mode, Body: f.Body}
	}
	return files
}

// repoFiles are the files of the first commit: those without secrets.
func repoFiles(written []apply.Written, made *plan.Plan) []gitrepo.File {
	var all []gitrepo.File
	for i, w := range written {
		if !made.Files[i].Secret {
			all = append(all, gitrepo.File(w))
		}
	}
	return all
}

// secret is 64 random letters, digits, - and _: 384 bits.
func secret() string {
	b := make([]byte, 48)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

// author is who git would name, as the answer to the question is written; nobody
// if that is not known, or in a form that only git takes.
func author(s gitrepo.Settings) string {
	text := s.Author.String()
	if _, _, err := interview.SplitAuthor(text); err != nil {
		return ""
	}
	return text
}

// place is the project's folder as people would type it.
func (p *project) place() string { return filepath.Join(p.options.dir, p.options.name) }
