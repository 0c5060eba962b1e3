package source

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/packnew"
)

func TestProject(t *testing.T) {
	dir := lay(t, map[string]string{"a/b": "x", ".git/config": "y", ".env": "z"})
	files, left, err := Project(t.Context(), dir)
	if err != nil || len(files) != 1 || files[0].Path != "a/b" || string(files[0].Body) != "x" || len(left) != 2 || left[1].Path != ".git/" {
		t.Errorf("%v, left %v, %v", files, left, err)
	}
}

func TestProjectThatCannotBe(t *testing.T) {
	dir := lay(t, map[string]string{"file": "x", "sub/f": "", "large": ""})
	if err := os.Truncate(filepath.Join(dir, "large"), pack.MaxFile+1); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		kind  diag.Kind
		words string
	}{"file": {diag.Usage, "is no folder"}, "none": {diag.Usage, "there is no folder"}, "file/x": {diag.Environment, "the project cannot be read"}} {
		_, _, err := Project(t.Context(), filepath.Join(dir, name))
		failsAs(t, err, c.kind, c.words)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for name, words := range map[string]string{"sub": "changed while it was read", "large": "changed while it was read", "gone": "no such file"} {
		_, err := projectFile(root, name)
		failsAs(t, err, diag.Environment, words)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("stop")
	cancel(cause)
	if _, _, err := Project(ctx, dir); !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}

func TestProjectHasLimits(t *testing.T) {
	root, err := os.OpenRoot(lay(t, map[string]string{"a": "x"}))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for _, p := range []*projectWalk{{total: pack.MaxTree}, {files: make([]packnew.File, pack.MaxFiles)}} {
		p.ctx, p.root = t.Context(), root
		failsAs(t, fs.WalkDir(root.FS(), ".", p.visit), diag.Refused, "more than 20000 files or 64 MiB")
	}
}
