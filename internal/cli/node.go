package cli

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/stackinit/stackinit/internal/recommend"
)

// minNode is the oldest major version of Node that the starters run on.
const minNode = 24

// nodeCheck looks for Node while the project is being written, since starting
// it takes as long as all of that.
type nodeCheck struct{ found chan string }

func startNodeCheck(ctx context.Context, runtime string) *nodeCheck {
	if runtime != recommend.Node && runtime != recommend.Hybrid {
		return nil
	}
	c := &nodeCheck{found: make(chan string, 1)}
	go func() {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		out, err := exec.CommandContext(ctx, "node", "--version").Output()
		if err != nil {
			out = nil // not installed, or not Node
		}
		c.found <- strings.TrimSpace(string(out))
	}()
	return c
}

// line is what to do about a Node that is missing or too old, or nothing.
func (c *nodeCheck) line(name string) string {
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
		"  npx -y -p node@%d -c 'cd %s && npm ci && npm run dev'", version, minNode, minNode, name)
}
