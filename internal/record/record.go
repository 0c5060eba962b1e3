// Package record is .stackinit.yaml: how a project was made, with everything
// that is needed to render the same bytes again. It holds no secret, since no
// answer is one.
package record

import (
	"bytes"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/strictyaml"
	"go.yaml.in/yaml/v3"
)

// File is where a project keeps its record.
const File = ".stackinit.yaml"

// Schema is the version of the record's form.
const Schema = "stackinit.record/v1"

const heading = `# How stackinit made this project. Keep this file: the same answers and the same
# templates give the same files again.
`

// Record is what stands in the file.
type Record struct {
	Schema    string `yaml:"schema"`
	Stackinit string `yaml:"stackinit"` // version of the program
	Name      string `yaml:"name"`      // of the project
	Date      string `yaml:"date"`      // of the decision, YYYY-MM-DD
	// Pack, Criteria and Decision are missing in a project that was made from
	// template packs alone.
	Pack     Pack     `yaml:"pack,omitempty"`
	Criteria Criteria `yaml:"criteria,omitempty"`
	Decision Decision `yaml:"decision,omitempty"`
	// Templates are the packs of a team on top of the stack, the lowest first.
	Templates []Template `yaml:"templates,omitempty"`
	// Answers are all answers in the order of the questions.
	Answers yaml.Node `yaml:"answers"`
}

// Pack says which templates made the project.
type Pack struct {
	Source string   `yaml:"source"`               // "built-in"
	Name   string   `yaml:"name"`                 // the stack
	Parts  []string `yaml:"parts,omitempty,flow"` // the two stacks of a hybrid
	Digest string   `yaml:"digest"`               // sha256:… over its layers
}

// Template is the pack of a team, pinned to its bytes.
type Template struct {
	Name   string `yaml:"name" json:"name"`
	Source string `yaml:"source" json:"source"`                     // without any login
	Commit string `yaml:"commit,omitempty" json:"commit,omitempty"` // of its repository
	Digest string `yaml:"digest" json:"digest"`
}

// Criteria says by which criteria the choice was made.
type Criteria struct {
	ID      string `yaml:"id"`
	Version int    `yaml:"version"`
	SHA256  string `yaml:"sha256"`
}

// Decision says what was recommended and how the pack's stack was taken.
type Decision struct {
	Recommended string `yaml:"recommended"`      // stack
	DecidedBy   string `yaml:"decided_by"`       // score, constraint, core_needs, tie_break or override
	Reason      string `yaml:"reason,omitempty"` // why another one was taken
	Confirmed   bool   `yaml:"confirmed"`        // by a person, on the review screen
	// DatabaseChosen says that a person chose the database in the interview, which
	// makes its record an accepted one.
	DatabaseChosen bool `yaml:"database_chosen,omitempty"`
}

// SetAnswers puts an answers file into the record.
func (r *Record) SetAnswers(file string) error {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(file), &doc); err != nil {
		return err // a bug: interview writes what YAML cannot read
	}
	if len(doc.Content) > 0 {
		r.Answers = *doc.Content[0]
	}
	return nil
}

// AnswersFile gives the record's answers as an answers file.
func (r *Record) AnswersFile() ([]byte, error) { return yaml.Marshal(&r.Answers) }

// Encode writes the record.
func (r Record) Encode() ([]byte, error) {
	r.Schema = Schema
	out := bytes.NewBufferString(heading)
	enc := yaml.NewEncoder(out)
	enc.SetIndent(2)
	if err := enc.Encode(r); err != nil {
		return nil, err
	}
	return out.Bytes(), enc.Close()
}

// Decode reads a record. Its answers are not held against any question.
func Decode(src []byte) (Record, error) {
	if _, err := strictyaml.Parse(File, src); err != nil {
		return Record{}, err
	}
	var r Record
	dec := yaml.NewDecoder(bytes.NewReader(src))
	dec.KnownFields(true)
	if err := dec.Decode(&r); err != nil {
		return Record{}, diag.New(diag.Usage, "", "%s: %w", File, err)
	}
	if r.Schema != Schema {
		return Record{}, diag.New(diag.Usage, "use the stackinit that made the project, or a newer one", "%s: schema is %q; this stackinit reads %q", File, r.Schema, Schema)
	}
	return r, nil
}
