package pack

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Files that are named verbatim keep their endings and their names; others of the same
// kind are templates as ever.
func TestVerbatimFiles(t *testing.T) {
	l, err := FromTree(tree(t, `verbatim: ["a.tmpl", 'x/\{\{ b \}\}.txt', "helm/**"]`+"\n", map[string]string{
		"template/a.tmpl": "1", "template/b.tmpl": "2", "template/x/{{ b }}.txt": "3", "template/helm/c/d.tmpl": "4", "template/c.txt": "5",
	}))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][2]bool{} // rendered, verbatim
	for _, f := range l.Files {
		got[f.Path] = [2]bool{f.Rendered, f.Verbatim}
	}
	want := map[string][2]bool{
		"a.tmpl": {false, true}, "b": {true, false}, "x/{{ b }}.txt": {false, true}, "helm/c/d.tmpl": {false, true}, "c.txt": {},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if _, err := FromTree(tree(t, "verbatim: [b]\n", map[string]string{"template/b.tmpl": ""})); err == nil {
		t.Error("a glob without the ending names no file, and is accepted")
	}
}
