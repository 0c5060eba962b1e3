//go:build unix

package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stackinit/stackinit/internal/testterm"
)

// Commands of a pack run if a person types run, and on no other word; who leaves at
// that question leaves nothing behind.
func TestTypedConsent(t *testing.T) {
	house := t.TempDir()
	for name, body := range map[string]string{
		"stackinit.yaml":     "schema: stackinit.pack/v1\nname: house\ndescription: A house\ntasks: [[touch, made]]\n",
		"template/README.md": "x\n",
	} {
		path := filepath.Join(house, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		keys          string
		project, made bool
		code          int
	}{
		{"run" + testterm.Enter, true, true, 0},
		{"yes" + testterm.Enter, true, false, 0},
		{testterm.Enter, true, false, 0},
		{testterm.CtrlC, false, false, 130},
	} {
		term, dir := session(t, "new", "svc", "--template", house)
		walk(t, term, []step{{"Run these commands?", tt.keys}})
		if code := term.Wait(); code != tt.code {
			t.Errorf("%q: exit code %d, want %d", tt.keys, code, tt.code)
		}
		for file, want := range map[string]bool{"svc/README.md": tt.project, "svc/made": tt.made} {
			if _, err := os.Stat(filepath.Join(dir, file)); (err == nil) != want {
				t.Errorf("%q: %s: %v, want it there: %v", tt.keys, file, err, want)
			}
		}
	}
}
