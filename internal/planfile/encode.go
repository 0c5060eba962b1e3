package planfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"time"
	"unicode/utf8"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/plan"
)

// planJSON is the file's form: these keys in this order. What is not known is null.
type planJSON struct {
	Schema    string      `json:"schema"`
	Digest    string      `json:"digest"` // of all bytes of the file, with this one empty
	Stackinit string      `json:"stackinit"`
	Name      string      `json:"name"`
	Stack     string      `json:"stack"`
	Packs     []packJSON  `json:"packs"`
	Commit    *commitJSON `json:"commit"`
	Needs     []needJSON  `json:"needs"`
	Next      []string    `json:"next"`
	After     string      `json:"after,omitempty"`
	Tasks     []taskJSON  `json:"tasks,omitempty"`
	Files     []fileJSON  `json:"files"`
}

type packJSON struct {
	Name   string `json:"name"`
	Source string `json:"source"`
	Commit string `json:"commit,omitempty"`
	Digest string `json:"digest"`
}

type commitJSON struct {
	Message   string      `json:"message"`
	Time      string      `json:"time"` // RFC 3339
	Branch    string      `json:"branch"`
	Author    *personJSON `json:"author"`
	Committer *personJSON `json:"committer"`
}

type personJSON struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

type needJSON struct {
	Tool     string `json:"tool"`
	Oldest   string `json:"oldest,omitempty"`
	Bring    string `json:"bring,omitempty"`
	Optional bool   `json:"optional,omitempty"`
}

type taskJSON struct {
	Pack string   `json:"pack"`
	Argv []string `json:"argv"`
}

// fileJSON has either a body of text or Base64, with its SHA-256, or Pieces.
type fileJSON struct {
	Path   string `json:"path"`
	Mode   string `json:"mode"`
	Source string `json:"source"`
	SHA256 string `json:"sha256,omitempty"`
	pieceJSON
	Pieces []pieceJSON `json:"pieces,omitempty"`
}

// pieceJSON has one of its three.
type pieceJSON struct {
	Text   *string `json:"text,omitempty"`
	Base64 *string `json:"base64,omitempty"` // of what is not UTF-8
	Secret int     `json:"secret,omitempty"`
}

// Encode writes the plan: the same plan as the same bytes on every machine. It refuses
// a plan that Decode would refuse.
func (p *Plan) Encode() ([]byte, error) {
	if err := p.check(""); err != nil {
		return nil, err
	}
	out, err := p.encode()
	if err == nil && len(out) > MaxBytes {
		err = diag.New(diag.Refused, "make the project with stackinit new", "the plan has %d bytes; a plan file has %d MiB at most", len(out), MaxBytes>>20)
	}
	return out, err
}

// digestKey stands before the digest, and noDigest is as long as one.
const (
	digestKey = "\"digest\": \""
	noDigest  = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
)

// encode gives the bytes, with their digest written into its place.
func (p *Plan) encode() ([]byte, error) {
	var out bytes.Buffer
	if bug := p.write(&out); bug != nil {
		return nil, bug
	}
	b := out.Bytes()
	at := digestAt(b)
	sum := sha256.New()
	sum.Write(b[:at])
	sum.Write(b[at+len(noDigest):])
	copy(b[at:], "sha256:"+hex.EncodeToString(sum.Sum(nil)))
	return b, nil
}

// digestAt is where the digest begins. The first one is the plan's: only the schema
// stands before it.
func digestAt(b []byte) int { return bytes.Index(b, []byte(digestKey)) + len(digestKey) }

// write writes the form with room for the digest: first what stands before the files,
// then one file after the other, as a plan may be large.
func (p *Plan) write(w io.Writer) error {
	head, bug := indented("", p.json())
	if bug != nil {
		return bug
	}
	const none = "null\n}\n" // of the files, which stand last
	if _, bug := w.Write(append(bytes.TrimSuffix(head, []byte(none)), "[\n"...)); bug != nil {
		return bug
	}
	for i, f := range p.Files {
		b, bug := indented("  ", f.json())
		if bug != nil {
			return bug
		}
		end := ",\n"
		if i == len(p.Files)-1 {
			end = "\n"
		}
		b = append(append([]byte("  "), bytes.TrimSuffix(b, []byte("\n"))...), end...)
		if _, bug := w.Write(b); bug != nil {
			return bug
		}
	}
	_, bug = io.WriteString(w, " ]\n}\n")
	return bug
}

func indented(prefix string, v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent(prefix, " ")
	err := enc.Encode(v)
	return out.Bytes(), err
}

