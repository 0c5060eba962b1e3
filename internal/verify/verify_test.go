package verify

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
)

func skipWindows(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the programs of this test are shell scripts")
	}
}

// verified runs parts in a new folder and gives the report.
func verified(t *testing.T, dir string, parts ...Part) (*Report, error) {
	t.Helper()
	skipWindows(t)
	t.Setenv("TMPDIR", t.TempDir())
	report, err := Run(t.Context(), Options{
		Place: Place{Dir: dir, Name: "svc"}, Parts: parts, Install: true, Timeout: 10 * time.Second, Env: os.Environ(),
		Begin: func(Step) {}, End: func(Step) {},
	})
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left in the folder for temporary files: %v, %v", left, err)
	}
	return report, err
}

func sh(script string) pack.Task { return pack.Task{Run: []string{"sh", "-c", script}} }

func steps(r *Report) (all []string) {
	for _, s := range r.Steps {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", s.Folder, s.Name, s.Status, s.Note)))
	}
	return all
}

// Parts are run in order, each in its folder; what fails in one keeps every service
// from being started, since they need each other.
func TestParts(t *testing.T) {
	dir := t.TempDir()
	for _, sub := range []string{"a", "b"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	serve := pack.Serve{Run: []string{"sh", "-c", "exit 9"}, Live: "/", Ready: "/"}
	report, err := verified(t, dir,
		Part{"a", pack.Verify{Install: []pack.Task{sh("pwd >../log")}, Test: []pack.Task{sh("echo a-test >>../log")}, Serve: serve}},
		Part{"b", pack.Verify{Install: []pack.Task{sh("pwd >>../log; exit 4")}, Build: []pack.Task{sh("exit 5")}, Test: []pack.Task{sh("exit 6")}, Serve: serve}},
	)
	var e *diag.Error
	if !errors.As(err, &e) || e.Kind != diag.Findings || e.Error() != "failed: b: install" {
		t.Errorf("%v", err)
	}
	want := []string{". tools ok", "a install ok", "b install failed sh: exit code 4", "b build skipped", "a test ok", "b test skipped", "a start skipped"}
	if d := cmp.Diff(want, steps(report)); d != "" {
		t.Error(d)
	}
	log, err := os.ReadFile(filepath.Join(dir, "log"))
	if lines := strings.Split(string(log), "\n"); err != nil || len(lines) != 4 || filepath.Base(lines[0]) != "a" || filepath.Base(lines[1]) != "b" || lines[2] != "a-test" {
		t.Errorf("%v %q", err, log)
	}
	if again := report.Steps[2].Repeat; again != "cd svc/b && sh -c 'pwd >>../log; exit 4'" {
		t.Errorf("%q", again)
	}
}

// A part is told where the others are.
func TestPortsOfOtherParts(t *testing.T) {
	dir := t.TempDir()
	for _, sub := range []string{"a", "b"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	env := map[string]string{"PORTS": "$port_a $port_b $port"}
	_, err := verified(t, dir,
		Part{"a", pack.Verify{Env: env, Test: []pack.Task{sh("set -- $PORTS; [ $1 = $3 ] && [ $1 != $2 ]")}}},
		Part{"b", pack.Verify{Env: env, Test: []pack.Task{sh("set -- $PORTS; [ $2 = $3 ] && [ $1 != $2 ]")}}},
	)
	if err != nil {
		t.Error(err)
	}
}

func TestEnvironmentOfCommands(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TAKEN_AWAY", "x")
	t.Setenv("FORCE_COLOR", "1")
	t.Setenv("KEPT", "x")
	script := `{ echo "[$TAKEN_AWAY][$FORCE_COLOR][$KEPT][$SET][$NO_COLOR]"; echo "$PATH" | cut -d: -f1; [ -d "$DATA" ] && echo "$DATA"; } >env`
	_, err := verified(t, dir, Part{".", pack.Verify{
		Env:  map[string]string{"TAKEN_AWAY": "", "SET": "at $port", "DATA": "$temp"},
		Path: []string{"own/bin"}, Test: []pack.Task{sh(script)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile(filepath.Join(dir, "env"))
	lines := strings.Split(string(src), "\n")
	if err != nil || len(lines) < 3 || !strings.HasPrefix(lines[0], "[][][x][at ") || !strings.HasSuffix(lines[0], "][1]") ||
		lines[1] != filepath.Join(dir, "own/bin") || !strings.Contains(lines[2], "stackinit-verify-") {
		t.Errorf("%v %q", err, lines)
	}
}

func TestRatherAndCreates(t *testing.T) {
	dir := t.TempDir()
	machine(t, map[string]string{"bin/fast": "#!/bin/sh\nprintf fast >>log\n", "bin/sh": "->/bin/sh", "bin/mkdir": "->/bin/mkdir"})
	made := sh("mkdir made; printf made >>log")
	made.Creates = "made"
	half := sh("mkdir half; exit 1")
	half.Creates = "half"
	slow := sh("printf slow >>log")
	slow.Rather = []string{"fast"}
	none := sh("printf none >>log")
	none.Rather = []string{"not-there"}
	report, err := verified(t, dir, Part{".", pack.Verify{Install: []pack.Task{made, made, slow, none}, Test: []pack.Task{half}}})
	if err == nil || report.OK {
		t.Errorf("what is half made is fine: %v", err)
	}
	if log, err := os.ReadFile(filepath.Join(dir, "log")); string(log) != "madefastnone" {
		t.Errorf("%v %q", err, log)
	}
	if there(filepath.Join(dir, "half")) || !there(filepath.Join(dir, "made")) {
		t.Error("what is half made has to go, and nothing else")
	}
}

func TestProgramIsMissing(t *testing.T) {
	report, err := verified(t, t.TempDir(), Part{".", pack.Verify{Check: []pack.Task{{Run: []string{"no-such-program"}}}}})
	if err == nil || steps(report)[1] != ". check failed no-such-program: no-such-program is not installed" {
		t.Errorf("%v %v", err, steps(report))
	}
}

func (t *tail) say(format string, args ...any) {
	_, _ = fmt.Fprintf(t, format, args...) // a tail takes everything
}

func TestTail(t *testing.T) {
	var all tail
	for i := range 10000 {
		all.say("line %d\r\n", i)
	}
	all.say("\x1b[32m10%%\r20%%\rdone\x1b[0m \xff\n\n")
	lines := all.lines()
	if len(lines) != shown || lines[shown-1] != "done ?" || lines[0] != "line 9981" {
		t.Errorf("%d lines: %q", len(lines), lines)
	}
	if len(all.b) > 2*tailBytes {
		t.Errorf("%d bytes are kept", len(all.b))
	}
	if lines := new(tail).lines(); lines != nil {
		t.Errorf("nothing becomes %q", lines)
	}
}

func TestUnreachable(t *testing.T) {
	for text, want := range map[string]bool{
		"npm error code ENOTFOUND":                      true,
		"npm error code EUSAGE":                         false,
		"urllib3 … NewConnectionError(…":                true,
		"error: Failed to fetch: `…`":                   true,
		"ERROR: THESE PACKAGES DO NOT MATCH THE HASHES": false,
	} {
		if unreachable([]string{"first", text}) != want {
			t.Errorf("%q: want %t", text, want)
		}
	}
}

func TestQuote(t *testing.T) {
	for word, want := range map[string]string{"npm": "npm", "--x=a,b": "--x=a,b", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$HOME": "'$HOME'", "é": "'é'"} {
		if got := Quote(word); got != want {
			t.Errorf("%q becomes %s, want %s", word, got, want)
		}
	}
}

func TestVariables(t *testing.T) {
	env := []string{"A=1", "PATH=/bin", "A=2"}
	if value(env, "A") != "2" || value(env, "B") != "" {
		t.Error("the last one counts")
	}
	if got := with(env, "A", ""); !slices.Equal(got, []string{"PATH=/bin"}) {
		t.Errorf("%q", got)
	}
	if got := value(withPath(env, []string{"/x", "/y"}), "PATH"); got != strings.Join([]string{"/x", "/y", "/bin"}, string(os.PathListSeparator)) {
		t.Errorf("%q", got)
	}
	if got := value(withPath(nil, []string{"/x"}), "PATH"); got != "/x" {
		t.Errorf("%q", got)
	}
}
