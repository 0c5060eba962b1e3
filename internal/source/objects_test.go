package source

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"

	"github.com/stackinit/stackinit/internal/diag"
)

// put adds an object and gives its hash.
func (all objects) put(kind plumbing.ObjectType, body string) plumbing.Hash {
	hash := plumbing.ComputeHash(kind, []byte(body))
	all[hash] = rawObject{kind, []byte(body)}
	return hash
}

// Objects that git would never have made, as a server may send them.
func TestBrokenObjects(t *testing.T) {
	all := objects{}
	blob := all.put(plumbing.BlobObject, "x")
	missing := strings.Repeat("ab", 20)
	raw := func(hash string) string { b, _ := hex.DecodeString(hash); return string(b) }
	treeOf := func(body string) string { return "tree " + all.put(plumbing.TreeObject, body).String() + "\n" }
	for name, c := range map[string]struct{ commit, words string }{
		"no tree":         {"author A\n", "gh:a/b has no tree"},
		"no hash":         {"tree master\n", "gh:a/b has no tree"},
		"hash alone":      {strings.TrimPrefix(treeOf(""), "tree "), "gh:a/b has no tree"},
		"missing tree":    {"tree " + missing + "\n", "the repository has no tree"},
		"blob for a tree": {"tree " + blob.String() + "\n", "the repository has no tree"},
		"no NUL":          {treeOf("100644 f"), "a tree of the repository is broken"},
		"no mode":         {treeOf("100644f\x00" + raw(missing)), "a tree of the repository is broken"},
		"short mode":      {treeOf("644 f\x00" + raw(missing)), "a tree of the repository is broken"},
		"short hash":      {treeOf("100644 f\x00abc"), "a tree of the repository is broken"},
		"slash":           {treeOf("100644 a/b\x00" + raw(blob.String())), `"a/b": its path leads out`},
		"missing blob":    {treeOf("100644 f\x00" + raw(missing)), `"f": the repository has no blob`},
		"missing folder":  {treeOf("40000 d\x00" + raw(missing)), `"d": the repository has no tree`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := all.files(Spec{repo: "gh:a/b"}, all.put(plumbing.CommitObject, c.commit).String())
			failsAs(t, err, diag.Refused, c.words)
		})
	}
	good := all.put(plumbing.CommitObject, treeOf("100644 f\x00"+raw(blob.String()))).String()
	for _, dir := range []string{"none", "f", "none/x"} {
		_, err := all.files(Spec{repo: "gh:a/b", dir: dir}, good)
		failsAs(t, err, diag.Usage, "has no folder")
	}
	_, err := all.files(Spec{repo: "gh:a/b"}, blob.String())
	failsAs(t, err, diag.Refused, "names no commit")
}

// All objects together are bounded, by what they declare.
func TestSumOfObjects(t *testing.T) {
	u := &unpacker{spec: Spec{repo: "gh:a/b"}, all: objects{}}
	failsAs(t, u.count(maxObject+1), diag.Refused, "an object of 67108865 bytes")
	u.total = 0
	failsAs(t, u.count(-1), diag.Refused, "an object of -1 bytes")
	u.total = 0
	for range maxUnpacked / maxObject {
		if err := u.count(maxObject); err != nil {
			t.Fatal(err)
		}
	}
	failsAs(t, u.count(1), diag.Refused, "134217729 in all")
	u.total = maxUnpacked
	base := u.all.put(plumbing.BlobObject, "hello")
	_, _, err := u.patched(&packfile.ObjectHeader{Type: plumbing.REFDeltaObject, Reference: base}, []byte("\x05\x05\x90\x05"))
	failsAs(t, err, diag.Refused, "134217733 in all")
}
