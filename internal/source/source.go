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
	"errors"
	"fmt"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
)

// Store gives packs, from where they are kept or from the cache.
type Store struct {
	Cache    string        // folder for copies of what came from repositories; empty for none
	Git      string        // path of the git command; without it only public https repositories can be had
	Env      []string      // for git, as os.Environ gives it
	Terminal bool          // somebody is there whom git and ssh may ask for a password
	Offline  bool          // no network: copies only
	Timeout  time.Duration // for one repository; 0 is two minutes
	Say      func(string)  // takes notes and progress for people, a line each; may be nil
}

// Open gives the pack as it is where it is kept. If that cannot be reached, a copy
// of the same tag, branch or commit will do, and a note says so.
func (st *Store) Open(ctx context.Context, s Spec) (*pack.Tree, error) {
	if s.IsFolder() {
		return openFolder(ctx, s)
	}
	if s.commit == "" && isCommit(s.ref) {
		s.commit = s.ref
	}
	was, known := st.recall(s)
	if known && s.commit != "" { // what a commit holds never changes
		if t, err := st.cached(was.pin(s)); err == nil {
			return t, nil
		}
	}
	if st.Offline {
		return st.copyOf(s, was, known, errors.New("this run is to use no network"))
	}
	got, err := st.fetch(ctx, s)
	if err != nil {
		if isA[*unreachable](err) && ctx.Err() == nil {
			return st.copyOf(s, was, known, errors.Unwrap(err))
		}
		return nil, err
	}
	t, err := pack.NewTree(s.String(), got.commit, got.files)
	if err != nil {
		return nil, err
	}
	if known && got.tag && was.Commit != got.commit {
		st.say("the tag %s of %s has moved since it was last used here: it was commit %.12s and is %.12s", s.ref, s.repo, was.Commit, got.commit)
	}
	st.keep(t)
	st.remember(s, t.Pin)
	return t, nil
}

func openFolder(ctx context.Context, s Spec) (*pack.Tree, error) {
	files, err := readFolder(ctx, s)
	if err != nil {
		return nil, err
	}
	return pack.NewTree(s.String(), "", files)
}

// copyOf gives the copy of a pack that cannot be reached.
func (st *Store) copyOf(s Spec, was memory, known bool, why error) (*pack.Tree, error) {
	hint := "go on where there is a network, or name a folder with the pack"
	if !known {
		return nil, diag.New(diag.Environment, hint, "the template pack %s is not at hand and cannot be fetched: %w", s, why)
	}
	t, err := st.cached(was.pin(s))
	if err != nil {
		return nil, diag.New(diag.Environment, hint, "the template pack %s cannot be fetched: %v; %w", s, why, err)
	}
	if !st.Offline {
		st.say("%s cannot be reached (%v); taking the copy of commit %.12s", s, why, was.Commit)
	} else if s.commit == "" {
		st.say("%s: taking the copy of commit %.12s without asking whether it is the newest", s, was.Commit)
	}
	return t, nil
}

// OpenPin gives exactly the bytes that pin names, or an error: of kind Refused where
// the pack is another one now, of kind Environment where it cannot be had.
func (st *Store) OpenPin(ctx context.Context, pin pack.Pin) (*pack.Tree, error) {
	s, err := pinned(pin)
	if err != nil {
		return nil, err
	}
	if s.IsFolder() {
		t, err := openFolder(ctx, s)
		if err == nil && t.Pin.Digest != pin.Digest {
			return nil, diag.New(diag.Refused, "bring the folder back to that state, or take the pack as it is now",
				"the template pack %s has changed since it was recorded: it was %s and is %s", s, pin.Digest, t.Pin.Digest)
		}
		return t, err
	}
	t, damage := st.cached(pin)
	if damage == nil {
		return t, nil
	}
	if st.Offline {
		return nil, diag.New(diag.Environment, "go on where there is a network", "the template pack %s at commit %.12s cannot be fetched without a network; %w", s, pin.Commit, damage)
	}
	got, err := st.fetch(ctx, s)
	if err != nil {
		return nil, err
	}
	if t, err = pack.NewTree(pin.Source, pin.Commit, got.files); err != nil {
		return nil, err
	}
	if t.Pin != pin {
		return nil, diag.New(diag.Refused, "the record was changed, or the server lies", "commit %s of the template pack %s holds %s, and %s is recorded", pin.Commit, s, t.Pin.Digest, pin.Digest)
	}
	st.keep(t)
	st.remember(s, t.Pin)
	return t, nil
}

// pinned reads a pin, which may come from a file that somebody changed.
func pinned(pin pack.Pin) (Spec, error) {
	s, err := Parse(pin.Source, nil)
	if err != nil {
		return s, err
	}
	if !isDigest(pin.Digest) || !s.IsFolder() && !isCommit(pin.Commit) {
		return s, diag.New(diag.Usage, "", "the template pack %s is recorded with commit %q and digest %q, which cannot be", s, pin.Commit, pin.Digest)
	}
	return s.At(pin.Commit), nil
}

// Moved asks the repository of a pin which commit its tag or branch names by now. It
// gives that of the pin if nothing moved, and for folders and commits, which cannot.
func (st *Store) Moved(ctx context.Context, pin pack.Pin) (string, error) {
	s, err := pinned(pin)
	if err != nil || s.IsFolder() || isCommit(s.ref) {
		return pin.Commit, err
	}
	if st.Offline {
		return "", diag.New(diag.Environment, "go on where there is a network", "%s cannot be asked without a network", s)
	}
	s.commit = ""
	return st.ask(ctx, s)
}

func (st *Store) say(format string, args ...any) {
	if st.Say != nil {
		st.Say(fmt.Sprintf(format, args...))
	}
}

// isCommit reports the 40 digits of a commit; git's abbreviations depend on what
// else a repository holds.
func isCommit(s string) bool { return len(s) == 40 && isHex(s) }

func isDigest(s string) bool {
	const scheme = "sha256:"
	return len(s) == len(scheme)+64 && s[:len(scheme)] == scheme && isHex(s[len(scheme):])
}

func isHex(s string) bool {
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'a' || r > 'f') {
			return false
		}
	}
	return true
}