// json gives the form without its files, with room for the digest.
func (p *Plan) json() planJSON {
	j := planJSON{
		Schema: Schema, Digest: noDigest, Stackinit: p.Stackinit, Name: p.Name, Stack: p.Stack,
		Packs: []packJSON{}, Needs: []needJSON{}, Next: append([]string{}, p.Next...), After: p.After,
	}
	for _, k := range p.Packs {
		j.Packs = append(j.Packs, packJSON(k))
	}
	for _, n := range p.Needs {
		j.Needs = append(j.Needs, needJSON(n))
	}
	for _, t := range p.Tasks {
		j.Tasks = append(j.Tasks, taskJSON(t))
	}
	if c := p.Commit; c != nil {
		j.Commit = &commitJSON{c.Message, c.When.Format(time.RFC3339), c.Branch, personOf(c.Author), personOf(c.Committer)}
	}
	return j
}

func personOf(p Person) *personJSON {
	if p == (Person{}) {
		return nil
	}
	j := personJSON(p)
	return &j
}

func (f File) json() fileJSON {
	j := fileJSON{Path: f.Path, Mode: fmt.Sprintf("%04o", f.Mode), Source: f.Source}
	if !f.holdsSecrets() {
		j.SHA256, j.pieceJSON = f.sum(), f.Body[0].json()
		return j
	}
	for _, p := range f.Body {
		j.Pieces = append(j.Pieces, p.json())
	}
	return j
}

func (f File) holdsSecrets() bool { return len(f.Body) != 1 || f.Body[0].Secret != 0 }

// sum is the SHA-256 of the file as it will be, or nothing where that is not known yet.
func (f File) sum() string {
	if f.holdsSecrets() {
		return ""
	}
	s := sha256.Sum256(f.Body[0].Bytes)
	return hex.EncodeToString(s[:])
}

func (p Piece) json() pieceJSON {
	switch {
	case p.Secret != 0:
		return pieceJSON{Secret: p.Secret}
	case utf8.Valid(p.Bytes):
		text := string(p.Bytes)
		return pieceJSON{Text: &text}
	}
	code := base64.StdEncoding.EncodeToString(p.Bytes)
	return pieceJSON{Base64: &code}
}

// plan turns the form into a plan, and keeps no bodies itself. What the form may not hold is an error that names
// the field.
func (j *planJSON) plan() (*Plan, error) {
	p := &Plan{Stackinit: j.Stackinit, Name: j.Name, Stack: j.Stack, Next: j.Next, After: j.After}
	for _, k := range j.Packs {
		p.Packs = append(p.Packs, Pack(k))
	}
	for _, n := range j.Needs {
		p.Needs = append(p.Needs, pack.Need(n))
	}
	for _, t := range j.Tasks {
		p.Tasks = append(p.Tasks, plan.Task(t))
	}
	if c := j.Commit; c != nil {
		when, err := time.Parse(time.RFC3339, c.Time)
		if err != nil {
			return nil, fmt.Errorf("commit: the time %q is not of RFC 3339", shown(c.Time))
		}
		p.Commit = &Commit{Message: c.Message, When: when, Branch: c.Branch, Author: c.Author.person(), Committer: c.Committer.person()}
	}
	p.Files = make([]File, len(j.Files))
	for i, f := range j.Files {
		var err error
		if p.Files[i], err = f.file(); err != nil {
			return nil, fmt.Errorf("files[%d] %q: %w", i, shown(f.Path), err)
		}
		j.Files[i].pieceJSON, j.Files[i].Pieces = pieceJSON{}, nil // one copy of a large plan is enough
	}
	return p, nil
}

func (j *personJSON) person() Person {
	if j == nil {
		return Person{}
	}
	return Person(*j)
}

// modes are those that a file may have.
var modes = map[string]fs.FileMode{"0644": 0o644, "0755": 0o755, "0600": 0o600}

func (j fileJSON) file() (File, error) {
	f := File{Path: j.Path, Source: j.Source, Mode: modes[j.Mode]}
	if f.Mode == 0 {
		return f, fmt.Errorf("the mode is %q; 0644, 0755 and 0600 are allowed", shown(j.Mode))
	}
	all := j.Pieces
	if len(all) == 0 {
		all = []pieceJSON{j.pieceJSON}
	}
	for _, p := range all {
		piece, err := p.piece()
		if err != nil {
			return f, err
		}
		f.Body = append(f.Body, piece)
	}
	return f, nil
}

func (j pieceJSON) piece() (Piece, error) {
	switch {
	case j.Secret != 0:
		return Piece{Secret: j.Secret}, nil
	case j.Base64 != nil:
		b, err := base64.StdEncoding.DecodeString(*j.Base64)
		if err != nil {
			return Piece{}, fmt.Errorf("its base64 cannot be read: %w", err)
		}
		return Piece{Bytes: b}, nil
	case j.Text != nil:
		return Piece{Bytes: []byte(*j.Text)}, nil
	}
	return Piece{}, fmt.Errorf("it has no body: no text, no base64 and no pieces")
}
