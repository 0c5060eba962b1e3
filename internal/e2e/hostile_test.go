//go:build unix

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// What a hostile pack may cost before it is refused.
const (
	hostileTime   = 2 * time.Second
	hostileMemory = 256 << 20 // bytes
)

// attack is a pack that has to be refused. Its files lie in ./pack, and those of a
// neighbour in ./other, of the folder that the program is started in.
type attack struct {
	name  string
	files map[string]string // below that folder
	make  func(t *testing.T, dir string)
	args  []string // beyond --template ./pack
	exit  int
	file  string // stderr names it
	says  string // and the reason
}

// TestHostilePacks runs the program on packs that were made to do harm: it refuses each
// quickly, names file and reason, and leaves nothing behind.
func TestHostilePacks(t *testing.T) {
	cases := append(hostileArchives(t), hostileBuilt()...)
	if len(cases) < 60 {
		t.Errorf("%d cases; at least 60 were meant", len(cases))
	}
	program(t) // built before the clock runs
	for _, a := range cases {
		t.Run(a.name, func(t *testing.T) {
			work := filepath.Join(t.TempDir(), "work")
			for _, dir := range []string{"home", "tmp"} {
				if err := os.MkdirAll(filepath.Join(work, "..", dir), 0o777); err != nil {
					t.Fatal(err)
				}
			}
			for name, body := range a.files {
				path := filepath.Join(work, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
					t.Fatal(err)
				}
				write(t, path, body)
			}
			if a.make != nil {
				a.make(t, work)
			}
			a.refused(t, work, "new", "svc", "--defaults", "--template", "./pack")
			a.refused(t, work, "plan", "svc", "--defaults", "--template", "./pack", "--json")
		})
	}
}

// refused runs the program on the pack and holds its end against what was promised.
func (a attack) refused(t *testing.T, work string, args ...string) {
	t.Helper()
	if slices.Contains(a.args, "--template") { // the case names its own
		args = append(args[:3:3], args[5:]...)
	}
	args = append(args, a.args...)
	before := traces(t, filepath.Dir(work))
	var r ran
	for range 2 { // once more if the machine was busy with something else
		if r = start(t, work, args...); r.took < hostileTime {
			break
		}
	}
	if diff := cmp.Diff(before, traces(t, filepath.Dir(work))); diff != "" {
		t.Errorf("%s wrote something: %s", args[0], diff)
	}
	if r.exit != a.exit {
		t.Errorf("%s: exit code %d, want %d\n%.2000s", args[0], r.exit, a.exit, r.stderr)
	}
	if !strings.Contains(r.stderr, a.file) || !strings.Contains(r.stderr, a.says) {
		t.Errorf("%s: the error does not name %q and say %q:\n%.2000s", args[0], a.file, a.says, r.stderr)
	}
	if bad := steers(r.stderr); bad != "" || strings.Contains(r.stderr, "panic") || strings.Contains(r.stderr, "goroutine ") {
		t.Errorf("%s: the error has %s, or is a panic:\n%.2000q", args[0], bad, r.stderr)
	}
	if args[0] == "plan" && !json.Valid([]byte(r.stdout)) || args[0] == "new" && r.stdout != "" {
		t.Errorf("%s prints %.500q", args[0], r.stdout)
	}
	if r.took > hostileTime || r.cpu > hostileTime || r.peak > hostileMemory {
		t.Errorf("%s took %v (%v of a processor) and %d MiB", args[0], r.took, r.cpu, r.peak>>20)
	}
}

// ran is how a run of the program ended.
type ran struct {
	stdout, stderr string
	exit           int
	took, cpu      time.Duration
	peak           int64 // bytes
}

