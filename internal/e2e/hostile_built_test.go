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
	// What is merged is read and written again, what holds free text is read twice.
	merged := func(name, file, says, lower, upper string) attack {
		return attack{name: "built/merged " + name, exit: 4, file: "template/" + file, says: says, files: map[string]string{
			"pack/stackinit.yaml": bare + "extends: ../other\nmerge: ['" + file + "']\n", "pack/template/" + file: upper,
			"other/stackinit.yaml": "schema: stackinit.pack/v1\nname: other\n", "other/template/" + file: lower,
		}}
	}
	proven := func(name, file, says, text string) attack {
		return attack{name: "built/proven " + name, exit: 4, file: "template/" + file, says: says, args: []string{"--set", `title=a "b"`}, files: map[string]string{
			"pack/stackinit.yaml": bare, "pack/template/" + file + ".tmpl": text,
		}}
	}
	return []attack{
		merged("brackets", "a.json", "nested more than 64", "{}", `{"a": `+strings.Repeat("[", 4000)+strings.Repeat("]", 4000)+"}"),
		merged("keys", "a.json", "too large", "{}", "{"+strings.TrimSuffix(numbered(20_000, `"a%d": 1,`), ",")+"}"),
		merged("lines", ".gitignore", "too large", numbered(20_000, "a%d\n"), numbered(20_000, "b%d\n")),
		merged("comments", "a.toml", "too large", "a = 1\n", strings.Repeat("#\n", 100_000)),
		merged("dots", "a.toml", "nested more than 64", "a = 1\n", "b"+strings.Repeat(".b", 10_000)+" = 1\n"),
		merged("dashes", "a.yaml", "nested more than 64", "a: 1\n", "b: "+strings.Repeat("- ", 5000)+"1\n"),
		proven("keys", "a.yaml", "too large", "t: {{ yaml .title }}\n"+numbered(40_000, "a%d: 1\n")),
		proven("brackets", "a.json", "nested more than 64", `{"t": {{ json .title }}, "a": `+strings.Repeat("[", 9000)+strings.Repeat("]", 9000)+"}"),
		proven("dots", "a.toml", "nested more than 64", "t = {{ toml .title }}\nb"+strings.Repeat(".b", 100_000)+" = 1\n"),
		{name: "built/proven keys of many files", exit: 4, file: "template/1.yaml", says: "too many files", args: []string{"--set", `title=a "b"`}, make: func(t *testing.T, dir string) {
			for i := range 9 {
				under(t, dir, fmt.Sprintf("pack/template/%d.yaml.tmpl", i), func(path string) error {
					return os.WriteFile(path, []byte("t: {{ yaml .title }}\n"+numbered(9_900, "a%d: 1\n")), 0o666)
				})
			}
		}, files: manifest(bare)},
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
		{name: "built/1,200 choices", exit: 4, file: "stackinit.yaml", says: "1200 choices", files: manifest(bare + "questions:\n  q:\n    choices:\n" + numbered(1200, "      - a%d\n"))},
		pack("globs for every file", "stackinit.yaml", "its globs are too many", func(t *testing.T, dir string) {
			under(t, dir, "pack/stackinit.yaml", func(path string) error {
				return os.WriteFile(path, []byte(bare+"exclude:\n"+numbered(9000, "  - '**/*%d*'\n")), 0o666)
			})
			for i := range 5000 {
				under(t, dir, fmt.Sprintf("pack/template/%d/%d", i/1000, i), func(path string) error { return os.WriteFile(path, nil, 0o666) })
			}
		}),
		pack("files for each of a list", "{{ .item }}", "more than 20000 files or 64 MiB", func(t *testing.T, dir string) {
			eachOf(t, dir, 500)
			for i := range 50 {
				under(t, dir, fmt.Sprintf("pack/template/{{ .item }}-%d", i), func(path string) error { return os.WriteFile(path, nil, 0o666) })
			}
		}),
		pack("a large file for each of a list", "{{ .item }}", "more than 20000 files or 64 MiB", func(t *testing.T, dir string) {
			eachOf(t, dir, 100)
			under(t, dir, "pack/template/{{ .item }}", func(path string) error { return sparse(path, 1<<20) })
		}),
		pack("packs on each other beyond 64 MiB", "./p1", "hold more than 64 MiB", func(t *testing.T, dir string) {
			for i, name := range []string{"pack", "p1"} {
				text := fmt.Sprintf("schema: stackinit.pack/v1\nname: p%d\n", i)
				if i == 0 {
					text += "extends: ../p1\n"
				}
				under(t, dir, name+"/stackinit.yaml", func(path string) error { return os.WriteFile(path, []byte(text), 0o666) })
				for n := range 40 {
					under(t, dir, fmt.Sprintf("%s/template/%d", name, n), func(path string) error { return sparse(path, 1<<20) })
				}
			}
		}),
		pack("partials that wait for each other", "partials/p", "more than 4 MiB", func(t *testing.T, dir string) {
			for i := range 32 {
				body := "{{ range 4050 }}" + strings.Repeat("y", 1000) + "{{ end }}"
				if i < 31 {
					body += fmt.Sprintf("{{ include \"p%02d\" . }}", i+1)
				}
				under(t, dir, fmt.Sprintf("pack/partials/p%02d", i), func(path string) error { return os.WriteFile(path, []byte(body), 0o666) })
			}
			for i := range 70 { // enough for two workers
				under(t, dir, fmt.Sprintf("pack/template/%d.tmpl", i), func(path string) error { return os.WriteFile(path, []byte(`{{ include "p00" . }}`), 0o666) })
			}
		}),
		{name: "built/a computed value that doubles", exit: 4, file: "stackinit.yaml", says: "computed", files: manifest(bare + "computed:\n  v0: xxxxxxxxxxxxxxxx\n" + doubled(40))},
	}
}

