package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
)

// lay writes files into a new folder.
func lay(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), body)
	}
	return dir
}

func write(t *testing.T, name, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(body), 0o666); err != nil {
		t.Fatal(err)
	}
}

func parse(t *testing.T, text string) Spec {
	t.Helper()
	s, err := Parse(text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// failsAs checks kind and words of an error.
func failsAs(t *testing.T, err error, kind diag.Kind, words ...string) {
	t.Helper()
	var e *diag.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v; want an error of kind %d", err, kind)
	}
	if e.Kind != kind {
		t.Errorf("kind %d instead of %d: %v", e.Kind, kind, e)
	}
	for _, w := range words {
		if !strings.Contains(e.Error(), w) {
			t.Errorf("%q does not say %q", e, w)
		}
	}
}

func TestFolderGivesItsFiles(t *testing.T) {
	dir := lay(t, map[string]string{
		"stackinit.yaml": "name: x\n", "template/a b.txt": "one", "template/deep/er/x": "", ".gitignore": "*",
		".git/config": "secret", "template/.git": "gitdir: elsewhere",
	})
	var store Store
	tree, err := store.Open(t.Context(), parse(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range tree.Files {
		got = append(got, f.Path+"="+string(f.Body))
	}
	want := ".gitignore=*|stackinit.yaml=name: x\n|template/a b.txt=one|template/deep/er/x="
	if g := strings.Join(got, "|"); g != want {
		t.Errorf("got %q", g)
	}
	if tree.Pin.Source != filepath.ToSlash(dir) || tree.Pin.Commit != "" {
		t.Errorf("pin %+v", tree.Pin)
	}
}

func TestFolderThatChangedIsRefused(t *testing.T) {
	dir := lay(t, map[string]string{"stackinit.yaml": "name: x\n"})
	var store Store
	tree, err := store.Open(t.Context(), parse(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := store.OpenPin(t.Context(), tree.Pin); err != nil || again.Pin != tree.Pin {
		t.Fatalf("%+v, %v", again, err)
	}
	write(t, filepath.Join(dir, "stackinit.yaml"), "name: y\n")
	_, err = store.OpenPin(t.Context(), tree.Pin)
	failsAs(t, err, diag.Refused, "changed", tree.Pin.Digest)
}

func TestFolderRefusesWhatIsNoFile(t *testing.T) {
	for name, c := range map[string]struct {
		make  func(t *testing.T, dir string)
		kind  diag.Kind
		words []string
	}{
		"symlink out": {func(t *testing.T, dir string) { link(t, "/etc/passwd", dir+"/template/link") }, diag.Refused, []string{`"template/link"`, "symbolic link"}},
		"symlink in":  {func(t *testing.T, dir string) { link(t, "../stackinit.yaml", dir+"/template/in") }, diag.Refused, []string{`"template/in"`, "symbolic link"}},
		"symlink dir": {func(t *testing.T, dir string) { link(t, "..", dir+"/template/loop") }, diag.Refused, []string{`"template/loop"`, "symbolic link"}},
		"huge file": {func(t *testing.T, dir string) {
			write(t, dir+"/template/huge", "")
			if err := os.Truncate(dir+"/template/huge", 1<<40); err != nil {
				t.Skip("no sparse files here")
			}
		}, diag.Refused, []string{`"template/huge"`, "bytes"}},
		"too much": {func(t *testing.T, dir string) {
			for i := range 400 {
				name := fmt.Sprintf("%s/template/%d", dir, i)
				write(t, name, "")
				if err := os.Truncate(name, 1<<20); err != nil {
					t.Fatal(err)
				}
			}
		}, diag.Refused, []string{"64 MiB"}},
		"too deep": {func(t *testing.T, dir string) {
			write(t, dir+"/"+strings.Repeat(strings.Repeat("d", 99)+"/", 12)+"f", "")
		}, diag.Refused, []string{"1000 bytes"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := lay(t, map[string]string{"stackinit.yaml": "name: x\n", "template/a": "a"})
			c.make(t, dir)
			start := time.Now()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := new(Store).Open(t.Context(), parse(t, dir))
			runtime.ReadMemStats(&after)
			failsAs(t, err, c.kind, c.words...)
			if n := after.TotalAlloc - before.TotalAlloc; n > 2*pack.MaxTree {
				t.Errorf("%d MiB were read", n>>20)
			}
			if d := time.Since(start); d > 2*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

func link(t *testing.T, to, name string) {
	t.Helper()
	if err := os.Symlink(to, name); err != nil {
		if runtime.GOOS == "windows" {
			t.Skip("symbolic links need a right on Windows")
		}
		t.Fatal(err)
	}
}

func TestFolderHasLimits(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 20,001 files")
	}
	dir := t.TempDir()
	for i := range pack.MaxFiles + 1 {
		if i%1000 == 0 {
			write(t, fmt.Sprintf("%s/%d/f", dir, i/1000), "")
			continue
		}
		if err := os.WriteFile(fmt.Sprintf("%s/%d/%d", dir, i/1000, i), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	_, err := new(Store).Open(t.Context(), parse(t, dir))
	failsAs(t, err, diag.Refused, "more than 20000 files")
}

// What vanishes or turns into something else while it is read, and the limits by themselves.
func TestWalkThatGoesWrong(t *testing.T) {
	dir := lay(t, map[string]string{"file": "x", "sub/f": "x"})
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second) // should it read for ever
	defer cancel()
	w := func() *walk { return &walk{ctx: ctx, spec: Spec{folder: dir}, root: root} }
	failsAs(t, w().list("gone"), diag.Environment, `"gone"`, "no such file")
	failsAs(t, w().list("file"), diag.Environment, `"file"`, "not a directory")
	failsAs(t, w().readChunk(chunk{"gone", 0, 1}), diag.Environment, `"gone"`, "no such file")
	failsAs(t, w().readFile(root, &pack.SourceFile{Path: "gone"}), diag.Environment, `"gone"`, "no such file")
	failsAs(t, w().readFile(root, &pack.SourceFile{Path: "sub"}), diag.Refused, `"sub"`, "a folder now")
	full := w()
	full.files = make([]pack.SourceFile, pack.MaxFiles)
	failsAs(t, full.list("."), diag.Refused, "more than 20000 files or folders")
	full = w()
	full.dirs = pack.MaxFiles
	failsAs(t, full.list("."), diag.Refused, "more than 20000 files or folders")
}

func TestFolderThatIsNone(t *testing.T) {
	dir := lay(t, map[string]string{"file": "x"})
	_, err := new(Store).Open(t.Context(), parse(t, dir+"/none"))
	failsAs(t, err, diag.Usage, "there is no folder", "none")
	_, err = new(Store).Open(t.Context(), parse(t, dir+"/file"))
	failsAs(t, err, diag.Usage, "is no folder")
	s, err := Parse("none/x", map[string]string{"myteam": "./x"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = new(Store).Open(t.Context(), s)
	failsAs(t, err, diag.Usage, "there is no folder ./none/x")
	s, err = Parse("myteem", map[string]string{"myteam": "./x"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = new(Store).Open(t.Context(), s)
	failsAs(t, err, diag.Usage, "myteem", `did you mean "myteam"?`)
}

func TestFolderStopsWithItsContext(t *testing.T) {
	dir := lay(t, map[string]string{"a": "x"})
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("stop")
	cancel(cause)
	if _, err := new(Store).Open(ctx, parse(t, dir)); !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}

// A file may grow after it was measured.
func TestReadAtMost(t *testing.T) {
	for text, want := range map[string]int{"": 0, "ab": 2, "abc": 3, "abcd": 4, "abcdefgh": 4} {
		if b, err := readAtMost(strings.NewReader(text), 3); err != nil || len(b) != want {
			t.Errorf("%q: %d bytes, %v", text, len(b), err)
		}
	}
}

func manyFiles(b *testing.B) string {
	dir := b.TempDir()
	for i := range 10_000 {
		d := fmt.Sprintf("%s/%d", dir, i/100)
		if err := os.MkdirAll(d, 0o777); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(fmt.Sprintf("%s/%d", d, i), []byte(strings.Repeat("x", 2000)), 0o666); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

func BenchmarkFolder(b *testing.B) {
	dir := manyFiles(b)
	for b.Loop() {
		if _, err := readFolder(b.Context(), Spec{folder: dir}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFloor is what the files cost without any care.
func BenchmarkFloor(b *testing.B) {
	dir := manyFiles(b)
	for b.Loop() {
		var names []string
		_ = filepath.WalkDir(dir, func(p string, d fs.DirEntry, _ error) error {
			if !d.IsDir() {
				names = append(names, p)
			}
			return nil
		})
		var next atomic.Int64
		var wg sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			wg.Go(func() {
				for {
					i := int(next.Add(1)) - 1
					if i >= len(names) {
						return
					}
					if _, err := os.ReadFile(names[i]); err != nil {
						b.Error(err)
					}
				}
			})
		}
		wg.Wait()
	}
}
