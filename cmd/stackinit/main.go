// Command stackinit interviews you about a new back end, recommends NodeJS or
// Python with its reasons, and makes a project that runs.
package main

import (
	"os"

	"github.com/stackinit/stackinit/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
