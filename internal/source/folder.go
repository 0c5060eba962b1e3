package source

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"sync/atomic"
	"syscall"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/workers"
)

// maxPath bounds the length of a path in a pack, and so how deep its folders go.
const maxPath = 1000

// readFolder reads the regular files below a folder. Everything else is refused
// without being opened, and nothing is read beyond the limits of a pack.
func readFolder(ctx context.Context, s Spec) ([]pack.SourceFile, error) {
	info, err := os.Stat(s.folder) // and not os.OpenRoot at once, which waits for ever on a pipe
	if err == nil && !info.IsDir() {
		return nil, diag.New(diag.Usage, "a pack is a folder with a "+pack.ManifestFile, "%s is no folder", s)
	}
	var root *os.Root
	if err == nil {
		root, err = os.OpenRoot(s.folder)
	}
	if err != nil {
		return nil, noFolder(s, err)
	}
	defer func() { _ = root.Close() }() // opened for reading: nothing to lose
	w := &walk{ctx: ctx, spec: s, root: root}
	if err := w.list("."); err != nil {
		return nil, err
	}
	return w.files, w.readAll()
}

// noFolder says why a folder cannot be opened.
func noFolder(s Spec, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist) && s.known != nil:
		hint := diag.DidYouMean(s.folder, s.known)
		if hint == "" {
			hint = forms
		}
		return diag.New(diag.Usage, hint, "%q is neither a template of your list nor a folder", s.folder)
	case errors.Is(err, fs.ErrNotExist):
		return diag.New(diag.Usage, "", "there is no folder %s", s)
	}
	return diag.New(diag.Environment, "", "the template pack cannot be read: %w", err)
}

// walk gathers the files of a folder and then reads them.
type walk struct {
	ctx   context.Context
	spec  Spec
	root  *os.Root
	files []pack.SourceFile
	dirs  int
	chunk []chunk
	total atomic.Int64 // bytes of files that are read or about to be
}

// chunk is some files of one folder, which one worker reads.
type chunk struct {
	dir      string
	from, to int // in walk.files
}

// chunkFiles is how many files a worker takes at once: enough that opening the folder
// again does not count, few enough that all workers have something to do.
const chunkFiles = 64

// list records the files in and below dir. Entries are read by some at a time, as a
// folder may have more than memory.
func (w *walk) list(dir string) error {
	f, err := w.root.Open(dir)
	if err != nil {
		return unreadable(w.spec, dir, err)
	}
	defer func() { _ = f.Close() }() // opened for reading: nothing to lose
	var below []string
	start := len(w.files)
	for {
		entries, err := f.ReadDir(1000)
		for _, e := range entries {
			name := path.Join(dir, e.Name())
			switch {
			case e.Name() == ".git":
			case len(name) > maxPath:
				return refused(w.spec, name[:60]+"…", "its path has more than %d bytes", maxPath)
			case e.IsDir():
				below = append(below, name)
			case e.Type() != 0:
				return refused(w.spec, name, "it is %s; a pack holds files and folders only", kindOf(e.Type()))
			default:
				w.files = append(w.files, pack.SourceFile{Path: name})
			}
		}
		if len(w.files) > pack.MaxFiles || w.dirs+len(below) > pack.MaxFiles {
			return diag.New(diag.Refused, "a pack is a folder of its own; is this one the folder of something else?",
				"%s holds more than %d files or folders", w.spec, pack.MaxFiles)
		}
		if w.ctx.Err() != nil {
			return context.Cause(w.ctx)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return unreadable(w.spec, dir, err)
		}
	}
	for from := range slices.Chunk(make([]struct{}, len(w.files)-start), chunkFiles) {
		w.chunk = append(w.chunk, chunk{dir, start, start + len(from)})
		start += len(from)
	}
	w.dirs += len(below)
	for _, d := range below {
		if err := w.list(d); err != nil {
			return err
		}
	}
	return nil
}

// readAll reads the files, some at a time. Of several faults the first by place is
// told, so that a pack gives the same error every time.
func (w *walk) readAll() error {
	return workers.Each(len(w.chunk), 16, func() func(int) error {
		return func(i int) error {
			if w.ctx.Err() != nil {
				return context.Cause(w.ctx)
			}
			return w.readChunk(w.chunk[i])
		}
	})
}

func (w *walk) readChunk(c chunk) error {
	dir, err := w.root.OpenRoot(c.dir)
	if err != nil {
		return unreadable(w.spec, c.dir, err)
	}
	defer func() { _ = dir.Close() }() // opened for reading: nothing to lose
	for i := c.from; i < c.to; i++ {
		if err := w.readFile(dir, &w.files[i]); err != nil {
			return err
		}
	}
	return nil
}

// openListed opens a file, which may have become something else since it was listed:
// O_NONBLOCK keeps a pipe from waiting for its other end.
func openListed(dir *os.Root, name string) (f *os.File, info fs.FileInfo, err error) {
	if f, err = dir.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0); err != nil {
		return nil, nil, err
	}
	if info, err = f.Stat(); err != nil {
		_ = f.Close() // opened for reading: nothing to lose
	}
	return f, info, err
}

func (w *walk) readFile(dir *os.Root, to *pack.SourceFile) error {
	f, info, err := openListed(dir, path.Base(to.Path))
	if err != nil {
		return unreadable(w.spec, to.Path, err)
	}
	defer func() { _ = f.Close() }() // opened for reading: nothing to lose
	if !info.Mode().IsRegular() {
		return refused(w.spec, to.Path, "it is %s; a pack holds files and folders only", kindOf(info.Mode()))
	}
	size := info.Size()
	if size <= pack.MaxFile && w.total.Add(size) > pack.MaxTree {
		return diag.New(diag.Refused, "", "%s holds more than %d MiB", w.spec, pack.MaxTree>>20)
	}
	if size <= pack.MaxFile {
		to.Body, err = readAtMost(f, int(size))
	}
	switch {
	case err != nil:
		return unreadable(w.spec, to.Path, err)
	case size > pack.MaxFile || len(to.Body) > int(size):
		return tooLarge(w.spec, to.Path, size)
	}
	return nil
}

// readAtMost reads a file of that size; one that has grown gives a byte more.
func readAtMost(r io.Reader, size int) ([]byte, error) {
	body := make([]byte, size+1)
	n, err := io.ReadFull(r, body)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return body[:n], err
}

func tooLarge(s Spec, name string, size int64) error {
	if size <= pack.MaxFile {
		return refused(s, name, "it grew while it was read")
	}
	return refused(s, name, "it has %d bytes; %d are the most", size, pack.MaxFile)
}

// refused is a file that a pack may not have.
func refused(s Spec, name, format string, args ...any) error {
	return diag.New(diag.Refused, "", "the template pack %s is refused: %q: "+format, append([]any{s, name}, args...)...)
}

func unreadable(s Spec, name string, err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return diag.New(diag.Environment, "", "%q of the template pack %s cannot be read: %w", name, s, err)
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	case mode.IsDir():
		return "a folder now"
	}
	return "no regular file"
}
