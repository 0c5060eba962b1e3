//go:build unix

package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// workload writes a pack of that many files, the values that the floor needs for it, and
// gives the bytes that come out: 7 of 10 files are templates with some ten substitutions,
// a condition and a loop, in folders of eight, the rest is copied. A seed makes it the same
// everywhere.
func workload(b *testing.B, dir string, files int) (rendered int) {
	b.Helper()
	rng := rand.New(rand.NewPCG(20261129, uint64(files)))
	line := func() string {
		words := strings.Fields("cache client cursor digest event filter index lease ledger queue record route scope token trace worker")
		word := func() string { return words[rng.IntN(len(words))] }
		return fmt.Sprintf("\t%s.%s(ctx, %q, %d)\n", word(), word(), word(), rng.IntN(4096))
	}
	const head = "// {{ .module }} of {{ .owner }} by {{ .team }}\nimport \"example.org/{{ .module }}/{{ .owner }}\"\n{{ if .metrics }}count(\"{{ .module }}\")\n{{ end }}{{ range .services }}serve(\"{{ . }}\")\n{{ end }}const Name = \"{{ .module | upper }}\"\n"
	for i := range files {
		lines := 10 + rng.IntN(60)
		var text strings.Builder
		for range lines {
			text.WriteString(line())
		}
		name, body := fmt.Sprintf("area%02d/part%03d/file%05d.go", i/64%40, i/8, i), text.String()
		if i%10 < 7 {
			name, body = fmt.Sprintf("area%02d/{{ .module }}_%03d/file%05d.go.tmpl", i/64%40, i/8, i), head+body
		}
		rendered += len(body)
		path := filepath.Join(dir, "template", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			b.Fatal(err)
		}
		write(b, path, body)
	}
	write(b, filepath.Join(dir, "stackinit.yaml"), `schema: stackinit.pack/v1
name: workload
description: What the benchmark makes
questions:
  module: {prompt: Module, default: ledger, validate: {match: "[a-z]+"}}
  owner: {prompt: Owner, default: acme, validate: {match: "[a-z]+"}}
  team: {prompt: Team, default: platform, validate: {match: "[a-z]+"}}
  metrics: {type: bool, prompt: Metrics, default: true}
  services: {prompt: Services, multiselect: true, choices: [api, worker, mailer], default: [api, worker, mailer]}
`)
	values, err := json.Marshal(map[string]any{"module": "ledger", "owner": "acme", "team": "platform", "metrics": true, "services": []string{"api", "worker", "mailer"}})
	if err != nil {
		b.Fatal(err)
	}
	write(b, filepath.Join(dir, "values.json"), string(values))
	return rendered
}

// BenchmarkPack compares making a project from a pack with the floor (processor time)
// and, with repository and first commit, with copying the result and the git command
// line (time by the clock). spare-MiB is the peak of memory beyond twice the bytes.
func BenchmarkPack(b *testing.B) {
	tool(b, "git")
	// The peak of a process cannot be read below that of the one that started it.
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	floor := filepath.Join(b.TempDir(), "floor")
	run(b, ".", os.Environ(), "go", "build", "-o", floor, "./testdata/floor")
	for _, files := range []int{30, 300, 10_000} {
		pack := b.TempDir()
		rendered := workload(b, pack, files)
		env := append(home(b, ada), "GIT_AUTHOR_NAME=Ada Lovelace", "GIT_AUTHOR_EMAIL=ada@example.com")
		parent := filepath.Join(b.TempDir(), "parent")
		peak := int64(0)
		inNewFolder := func(args ...string) ran {
			if err := errors.Join(os.RemoveAll(parent), os.Mkdir(parent, 0o777)); err != nil {
				b.Fatal(err)
			}
			return weighed(b, parent, env, args...)
		}
		ours := func(more ...string) ran {
			r := inNewFolder(append([]string{program(b), "new", "orders", "--defaults", "--template", pack}, more...)...)
			peak = max(peak, r.peak)
			return r
		}
		b.Run(fmt.Sprintf("%d/no-git", files), func(b *testing.B) {
			race(b, "×floor-cpu", [2]string{"new", "floor"}, [2]func() time.Duration{
				func() time.Duration { return ours("--no-git").cpu },
				func() time.Duration {
					return inNewFolder(floor, pack, filepath.Join(pack, "values.json"), "orders").cpu
				},
			})
		})
		ours("--no-git")
		source := filepath.Join(b.TempDir(), "source")
		if err := os.Rename(filepath.Join(parent, "orders"), source); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("%d/git", files), func(b *testing.B) {
			race(b, "×command-line", [2]string{"new", "command-line"}, [2]func() time.Duration{
				func() time.Duration { return ours().took },
				func() time.Duration { return inNewFolder("sh", "-ec", copying["git"], "sh", source).took },
			})
			b.ReportMetric(float64(peak-2*int64(rendered))/(1<<20), "spare-MiB")
		})
	}
}
