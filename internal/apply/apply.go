// Package apply is the only writer of projects. It writes every file into a
// staging folder that this process makes beside the target, lets the caller add
// a repository there, and publishes the folder by one rename that never
// replaces anything. Whatever happens on the way, the target is absent or whole.
//
// Nothing is flushed to the disk (fsync): it would cost more than all other work
// together, and a project that a power cut damages in its first seconds can be
// made again. After a killed process the kernel still holds every byte written.
package apply

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/stackinit/stackinit/internal/diag"
)

// File is one file to write.
type File struct {
	Path string      // slash-separated, below the project; its grammar is checked where the plan is made
	Mode fs.FileMode // 0644, 0755, or 0600 of what only its owner may read; the umask decides the rest
	Body []byte
}

// Written is a file on disk; Info is its stat after the last write, which git
// keeps in its index to know later that the file is unchanged.
type Written struct {
	Path string
	Mode fs.FileMode
	Body []byte
	Info fs.FileInfo
}

// Options say what is written and where.
type Options struct {
	Parent string // an existing folder
	Name   string // the new folder in Parent: one path segment
	Files  []File
	// Commit, if not nil, gets the absolute path of the staging folder and its
	// files before they are published. Its error undoes everything.
	Commit func(ctx context.Context, dir string, files []Written) error

	// fault, if not nil, runs before each step and makes it fail: the tests'
	// full disk.
	fault func(op, name string) error
}

// New writes the project, or nothing: on an error, and when ctx ends before the
// publishing rename, it removes what it made. It returns context.Cause(ctx) in
// the latter case, *diag.Error of kind InTheWay or Environment for what the
// destination causes, and any other error for what only a bug can cause.
func New(ctx context.Context, o Options) (err error) {
	for _, f := range o.Files {
		if !filepath.IsLocal(filepath.FromSlash(f.Path)) || path.Clean(f.Path) != f.Path || f.Path == "." {
			return fmt.Errorf("apply: %q is no path inside a project", f.Path)
		}
	}
	parent, dir, err := openParent(o.Parent, o.Name)
	if err != nil {
		return err
	}
	// A folder opened for reading has nothing to lose on closing.
	defer func() { _ = parent.Close() }()
	if err := checkTarget(parent, dir, o.Name); err != nil {
		return err
	}
	s, err := newStage(parent, dir, o)
	if err != nil {
		return err
	}
	// Deferred, so that a panic in Commit leaves nothing behind either.
	defer func() { err = s.end(err) }()

	written, err := s.writeAll(ctx, o.Files)
	if err != nil {
		return err
	}
	if o.Commit != nil {
		err = s.do("commit", s.name, func() error {
			return o.Commit(ctx, filepath.Join(dir, s.name), written)
		})
	}
	// First: a process that the end of ctx killed is no fault of git.
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return s.explain("make the repository", err)
	}
	return s.publish()
}

// Check says whether a project can be made at parent/name, as far as looking
// without writing can tell, so that nobody answers questions in vain. New checks
// again.
func Check(parent, name string) error {
	root, dir, err := openParent(parent, name)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	if err := checkTarget(root, dir, name); err != nil {
		return err
	}
	if err := writable(dir); err != nil {
		return explain("make a project in "+dir, dir, err)
	}
	return nil
}

// openParent opens the folder that will hold the project and gives its absolute path.
func openParent(parent, name string) (*os.Root, string, error) {
	if !filepath.IsLocal(name) || filepath.Base(name) != name || name == "." {
		return nil, "", fmt.Errorf("apply: %q is no name of a folder", name)
	}
	dir, err := filepath.Abs(parent)
	if err != nil {
		return nil, "", diag.New(diag.Environment, "", "the current folder is not known: %w", reason(err))
	}
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", diag.New(diag.Environment, "make it first: mkdir -p "+dir, "there is no folder %s", dir)
	}
	if err != nil {
		return nil, "", diag.New(diag.Environment, "name another folder with --dir", "cannot open the folder %s: %w", dir, reason(err))
	}
	return root, dir, nil
}

// checkTarget refuses a target that exists, whatever it is.
func checkTarget(parent *os.Root, dir, name string) error {
	info, err := parent.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return explain("look at "+filepath.Join(dir, name), dir, err)
	}
	return diag.New(diag.InTheWay, "choose another name or another folder with --dir, or move it away",
		"%s is already there (%s), and stackinit never writes over anything", filepath.Join(dir, name), describe(parent, name, info))
}

// describe names what stands at the target.
func describe(parent *os.Root, name string, info fs.FileInfo) string {
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		// A link out of the parent cannot be followed by an os.Root; "a link" is true of it, too.
		if _, err := parent.Stat(name); errors.Is(err, fs.ErrNotExist) {
			return "a link that leads nowhere"
		}
		return "a link"
	case info.IsDir():
		if entries, err := fs.ReadDir(parent.FS(), name); err == nil && len(entries) == 0 {
			return "an empty folder"
		}
		return "a folder"
	case info.Mode().IsRegular():
		return "a file"
	}
	return "neither file nor folder"
}
