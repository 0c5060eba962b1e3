//go:build unix

package e2e

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// The benchmarks compare the program with what else would do the same work, in turns
// in the same run, and report the ratio of the medians: `make bench`.

// race runs contestants in turns and reports the median of each in milliseconds
// and the ratio of the first to the second.
func race(b *testing.B, ratio string, names [2]string, contestants [2]func() time.Duration) {
	b.Helper()
	var times [2][]time.Duration
	for i := range b.N + 1 {
		for j, run := range contestants {
			took := run()
			if i > 0 { // the first round is for warming up
				times[j] = append(times[j], took)
			}
		}
	}
	var median [2]float64
	for j, all := range times {
		slices.Sort(all)
		median[j] = float64(all[len(all)/2].Microseconds()) / 1000
		b.ReportMetric(median[j], "ms-"+names[j])
	}
	b.ReportMetric(median[0]/median[1], ratio)
	b.ReportMetric(0, "ns/op") // of both together: says nothing
}

// timed runs a command and gives what it took by the clock.
func timed(b *testing.B, dir string, env []string, args ...string) time.Duration {
	b.Helper()
	return weighed(b, dir, env, args...).took
}

// weighed runs a command and gives all that it took.
func weighed(b *testing.B, dir string, env []string, args ...string) (r ran) {
	b.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, env
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %v\n%s", args, err, out)
	}
	r.took = time.Since(start)
	r.cpu, r.peak = spent(cmd.ProcessState)
	return r
}

// BenchmarkVersion compares the start-up with that of a hello-world in Go.
func BenchmarkVersion(b *testing.B) {
	dir := b.TempDir()
	write(b, filepath.Join(dir, "main.go"), "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello, world\") }\n")
	hello := filepath.Join(dir, "hello")
	run(b, dir, os.Environ(), "go", "build", "-o", hello, "main.go")
	exe := program(b)
	race(b, "×hello-world", [2]string{"version", "hello-world"}, [2]func() time.Duration{
		func() time.Duration { return timed(b, dir, os.Environ(), exe, "version") },
		func() time.Duration { return timed(b, dir, os.Environ(), hello) },
	})
}

// copying is what the command line needs for the same result.
var copying = map[string]string{
	"git":    `cp -r "$1" orders && cd orders && git init --quiet && git add -A && git commit --quiet -m "Make the project"`,
	"no-git": `cp -r "$1" orders`,
}

// BenchmarkNew compares making a project with copying its tree, with and without
// the first commit.
func BenchmarkNew(b *testing.B) {
	tool(b, "git")
	for _, k := range stacks {
		source := made(b, k, "--no-git")
		for _, way := range []string{"git", "no-git"} {
			b.Run(k.stack+"/"+way, func(b *testing.B) {
				env := home(b, ada)
				args := []string{program(b), "new", "orders", "--defaults", "--stack", k.stack}
				if way == "no-git" {
					args = append(args, "--no-git")
				}
				parent := filepath.Join(b.TempDir(), "parent")
				inNewFolder := func(args ...string) time.Duration {
					if err := errors.Join(os.RemoveAll(parent), os.Mkdir(parent, 0o777)); err != nil {
						b.Fatal(err)
					}
					return timed(b, parent, env, args...)
				}
				race(b, "×command-line", [2]string{"new", "command-line"}, [2]func() time.Duration{
					func() time.Duration { return inNewFolder(args...) },
					func() time.Duration { return inNewFolder("sh", "-ec", copying[way], "sh", source) },
				})
			})
		}
	}
}
