package gitrepo

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/idxfile"
	"github.com/go-git/go-git/v5/plumbing/format/index"
	"github.com/go-git/go-git/v5/plumbing/hash"
	"github.com/klauspost/compress/zlib"

	"github.com/stackinit/stackinit/internal/workers"
)

// object is one of git's objects.
type object struct {
	kind plumbing.ObjectType
	body []byte
	hash plumbing.Hash
}

func newObject(kind plumbing.ObjectType, body []byte) object {
	return object{kind, body, plumbing.ComputeHash(kind, body)}
}

// stage makes the blobs of files, in their order, and git's index of them: the
// file .git/index, with the stats that let git see that no file has changed.
func stage(files []File) (blobs []object, encoded []byte, err error) {
	idx := &index.Index{Version: 2}
	blobs = make([]object, 0, len(files))
	for _, f := range files {
		blob := newObject(plumbing.BlobObject, f.Body)
		blobs = append(blobs, blob)
		e := &index.Entry{Name: f.Path, Hash: blob.hash, Mode: modeOf(f), Size: uint32(len(f.Body)), ModifiedAt: f.Info.ModTime()}
		addStat(e, f.Info)
		idx.Entries = append(idx.Entries, e)
	}
	var buf bytes.Buffer
	err = index.NewEncoder(&buf).Encode(idx)
	return blobs, buf.Bytes(), err
}

func modeOf(f File) filemode.FileMode {
	if f.Mode&0o100 != 0 {
		return filemode.Executable
	}
	return filemode.Regular
}

// folder is a tree in the making.
type folder struct {
	entries []entry
	sub     map[string]*folder
}

type entry struct {
	name string
	mode filemode.FileMode
	hash plumbing.Hash
}

// makeTrees makes the tree objects of files, whose blobs are in the same order.
func makeTrees(files []File, blobs []object) (root plumbing.Hash, trees []object) {
	top := &folder{}
	for i, f := range files {
		dir, rest := top, f.Path
		for {
			name, below, deeper := strings.Cut(rest, "/")
			if !deeper {
				dir.entries = append(dir.entries, entry{name, modeOf(f), blobs[i].hash})
				break
			}
			dir, rest = dir.child(name), below
		}
	}
	root = top.encode(&trees)
	return root, trees
}

func (d *folder) child(name string) *folder {
	if d.sub == nil {
		d.sub = map[string]*folder{}
	}
	if d.sub[name] == nil {
		d.sub[name] = &folder{}
	}
	return d.sub[name]
}

// encode adds the trees below d and its own to trees, and gives the hash of the
// latter. Git sorts the entries of a tree as if folders ended in a slash.
func (d *folder) encode(trees *[]object) plumbing.Hash {
	for name, sub := range d.sub {
		d.entries = append(d.entries, entry{name, filemode.Dir, sub.encode(trees)})
	}
	slices.SortFunc(d.entries, func(a, b entry) int { return cmp.Compare(a.sortName(), b.sortName()) })
	var body []byte
	for _, e := range d.entries {
		body = fmt.Appendf(body, "%o %s\x00", uint32(e.mode), e.name)
		body = append(body, e.hash[:]...)
	}
	tree := newObject(plumbing.TreeObject, body)
	*trees = append(*trees, tree)
	return tree.hash
}

func (e entry) sortName() string {
	if e.mode == filemode.Dir {
		return e.name + "/"
	}
	return e.name
}

// encodePack gives a packfile of objects (gitformat-pack(5)) in pieces, its index and
// its checksum, which names both files. Objects that are given twice are stored once.
//
// go-git's own encoder would do, and takes five times as long: it compresses at
// zlib's default level on one core, and an index needs the pack to be read back.
func encodePack(objects []object) (pack [][]byte, idx []byte, sum plumbing.Hash, err error) {
	objects = slices.Clone(objects)
	slices.SortFunc(objects, func(a, b object) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), bytes.Compare(a.hash[:], b.hash[:])) // commits, trees, blobs
	})
	objects = slices.CompactFunc(objects, func(a, b object) bool { return a.hash == b.hash })
	entries, err := encodeEntries(objects)
	if err != nil {
		return nil, nil, sum, err
	}
	writer := &idxfile.Writer{}
	if err := writer.OnHeader(uint32(len(objects))); err != nil {
		return nil, nil, sum, err
	}
	head := binary.BigEndian.AppendUint32([]byte("PACK\x00\x00\x00\x02"), uint32(len(objects)))
	pack = slices.Concat([][]byte{head}, entries)
	h, at := hash.New(hash.CryptoType), len(head)
	_, _ = h.Write(head) // a hash never fails
	for i, e := range entries {
		writer.Add(objects[i].hash, uint64(at), crc32.ChecksumIEEE(e))
		_, _ = h.Write(e)
		at += len(e)
	}
	copy(sum[:], h.Sum(nil))
	pack = append(pack, sum[:])

	if err := writer.OnFooter(sum); err != nil {
		return nil, nil, sum, err
	}
	mem, err := writer.Index()
	if err != nil {
		return nil, nil, sum, err
	}
	var buf bytes.Buffer
	_, err = idxfile.NewEncoder(&buf).Encode(mem)
	return pack, buf.Bytes(), sum, err
}

// encodeEntries compresses objects for a pack, on all cores.
func encodeEntries(objects []object) ([][]byte, error) {
	entries := make([][]byte, len(objects))
	err := workers.Each(len(objects), 64, func() func(int) error {
		// The fastest level, and klauspost's zlib, which takes half the time of
		// the standard library's: lock files make up most of a project, and git
		// packs them again when it first collects garbage.
		z, err := zlib.NewWriterLevel(nil, zlib.BestSpeed)
		var buf bytes.Buffer
		return func(i int) error {
			if err == nil {
				entries[i], err = encodeEntry(z, &buf, objects[i])
			}
			return err
		}
	})
	return entries, err
}

// encodeEntry is a pack's entry of one object: its type and size (four bits of it,
// then seven a byte, low ones first), then its compressed body.
func encodeEntry(z *zlib.Writer, buf *bytes.Buffer, o object) ([]byte, error) {
	buf.Reset()
	size := len(o.body)
	b := byte(o.kind)<<4 | byte(size&0x0f)
	for size >>= 4; size > 0; size >>= 7 {
		buf.WriteByte(b | 0x80)
		b = byte(size & 0x7f)
	}
	buf.WriteByte(b)
	z.Reset(buf)
	_, err := z.Write(o.body)
	err = cmp.Or(err, z.Close())
	return bytes.Clone(buf.Bytes()), err
}
