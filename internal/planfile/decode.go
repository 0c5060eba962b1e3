package planfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
)

const again = "plan again, or get the file again as stackinit plan wrote it"

// Decode reads the plan in src, which came from the file of that name. A file that is
// no plan at all is an error of kind Usage. A plan that is damaged, changed or unsafe
// is one of kind Refused: like a pack, it comes from somewhere else and is not trusted
// before it is checked.
func Decode(file string, src []byte) (*Plan, error) {
	if len(src) > MaxBytes {
		return nil, refused(file, "", "the file is larger than %d MiB", MaxBytes>>20)
	}
	if err := checkSchema(file, src); err != nil {
		return nil, err
	}
	if n := parts(src); n > maxParts {
		return nil, refused(file, again, "it has %d brackets and commas; a plan of %d files has fewer than %d", n, maxFiles, maxParts)
	}
	var j planJSON
	if err := json.Unmarshal(src, &j); err != nil {
		return nil, syntax(file, src, err)
	}
	p, err := j.plan()
	if err != nil {
		return nil, refused(file, again, "%w", err)
	}
	if err := p.check(file); err != nil {
		return nil, err
	}
	if err := unchanged(file, src, &j, p); err != nil {
		return nil, err
	}
	return p, nil
}

// Digest is the digest in the bytes that Encode gave.
func Digest(encoded []byte) string {
	_, rest, _ := bytes.Cut(encoded, []byte(digestKey))
	digest, _, _ := bytes.Cut(rest, []byte(`"`))
	return string(digest)
}

// checkSchema tells a plan from all other files. It reads no further than the first
// key, which in a plan is the schema.
func checkSchema(file string, src []byte) error {
	dec := json.NewDecoder(bytes.NewReader(src[:min(len(src), 4096)]))
	var head [3]json.Token
	for i := range head {
		head[i], _ = dec.Token() // a nil token is not what is looked for
	}
	schema, _ := head[2].(string)
	switch {
	case head[0] != json.Delim('{') || head[1] != "schema" || !strings.HasPrefix(schema, "stackinit.plan/"):
		err := diag.New(diag.Usage, "give a file that stackinit plan wrote", "this is no plan")
		err.Findings[0].Pos.File = file
		return err
	case schema != Schema:
		err := diag.New(diag.Usage, "use the stackinit that made the plan, or a newer one", "its schema is %q; this stackinit reads %q", shown(schema), Schema)
		err.Findings[0].Pos.File = file
		return err
	}
	return nil
}

// parts counts what stands between the strings of a JSON text: each may become a value
// many times its size.
func parts(src []byte) (n int) {
	for quoted, i := false, 0; i < len(src); i++ {
		switch c := src[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case !quoted && (c == '{' || c == '[' || c == ','):
			n++
		}
	}
	return n
}

// syntax says where the JSON is broken, or a value of another type.
func syntax(file string, src []byte, err error) error {
	at, text := len(src), err.Error()
	var s *json.SyntaxError
	var u *json.UnmarshalTypeError
	switch {
	case errors.As(err, &s):
		at, text = int(s.Offset), s.Error()
		if at >= len(src) {
			text = "the file ends too early"
		}
	case errors.As(err, &u):
		at, text = int(u.Offset), fmt.Sprintf("%s: %s does not belong here", u.Field, u.Value)
	}
	return placed(file, src, max(at-1, 0), "%s", text)
}

// placed is refused with line and column of the byte at that offset.
func placed(file string, src []byte, at int, format string, args ...any) error {
	before := src[:min(at, len(src))]
	err := diag.New(diag.Refused, again, format, args...)
	err.Findings[0].Pos = diag.Pos{File: file, Line: 1 + bytes.Count(before, []byte("\n")), Col: len(before) - bytes.LastIndexByte(before, '\n')}
	return err
}

// unchanged holds the plan against its digests, and the file against the one form
// that a plan has. A file of the project that was changed is named.
func unchanged(file string, src []byte, j *planJSON, p *Plan) error {
	for i, f := range j.Files {
		if f.SHA256 != p.Files[i].sum() {
			return refused(file, again, "the plan was changed: files[%d] %q does not have the sha256 that stands beside it", i, shown(f.Path))
		}
	}
	c := comparer{src: src, digest: j.Digest, sum: sha256.New()}
	if bug := p.write(&c); bug != nil {
		return bug
	}
	digest := "sha256:" + hex.EncodeToString(c.sum.Sum(nil))
	if c.at == len(src) && len(c.other) == 0 {
		if j.Digest == digest {
			return nil
		}
		return refused(file, again, "the plan was changed after it was made: its digest is %q, and its bytes give %q", shown(j.Digest), digest)
	}
	is, should := line(src, c.at), line(slices.Concat(src[max(0, c.at-1000):c.at], c.other), min(c.at, 1000))
	if is == should {
		return placed(file, src, c.at, "a plan has one form: spaces or line ends were changed")
	}
	return placed(file, src, c.at, "a plan has one form: here stands %s where stackinit writes %s", is, should)
}

// comparer holds what is written against a file, and gives the digest of it. A copy of a
// large plan to compare with would take as much memory again.
type comparer struct {
	src    []byte
	digest string // that stands in the file, whatever it is worth
	at     int    // how far the two are the same
	other  []byte // how it goes on where they are not
	sum    hash.Hash
	begun  bool
}

func (c *comparer) Write(b []byte) (int, error) {
	rest := b
	if !c.begun { // the digest stands in what comes first
		c.begun = true
		at := digestAt(b)
		c.sum.Write(b[:at])
		rest = b[at+len(noDigest):]
		if len(c.digest) == len(noDigest) {
			b = slices.Concat(b[:at], []byte(c.digest), rest)
		}
	}
	c.sum.Write(rest)
	for i := 0; len(c.other) == 0 && i < len(b); i++ {
		if c.at == len(c.src) || c.src[c.at] != b[i] {
			c.other = bytes.Clone(b[i:min(len(b), i+1000)]) // as much as a message shows
			break
		}
		c.at++
	}
	return len(b), nil
}

// line is the line around an offset, as far as a message can show it.
func line(b []byte, at int) string {
	start := max(bytes.LastIndexByte(b[:min(at, len(b))], '\n')+1, at-40)
	end := bytes.IndexByte(b[start:], '\n')
	if end < 0 {
		end = len(b) - start
	}
	return shown(strings.TrimSpace(strings.ToValidUTF8(string(b[start:start+min(end, 240)]), "?")))
}
