package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/diag"
)

func TestConfigFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HOME", filepath.Join(dir, "home"))
	t.Setenv("USERPROFILE", filepath.Join(dir, "home"))
	file := filepath.Join(dir, "config.yaml")
	lay := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var e *diag.Error
	if c, err := readConfig(file, false); err != nil || c.File != "" {
		t.Errorf("none: %+v, %v", c, err)
	}
	if _, err := readConfig(file, true); !errors.As(err, &e) || e.Kind != diag.Environment {
		t.Errorf("none, but asked for: %v", err)
	}
	lay("templates:\n  a: ./packs/a\n  b: gh:acme/packs//b@v1\n  c: ~/packs/c\n  d: " + filepath.ToSlash(dir) + "/d\ndefaults: {license: MIT}\n")
	c, err := readConfig(file, false)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"a": filepath.Join(dir, "packs", "a"), "b": "gh:acme/packs//b@v1", "c": filepath.Join(dir, "home", "packs", "c"), "d": filepath.ToSlash(dir) + "/d"} {
		if got := c.Sources()[name]; got != want {
			t.Errorf("%s is %q; want %q", name, got, want)
		}
	}
	if c.Defaults.License.Text != "MIT" {
		t.Errorf("%+v", c.Defaults)
	}
	lay("templates:\n  a: ext::sh -c id\n  b: file:///etc\n  c: https://ann:sesame@-x/y\n")
	_, err = readConfig(file, false)
	if !errors.As(err, &e) || e.Kind != diag.Usage || len(e.Findings) != 3 || !strings.Contains(err.Error(), file+":3:6: ") || strings.Contains(err.Error(), "sesame") {
		t.Errorf("%v", err)
	}
	lay(strings.Repeat("# long\n", 100_000))
	if _, err = readConfig(file, false); !errors.As(err, &e) || e.Kind != diag.Usage {
		t.Errorf("%v", err)
	}
}
