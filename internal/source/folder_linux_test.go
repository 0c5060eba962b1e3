package source

import (
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/stackinit/stackinit/internal/diag"
)

// File modes do not bind root, which therefore becomes nobody for the file operations
// of one thread: of the one that reads.
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
		done <- w.readChunk(w.chunk[0])
	}()
	failsAs(t, <-done, diag.Environment, `"d/a"`, "permission denied")
}
