package apply

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
)

// insideNamespace marks the child of TestRealFullDisk, which may mount.
const insideNamespace = "APPLY_TEST_MOUNT"

// TestRealFullDisk makes the project on disks that are really too small, by
// space and by number of files, and on one that is read-only.
//
// Mounting needs a mount namespace, which not every machine and hardly any
// container grants; so it skips there, in CI too. TestFullDisk needs nothing.
func TestRealFullDisk(t *testing.T) {
	if os.Getenv(insideNamespace) != "" {
		t.Run("space", fullDisk)
		t.Run("files", fullOfFiles)
		t.Run("read-only", readOnlyDisk)
		return
	}
	if out, err := exec.CommandContext(t.Context(), "unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", t.TempDir()).CombinedOutput(); err != nil {
		t.Skipf("needs the right to mount a tmpfs in a namespace of its own (unshare -rm): %v %s", err, out)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "unshare", "-rm", exe, "-test.run=^TestRealFullDisk$", "-test.v")
	cmd.Env = append(os.Environ(), insideNamespace+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Count(string(out), "--- PASS") != 4 {
		t.Errorf("%v\n%s", err, out)
	}
}

// mount gives an empty disk with the options.
func mount(t *testing.T, flags uintptr, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", flags, options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("something still holds the disk: %v", err)
		}
	})
	return dir
}

// growing tries larger and larger disks until the project fits.
func growing(t *testing.T, options string, most int) {
	for n := 1; n <= most; n++ {
		dir := mount(t, 0, fmt.Sprintf(options, n))
		err := New(t.Context(), Options{Parent: dir, Name: "app", Files: project()})
		got := snapshot(t, dir)
		if err == nil {
			if d := gocmp.Diff(wanted("app", project()), got); d != "" {
				t.Errorf("%s: %s", fmt.Sprintf(options, n), d)
			}
			if n == 1 {
				t.Error("the project fits on the smallest disk: nothing was tried")
			}
			return
		}
		if kindOf(t, err) != diag.Environment || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: %v", fmt.Sprintf(options, n), err)
		}
		if len(got) != 0 {
			t.Errorf("%s: left %v", fmt.Sprintf(options, n), got)
		}
	}
	t.Errorf("%s: the project never fits", fmt.Sprintf(options, most))
}

func fullDisk(t *testing.T) {
	growing(t, "size=%d0k", 64)
	dir := mount(t, 0, "size=10k")
	err := NewFile(filepath.Join(dir, "plan.json"), make([]byte, 1<<20))
	if kindOf(t, err) != diag.Environment || !errors.Is(err, syscall.ENOSPC) || len(snapshot(t, dir)) != 0 {
		t.Errorf("%v, left %v", err, snapshot(t, dir))
	}
}

func fullOfFiles(t *testing.T) { growing(t, "nr_inodes=%d", 256) }

func readOnlyDisk(t *testing.T) {
	dir := mount(t, syscall.MS_RDONLY, "")
	for _, err := range []error{New(t.Context(), Options{Parent: dir, Name: "app"}), Check(dir, "app")} {
		if kindOf(t, err) != diag.Environment || !errors.Is(err, syscall.EROFS) || !strings.Contains(err.Error(), filepath.Clean(dir)) {
			t.Error(err)
		}
	}
}

// A disk may fail while a file is read; the memory of this process at 0 always does.
func TestEditOfAFailingFile(t *testing.T) {
	err := Edit(t.Context(), EditOptions{Dir: "/proc/self", Changes: []Change{{"mem", []byte("x"), nil}}})
	if kindOf(t, err) != diag.Environment || !errors.Is(err, syscall.EIO) || !strings.Contains(err.Error(), "cannot read mem") {
		t.Error(err)
	}
}