// start runs the program in work, with a home and a folder for temporary files beside it.
func start(t *testing.T, work string, args ...string) ran {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // for one that hangs
	defer cancel()
	// A pack that gets through to the machine's memory takes 3 GB of it at most.
	argv := append([]string{"sh", "-c", `ulimit -v 3000000 2>/dev/null; exec "$@"`, "sh", program(t)}, args...)
	cmd := command(ctx, work, []string{"HOME=" + filepath.Join(work, "../home"), "TMPDIR=" + filepath.Join(work, "../tmp"), "PATH=" + os.Getenv("PATH"), "GIT_CONFIG_NOSYSTEM=1"}, argv...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	err := cmd.Run()
	r := ran{stdout: stdout.String(), stderr: stderr.String(), took: time.Since(began)}
	if _, ok := err.(*exec.ExitError); err != nil && !ok {
		t.Fatal(err)
	}
	r.exit = cmd.ProcessState.ExitCode()
	r.cpu, r.peak = spent(cmd.ProcessState)
	return r
}

// spent is what a process took, those that it waited for included, and its peak of memory.
func spent(state *os.ProcessState) (cpu time.Duration, peak int64) {
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		peak = usage.Maxrss
		if runtime.GOOS != "darwin" { // which counts bytes; the others count KiB
			peak <<= 10
		}
	}
	return state.UserTime() + state.SystemTime(), peak
}

// steers names the first character that could steer a terminal or hide text, if any.
func steers(s string) string {
	if !utf8.ValidString(s) {
		return "bytes that are no UTF-8"
	}
	for _, r := range s {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)) {
			return strconv.QuoteRuneToASCII(r)
		}
	}
	return ""
}

// traces tells of all files below a folder what would show that one was touched.
func traces(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil {
			all[path] = info.Mode().String() + " " + strconv.FormatInt(info.Size(), 10) + " " + info.ModTime().String()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// hostileArchives reads testdata/hostile: an archive for each class, in it a folder for
// each case, and in that a file "want":
//
//	exit: 4                  (unless it is another)
//	file: template/a.tmpl    what the error has to name
//	says: is a device        and why
//	args: --set x=y          more arguments, one flag with its value a line
//
// Without a manifest a case gets one that says no more than its name. Names and texts
// write what an archive cannot show: <U+202E> is a character, <X1B> a byte, and
// <100*text> a repeated text.
func hostileArchives(t *testing.T) (all []attack) {
	t.Helper()
	files, err := filepath.Glob("testdata/hostile/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		class := strings.TrimSuffix(filepath.Base(file), ".txtar")
		at := map[string]int{}
		for _, f := range archive.Files {
			name, rest, _ := strings.Cut(f.Name, "/")
			i, ok := at[name]
			if !ok {
				i, at[name] = len(all), len(all)
				all = append(all, attack{name: class + "/" + name, exit: 4, files: map[string]string{
					"pack/stackinit.yaml": "schema: stackinit.pack/v1\nname: hostile\n",
				}})
			}
			if rest == "want" {
				all[i].wants(t, string(f.Data))
			} else {
				all[i].files[unshown(rest)] = unshown(string(f.Data))
			}
		}
	}
	return all
}

func (a *attack) wants(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "exit":
			a.exit, _ = strconv.Atoi(value)
		case "file":
			a.file = unshown(value)
		case "says":
			a.says = unshown(value)
		case "args":
			flag, v, ok := strings.Cut(value, " ")
			if a.args = append(a.args, flag); ok {
				a.args = append(a.args, unshown(v))
			}
		default:
			t.Fatalf("%s: want has %q", a.name, line)
		}
	}
	if a.file == "" || a.says == "" {
		t.Fatalf("%s: the case names no file or no reason", a.name)
	}
}

var (
	character = regexp.MustCompile(`<U\+([0-9A-F]+)>`)
	octet     = regexp.MustCompile(`<X([0-9A-F]{2})>`)
	repeated  = regexp.MustCompile(`<(\d+)\*([^>]+)>`)
)

// unshown puts in what an archive cannot show.
func unshown(s string) string {
	s = character.ReplaceAllStringFunc(s, func(m string) string {
		n, _ := strconv.ParseUint(m[3:len(m)-1], 16, 32)
		return string(rune(n))
	})
	s = octet.ReplaceAllStringFunc(s, func(m string) string {
		n, _ := strconv.ParseUint(m[2:4], 16, 8)
		return string([]byte{byte(n)})
	})
	return repeated.ReplaceAllStringFunc(s, func(m string) string {
		parts := repeated.FindStringSubmatch(m)
		n, _ := strconv.Atoi(parts[1])
		return strings.Repeat(parts[2], n)
	})
}
