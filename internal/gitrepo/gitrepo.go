// Package gitrepo makes the repository of a new project, with its first commit.
//
// Everything is built from the rendered files in memory, in go-git's objects and
// file formats: nothing on disk is read again, so ignore rules, filters and
// stray files cannot matter, and git itself is not needed. All objects go into
// one packfile, as a fresh clone would have it; loose ones would make git start
// a garbage collection in the user's new project.
//
// No hook and no template of the user's runs or is copied (init.templateDir,
// core.hooksPath): they are written for commits that a person types, may change
// or refuse files, and would run before the user has seen the project. They work
// from the second commit on as for any repository.
//
// Errors of the disk come back as they are, for the writer of the project to
// explain; everything that git's settings cause is a *diag.Error.
package gitrepo

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// File is one file of the project as it lies on disk.
type File struct {
	Path string      // slash-separated, below the project
	Mode fs.FileMode // 0644 or 0755: what the commit records, whatever the umask made of it
	Body []byte
	Info fs.FileInfo // its stat after writing, for git's index
}

// Commit is what the first commit says. When's time zone is recorded, too: the
// same message, time, files and identity give the same hash anywhere.
type Commit struct {
	Message string
	When    time.Time
}

// Outcome is what was made.
type Outcome struct {
	Hash   string // of the commit in hexadecimal; empty if there is none
	Branch string // the branch HEAD is on; empty if no repository was made
	Author Ident  // of the commit
	Note   string // why something is missing, one sentence; empty if nothing is
	Hint   string // what to type about it, one line; may be empty
}

// First makes the folder dir, which holds files and nothing else, a repository
// whose first commit is made of them, as far as the settings allow: inside
// another work tree it makes nothing, and without an identity or a signature
// that was asked for it leaves everything staged. The Outcome says so.
func First(ctx context.Context, dir string, files []File, s Settings, c Commit) (Outcome, error) {
	return first(ctx, dir, files, s, c, nil)
}

// first is First; a test makes a step fail by fault.
func first(ctx context.Context, dir string, files []File, s Settings, c Commit, fault func(op, name string) error) (Outcome, error) {
	if s.Enclosing != "" {
		return Outcome{Note: "no repository was made: the project lies inside the one of " + s.Enclosing}, nil
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Outcome{}, err
	}
	top, err := os.OpenRoot(dir)
	if err != nil {
		return Outcome{}, err
	}
	defer func() { _ = top.Close() }() // a folder opened for reading has nothing to lose
	r := &repo{dir: dir, top: top, branch: s.Branch, fault: fault}
	defer r.close()
	if err := r.init(files); err != nil {
		return Outcome{}, err
	}
	if s, err = s.within(ctx, filepath.Join(dir, ".git")); err != nil {
		return Outcome{}, err
	}
	return r.commit(ctx, files, s, c)
}

// commit stages the files and commits them, or says why it does not.
func (r *repo) commit(ctx context.Context, files []File, s Settings, c Commit) (Outcome, error) {
	out := Outcome{Branch: s.Branch}
	blobs, index, err := stage(files)
	if err != nil {
		return out, err
	}
	if err := r.write("index", 0o666, index); err != nil {
		return out, err
	}
	if s.Author == (Ident{}) {
		out.Note = "nothing is committed yet, all files are staged: git knows no name and e-mail address for you"
		out.Hint = `git config --global user.name "Your Name" && git config --global user.email you@example.com && ` + commitHint(c)
		return out, r.writePack(blobs)
	}
	root, trees := makeTrees(files, blobs)
	objects := slices.Concat(trees, blobs)
	message := strings.TrimRight(c.Message, "\n") + "\n"
	var hash plumbing.Hash
	if s.Sign {
		if err := r.writePack(objects); err != nil {
			return out, err
		}
		// Reported, not returned: the project is whole, only its commit is missing.
		hash, err = s.signed(ctx, filepath.Join(r.dir, ".git"), root, message, c.When)
		if err != nil {
			out.Note = fmt.Sprintf("nothing is committed yet, all files are staged: commit.gpgsign asks for a signature, and signing failed: %v", err)
			out.Hint = commitHint(c)
			return out, ctx.Err()
		}
	} else {
		commit := newObject(plumbing.CommitObject, encodeCommit(root, s, message, c.When))
		hash = commit.hash
		if err := r.writePack(append(objects, commit)); err != nil {
			return out, err
		}
	}
	out.Hash, out.Author = hash.String(), s.Author
	return out, r.setBranch(hash, s.Committer.at(c.When), message)
}

// commitHint is how a person makes the missing commit.
func commitHint(c Commit) string {
	subject, _, _ := strings.Cut(c.Message, "\n")
	return "git commit -m '" + strings.ReplaceAll(subject, "'", `'\''`) + "'"
}

// encodeCommit is the body of a commit without parents (git-commit-tree(1)).
func encodeCommit(tree plumbing.Hash, s Settings, message string, when time.Time) []byte {
	return fmt.Appendf(nil, "tree %s\nauthor %s\ncommitter %s\n\n%s", tree, s.Author.at(when), s.Committer.at(when), message)
}
