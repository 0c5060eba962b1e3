package render

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"
	"text/template/parse"
)

// smallFile is like the files of the 10,000-file pack: 34 lines, ten
// substitutions, a condition and a loop.
var smallFile = func() string {
	var b strings.Builder
	for i := range 34 {
		fmt.Fprintf(&b, "line %d of a file that stands for code in the starter\n", i)
		if i%4 == 0 {
			b.WriteString("const name = \"{{ .name }}\"; // {{ .n }}\n")
		}
	}
	b.WriteString("{{ if .on }}on{{ else }}off{{ end }}\n{{ range .list }}- {{ . | upper }}\n{{ end }}")
	return b.String()
}()

// BenchmarkFiles is parsing and rendering, by one worker and by all; ns/op is wall
// time for each file.
func BenchmarkFiles(b *testing.B) {
	for _, workers := range []int{1, runtime.GOMAXPROCS(0)} {
		b.Run(fmt.Sprint(workers), func(b *testing.B) {
			b.ReportAllocs()
			p := &Partials{budget: NewBudget(context.Background())}
			p.budget.most = math.MaxInt64
			var wg sync.WaitGroup
			for range workers {
				wg.Go(func() {
					r := p.Renderer(someValues)
					for range b.N / workers {
						p.budget.written.Store(0)
						if _, err := r.File(File{Name: "f", Source: smallFile}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wg.Wait()
		})
	}
}

// BenchmarkRenderer is what one more worker costs.
func BenchmarkRenderer(b *testing.B) {
	p, err := Load(map[string]string{"a": smallFile, "b": smallFile}, NewBudget(context.Background()))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		p.Renderer(someValues)
	}
}

// BenchmarkLoop is execution alone: what counting adds shows here.
func BenchmarkLoop(b *testing.B) {
	src := `{{ range 1000 }}{{ $.name }} {{ if $.on }}{{ $.n }}{{ end }}{{ end }}`
	for _, counted := range []bool{true, false} {
		b.Run(fmt.Sprint(counted), func(b *testing.B) {
			r := renderer(b, nil)
			r.budget.most = math.MaxInt64
			t, err := parseTree(File{Name: "f", Source: src}, fileKey, r.budget, r.fixed)
			if err != nil {
				b.Fatal(err)
			}
			if loop := t.tree.Root.Nodes[0].(*parse.RangeNode); !counted {
				loop.List.Nodes = loop.List.Nodes[1:]
			}
			tmpl, err := r.root.AddParseTree(fileKey, t.tree)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				r.out = &bytes.Buffer{}
				if err := tmpl.Execute(r.out, someValues); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
