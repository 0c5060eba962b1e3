package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.yaml.in/yaml/v3"

	"github.com/stackinit/stackinit/internal/cli"
)

// Scripts and terminals run this test binary under the name stackinit, which is
// the real program.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"stackinit": func() { os.Exit(cli.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})) },
		"service":   service,
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			env.Setenv("GIT_CONFIG_GLOBAL", filepath.Join(env.WorkDir, "gitconfig"))
			return os.WriteFile(filepath.Join(env.WorkDir, "gitconfig"), []byte("[user]\n\tname = Ada Lovelace\n\temail = ada@example.org\n"), 0o644)
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %s", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"jsonpath": jsonPath,
			"lines":    lines,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// exits runs a command and wants its exit code: exits 2 stackinit new
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARG...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if err != nil {
		exit, ok := err.(*exec.ExitError)
		if !ok {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			code = 128 + int(status.Signal())
		}
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, want %s\nstdout: %s\nstderr: %s", code, args[0], ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

// jsonPath compares one value of the JSON on stdout: jsonpath stack node-express;
// members of lists go by their number: jsonpath steps.0.name tools
func jsonPath(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: jsonpath KEY[.KEY] VALUE")
	}
	var doc any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &doc))
	for key := range strings.SplitSeq(args[0], ".") {
		switch parent := doc.(type) {
		case map[string]any:
			doc = parent[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(parent) {
				ts.Fatalf("%s: not a member of a list of %d", key, len(parent))
			}
			doc = parent[i]
		default:
			ts.Fatalf("%s: neither an object nor a list", key)
		}
	}
	got, err := json.Marshal(doc)
	ts.Check(err)
	if s, ok := doc.(string); ok {
		got = []byte(s)
	}
	if string(got) != args[1] {
		ts.Fatalf("%s is %s, want %s", args[0], got, args[1])
	}
}

// lines wants at most so many lines in stdout or stderr: lines stderr 5
func lines(ts *testscript.TestScript, neg bool, args []string) {
	text := strings.TrimRight(ts.ReadFile(args[0]), "\n")
	if n := strings.Count(text, "\n") + 1; neg || fmt.Sprint(n) > args[1] {
		ts.Fatalf("%d lines, at most %s are wanted:\n%s", n, args[1], text)
	}
}

// run starts the program in a process of its own.
func run(t *testing.T, stdin string, args ...string) (stdout string, code int) {
	t.Helper()
	exe, err := exec.LookPath("stackinit") // testscript.Main has put it there
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.Output()
	if exit, ok := err.(*exec.ExitError); ok {
		return string(out), exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return string(out), 0
}

// All public rows of the specification, through the program itself.
func TestPublicRowsByJSON(t *testing.T) {
	src, err := os.ReadFile("../recommend/public_cases.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			ID      string
			Answers yaml.Node
			Expect  map[string]any
		}
	}
	if err := yaml.Unmarshal(src, &file); err != nil || len(file.Cases) != 40 {
		t.Fatalf("%d rows, %v", len(file.Cases), err)
	}
	for _, c := range file.Cases {
		answers, err := yaml.Marshal(&c.Answers)
		if err != nil {
			t.Fatal(err)
		}
		out, code := run(t, string(answers), "recommend", "--answers", "-", "--json")
		var got map[string]any
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatalf("%s: %v\n%s", c.ID, err, out)
		}
		if want := map[bool]int{true: 3, false: 0}[c.Expect["runtime"] == "conflict"]; code != want {
			t.Errorf("%s: exit code %d, want %d", c.ID, code, want)
		}
		for key, want := range c.Expect {
			if !expected(key, got[key], want) {
				t.Errorf("%s: %s is %v, want %v", c.ID, key, got[key], want)
			}
		}
	}
}

// expected compares by the fine print: lists of contradictions and tensions
// name what must be among those found, all else is exact.
func expected(key string, got, want any) bool {
	if key != "contradictions" && key != "tensions" {
		return reflect.DeepEqual(got, want)
	}
	found := fmt.Sprint(got)
	for _, w := range want.([]any) {
		if !strings.Contains(found, fmt.Sprint(w)) {
			return false
		}
	}
	return true
}

// Every golden explanation, through the program itself.
func TestGoldenExplanationsByJSON(t *testing.T) {
	src, err := os.ReadFile("../recommend/testdata/explain_goldens.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Goldens []map[string]any }
	if err := yaml.Unmarshal(src, &file); err != nil || len(file.Goldens) == 0 {
		t.Fatalf("%d goldens, %v", len(file.Goldens), err)
	}
	for _, g := range file.Goldens {
		answers, err := yaml.Marshal(g["answers"])
		if err != nil {
			t.Fatal(err)
		}
		out, _ := run(t, string(answers), "recommend", "--answers", "-", "--json")
		var got map[string]any
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		for key, want := range g {
			if key == "id" || key == "answers" {
				continue
			}
			raw, err := json.Marshal(want)
			if err != nil {
				t.Fatal(err)
			}
			var value any
			if err := json.Unmarshal(raw, &value); err != nil {
				t.Fatal(err)
			}
			have := got[key]
			if list, ok := have.([]any); ok && key == "flips" && len(list) > 3 {
				have = list[:3]
			}
			if !reflect.DeepEqual(have, value) {
				t.Errorf("%s: %s is\n%v, want\n%v", g["id"], key, have, value)
			}
		}
	}
}
