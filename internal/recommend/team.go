package recommend

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// builtIn names the embedded file in findings about a team's.
const builtIn = "built-in criteria.yaml"

// LoadTeam reads a team's file and lays it over the embedded criteria; merger
// says how. taken are keys that other questions have, which answers files hold
// next to those of the criteria. The error is a *diag.Error of kind Usage with
// all findings; each has a place in the team's file, and names the one in the
// embedded file where only both together are wrong.
func LoadTeam(file string, src []byte, taken ...string) (*Criteria, error) {
	team, err := strictyaml.Parse(file, src)
	if err != nil {
		return nil, err
	}
	base, err := strictyaml.Parse(builtIn, embeddedFile)
	if err != nil {
		return nil, fmt.Errorf("the embedded criteria do not load: %w", err)
	}
	m := &merger{removed: map[string]diag.Pos{}, uncited: map[string]diag.Pos{}}
	m.checkTeam(team)
	merged := m.merge("", base, team)
	rd := newReader()
	rd.List, rd.merger, rd.team, rd.taken = m.List, m, file, taken
	c, err := rd.load(merged)
	if err != nil {
		return nil, err
	}
	c.team = slices.Clone(src)
	sum := sha256.Sum256(c.canonical())
	c.identity.SHA256 = hex.EncodeToString(sum[:])
	return c, nil
}

// checkTeam asks for what a team's file must say itself, and keeps it from
// rewording the article: what people cite must stay what the article says.
func (m *merger) checkTeam(team strictyaml.Node) {
	if !team.IsMapping() {
		return // which merge says
	}
	for _, key := range []string{"id", "version"} {
		if !has(team, key) {
			m.Add(team.Pos(), "records name the criteria by id and version; raise the version with each change", "the key %q is missing: a team's criteria need their own", key)
		}
	}
	for _, f := range fieldsOf(team) {
		switch text, _ := f.Value.Text(); {
		case f.Key == "id" && text == Embedded().identity.ID:
			m.Add(f.Value.Pos(), "", "%q is the id of the built-in criteria; give your own", text)
		case f.Key == "article":
			for _, part := range fieldsOf(f.Value) {
				if part.Key != "unused" {
					m.Add(part.At, `give source: "..." where a rule is your own`, "article.%s says what the article says, which a team cannot change", part.Key)
				}
			}
		}
	}
}

// TeamFile gives the bytes of the team's file, nil for the embedded criteria.
func (c *Criteria) TeamFile() []byte { return slices.Clone(c.team) }

// Data gives the whole criteria, merged, as mappings, lists, texts, whole numbers
// and truth values, in the form of the file.
func (c *Criteria) Data() map[string]any {
	all, _ := data(c.root).(map[string]any)
	return all
}

// canonical is the criteria as JSON with sorted keys and without spaces: what two
// files that mean the same have in common, whatever their layout.
func (c *Criteria) canonical() []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(c.Data()) // no error: texts, numbers and truth values in maps and lists
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

func data(n strictyaml.Node) any {
	switch {
	case n.IsMapping():
		all := map[string]any{}
		for _, f := range fieldsOf(n) {
			all[f.Key] = data(f.Value)
		}
		return all
	case n.IsList():
		all := []any{}
		for _, it := range itemsOf(n) {
			all = append(all, data(it))
		}
		return all
	}
	if i, err := n.Int(); err == nil {
		return i
	}
	if b, err := n.Bool(); err == nil {
		return b
	}
	text, _ := n.Text()
	return text
}

// blame leaves out findings in the embedded file, which loads, where there are
// others in the team's: they follow from those. Alone they are told as what is
// wrong with the team's file as a whole.
func (rd *reader) blame(err error) error {
	var e *diag.Error
	if rd.merger == nil || !errors.As(err, &e) {
		return err
	}
	follows := func(f diag.Finding) bool { return f.Pos.File == builtIn }
	if own := slices.DeleteFunc(slices.Clone(e.Findings), follows); len(own) > 0 {
		return &diag.Error{Kind: e.Kind, Findings: own}
	}
	for i, f := range e.Findings {
		e.Findings[i].Text = fmt.Sprintf("with these changes %s no longer fits: %s", f.Pos, f.Text)
		e.Findings[i].Pos = diag.Pos{File: rd.team, Line: 1, Col: 1}
	}
	return e
}

// still records that a place in the embedded file needs what the team took away,
// and reports whether it is so.
func (rd *reader) still(at diag.Pos, word string) bool {
	if rd.merger == nil || at.File != builtIn {
		return false
	}
	gone, ok := rd.removed[word]
	if ok {
		rd.Add(gone, "change that place as well", "%s is taken away here, but %s still needs it", word, at)
	}
	return ok
}
