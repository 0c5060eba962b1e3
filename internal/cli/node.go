package cli

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/stackinit/stackinit/internal/recommend"
)

// minNode is the oldest major version of Node that the starters run on.
const minNode = 24

// nodeCheck looks for Node while the project is being made.
type nodeCheck struct{ found chan string }

func startNodeCheck(ctx context.Context, runtime string) *nodeCheck {
	if runtime != recommend.Node && runtime != recommend.Hybrid {
		return nil
	}
	c := &nodeCheck{found: make(chan string, 1)}
	go func() { c.found <- nodeVersion(ctx) }()
	return c
}

// nodeVersion gives v24.1.0, or nothing where there is no Node.
func nodeVersion(ctx context.Context) string {
	path, err := exec.LookPath("node")
	if err != nil {
		return ""
	}
	if v := headerVersion(path); v != "" {
		return v
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return "" // not Node, or broken
	}
	return strings.TrimSpace(string(out))
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
	version := "v"
	for i, part := range []string{"MAJOR", "MINOR", "PATCH"} {
		_, rest, ok := strings.Cut(string(header), "#define NODE_"+part+"_VERSION ")
		number, _, _ := strings.Cut(rest, "\n")
		if !ok {
			return ""
		}
		if i > 0 {
			version += "."
		}
		version += strings.TrimSpace(number)
	}
	return version
}

// line is what to do about a Node that is missing or too old, or nothing. next are
// the commands that start the project.
func (c *nodeCheck) line(name string, next []string) string {
	if c == nil {
		return ""
	}
	version := <-c.found
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	n, err := strconv.Atoi(major)
	switch {
	case version == "":
		return fmt.Sprintf("Node is not installed; the project needs version %d or newer", minNode)
	case err != nil || n >= minNode:
		return ""
	}
	return fmt.Sprintf("Node %s is too old: the project needs %d or newer. To try it anyway:\n"+
		"  npx -y -p node@%d -c 'cd %s && %s'", version, minNode, minNode, name, strings.Join(next, " && "))
}
