package verify

import (
	"context"
	"os"
	"runtime"
)

// Shell runs a command line of the user's own in a folder, by the shell of the system
// (sh -c, on Windows cmd /C), with everything that it starts, and gives the end of its
// output. The error says in words that follow the command how it failed.
func Shell(ctx context.Context, dir, line string) ([]string, error) {
	argv := []string{"sh", "-c", line}
	if runtime.GOOS == "windows" {
		argv = []string{"cmd", "/C", line}
	}
	return run(ctx, dir, os.Environ(), argv)
}

// Task runs a program with its arguments, without a shell and without input, in a
// folder, with everything that it starts. Results are those of Shell.
func Task(ctx context.Context, dir string, argv []string) ([]string, error) {
	return run(ctx, dir, os.Environ(), argv)
}
