package verify

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
)

// nodePackage is the npm package that holds Node itself for this machine, or nothing.
// The package `node` only fetches one of them by a script, which npm may block.
func nodePackage(system, cpu string) string {
	system = map[string]string{"linux": "linux", "darwin": "darwin", "windows": "win"}[system]
	cpu = map[string]string{"amd64": "x64", "arm64": "arm64"}[cpu]
	if system == "" || cpu == "" {
		return ""
	}
	return "node-" + system + "-" + cpu
}

// bringNode gives the folder of Node's program in the user's cache, in which npm puts
// it where it is not yet. Nobody's settings change, and no administrator is needed.
func bringNode(ctx context.Context, cache, version string, env []string) (bin string, output []string, err error) {
	pkg := nodePackage(runtime.GOOS, runtime.GOARCH)
	if pkg == "" {
		return "", nil, diag.New(diag.Environment, "", "npm has no Node for %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	home := filepath.Join(cache, "node-"+version)
	bin = filepath.Join(home, "node_modules", pkg, "bin")
	if runsNode(ctx, bin, version) {
		return bin, nil, nil
	}
	if err := os.MkdirAll(cache, 0o777); err != nil {
		return "", nil, diag.New(diag.Environment, "", "Node cannot be put into the cache: %w", err)
	}
	// Beside its place, and moved there when it is whole; of two runs one is the first.
	staging, err := os.MkdirTemp(cache, "new-")
	if err != nil {
		return "", nil, diag.New(diag.Environment, "", "Node cannot be put into the cache: %w", err)
	}
	defer func() { _ = os.RemoveAll(staging) }() // mostly moved away by now
	output, err = run(ctx, staging, env, []string{
		"npm", "install", "--prefix", staging, "--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--loglevel", "error", pkg + "@" + version,
	})
	if err != nil {
		return "", output, fmt.Errorf("npm cannot get Node %s: %w", version, err)
	}
	staged := filepath.Join(staging, "node_modules", pkg, "bin")
	if !runsNode(ctx, staged, version) {
		return "", output, fmt.Errorf("the Node %s of npm's package %s does not run on this machine", version, pkg)
	}
	if err := os.Rename(staging, home); err != nil && !runsNode(ctx, bin, version) {
		return "", output, fmt.Errorf("the cache does not take Node: %w", err)
	}
	return bin, output, nil
}

// runsNode tells whether there is this version of Node in a folder.
func runsNode(ctx context.Context, bin, version string) bool {
	path, err := lookPath("node", bin)
	return err == nil && strings.TrimPrefix(asked(ctx, path, "--version"), "v") == version
}
