//go:build unix

package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// In a terminal a new record opens in the person's editor, and the index follows
// what was written there.
func TestNewRecordOpensTheEditor(t *testing.T) {
	for _, tt := range []struct {
		name  string
		args  []string
		title string
	}{
		{"editor", nil, "Store data in files"},
		{"no-edit", []string{"--no-edit"}, "Store data in SQLite"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			editor := filepath.Join(t.TempDir(), "editor")
			script := "#!/bin/sh\nsed 's/^# .*/# Store data in files/' \"$2\" > \"$2.tmp\" && mv \"$2.tmp\" \"$2\"\n"
			if err := os.WriteFile(editor, []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
			t.Setenv("VISUAL", editor+" --wait")
			t.Setenv("EDITOR", "false")
			term, dir := session(t, append([]string{"adr", "new", "Store data in SQLite"}, tt.args...)...)
			term.Expect("docs/adr/0001-store-data-in-sqlite.md")
			if code := term.Wait(); code != 0 {
				t.Fatalf("exit code %d\n%s", code, term.Raw())
			}
			index, err := os.ReadFile(filepath.Join(dir, "docs/adr/README.md"))
			if err != nil || !strings.Contains(string(index), "| "+tt.title+" |") {
				t.Errorf("the index does not show %q: %v\n%s", tt.title, err, index)
			}
		})
	}
}
