package apply

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/workers"
)

// stage is the staging folder. It lies beside the target, because only a rename
// within one file system is atomic.
type stage struct {
	parent    *os.Root
	dir       string // absolute path of parent
	target    string // name of the target in parent
	name      string // name of the staging folder in parent
	root      *os.Root
	made      fs.FileInfo // the folder as it was made, to know it again
	published bool
	fault     func(op, name string) error
}

// newStage makes an empty staging folder under a name that nobody else has.
func newStage(parent *os.Root, dir string, o Options) (*stage, error) {
	suffix := strings.ToLower(rand.Text()[:8])
	s := &stage{parent: parent, dir: dir, target: o.Name, name: "." + o.Name + ".stackinit-" + suffix, fault: o.fault}
	// 0777 at once and not 0700 first: the umask, a setgid bit and default ACLs
	// then decide the published folder's mode as for any other mkdir.
	if err := s.do("mkdir", s.name, func() error { return parent.Mkdir(s.name, 0o777) }); err != nil {
		return nil, explain("make a folder in "+dir, dir, err)
	}
	err := s.do("open", s.name, func() (err error) {
		s.root, err = parent.OpenRoot(s.name)
		return err
	})
	if err == nil {
		s.made, err = s.root.Stat(".")
	}
	if err != nil {
		return nil, s.end(s.explain("open its own folder", err))
	}
	return s, nil
}

// do batches one step that can fail, unless a test makes it fail.
func (s *stage) do(op, name string, step func() error) error {
	if s.fault != nil {
		if err := s.fault(op, name); err != nil {
			return err
		}
	}
	return step()
}

// writeAll makes the folders, then the files by a few workers.
func (s *stage) writeAll(ctx context.Context, files []File) ([]Written, error) {
	for _, d := range folders(files) {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err := s.do("mkdir", d, func() error { return s.root.Mkdir(d, 0o777) }); err != nil {
			return nil, s.explain("make the folder "+d, err)
		}
	}
	written := make([]Written, len(files))
	batches := neighbours(files)
	err := workers.Each(len(batches), 32, func() func(int) error {
		return func(i int) error { return s.writeBatch(ctx, files, written, batches[i]) }
	})
	return written, cmp.Or(err, context.Cause(ctx))
}

// batch is some files of one folder that follow each other.
type batch struct {
	dir      string
	from, to int
}

// batchFiles is how many files a worker takes at once: enough that opening the folder does
// not count, few enough that all workers have something to do.
const batchFiles = 16

// neighbours cuts the files into batches. A file that is opened from the top costs two
// calls more for every folder on the way.
func neighbours(files []File) []batch {
	var batches []batch
	for i, f := range files {
		dir := path.Dir(f.Path)
		if n := len(batches) - 1; n >= 0 && batches[n].dir == dir && i-batches[n].from < batchFiles {
			batches[n].to = i + 1
			continue
		}
		batches = append(batches, batch{dir, i, i + 1})
	}
	return batches
}

// writeBatch creates files of one folder.
func (s *stage) writeBatch(ctx context.Context, files []File, written []Written, b batch) error {
	dir := s.root
	if b.dir != "." {
		var err error
		if dir, err = s.root.OpenRoot(b.dir); err != nil {
			return s.explain("open the folder "+b.dir, err)
		}
		defer func() { _ = dir.Close() }() // opened for reading: nothing to lose
	}
	for i := b.from; i < b.to; i++ {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		info, err := s.create(dir, files[i])
		if err != nil {
			return s.explain("write "+files[i].Path, err)
		}
		written[i] = Written{Path: files[i].Path, Mode: files[i].Mode, Body: files[i].Body, Info: info}
	}
	return nil
}

// create makes one file of the folder, exclusively, and gives its stat.
func (s *stage) create(dir *os.Root, f File) (info fs.FileInfo, err error) {
	perm := fs.FileMode(0o666)
	switch {
	case f.Mode&0o100 != 0:
		perm = 0o777
	case f.Mode&0o044 == 0:
		perm = 0o600
	}
	base := path.Base(f.Path)
	var file *os.File
	err = s.do("create", f.Path, func() (err error) {
		file, err = dir.OpenFile(base, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = s.do("write", f.Path, func() error {
		_, err := file.Write(f.Body)
		return err
	})
	if err == nil && !statAfterClose {
		info, err = file.Stat()
	}
	// Network file systems may notice only on closing that the disk is full.
	closed := file.Close()
	if err := cmp.Or(err, s.do("close", f.Path, func() error { return closed })); err != nil {
		return nil, err
	}
	if statAfterClose {
		return dir.Lstat(base)
	}
	return info, nil
}

// Windows updates a file's time of modification when its last handle is closed;
// elsewhere a stat of the open file saves walking the path again.
const statAfterClose = runtime.GOOS == "windows"

// folders lists the folders that files need, parents first.
func folders(files []File) []string {
	need := map[string]bool{}
	for _, f := range files {
		for d := path.Dir(f.Path); d != "." && !need[d]; d = path.Dir(d) {
			need[d] = true
		}
	}
	list := make([]string, 0, len(need))
	for d := range need {
		list = append(list, d)
	}
	slices.Sort(list)
	return list
}

// publish gives the staging folder its name. After it nothing is undone.
func (s *stage) publish() error {
	s.closeRoot() // Windows renames no folder that is open
	err := s.do("publish", s.target, func() error { return renameNew(s.parent, s.dir, s.name, s.target) })
	if err == nil {
		s.published = true
		return nil
	}
	// Something may have come to stand there since the first look.
	return cmp.Or(checkTarget(s.parent, s.dir, s.target), s.explain("rename its folder to "+s.target, err))
}

// closeRoot closes the folder, which was opened for reading and has nothing to lose.
func (s *stage) closeRoot() {
	if s.root != nil {
		_ = s.root.Close()
		s.root = nil
	}
}

// end removes the staging folder if it was not published, and gives err, with
// the place of what could not be removed.
//
// All that is in the folder goes: it was made by this process under a random
// name, so there is nothing of anybody else's in it. If another folder stands
// under that name, it stays.
func (s *stage) end(err error) error {
	if s.published {
		return nil
	}
	s.closeRoot()
	cleanup := s.remove()
	if cleanup == nil {
		return err
	}
	left := diag.Finding{
		Text: fmt.Sprintf("the unfinished folder %s is still there: %v", filepath.Join(s.dir, s.name), reason(cleanup)),
		Hint: "remove it yourself",
	}
	var d *diag.Error
	if errors.As(err, &d) {
		return &diag.Error{Kind: d.Kind, Findings: append(slices.Clone(d.Findings), left), Cause: d.Cause}
	}
	return errors.Join(err, &diag.Error{Kind: diag.Environment, Findings: []diag.Finding{left}, Cause: cleanup})
}

func (s *stage) remove() error {
	now, err := s.parent.Lstat(s.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case s.made == nil: // made, but never opened: it is empty
		return s.parent.Remove(s.name)
	case os.SameFile(now, s.made):
		return s.parent.RemoveAll(s.name)
	}
	return nil
}
