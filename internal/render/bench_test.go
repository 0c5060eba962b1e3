package render

import (
	"fmt"
	"strings"
	"testing"
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

func BenchmarkOld(b *testing.B) {
	b.ReportAllocs()
	var r *Renderer
	i := 0
	for b.Loop() {
		if i%5000 == 0 {
			r = renderer(b, nil)
		}
		i++
		if _, err := r.File(File{Name: "f", Source: smallFile}); err != nil {
			b.Fatal(err)
		}
	}
}
