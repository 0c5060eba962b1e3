package pack

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/stackinit/stackinit/internal/diag"
)

// Tree is all files of a pack's folder, as they came from where the pack is kept.
type Tree struct {
	Files []SourceFile // sorted by path
	Pin   Pin
}

// SourceFile is a regular file of a pack.
type SourceFile struct {
	Path string // slash-separated, below the pack's folder
	Body []byte
}

// Pin names exactly these bytes of a pack.
type Pin struct {
	Source string // as a person would write it to get the pack again, without any login
	Commit string // of a git repository, in hexadecimal; empty for a folder
	Digest string // sha256:… over all files; the same for a folder and for a repository
}

// The most that a pack may hold: far more than any template that people wrote, and
// little enough to be read at once.
const (
	MaxFiles = 20_000
	MaxTree  = 64 << 20 // bytes of all files
)

// NewTree sorts the files, holds them against the limits and names their bytes. No
// file system's modes are in a digest: which files are executable, the manifest says.
func NewTree(source, commit string, files []SourceFile) (*Tree, error) {
	if len(files) > MaxFiles {
		return nil, diag.New(diag.Refused, "a pack is a folder of its own; is this one the folder of something else?", "%s holds %d files; %d are the most", source, len(files), MaxFiles)
	}
	slices.SortFunc(files, func(a, b SourceFile) int { return cmp.Compare(a.Path, b.Path) })
	sum, total := sha256.New(), 0
	for _, f := range files {
		if total += len(f.Body); total > MaxTree {
			return nil, diag.New(diag.Refused, "", "%s holds more than %d MiB", source, MaxTree>>20)
		}
		fmt.Fprintf(sum, "%d %s %d\n", len(f.Path), f.Path, len(f.Body))
		sum.Write(f.Body)
	}
	return &Tree{files, Pin{source, commit, "sha256:" + hex.EncodeToString(sum.Sum(nil))}}, nil
}

// File gives the bytes of the file of that path.
func (t *Tree) File(path string) ([]byte, bool) {
	i, ok := slices.BinarySearchFunc(t.Files, path, func(f SourceFile, path string) int { return cmp.Compare(f.Path, path) })
	if !ok {
		return nil, false
	}
	return t.Files[i].Body, true
}
