package source

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
)

// What is remembered counts only for its own source, and for its commit.
func TestRecall(t *testing.T) {
	st := &Store{Cache: t.TempDir()}
	commit, digest := strings.Repeat("a", 40), "sha256:"+strings.Repeat("b", 64)
	s := parse(t, "gh:a/b@v1")
	for name, c := range map[string]struct {
		of   Spec
		says memory
		ok   bool
	}{
		"right":          {s, memory{"gh:a/b@v1", commit, digest}, true},
		"its commit":     {s.At(commit), memory{"gh:a/b@v1", commit, digest}, true},
		"another source": {s, memory{"gh:a/c@v1", commit, digest}, false},
		"another commit": {s.At(strings.Repeat("c", 40)), memory{"gh:a/b@v1", commit, digest}, false},
		"no commit":      {s, memory{"gh:a/b@v1", "../x", digest}, false},
		"no digest":      {s, memory{"gh:a/b@v1", commit, "sha256:../../x"}, false},
	} {
		text, err := json.Marshal(c.says)
		if err != nil {
			t.Fatal(err)
		}
		write(t, st.seenFile(c.of), string(text))
		if m, ok := st.recall(c.of); ok != c.ok || ok && m != c.says {
			t.Errorf("%s: %+v, %t", name, m, ok)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, src := range []string{"x\n", "1\n", "1 1", "1 1\n", "5 0\nab", "1 5\nab", "-1 1\nabc", "0 -1\nab", "99999999999999999999 0\n", strings.Repeat("0 0\n", pack.MaxFiles+2)} {
		if files, ok := decode([]byte(src)); ok {
			t.Errorf("%.20q gives %d files", src, len(files))
		}
	}
}

// Without a cache nothing is looked up or written where the program happens to run.
func TestNoCacheIsNotTheWorkingFolder(t *testing.T) {
	st := &Store{Cache: t.TempDir()}
	s := parse(t, "gh:a/b@v1")
	tree, err := pack.NewTree(s.String(), strings.Repeat("a", 40), []pack.SourceFile{{Path: "a", Body: []byte("x")}})
	if err != nil {
		t.Fatal(err)
	}
	st.keep(tree)
	st.remember(s, tree.Pin)
	if _, err := st.cached(tree.Pin); err != nil {
		t.Fatal(err)
	}
	t.Chdir(st.Cache)
	st.Cache = ""
	if _, err := st.cached(tree.Pin); !errors.Is(err, errNoCopy) {
		t.Errorf("a copy from the working folder: %v", err)
	}
	if m, ok := st.recall(s); ok {
		t.Errorf("recalls %+v", m)
	}
	t.Chdir(t.TempDir())
	st.keep(tree)
	st.remember(s, tree.Pin)
	if left, err := os.ReadDir("."); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
	st.Cache, st.Offline = t.TempDir(), true
	_, err = st.OpenPin(t.Context(), tree.Pin)
	failsAs(t, err, diag.Environment, "there is no copy of it")
}
