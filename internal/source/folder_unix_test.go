//go:build unix

package source

import (
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
)

func TestFolderOpensNoPipes(t *testing.T) {
	dir := lay(t, map[string]string{"a": "x"})
	if err := syscall.Mkfifo(dir+"/fifo", 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := new(Store).Open(t.Context(), parse(t, dir))
	failsAs(t, err, diag.Refused, `"fifo"`, "a pipe")
}

func TestFolderOpensNoSockets(t *testing.T) {
	dir, err := os.MkdirTemp("", "s") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // the system cleans what is left
	l, err := net.Listen("unix", dir+"/socket")
	if err != nil {
		t.Skip(err)
	}
	defer l.Close()
	_, err = new(Store).Open(t.Context(), parse(t, dir))
	failsAs(t, err, diag.Refused, `"socket"`, "a socket")
}

// What was a file when it was listed may be a pipe when it is opened.
func TestFilesThatBecamePipesDoNotHang(t *testing.T) {
	dir := lay(t, map[string]string{"d/a": "x"})
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	w := &walk{ctx: t.Context(), spec: Spec{folder: dir}, root: root}
	if err := w.list("."); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(dir + "/d/a"); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(dir+"/d/a", 0o666); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- w.readAll() }()
	select {
	case err := <-done:
		failsAs(t, err, diag.Refused, `"d/a"`, "a pipe")
	case <-time.After(5 * time.Second):
		t.Fatal("waits for the other end of the pipe")
	}
}

func TestFolderOpensNoDevices(t *testing.T) {
	dir := lay(t, map[string]string{"a": "x"})
	if err := syscall.Mknod(dir+"/zero", syscall.S_IFCHR|0o666, 1<<8|5); err != nil {
		t.Skipf("mknod: %v", err)
	}
	_, err := new(Store).Open(t.Context(), parse(t, dir))
	failsAs(t, err, diag.Refused, `"zero"`, "a device")
}

// A file whose size is not what it holds: the kernel says 0 of its own.
func TestEndlessFileIsNotReadWhole(t *testing.T) {
	if _, err := os.Stat("/proc/self/maps"); err != nil {
		t.Skip("no /proc")
	}
	root, err := os.OpenRoot("/proc/self")
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	w := &walk{ctx: t.Context(), spec: Spec{folder: "/proc/self"}, root: root}
	f := pack.SourceFile{Path: "maps"}
	failsAs(t, w.readFile(root, &f), diag.Refused, `"maps"`, "grew")
	failsAs(t, w.readFile(root, &pack.SourceFile{Path: "mem"}), diag.Environment, `"mem"`, "input/output error")
	_, err = projectFile(root, "maps")
	failsAs(t, err, diag.Environment, `"maps"`, "changed while it was read")
	_, err = projectFile(root, "mem")
	failsAs(t, err, diag.Environment, `"mem"`, "input/output error")
}
