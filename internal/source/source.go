// Package source is where template packs come from: folders of this machine and
// repositories that git can reach. It gives the files of a pack with the pin that
// names exactly these bytes, and the same bytes again for a pin.
//
// Everything that it reads is hostile until shown otherwise: only regular files are
// read, nothing beyond the limits of a pack, and repositories as objects that are
// never checked out.
package source

import (
	"context"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
)

// Store gives packs.
type Store struct{}

// Open gives the pack as it is now.
func (st *Store) Open(ctx context.Context, s Spec) (*pack.Tree, error) {
	if !s.IsFolder() {
		return nil, diag.New(diag.Usage, "", "repositories are not read yet")
	}
	return openFolder(ctx, s)
}

func openFolder(ctx context.Context, s Spec) (*pack.Tree, error) {
	files, err := readFolder(ctx, s)
	if err != nil {
		return nil, err
	}
	return pack.NewTree(s.String(), "", files)
}

// OpenPin gives exactly the bytes that pin names, or an error.
func (st *Store) OpenPin(ctx context.Context, pin pack.Pin) (*pack.Tree, error) {
	s, err := Parse(pin.Source, nil)
	if err != nil {
		return nil, err
	}
	t, err := st.Open(ctx, s)
	if err == nil && t.Pin.Digest != pin.Digest {
		return nil, diag.New(diag.Refused, "", "the template pack %s has changed: it was %s and is %s", s, pin.Digest, t.Pin.Digest)
	}
	return t, err
}
