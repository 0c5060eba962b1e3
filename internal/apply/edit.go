package apply

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/stackinit/stackinit/internal/diag"
)

// Change is one file of an existing folder to write, or to take away.
type Change struct {
	Path string // slash-separated, below the folder
	Old  []byte // what must stand there; nil: nothing
	New  []byte // nil: the file goes away
}

// EditOptions say which files change and where.
type EditOptions struct {
	Dir     string // an existing folder
	Changes []Change
	fault   func(op, name string) error // the tests' full disk
}

// Edit changes files of an existing folder, all or none: everything is checked and
// written beside the files before the first one changes, and each then changes by
// one rename. If a later step fails, or ctx ends, those before it are undone. No
// file but the named ones is touched, and folders that a new one needs are made.
//
// A file that is no regular one, or does not hold what it held when it was read,
// is refused with a *diag.Error of kind InTheWay; what the disk causes is of kind
// Environment. ctx's end gives context.Cause(ctx).
func Edit(ctx context.Context, o EditOptions) (err error) {
	for _, c := range o.Changes {
		if !filepath.IsLocal(filepath.FromSlash(c.Path)) || path.Clean(c.Path) != c.Path || c.Path == "." || c.Old == nil && c.New == nil {
			return fmt.Errorf("apply: %q is no file to change", c.Path)
		}
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return diag.New(diag.Environment, "", "the current folder is not known: %w", reason(err))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return diag.New(diag.Environment, "name another folder with --dir", "cannot open the folder %s: %w", dir, reason(err))
	}
	defer func() { _ = root.Close() }() // a folder opened for reading has nothing to lose
	e := &edit{root: root, dir: dir, suffix: ".stackinit-" + strings.ToLower(rand.Text()[:8]), fault: o.fault}
	for _, c := range o.Changes {
		if err := e.check(c); err != nil {
			return err
		}
	}
	// Deferred, so that a panic undoes everything, too.
	defer func() { err = e.end(err) }()
	for i := range e.files {
		if err := cmp.Or(context.Cause(ctx), e.prepare(&e.files[i])); err != nil {
			return err
		}
	}
	for i := range e.files {
		if err := cmp.Or(context.Cause(ctx), e.publish(&e.files[i])); err != nil {
			return err
		}
	}
	e.done = true
	return nil
}

// edit is one run of Edit.
type edit struct {
	root   *os.Root
	dir    string
	suffix string
	files  []editFile
	made   []string // folders, parents first
	done   bool
	fault  func(op, name string) error
}

// editFile is one file and what lies beside it.
type editFile struct {
	Change
	info        fs.FileInfo // of the old file
	fresh, kept string      // names of the new bytes and of the old ones beside the file; empty: not there
	changed     bool
}

func (e *edit) do(op, name string, step func() error) error {
	if e.fault != nil {
		if err := e.fault(op, name); err != nil {
			return err
		}
	}
	return step()
}

// check looks whether a file is what it was when it was read.
func (e *edit) check(c Change) error {
	f := editFile{Change: c}
	var err error
	f.info, err = e.root.Lstat(c.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && c.Old == nil:
		e.files = append(e.files, f)
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return changedMeanwhile(c.Path)
	case err != nil:
		return e.explain("look at "+c.Path, err)
	case c.Old == nil || !f.info.Mode().IsRegular():
		return diag.New(diag.InTheWay, "move it away", "%s is in the way (%s)", c.Path, describe(e.root, c.Path, f.info))
	}
	file, err := e.root.Open(c.Path)
	if err != nil {
		return e.explain("read "+c.Path, err)
	}
	defer func() { _ = file.Close() }() // opened for reading: nothing can be lost
	now, err := io.ReadAll(io.LimitReader(file, int64(len(c.Old))+1))
	if err != nil {
		return e.explain("read "+c.Path, err)
	}
	if !bytes.Equal(now, c.Old) {
		return changedMeanwhile(c.Path)
	}
	e.files = append(e.files, f)
	return nil
}

func changedMeanwhile(name string) error {
	return diag.New(diag.InTheWay, "run the same command again", "%s has changed while stackinit was at work; nothing was written", name)
}

// prepare writes the new bytes beside the file, and the old ones, so that undoing
// needs no space on the disk.
func (e *edit) prepare(f *editFile) error {
	if err := e.makeFolders(path.Dir(f.Path)); err != nil {
		return e.explain("make the folder "+path.Dir(f.Path), err)
	}
	var err error
	if f.New != nil {
		if f.fresh, err = e.beside(f, ".new", f.New); err != nil {
			return e.explain("write "+f.Path, err)
		}
	}
	if f.Old != nil {
		if f.kept, err = e.beside(f, ".old", f.Old); err != nil {
			return e.explain("write beside "+f.Path, err)
		}
	}
	return nil
}

