package source

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"

	"github.com/stackinit/stackinit/internal/diag"
)

// The most that a packfile may hold where all of it stays in memory.
const (
	maxUnpacked = 128 << 20 // bytes of all objects, inflated
	maxObjects  = 100_000
)

// unpacker reads the objects of a packfile by the sizes that they declare, before
// anything is inflated. An object is found by the hash of what it holds, so that
// what a server adds or changes is never looked at.
type unpacker struct {
	ctx   context.Context
	spec  Spec
	from  *packfile.Scanner
	all   objects
	at    map[int64]plumbing.Hash // by place in the packfile
	total int64
}

// objects are the objects of a repository.
type objects map[plumbing.Hash]rawObject

type rawObject struct {
	kind plumbing.ObjectType
	body []byte
}

// get gives the bytes of an object of that kind.
func (all objects) get(hash plumbing.Hash, kind plumbing.ObjectType) ([]byte, error) {
	if o, ok := all[hash]; ok && o.kind == kind {
		return o.body, nil
	}
	return nil, fmt.Errorf("the repository has no %s %.12s", kind, hash)
}

func unpack(ctx context.Context, s Spec, from io.Reader) (objects, error) {
	u := &unpacker{ctx, s, packfile.NewScanner(from), objects{}, map[int64]plumbing.Hash{}, 0}
	_, count, err := u.from.Header()
	if err != nil {
		return nil, err
	}
	if count > maxObjects {
		return nil, u.tooLarge("%d objects", count)
	}
	for range count {
		if err := u.next(); err != nil {
			return nil, err
		}
	}
	_, err = u.from.Checksum()
	return u.all, err
}

func (u *unpacker) tooLarge(format string, args ...any) error {
	return diag.New(diag.Refused, "with git installed more is taken", "the template pack %s is refused: its repository holds "+format, append([]any{u.spec}, args...)...)
}

// next reads one object, and what it becomes if it is the difference to another.
func (u *unpacker) next() error {
	if u.ctx.Err() != nil {
		return context.Cause(u.ctx)
	}
	h, err := u.from.NextObjectHeader()
	if err != nil {
		return err
	}
	if err := u.count(h.Length); err != nil {
		return err
	}
	var body bytes.Buffer
	if _, _, err := u.from.NextObject(&body); err != nil {
		return err
	}
	kind, raw := h.Type, body.Bytes()
	if kind.IsDelta() {
		if kind, raw, err = u.patched(h, raw); err != nil {
			return err
		}
	}
	hash := plumbing.ComputeHash(kind, raw)
	u.all[hash], u.at[h.Offset] = rawObject{kind, raw}, hash
	return nil
}

// count adds the bytes that an object declares to the sum.
func (u *unpacker) count(size int64) error {
	if u.total += size; size < 0 || size > maxObject || u.total > maxUnpacked {
		return u.tooLarge("an object of %d bytes, %d in all so far", size, u.total)
	}
	return nil
}

// patched applies the difference to the object that it is one to.
func (u *unpacker) patched(h *packfile.ObjectHeader, delta []byte) (kind plumbing.ObjectType, raw []byte, err error) {
	of := h.Reference
	if h.Type == plumbing.OFSDeltaObject {
		of = u.at[h.OffsetReference]
	}
	base, ok := u.all[of]
	if !ok {
		return 0, nil, errors.New("the server sent the change of an object and not the object")
	}
	// A difference begins with the sizes before and after (gitformat-pack(5)).
	_, n := binary.Uvarint(delta)
	after, m := binary.Uvarint(delta[max(n, 0):])
	if n <= 0 || m <= 0 {
		return 0, nil, packfile.ErrInvalidDelta
	}
	if err := u.count(int64(after)); err != nil {
		return 0, nil, err
	}
	raw, err = packfile.PatchDelta(base.body, delta)
	return base.kind, raw, err
}
