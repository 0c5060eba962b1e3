package pack

import (
	"errors"
	"os"
	"testing"

	"github.com/stackinit/stackinit/internal/diag"
)

// FuzzFromTree: whatever stands in a manifest and whatever its one file is called, it
// is read or refused, with a reason that has a place or names the file.
func FuzzFromTree(f *testing.F) {
	for _, example := range []string{"acme-service", "go-tool"} {
		src, err := os.ReadFile("../../examples/packs/" + example + "/" + ManifestFile)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src), "template/README.md.tmpl")
	}
	for _, more := range []string{
		"extends: {pack: gh:a/b, digest: sha256:00}", "min_stackinit: 1.2", "criteria: ../x", "tasks: [[a, b]]", "policy: {only: {ci: [x]}}",
		"questions:\n  a: {type: int, validate: {min: 1, max: 2}, default: 3}", "files: [{path: \"{a,b}\", each: x}]", "delimiters: [{path: a, left: '<<', right: '>>'}]",
		"computed: {x: '{{ .y }}'}", "a: &a [*a]", "message_after_copy: |\n  x",
	} {
		f.Add("schema: stackinit.pack/v1\nname: x\ndescription: y\n"+more+"\n", "template/a")
	}
	f.Fuzz(func(t *testing.T, manifest, file string) {
		tree, err := NewTree("x", "", []SourceFile{{Path: ManifestFile, Body: []byte(manifest)}, {Path: file, Body: []byte("x")}})
		if err != nil {
			t.Fatal(err)
		}
		l, err := FromTree(tree)
		if err != nil {
			var e *diag.Error
			if !errors.As(err, &e) || e.Kind != diag.Refused {
				t.Fatalf("%q: %v", manifest, err)
			}
			return
		}
		if l.Name == "" || l.Pin.Digest == "" {
			t.Errorf("%q gives a pack without a name or digest", manifest)
		}
		for _, q := range l.Questions {
			if q.Check != nil {
				_ = q.Check("x") // must not panic
			}
		}
	})
}
