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
			made := t.TempDir()
			cmd := exec.Command("stackinit", "new", name, "--answers", file, "--dir", made, "--no-git")
			cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1795392000") // 2026-11-23
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			target := filepath.Join(examples, name)
			if *update {
				if err := os.RemoveAll(target); err != nil {
					t.Fatal(err)
				}
				if err := os.CopyFS(target, os.DirFS(filepath.Join(made, name))); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(readTree(t, target), readTree(t, filepath.Join(made, name))); diff != "" {
				t.Errorf("examples/%s is not what stackinit makes (run make examples): %s", name, diff)
			}
		})
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
