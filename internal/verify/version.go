package verify

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// older tells whether a version comes before another, compared number by number as
// far as both go: 24.1.0 is not older than 24.
func older(version, than string) bool {
	have, want := numbers(version), numbers(than)
	for i := range min(len(have), len(want)) {
		if have[i] != want[i] {
			return have[i] < want[i]
		}
	}
	return false
}

// numbers are those of a version: 3, 13, 0 of v3.13.0rc1.
func numbers(version string) (all []int) {
	for part := range strings.SplitSeq(strings.TrimPrefix(version, "v"), ".") {
		end := strings.IndexFunc(part, func(r rune) bool { return r < '0' || r > '9' })
		if end < 0 {
			end = len(part)
		}
		n, err := strconv.Atoi(part[:end])
		if err != nil {
			break
		}
		all = append(all, n)
	}
	return all
}

// asked runs a program that only tells something about itself.
func asked(ctx context.Context, path string, args ...string) string {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.WaitDelay = 20 * time.Millisecond // a shim's child may keep the pipe
	out, err := cmd.Output()
	if err != nil {
		return "" // not what its name says, broken, or too slow
	}
	return strings.TrimSpace(string(out))
}

// nodeVersion gives 24.1.0, or nothing.
func nodeVersion(ctx context.Context, path string) string {
	if v := headerVersion(path); v != "" {
		return v
	}
	return strings.TrimPrefix(asked(ctx, path, "--version"), "v")
}

// headerVersion reads the version from the C header that most installations have
// beside the program: starting Node takes as long as making the project.
func headerVersion(path string) string {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return ""
	}
	header, err := os.ReadFile(filepath.Join(filepath.Dir(path), "..", "include", "node", "node_version.h"))
	if err != nil {
		return ""
	}
	var parts []string
	for _, part := range []string{"MAJOR", "MINOR", "PATCH"} {
		_, rest, ok := strings.Cut(string(header), "#define NODE_"+part+"_VERSION ")
		number, _, _ := strings.Cut(rest, "\n")
		if !ok {
			return ""
		}
		parts = append(parts, strings.TrimSpace(number))
	}
	return strings.Join(parts, ".")
}

// npmVersion reads the version from npm's own package.json, and gives nothing where
// that is not to be found: npm takes a third of a second to start.
func npmVersion(path string) string {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return ""
	}
	src, err := os.ReadFile(filepath.Join(filepath.Dir(path), "..", "package.json"))
	var pkg struct{ Name, Version string }
	if err != nil || json.Unmarshal(src, &pkg) != nil || pkg.Name != "npm" {
		return ""
	}
	return pkg.Version
}

func gitVersion(ctx context.Context, path string) string {
	words := strings.Fields(asked(ctx, path, "--version")) // git version 2.47.1 (and what else a vendor adds)
	if len(words) < 3 {
		return ""
	}
	return words[2]
}

// pythonVersion gives the version and whether virtual environments can be made:
// Debian has ensurepip in a package of its own.
func pythonVersion(ctx context.Context, path string) (version string, complete bool) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		// Where the usual layout is found, nothing has to be started: bin/python3.13, lib/python3.13.
		if v, ok := strings.CutPrefix(filepath.Base(real), "python"); ok && len(numbers(v)) == 2 {
			lib := filepath.Join(filepath.Dir(real), "..", "lib", "python"+v)
			if there(filepath.Join(lib, "os.py")) {
				return v, there(filepath.Join(lib, "ensurepip", "__init__.py"))
			}
		}
	}
	const code = "import sys, importlib.util as u; print(sys.version.split()[0], all(map(u.find_spec, ('ensurepip', 'venv'))))"
	version, found, _ := strings.Cut(asked(ctx, path, "-I", "-S", "-c", code), " ")
	return version, found == "True"
}

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
