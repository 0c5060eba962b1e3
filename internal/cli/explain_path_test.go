package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/plan"
)

// FuzzExplainPath: whatever path is asked for, the answer is a state or an error
// for people, and no file outside of the project is read.
func FuzzExplainPath(f *testing.F) {
	for _, seed := range []string{
		"README.md", "src/../README.md", "../outside.txt", "..", ".", "", "/etc/passwd", "link/secret.txt", "link", "docs/adr", "a\x00b", "\\README.md",
		"README.md/x", "dir/", strings.Repeat("a/", 300), "\xff", "compose.yaml", ".env", "fifo",
	} {
		f.Add(seed)
	}
	top := f.TempDir()
	outside, project := filepath.Join(top, "outside"), filepath.Join(top, "project")
	for file, text := range map[string]string{
		filepath.Join(outside, "secret.txt"):         "SECRET",
		filepath.Join(project, ".stackinit.yaml"):    strings.Replace(recordOfYesterday, "name: svc", "name: svc\ndate: \"2026-11-23\"", 1),
		filepath.Join(project, "README.md"):          "# Mine\n",
		filepath.Join(project, "docs/adr/README.md"): "# Mine\n",
	} {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			f.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			f.Fatal(err)
		}
	}
	_ = os.Symlink(outside, filepath.Join(project, "link")) // where there are no links, the seeds miss
	app := &app{}
	f.Fuzz(func(t *testing.T, path string) {
		if strings.HasPrefix(filepath.Clean(path), "..") {
			return // another folder of this machine, which may be in a project
		}
		m, err := app.openDecided(project)
		if err != nil {
			t.Fatal(err)
		}
		below, err := m.below(filepath.Join(project, path))
		if err == nil {
			if !fs.ValidPath(below) && utf8.ValidString(below) {
				t.Errorf("%q is %q below the project", path, below)
			}
			var state string
			if state, err = m.state(below, plan.File{Body: []byte("SECRET")}, true); state == stateSame {
				t.Errorf("%q: a file outside of the project was read", path)
			}
		}
		var e *diag.Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("%q: %v is an error of the program", path, err)
		}
	})
}
