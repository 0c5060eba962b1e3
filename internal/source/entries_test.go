package source

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
)

// Each rule about the entries of a tree, also those that git keeps by itself.
func TestEntries(t *testing.T) {
	gather := func() *gatherer { return &gatherer{spec: parse(t, "gh:a/b"), seen: map[string]bool{"there": true}} }
	long := strings.Repeat("x", maxPath)
	for e, words := range map[entry]string{
		{mode: "120000", path: "a"}:                         `"a": it is a symbolic link`,
		{mode: "160000", path: "a"}:                         `"a": it is a submodule`,
		{mode: "100000", path: "a"}:                         "it has the mode 100000",
		{mode: "100644", path: ""}:                          "leads out of the pack",
		{mode: "100644", path: "/a"}:                        "leads out of the pack",
		{mode: "100644", path: "a/."}:                       "leads out of the pack",
		{mode: "100644", path: "a/../b"}:                    "leads out of the pack",
		{mode: "040000", path: "a/.GIT"}:                    "leads out of the pack",
		{mode: "100644", path: long + "x"}:                  "more than 1000 bytes",
		{mode: "100644", path: "there"}:                     "it is there twice",
		{mode: "100644", path: "a", size: pack.MaxFile + 1}: "1048577 bytes; 1048576 are the most",
	} {
		failsAs(t, gather().add(e), diag.Refused, words)
	}
	for _, e := range []entry{{mode: "100644", path: long}, {mode: "100755", path: "a/b", size: pack.MaxFile}, {mode: "100664", path: ".gitignore"}, {mode: folderMode, path: "a"}} {
		if err := gather().add(e); err != nil {
			t.Errorf("%+v: %v", e, err)
		}
	}
	g := gather()
	g.total = pack.MaxTree
	failsAs(t, g.add(entry{mode: "100644", path: "a", size: 1}), diag.Refused, "more than 64 MiB")
	for i := range 2*pack.MaxFiles - 1 {
		g.seen[fmt.Sprint(i)] = true
	}
	failsAs(t, g.add(entry{mode: folderMode, path: "b"}), diag.Refused, "more than 40000 files and folders")
}

func TestWordsOfGit(t *testing.T) {
	for _, line := range []string{"", "100644 blob 12", "100644 blob 12 x\ta", "100644 blob 12 5 6\ta"} {
		_, err := parseEntry(line)
		failsAs(t, err, diag.Environment, "git ls-tree printed")
	}
	for said, why := range map[string]string{
		"12 missing\n": "no such object", "12 tree 2\nab\n": "no such object", "12 blob 3\nabc\n": "no such object", "12 blob 2": "no such object", "": "no such object",
		"12 blob 2\na": "shorter than git says", "12 blob 2\nabc\n": "shorter than git says",
	} {
		if b, err := readBlob(bufio.NewReader(strings.NewReader(said)), entry{hash: "12", size: 2}); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q gives %q, %v", said, b, err)
		}
	}
}

func TestObjectThatIsMissing(t *testing.T) {
	st, _ := newStore(t)
	r, err := st.newRepo(parse(t, "gh:a/b"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(r.dir) }() // the system cleans what is left
	_, err = r.read(t.Context(), []entry{{hash: strings.Repeat("ab", 20), path: "a"}})
	failsAs(t, err, diag.Refused, `"a": git has no such object`)
}