// eachOf writes a manifest that makes every file for each of n members.
func eachOf(t *testing.T, dir string, n int) {
	members := "[" + strings.TrimSuffix(numbered(n, "a%d,"), ",") + "]"
	text := "schema: stackinit.pack/v1\nname: hostile\nquestions:\n  l: {multiselect: true, choices: " + members + ", default: " + members + "}\nfiles:\n  - {path: '**', each: l}\n"
	under(t, dir, "pack/stackinit.yaml", func(path string) error { return os.WriteFile(path, []byte(text), 0o666) })
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

// The largest plan is held against its digest in the memory that anything hostile may
// take.
func TestLargePlanTakesLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("writes a plan of 60 MiB")
	}
	work := filepath.Join(t.TempDir(), "work")
	under(t, work, "pack/stackinit.yaml", func(path string) error {
		return os.WriteFile(path, []byte("schema: stackinit.pack/v1\nname: large\n"), 0o666)
	})
	for i := range 60 {
		under(t, work, fmt.Sprintf("pack/template/%d", i), func(path string) error {
			return os.WriteFile(path, []byte(strings.Repeat("0123456789abcde\n", 1<<20/17)), 0o666)
		})
	}
	under(t, work, "../home", func(path string) error { return os.Mkdir(path, 0o777) })
	under(t, work, "../tmp", func(path string) error { return os.Mkdir(path, 0o777) })
	if r := start(t, work, "plan", "svc", "--defaults", "--template", "./pack", "--out", "plan.json"); r.exit != 0 {
		t.Fatalf("%d %s", r.exit, r.stderr)
	}
	file := filepath.Join(work, "plan.json")
	src, err := os.ReadFile(file)
	if err != nil || len(src) < 58<<20 {
		t.Fatalf("%d bytes, %v", len(src), err)
	}
	copy(src[strings.Index(string(src[:1000]), "sha256:"):], "sha256:0000")
	write(t, file, string(src))
	r := start(t, work, "apply", "plan.json")
	if r.exit != 4 || !strings.Contains(r.stderr, "was changed after it was made") || r.peak > hostileMemory {
		t.Errorf("exit code %d after %v, with %d MiB: %s", r.exit, r.took, r.peak>>20, r.stderr)
	}
}
