//go:build unix

package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The tutorial works as it is written: its commands run in their order, and leave
// what it speaks of.
func TestTutorial(t *testing.T) {
	var script strings.Builder
	script.WriteString("set -eux\n")
	blocks := 0
	for i, part := range strings.Split(readText(t, "docs/tutorial.md"), "```") {
		if block, ok := strings.CutPrefix(part, "sh\n"); ok && i%2 == 1 {
			script.WriteString(block)
			blocks++
		}
	}
	dir := t.TempDir()
	config := filepath.Join(t.TempDir(), "gitconfig")
	if err := os.WriteFile(config, []byte("[user]\n\tname = Ada Lovelace\n\temail = ada@example.org\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", script.String())
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+config)
	if out, err := cmd.CombinedOutput(); err != nil || blocks < 5 {
		t.Fatalf("%d blocks: %v\n%s", blocks, err, out)
	}
	for file, want := range map[string]string{
		"orders/CODEOWNERS":                    "* @acme/blue",
		"orders/.editorconfig":                 "indent_size = 4",
		"orders/.stackinit.yaml":               "sha256:",
		"packs/acme-web/tests/gold/CODEOWNERS": "* @acme/platform",
		"invoices/TEAM.md":                     "Service level: silver",
	} {
		if body, err := os.ReadFile(filepath.Join(dir, file)); err != nil || !strings.Contains(string(body), want) {
			t.Errorf("%s: %q, %v, want %q in it", file, body, err, want)
		}
	}
}
