package cli_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the examples anew")

const examples = "../../examples"

// Every example is an answers file and the project that it gives; a file that is
// missing, changed or not expected fails. -update writes them anew.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob(examples + "/*.yaml")
	if err != nil || len(files) < 2 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			same(t, filepath.Join(examples, name), example(t, name, file))
		})
	}
}

// The records to read on their own: answers files with what becomes docs/adr.
func TestExampleRecords(t *testing.T) {
	for name, flags := range map[string][]string{
		"clear":      nil,
		"close-call": nil,
		"override":   {"--stack", "node-express", "--reason", "the platform team is on call for this service, and runs NodeJS alone"},
	} {
		t.Run(name, func(t *testing.T) {
			at := filepath.Join(examples, "records", name)
			same(t, at, filepath.Join(example(t, name, at+".yaml", flags...), "docs", "adr"))
		})
	}
}

// example makes the project of an answers file and gives its folder.
func example(t *testing.T, name, file string, flags ...string) string {
	t.Helper()
	made := t.TempDir()
	cmd := exec.Command("stackinit", append([]string{"new", name, "--answers", file, "--dir", made, "--no-git"}, flags...)...)
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1795392000") // 2026-11-23
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return filepath.Join(made, name)
}

// same compares a folder with what was made, or with -update makes it that.
func same(t *testing.T, target, made string) {
	t.Helper()
	if *update {
		if err := os.RemoveAll(target); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(target, os.DirFS(made)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(readTree(t, target), readTree(t, made)); diff != "" {
		t.Errorf("%s is not what stackinit makes (run make examples): %s", target, diff)
	}
}

// readTree gives all files below a folder by their paths.
func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(p)
		all[strings.TrimPrefix(p, dir)] = string(body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