func (e *edit) makeFolders(dir string) error {
	if dir == "." {
		return nil
	}
	if info, err := e.root.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	if err := e.makeFolders(path.Dir(dir)); err != nil {
		return err
	}
	if err := e.do("mkdir", dir, func() error { return e.root.Mkdir(dir, 0o777) }); err != nil {
		return err
	}
	e.made = append(e.made, dir)
	return nil
}

// beside makes a file with the rights of the one beside it, and gives its name
// even if only a part of it could be written.
func (e *edit) beside(f *editFile, kind string, body []byte) (string, error) {
	name := path.Join(path.Dir(f.Path), "."+path.Base(f.Path)+e.suffix+kind)
	var file *os.File
	err := e.do("create", name, func() (err error) {
		file, err = e.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		return err
	})
	if err != nil {
		return "", err
	}
	err = e.do("write", name, func() error {
		_, err := file.Write(body)
		return err
	})
	err = cmp.Or(err, file.Close())
	if err == nil && f.info != nil {
		err = e.root.Chmod(name, f.info.Mode().Perm())
	}
	return name, err
}

// publish changes one file.
func (e *edit) publish(f *editFile) error {
	if f.Old == nil {
		// The name is claimed first, as a rename would replace what came to stand there.
		err := e.do("claim", f.Path, func() error {
			file, err := e.root.OpenFile(f.Path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
			if err == nil {
				f.changed = true
				err = file.Close()
			}
			return err
		})
		if errors.Is(err, fs.ErrExist) {
			return changedMeanwhile(f.Path)
		} else if err != nil {
			return e.explain("write "+f.Path, err)
		}
		// What is gone is not the same file, either.
	} else if now, _ := e.root.Lstat(f.Path); !os.SameFile(now, f.info) || now.Size() != f.info.Size() || !now.ModTime().Equal(f.info.ModTime()) {
		return changedMeanwhile(f.Path)
	}
	err := e.do("publish", f.Path, func() error {
		if f.New == nil {
			return e.root.Remove(f.Path)
		}
		return e.root.Rename(f.fresh, f.Path)
	})
	if err != nil {
		return e.explain("change "+f.Path, err)
	}
	f.changed = true
	if f.New != nil {
		f.fresh = ""
	}
	return nil
}

// end takes away what lies beside the files, after it has undone the changes if
// not all were made. It gives err with what could not be undone.
func (e *edit) end(err error) error {
	var left []diag.Finding
	note := func(name, what string, err error) {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			left = append(left, diag.Finding{Text: fmt.Sprintf("%s %s: %v", name, what, reason(err))})
		}
	}
	for _, f := range slices.Backward(e.files) {
		if f.changed && !e.done {
			if f.Old == nil {
				note(f.Path, "is new and still there", e.root.Remove(f.Path))
			} else if err := e.root.Rename(f.kept, f.Path); err != nil {
				note(f.Path, "is changed; what stood there is in "+f.kept, err)
				f.kept = ""
			} else {
				f.kept = ""
			}
		}
		for _, name := range []string{f.fresh, f.kept} {
			if name != "" {
				note(name, "is left over", e.root.Remove(name))
			}
		}
	}
	if !e.done {
		for _, dir := range slices.Backward(e.made) {
			note(dir, "is a new folder and still there", e.root.Remove(dir))
		}
	}
	if len(left) == 0 {
		return err
	}
	var d *diag.Error
	if errors.As(err, &d) {
		left = append(slices.Clone(d.Findings), left...)
		return &diag.Error{Kind: d.Kind, Findings: left, Cause: d.Cause}
	}
	return errors.Join(err, &diag.Error{Kind: diag.Environment, Findings: left})
}

func (e *edit) explain(what string, err error) error {
	var p *fs.PathError
	var errno syscall.Errno
	switch {
	case errors.Is(err, fs.ErrExist):
		return diag.New(diag.InTheWay, "move it away", "cannot %s in %s: something stands in the way", what, e.dir)
	case errors.As(err, &p) && !errors.As(err, &errno): // a link out of the folder, which os.Root refuses
		return diag.New(diag.InTheWay, "work in the folder that it leads to", "cannot %s in %s: %w", what, e.dir, reason(err))
	}
	return explain(what+" in "+e.dir, e.dir, err)
}
