//go:build unix

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// hostileBuilt are the packs that no archive can hold: links, pipes, and what is hostile
// by its size alone.
func hostileBuilt() []attack {
	const bare = "schema: stackinit.pack/v1\nname: hostile\n"
	manifest := func(text string) map[string]string { return map[string]string{"pack/stackinit.yaml": text} }
	pack := func(name, file, says string, make func(t *testing.T, dir string)) attack {
		return attack{name: "built/" + name, files: manifest(bare), make: make, exit: 4, file: file, says: says}
	}
	// The links of a pack are how others were made to read, or to write, elsewhere
	// (path traversal by symbolic links: copier, helm, cookiecutter).
	link := func(name, at, to string) attack {
		return pack("link "+name, filepath.Base(at), "a symbolic link", func(t *testing.T, dir string) {
			under(t, dir, at, func(path string) error { return os.Symlink(to, path) })
		})
	}
	return []attack{
		link("to a file", "pack/template/passwd", "/etc/passwd"),
		link("to a folder", "pack/template/etc", "/etc"),
		link("upwards", "pack/template/up", "../../.."),
		link("to itself", "pack/template/loop", "loop"),
		link("to nothing", "pack/template/nothing", "/nonexistent"),
		link("for template", "pack/template", "/etc"),
		link("for partials", "pack/partials", "/etc"),
		link("with an innocent name", "pack/README.md", "../../home"),
		pack("link for the manifest", "stackinit.yaml", "a symbolic link", func(t *testing.T, dir string) {
			path := filepath.Join(dir, "pack/stackinit.yaml")
			if err := os.Rename(path, filepath.Join(dir, "real.yaml")); err != nil {
				t.Fatal(err)
			}
			under(t, dir, "pack/stackinit.yaml", func(path string) error { return os.Symlink("../real.yaml", path) })
		}),
		pack("pipe", "log", "a pipe", func(t *testing.T, dir string) {
			under(t, dir, "pack/template/log", func(path string) error { return syscall.Mkfifo(path, 0o666) })
		}),
		pack("socket", "sock", "a socket", func(t *testing.T, dir string) {
			under(t, dir, "pack/template/sock", func(path string) error { return syscall.Mknod(path, syscall.S_IFSOCK|0o666, 0) })
		}),
		pack("device", "zero", "a device", func(t *testing.T, dir string) {
			under(t, dir, "pack/template/zero", func(path string) error {
				err := syscall.Mknod(path, syscall.S_IFCHR|0o666, 1<<8|5)
				if err != nil {
					t.Skipf("needs the right to make a device: %v", err)
				}
				return nil
			})
		}),
		pack("huge file", "template/huge", "are the most", func(t *testing.T, dir string) {
			under(t, dir, "pack/template/huge", func(path string) error { return sparse(path, 1<<40) })
		}),
		pack("huge manifest", "stackinit.yaml", "are the most", func(t *testing.T, dir string) {
			under(t, dir, "pack/stackinit.yaml", func(path string) error { return sparse(path, 1<<40) })
		}),
		pack("files beyond 64 MiB", "./pack", "more than 64 MiB", func(t *testing.T, dir string) {
			for i := range 70 {
				under(t, dir, fmt.Sprintf("pack/template/f%d", i), func(path string) error { return sparse(path, 1<<20) })
			}
		}),
		pack("more than 20,000 files", "./pack", "20000 files", func(t *testing.T, dir string) {
			for i := range 20_010 {
				under(t, dir, fmt.Sprintf("pack/template/%d/%d", i/1000, i), func(path string) error { return os.WriteFile(path, nil, 0o666) })
			}
		}),
		pack("folders without an end", "aaaa", "its path has more than 1000 bytes", func(t *testing.T, dir string) {
			deep := filepath.Join(dir, "pack/template", strings.Repeat(strings.Repeat("a", 200)+"/", 6))
			if err := os.MkdirAll(deep, 0o777); err != nil {
				t.Fatal(err)
			}
		}),
		{name: "built/10,000 questions", exit: 4, file: "stackinit.yaml", says: "256 KiB", files: manifest(bare + "questions:\n" + numbered(10_000, "  question_%d: {type: str, default: abc}\n"))},
		{name: "built/5,000 short questions", exit: 4, file: "stackinit.yaml", says: "questions", files: manifest(bare + "questions:\n" + numbered(5_000, "  q%d: {default: abc}\n"))},
		{name: "built/2 MB of brackets", exit: 4, file: "stackinit.yaml", says: "are the most", files: manifest(strings.Repeat("[", 2_000_000))},
		{name: "built/250 KB of brackets", exit: 4, file: "stackinit.yaml", says: "nested more than", files: manifest(strings.Repeat("[", 250_000))},
		{name: "built/250 KB of dashes", exit: 4, file: "stackinit.yaml", says: "max depth", files: manifest(strings.Repeat("- ", 125_000))},
		// Indented, 40 KB of brackets are 800 MB; and a TOML parser may compare each key with all.
		{name: "built/a merged file of brackets", exit: 4, file: "template/package.json", says: "nested more than", args: []string{"--stack", "node-express"}, files: map[string]string{
			"pack/stackinit.yaml":        bare + "extends: node-express\nmerge: [package.json]\n",
			"pack/template/package.json": `{"a": ` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + "}",
		}},
		{name: "built/a merged file of tables", exit: 4, file: "template/pyproject.toml", says: "more than 10000 keys", args: []string{"--stack", "python-flask"}, files: map[string]string{
			"pack/stackinit.yaml":          bare + "extends: python-flask\nmerge: [pyproject.toml]\n",
			"pack/template/pyproject.toml": numbered(80_000, "[k%d]\n"),
		}},
		{name: "built/a computed value that doubles", exit: 4, file: "stackinit.yaml", says: "computed", files: manifest(bare + "computed:\n  v0: xxxxxxxxxxxxxxxx\n" + doubled(40))},
	}
}

// under makes something in the folder of a case, and its folders first.
func under(t *testing.T, dir, name string, make func(path string) error) {
	t.Helper()
	path := filepath.Join(dir, name)
	err := os.MkdirAll(filepath.Dir(path), 0o777)
	if err == nil {
		err = make(path)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// sparse makes a file that has a size and takes no room.
func sparse(path string, size int64) error {
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		return err
	}
	return os.Truncate(path, size)
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// doubled gives computed values of which each is twice the one before it.
func doubled(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  v%d: '{{ .v%d }}{{ .v%d }}'\n", i+1, i, i)
	}
	return b.String()
}
