package pack_test

import (
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/templates"
)

// reads counts the manifests that are read.
type reads struct {
	fs.FS
	files map[string]int
}

func (r reads) Open(name string) (fs.File, error) {
	r.files[name]++
	return r.FS.Open(name)
}

// The questions of one stack are those that the list of all stacks has, and only
// the manifests of its own chain are read for them.
func TestQuestionsOfOneStack(t *testing.T) {
	stacks, err := pack.Stacks(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stacks {
		counted := reads{templates.FS, map[string]int{}}
		got, err := pack.Questions(counted, s.Name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s.Questions, got); diff != "" {
			t.Errorf("%s: %s", s.Name, diff)
		}
		if len(counted.files) > 4 {
			t.Errorf("%s: these were read: %v", s.Name, counted.files)
		}
	}
	if _, err := pack.Questions(templates.FS, "no-such"); err == nil {
		t.Error("a stack that is not there has questions")
	}
}
