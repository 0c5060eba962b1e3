package source

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
)

// files reads the pack's folder of a commit.
func (all objects) files(s Spec, commit string) ([]pack.SourceFile, error) {
	body, err := all.get(plumbing.NewHash(commit), plumbing.CommitObject)
	if err != nil {
		return nil, diag.New(diag.Refused, "", "%q of the template pack %s names no commit", s.ref, s)
	}
	line, _, _ := bytes.Cut(body, []byte("\n"))
	top, ok := strings.CutPrefix(string(line), "tree ")
	if !ok || !isCommit(top) {
		return nil, diag.New(diag.Refused, "", "commit %s of the template pack %s has no tree", commit, s)
	}
	hash := plumbing.NewHash(top)
	if s.dir != "" {
		for name := range strings.SplitSeq(s.dir, "/") {
			if hash, ok = all.folder(hash, name); !ok {
				return nil, noDir(s, commit)
			}
		}
	}
	w := treeWalk{gatherer{spec: s, seen: map[string]bool{}}, all}
	if err := w.list("", hash); err != nil {
		return nil, err
	}
	files := make([]pack.SourceFile, len(w.entries))
	for i, e := range w.entries {
		files[i] = pack.SourceFile{Path: e.path, Body: all[plumbing.NewHash(e.hash)].body}
	}
	return files, nil
}

// folder finds a folder in a tree.
func (all objects) folder(tree plumbing.Hash, name string) (plumbing.Hash, bool) {
	body, _ := all.get(tree, plumbing.TreeObject)
	for len(body) > 0 {
		e, rest, err := nextEntry(body)
		if err != nil {
			break
		}
		if e.path == name && e.mode == folderMode {
			return plumbing.NewHash(e.hash), true
		}
		body = rest
	}
	return plumbing.ZeroHash, false
}

// nextEntry reads an entry of a tree: mode, space, name, NUL, 20 bytes of hash
// (git-hash-object(1) writes no other form).
func nextEntry(tree []byte) (e entry, rest []byte, err error) {
	head, rest, _ := bytes.Cut(tree, []byte{0})
	mode, name, found := strings.Cut(string(head[:min(len(head), 2*maxPath)]), " ")
	if !found || len(rest) < 20 || len(mode) < 5 {
		return e, nil, fmt.Errorf("a tree of the repository is broken")
	}
	if len(mode) == 5 {
		mode = "0" + mode
	}
	return entry{mode: mode, path: name, hash: hex.EncodeToString(rest[:20])}, rest[20:], nil
}

type treeWalk struct {
	gatherer
	all objects
}

// list gathers what is in and below a tree. maxPath ends its depth, and the limits of
// a pack its breadth.
func (w *treeWalk) list(dir string, tree plumbing.Hash) error {
	body, err := w.all.get(tree, plumbing.TreeObject)
	for err == nil && len(body) > 0 {
		var e entry
		if e, body, err = nextEntry(body); err == nil {
			err = w.take(dir, e)
		}
	}
	if err != nil && !isA[*diag.Error](err) {
		return refused(w.spec, dir, "%v", err)
	}
	return err
}

func (w *treeWalk) take(dir string, e entry) error {
	if strings.Contains(e.path, "/") {
		return refused(w.spec, e.path, "its path leads out of the pack")
	}
	if dir != "" {
		e.path = dir + "/" + e.path
	}
	hash := plumbing.NewHash(e.hash)
	blob, err := w.all.get(hash, plumbing.BlobObject)
	e.size = int64(len(blob))
	if why := w.wrong(e); why == "" && e.mode != folderMode && err != nil {
		return refused(w.spec, e.path, "%v", err)
	}
	if err := w.add(e); err != nil || e.mode != folderMode {
		return err
	}
	return w.list(e.path, hash)
}
