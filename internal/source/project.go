package source

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/packnew"
)

// Project reads the files of a folder that is to become a pack, sorted by path, and
// says what is left out. Links are not followed.
func Project(ctx context.Context, dir string) (files []packnew.File, left []packnew.Left, err error) {
	info, err := os.Stat(dir) // and not os.OpenRoot at once, which waits for ever on a pipe
	if err == nil && !info.IsDir() {
		return nil, nil, diag.New(diag.Usage, "", "%s is no folder", dir)
	}
	var root *os.Root
	if err == nil {
		root, err = os.OpenRoot(dir)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, diag.New(diag.Usage, "", "there is no folder %s", dir)
	}
	if err != nil {
		return nil, nil, diag.New(diag.Environment, "", "the project cannot be read: %w", err)
	}
	defer func() { _ = root.Close() }() // opened for reading: nothing to lose
	p := &projectWalk{ctx: ctx, dir: dir, root: root}
	err = fs.WalkDir(root.FS(), ".", p.visit)
	return p.files, p.left, err
}

// projectWalk gathers the files of a project.
type projectWalk struct {
	ctx   context.Context
	dir   string
	root  *os.Root
	files []packnew.File
	left  []packnew.Left
	total int // bytes of all files
}

func (p *projectWalk) visit(at string, d fs.DirEntry, err error) error {
	if p.ctx.Err() != nil {
		return context.Cause(p.ctx)
	}
	if err == nil && at == "." {
		return nil
	}
	why := ""
	if err == nil {
		why, err = leave(at, d)
	}
	switch {
	case err != nil:
		return diag.New(diag.Environment, "", "the project cannot be read: %w", err)
	case why != "" && d.IsDir():
		p.left = append(p.left, packnew.Left{Path: at + "/", Why: why})
		return fs.SkipDir
	case why != "":
		p.left = append(p.left, packnew.Left{Path: at, Why: why})
		return nil
	case d.IsDir():
		return nil
	}
	f, err := projectFile(p.root, at)
	if why := packnew.Tells(f.Body); why != "" {
		p.left = append(p.left, packnew.Left{Path: at, Why: why})
		return err
	}
	if p.total += len(f.Body); p.total > pack.MaxTree || len(p.files) == pack.MaxFiles {
		return diag.New(diag.Refused, "a pack is small: give the folder of one project", "%s holds more than %d files or %d MiB", p.dir, pack.MaxFiles, pack.MaxTree>>20)
	}
	p.files = append(p.files, f)
	return err
}

func leave(at string, d fs.DirEntry) (why string, err error) {
	info, err := d.Info()
	if err != nil {
		return "", err
	}
	return packnew.Leave(at, info.Mode(), info.Size()), nil
}

func projectFile(root *os.Root, at string) (packnew.File, error) {
	f, info, err := openListed(root, at)
	if err != nil {
		return packnew.File{}, diag.New(diag.Environment, "", "the project cannot be read: %w", err)
	}
	defer func() { _ = f.Close() }() // opened for reading: nothing to lose
	if !info.Mode().IsRegular() || info.Size() > pack.MaxFile {
		err = errors.New("it changed while it was read")
	}
	var body []byte
	if err == nil {
		if body, err = readAtMost(f, int(info.Size())); err == nil && len(body) > int(info.Size()) {
			err = errors.New("it changed while it was read")
		}
	}
	if err != nil {
		return packnew.File{}, diag.New(diag.Environment, "", "%q of the project cannot be read: %w", at, err)
	}
	return packnew.File{Path: at, Body: body, Executable: info.Mode()&0o111 != 0}, nil
}
