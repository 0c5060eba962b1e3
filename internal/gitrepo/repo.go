package gitrepo

import (
	"bufio"
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// repo is a repository in the making: the folder .git of a project.
type repo struct {
	dir    string // absolute path of the project
	top    *os.Root
	git    *os.Root // .git, once there is one
	branch string
	fault  func(op, name string) error
}

// skeleton lists the folders of a repository, as git init leaves them. The one for
// hooks is empty: samples that nobody runs are of no use.
var skeleton = []string{
	"hooks", "info", "logs", "logs/refs", "logs/refs/heads",
	"objects", "objects/info", "objects/pack", "refs", "refs/heads", "refs/tags",
}

// init makes an empty repository.
func (r *repo) init(files []File) error {
	if err := r.do("mkdir", ".git", func() error { return r.top.Mkdir(".git", 0o777) }); err != nil {
		return err
	}
	var err error
	if r.git, err = r.top.OpenRoot(".git"); err != nil {
		return err
	}
	for _, d := range skeleton {
		if err := r.mkdir(d); err != nil {
			return err
		}
	}
	// Tools look for "Unnamed repository" at the beginning of the description.
	for _, f := range [][2]string{
		{"description", "Unnamed repository; edit this file to name it.\n"},
		{"info/exclude", "# Patterns of files that git ignores in this clone only; those for everybody go into .gitignore.\n"},
		{"HEAD", "ref: refs/heads/" + r.branch + "\n"},
	} {
		if err := r.write(f[0], 0o666, []byte(f[1])); err != nil {
			return err
		}
	}
	return r.write("config", 0o666, []byte(r.config(files)))
}

// config says what the file system can do, as git init finds it out.
func (r *repo) config(files []File) string {
	keepsModes := runtime.GOOS != "windows"
	for _, f := range files {
		// A file system without modes, or a umask that takes the owner's right
		// to execute: git must not take that for a change.
		keepsModes = keepsModes && f.Mode&0o100 == f.Info.Mode()&0o100
	}
	var b strings.Builder
	fmt.Fprintf(&b, "[core]\n\trepositoryformatversion = 0\n\tfilemode = %t\n\tbare = false\n\tlogallrefupdates = true\n", keepsModes)
	if _, err := r.git.Lstat("hEAD"); err == nil {
		b.WriteString("\tignorecase = true\n")
	}
	switch runtime.GOOS {
	case "darwin":
		b.WriteString("\tprecomposeunicode = true\n")
	case "windows":
		b.WriteString("\tsymlinks = false\n")
	}
	return b.String()
}

// writePack stores objects as one pack with its index.
func (r *repo) writePack(objects []object) error {
	pack, index, sum, err := encodePack(objects)
	if err != nil {
		return err
	}
	// Read-only, as git's own. The index comes last: it makes the pack visible.
	name := "objects/pack/pack-" + sum.String()
	if err := r.write(name+".pack", 0o444, pack...); err != nil {
		return err
	}
	return r.write(name+".idx", 0o444, index)
}

// setBranch points the branch to its first commit and begins the reflogs. who is
// the committer as the commit records him; message is the commit's.
func (r *repo) setBranch(commit plumbing.Hash, who, message string) error {
	for _, dir := range []string{"logs/refs/heads", "refs/heads"} {
		for i, c := range r.branch { // a branch called a/b lies in a folder
			if c == '/' {
				if err := r.mkdir(path.Join(dir, r.branch[:i])); err != nil {
					return err
				}
			}
		}
	}
	subject, _, _ := strings.Cut(message, "\n")
	reflog := fmt.Appendf(nil, "%s %s %s\tcommit (initial): %s\n", plumbing.ZeroHash, commit, who, subject)
	for _, name := range []string{"logs/HEAD", "logs/refs/heads/" + r.branch} {
		if err := r.write(name, 0o666, reflog); err != nil {
			return err
		}
	}
	return r.write("refs/heads/"+r.branch, 0o666, fmt.Appendf(nil, "%s\n", commit))
}

func (r *repo) mkdir(name string) error {
	return r.do("mkdir", name, func() error { return r.git.Mkdir(name, 0o777) })
}

// write makes a file that does not exist yet, of these pieces.
func (r *repo) write(name string, perm fs.FileMode, pieces ...[]byte) error {
	return r.do("write", name, func() error {
		f, err := r.git.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		if err != nil {
			return err
		}
		w := bufio.NewWriterSize(f, 32<<10)
		for _, p := range pieces {
			_, _ = w.Write(p) // an error comes again from Flush
		}
		return cmp.Or(w.Flush(), f.Close())
	})
}

// do runs one step that can fail, unless a test makes it fail.
func (r *repo) do(op, name string, step func() error) error {
	if r.fault != nil {
		if err := r.fault(op, name); err != nil {
			return err
		}
	}
	return step()
}

func (r *repo) close() {
	if r.git != nil {
		_ = r.git.Close() // a folder opened for reading has nothing to lose
	}
}
