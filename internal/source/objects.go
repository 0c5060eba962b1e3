package source

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
)

// entry is a file or folder in the tree of a commit.
type entry struct {
	mode, hash, path string
	size             int64 // of a file
}

// files reads the pack's folder at a commit from the objects of the repository.
func (r *repo) files(ctx context.Context, commit string) ([]pack.SourceFile, error) {
	entries, err := r.list(ctx, commit)
	if err != nil {
		return nil, err
	}
	return r.read(ctx, entries)
}

// list gives the files of the pack's folder. Folders are listed too, so that
// listing a tree that holds itself many times over ends at the limits.
func (r *repo) list(ctx context.Context, commit string) ([]entry, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := r.command(ctx, "ls-tree", "-r", "-t", "-l", "-z", "--full-tree", "--end-of-options", commit+":"+r.spec.dir)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, r.explain(ctx, cmd, err)
	}
	g := gatherer{spec: r.spec, seen: map[string]bool{}}
	lines := bufio.NewReaderSize(out, maxPath+200)
	for {
		line, err := lines.ReadSlice(0)
		if err == nil {
			var e entry
			if e, err = parseEntry(string(line[:len(line)-1])); err == nil {
				err = g.add(e)
			}
		} else if errors.Is(err, bufio.ErrBufferFull) {
			err = refused(r.spec, string(line[60:120])+"…", "its path has more than %d bytes", maxPath)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			cancel()
			_ = cmd.Wait() // it was told to end
			return nil, err
		}
	}
	if err := cmd.Wait(); err != nil {
		if ctx.Err() == nil && r.spec.dir != "" {
			return nil, noDir(r.spec, commit)
		}
		return nil, r.explain(ctx, cmd, err)
	}
	return g.entries, nil
}

func noDir(s Spec, commit string) error {
	return diag.New(diag.Usage, "", "the repository of %s has no folder %q at commit %.12s", s, s.dir, commit)
}

// parseEntry reads a line of git ls-tree -l -z: mode, kind, hash, size, tab, path.
func parseEntry(line string) (e entry, err error) {
	head, path, _ := strings.Cut(line, "\t")
	f := strings.Fields(head)
	if len(f) != 4 {
		return e, diag.New(diag.Environment, "", "git ls-tree printed %q", line)
	}
	e = entry{mode: f[0], hash: f[2], path: path}
	if f[3] != "-" {
		if e.size, err = strconv.ParseInt(f[3], 10, 64); err != nil {
			return e, diag.New(diag.Environment, "", "git ls-tree printed %q", line)
		}
	}
	return e, nil
}

// gatherer takes the entries of a tree that a pack may have.
type gatherer struct {
	spec    Spec
	seen    map[string]bool
	entries []entry
	total   int64
}

func (g *gatherer) add(e entry) error {
	if why := g.wrong(e); why != "" {
		return refused(g.spec, e.path, "%s", why)
	}
	if g.seen[e.path] = true; len(g.seen) > 2*pack.MaxFiles {
		return diag.New(diag.Refused, "a pack is a folder of its own; is this one the folder of something else?", "%s holds more than %d files and folders", g.spec, 2*pack.MaxFiles)
	}
	if e.mode == folderMode {
		return nil
	}
	if g.total += e.size; g.total > pack.MaxTree {
		return diag.New(diag.Refused, "", "%s holds more than %d MiB", g.spec, pack.MaxTree>>20)
	}
	g.entries = append(g.entries, e)
	return nil
}

const folderMode = "040000"

// wrong says why a pack may not have this entry.
func (g *gatherer) wrong(e entry) string {
	switch e.mode {
	case folderMode, "100644", "100755", "100664": // the last is of git's first years
	case "120000":
		return "it is a symbolic link; a pack holds files and folders only"
	case "160000":
		return "it is a submodule; a pack holds files and folders only"
	default:
		return "it has the mode " + e.mode
	}
	for part := range strings.SplitSeq(e.path, "/") {
		if part == "" || part == "." || part == ".." || strings.EqualFold(part, ".git") {
			return "its path leads out of the pack"
		}
	}
	switch {
	case len(e.path) > maxPath:
		return fmt.Sprintf("its path has more than %d bytes", maxPath)
	case g.seen[e.path]:
		return "it is there twice"
	case e.size > pack.MaxFile:
		return fmt.Sprintf("it has %d bytes; %d are the most", e.size, pack.MaxFile)
	}
	return ""
}

// read gets the bytes of all entries from one process.
func (r *repo) read(ctx context.Context, entries []entry) ([]pack.SourceFile, error) {
	var names strings.Builder
	for _, e := range entries {
		names.WriteString(e.hash + "\n")
	}
	ours, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := r.command(ours, "cat-file", "--batch", "--buffer")
	cmd.Stdin = strings.NewReader(names.String())
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, r.explain(ctx, cmd, err)
	}
	files := make([]pack.SourceFile, len(entries))
	from := bufio.NewReaderSize(out, 64<<10)
	for i, e := range entries {
		body, err := readBlob(from, e)
		if err != nil {
			cancel()
			_ = cmd.Wait() // it was told to end
			if ctx.Err() != nil {
				return nil, r.explain(ctx, cmd, err)
			}
			return nil, refused(r.spec, e.path, "%v", err)
		}
		files[i] = pack.SourceFile{Path: e.path, Body: body}
	}
	if err := cmd.Wait(); err != nil {
		return nil, r.explain(ctx, cmd, err)
	}
	return files, nil
}

// readBlob reads an answer of git cat-file --batch. The size was held against the
// limits before.
func readBlob(from *bufio.Reader, e entry) ([]byte, error) {
	head, _ := from.ReadString('\n') // what cannot be read is not what was wanted
	if want := fmt.Sprintf("%s blob %d\n", e.hash, e.size); head != want {
		return nil, fmt.Errorf("git has no such object: %q", strings.TrimSpace(head))
	}
	body := make([]byte, e.size+1)
	if _, _ = io.ReadFull(from, body); body[e.size] != '\n' { // not there if it ends before
		return nil, errors.New("the object is shorter than git says")
	}
	return body[:e.size:e.size], nil
}
