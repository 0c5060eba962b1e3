package source

import (
	"io/fs"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/stackinit/stackinit/internal/diag"
)

// asNobody runs what reads files. File modes do not bind root, which therefore becomes
// nobody for the file operations of one thread: of the one that reads.
func asNobody(read func() error) error {
	done := make(chan error)
	go func() {
		if os.Getuid() == 0 {
			const nobody = 65534
			runtime.LockOSThread() // never unlocked: the thread is not used again
			if _, err := unix.SetfsuidRetUid(nobody); err != nil {
				done <- err
				return
			}
		}
		done <- read()
	}()
	return <-done
}

func TestUnreadableProject(t *testing.T) {
	for _, name := range []string{"f", "d/e"} {
		dir := lay(t, map[string]string{"d/e/a": "x", "f": "x"})
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		if err := os.Chmod(dir+"/"+name, 0); err != nil {
			t.Fatal(err)
		}
		p := &projectWalk{ctx: t.Context(), dir: dir, root: root}
		err = asNobody(func() error { return fs.WalkDir(root.FS(), ".", p.visit) })
		failsAs(t, err, diag.Environment, "the project cannot be read", name+": permission denied")
	}
}

func TestUnreadableFile(t *testing.T) {
	dir := lay(t, map[string]string{"d/a": "x"})
	if err := os.Chmod(dir+"/d/a", 0); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	w := &walk{ctx: t.Context(), spec: Spec{folder: dir}, root: root}
	if err := w.list("."); err != nil || len(w.chunk) != 1 {
		t.Fatal(err, w.chunk)
	}
	failsAs(t, asNobody(func() error { return w.readChunk(w.chunk[0]) }), diag.Environment, `"d/a"`, "permission denied")
}
