package source

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/stackinit/stackinit/internal/pack"
)

// The cache holds two kinds of files: trees/DIGEST, the files of a pack one behind
// the other, and seen/NAME, which commit and digest a source had when it was last
// fetched. Nothing in it is believed: a tree has to have the digest it is called by.

// memory is what a source was when it was last fetched.
type memory struct{ Source, Commit, Digest string }

func (m memory) pin(s Spec) pack.Pin {
	return pack.Pin{Source: s.String(), Commit: m.Commit, Digest: m.Digest}
}

var (
	errNoCopy  = errors.New("there is no copy of it")
	errDamaged = errors.New("its copy was damaged and has been thrown away")
)

// cached gives the tree that pin names.
func (st *Store) cached(pin pack.Pin) (*pack.Tree, error) {
	if st.Cache == "" {
		return nil, errNoCopy
	}
	name := st.treeFile(pin.Digest)
	src, err := readLimited(name, pack.MaxTree+pack.MaxFiles*(maxPath+32))
	if err != nil {
		return nil, errNoCopy
	}
	if files, ok := decode(src); ok {
		if t, err := pack.NewTree(pin.Source, pin.Commit, files); err == nil && t.Pin == pin {
			return t, nil
		}
	}
	_ = os.Remove(name) // what stays is refused the next time as well
	return nil, errDamaged
}

// keep puts a tree into the cache. A pack in hand is worth more than its copy: if
// there can be none, people are told, and that is all.
func (st *Store) keep(t *pack.Tree) {
	if st.Cache == "" {
		return
	}
	if err := replace(st.treeFile(t.Pin.Digest), encode(t.Files)); err != nil {
		st.say("no copy of %s could be kept: %v", t.Pin.Source, err)
	}
}

func (st *Store) treeFile(digest string) string {
	return filepath.Join(st.Cache, "trees", strings.TrimPrefix(digest, "sha256:"))
}

// seenFile is where it is remembered what a source was. The login is no part of it.
func (st *Store) seenFile(s Spec) string {
	sum := sha256.Sum256([]byte(s.commit + " " + s.String()))
	return filepath.Join(st.Cache, "seen", hex.EncodeToString(sum[:]))
}

// remember records what the source is, and the same for its commit by itself.
func (st *Store) remember(s Spec, pin pack.Pin) {
	if st.Cache == "" {
		return
	}
	for _, s := range []Spec{s, s.At(pin.Commit)} {
		text, err := json.Marshal(memory(pin))
		if err == nil {
			err = replace(st.seenFile(s), text)
		}
		if err != nil {
			return // keep has told it
		}
	}
}

// recall gives what the source was when it was last fetched.
func (st *Store) recall(s Spec) (m memory, ok bool) {
	if st.Cache == "" {
		return m, false
	}
	src, _ := readLimited(st.seenFile(s), 10_000) // what cannot be read is no JSON either
	if json.Unmarshal(src, &m) != nil {
		return m, false
	}
	return m, m.Source == s.String() && isCommit(m.Commit) && isDigest(m.Digest) && (s.commit == "" || s.commit == m.Commit)
}

// encode puts files one behind the other: lengths, path, bytes.
func encode(files []pack.SourceFile) []byte {
	var b bytes.Buffer
	for _, f := range files {
		fmt.Fprintf(&b, "%d %d\n%s", len(f.Path), len(f.Body), f.Path)
		b.Write(f.Body)
	}
	return b.Bytes()
}

// decode is the inverse of encode for any input; what it gives is still to be held
// against a digest.
func decode(src []byte) (files []pack.SourceFile, ok bool) {
	for len(src) > 0 {
		line, _, found := bytes.Cut(src[:min(len(src), 40)], []byte("\n"))
		var name, body int
		if _, err := fmt.Sscanf(string(line), "%d %d", &name, &body); !found || err != nil {
			return nil, false
		}
		src = src[len(line)+1:]
		if name < 0 || body < 0 || body > len(src)-name || len(files) > pack.MaxFiles {
			return nil, false
		}
		files = append(files, pack.SourceFile{Path: string(src[:name]), Body: src[name : name+body : name+body]})
		src = src[name+body:]
	}
	return files, true
}

// readLimited reads a regular file of at most that many bytes.
func readLimited(name string, most int64) ([]byte, error) {
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() || info.Size() > most {
		return nil, cmp.Or(err, errDamaged)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // opened for reading: nothing to lose
	return io.ReadAll(io.LimitReader(f, most))
}

// replace writes a file beside its place and renames it, so that it is there whole or
// not at all. The cache is its owner's alone: packs may be private.
func replace(name string, body []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	if err = cmp.Or(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
