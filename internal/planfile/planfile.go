// Package planfile is a plan as a file: everything that a project will be, so that
// one machine can plan it, people can look at it, and another machine can make
// exactly that.
//
// A plan has one form. Encode writes it, and Decode takes nothing else: not a byte
// may differ, so duplicate keys, other spellings and trailing data need no rule each.
// The digest in it finds damage and slips; it proves nothing about who wrote the
// file, since anybody can compute one. What a plan may hold is therefore checked as
// strictly as if a stranger had sent it.
//
// No secret stands in a plan. Where a file holds one, the plan has a reference in
// its place, as a piece of its own between pieces of text, so that no text can be
// taken for one; the value is drawn when the project is made.
package planfile

import (
	"bytes"
	"io/fs"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/plan"
)

// Schema is the version of the form.
const Schema = "stackinit.plan/v1"

// Plan is a project before it is written, without its secrets.
type Plan struct {
	Stackinit string // version of the program that planned
	Name      string
	Stack     string
	Packs     []Pack  // that it is made from
	Commit    *Commit // nil: no repository
	Needs     []pack.Need
	Next      []string
	After     string      // what the packs of a team say when the project is made
	Tasks     []plan.Task // what they would run in it
	Files     []File      // sorted by path
}

// Pack names the templates that a project is made from.
type Pack struct{ Name, Source, Commit, Digest string }

// Commit is the first commit, as far as it is known when a project is planned.
type Commit struct {
	Message           string
	When              time.Time // to the second; its zone is part of the commit
	Branch            string
	Author, Committer Person
}

// Person is who is named in a commit; the zero Person is whoever applies the plan.
type Person struct{ Name, Email string }

// File is one file of the project.
type File struct {
	Path   string
	Mode   fs.FileMode
	Source string
	Body   []Piece // one piece, but for files with secrets
}

// Piece is a run of bytes, or the place of a secret.
type Piece struct {
	Bytes  []byte
	Secret int // its number, from 1; 0 for bytes
}

// maxSecrets is far more than any pile of layers asks for.
const maxSecrets = 64

// Make plans a project by build, which gets the secrets from the function that it is
// given; draw makes a new one.
//
// A template could do more with a secret than print it: cut it, encode it, choose by
// it. What comes of that would be a secret in the file, and no reference to one. So
// the project is planned a second time with other secrets, and if then anything but
// the secrets is different, it is refused.
func Make(build func(secret func() string) (*plan.Plan, error), draw func() string) (*plan.Plan, []File, error) {
	made, files, drawn, err := once(build, draw)
	if err != nil || len(drawn) == 0 {
		return made, files, err
	}
	other, again, _, err := once(build, draw)
	if err != nil {
		return nil, nil, err
	}
	path, same := compare(files, again)
	if same && made.After != other.After {
		path, same = "message_after_copy", false
	}
	if !same {
		return nil, nil, diag.New(diag.Refused, "make the project with stackinit new, or let the template print the secret as it is",
			"%s depends on a secret in another way than by holding it, and no plan file may hold what comes of a secret", path)
	}
	return made, files, nil
}

func once(build func(secret func() string) (*plan.Plan, error), draw func() string) (*plan.Plan, []File, []string, error) {
	var drawn []string
	made, err := build(func() string {
		drawn = append(drawn, draw())
		return drawn[len(drawn)-1]
	})
	if err != nil {
		return nil, nil, nil, err
	}
	files := make([]File, len(made.Files))
	for i, f := range made.Files {
		files[i] = File{Path: f.Path, Mode: f.Mode, Source: f.Source, Body: pieces(f.Body, drawn)}
	}
	return made, files, drawn, nil
}

// pieces cuts a body where one of the secrets stands.
func pieces(body []byte, secrets []string) (all []Piece) {
	for {
		at, which := -1, 0
		for i, s := range secrets {
			if j := bytes.Index(body, []byte(s)); j >= 0 && (at < 0 || j < at) {
				at, which = j, i
			}
		}
		if at < 0 {
			break
		}
		if at > 0 {
			all = append(all, Piece{Bytes: body[:at]})
		}
		all = append(all, Piece{Secret: which + 1})
		body = body[at+len(secrets[which]):]
	}
	if len(body) > 0 || len(all) == 0 {
		all = append(all, Piece{Bytes: body})
	}
	return all
}

// compare gives the first path at which two lists of files differ.
func compare(a, b []File) (path string, same bool) {
	for i, f := range a {
		if i >= len(b) || !f.equal(b[i]) {
			return f.Path, false
		}
	}
	if len(b) > len(a) {
		return b[len(a)].Path, false
	}
	return "", true
}

func (f File) equal(g File) bool {
	if f.Path != g.Path || f.Mode != g.Mode || len(f.Body) != len(g.Body) {
		return false
	}
	for i, p := range f.Body {
		if p.Secret != g.Body[i].Secret || !bytes.Equal(p.Bytes, g.Body[i].Bytes) {
			return false
		}
	}
	return true
}

// Project gives the plan of the project with new secrets: draw is called once for
// each that a file refers to.
func (p *Plan) Project(draw func() string) *plan.Plan {
	made := &plan.Plan{Name: p.Name, Stack: p.Stack, Next: p.Next, Needs: p.Needs, After: p.After, Tasks: p.Tasks}
	if p.Commit != nil {
		made.Message = p.Commit.Message
	}
	secrets := map[int]string{}
	for _, f := range p.Files {
		file := plan.File{Path: f.Path, Mode: f.Mode, Source: f.Source, Secret: plan.MayHoldSecrets(f.Path)}
		for _, piece := range f.Body {
			if piece.Secret == 0 {
				file.Body = append(file.Body, piece.Bytes...)
				continue
			}
			if secrets[piece.Secret] == "" {
				secrets[piece.Secret] = draw()
			}
			file.Body = append(file.Body, secrets[piece.Secret]...)
		}
		made.Files = append(made.Files, file)
	}
	return made
}
