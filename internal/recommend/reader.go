package recommend

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// reader turns a criteria file into Criteria and gathers what is wrong with it.
// Its methods record a finding and go on with a harmless value, so that one run
// shows all findings.
type reader struct {
	diag.List
	c        *Criteria
	sections []string // keys
	headings []string // of the sections
	scale    map[int]bool
	places   map[int]diag.Pos // of the statements
	unused   map[int]bool     // statements that are explained instead of cited
	cited    map[int]bool
	tests    int // in the conditions so far

	// of a team's file; merger is nil without one
	*merger
	team  string   // its name
	taken []string // keys that no question can have
}

func newReader() *reader {
	return &reader{
		c:      &Criteria{statements: map[int]Statement{}, constraints: -1},
		scale:  map[int]bool{},
		places: map[int]diag.Pos{},
		unused: map[int]bool{},
		cited:  map[int]bool{},
	}
}

// failed records the findings of err and reports whether there are any.
func (rd *reader) failed(err error) bool {
	var e *diag.Error
	if !errors.As(err, &e) {
		return err != nil
	}
	for _, f := range e.Findings {
		rd.Add(f.Pos, f.Hint, "%s", f.Text)
	}
	return true
}

// record is a mapping of known keys.
type record struct {
	rd  *reader
	at  diag.Pos
	has map[string]strictyaml.Node
}

// record reads a mapping of the given keys; one that ends in ? may be missing.
func (rd *reader) record(n strictyaml.Node, keys ...string) record {
	r := record{rd, n.Pos(), map[string]strictyaml.Node{}}
	fields, err := n.Fields()
	if rd.failed(err) {
		return r
	}
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = strings.TrimSuffix(k, "?")
	}
	for _, f := range fields {
		r.has[f.Key] = f.Value
		if !slices.Contains(names, f.Key) {
			rd.Add(f.At, diag.DidYouMean(f.Key, names), "unknown key %q", f.Key)
		}
	}
	for i, k := range keys {
		if _, ok := r.has[names[i]]; !ok && k == names[i] {
			rd.Add(r.at, "", "the key %q is missing", k)
		}
	}
	return r
}

func (r record) text(key string) string {
	if n, ok := r.has[key]; ok {
		return r.rd.text(n)
	}
	return ""
}

func (r record) key(key string) string {
	if n, ok := r.has[key]; ok {
		return r.rd.key(n)
	}
	return ""
}

// number reads a whole number from low to high; low if the key is missing.
func (r record) number(key string, low, high int) int {
	n, ok := r.has[key]
	if !ok {
		return low
	}
	i, err := n.Int()
	if r.rd.failed(err) {
		return low
	}
	if i < low || i > high {
		r.rd.Add(n.Pos(), "", "%s is %d, but must be from %d to %d", key, i, low, high)
		return low
	}
	return i
}

func (r record) flag(key string) bool {
	n, ok := r.has[key]
	if !ok {
		return false
	}
	b, err := n.Bool()
	r.rd.failed(err)
	return b
}

func (r record) items(key string) []strictyaml.Node {
	if n, ok := r.has[key]; ok {
		return r.rd.items(n)
	}
	return nil
}

// cites reads a list of statement numbers. A source, for a rule that the team made
// itself, becomes a statement of its own, so that it is told wherever others are.
func (r record) cites() []int {
	cites := []int{}
	for _, n := range r.items("cites") {
		i, err := n.Int()
		if r.rd.failed(err) {
			continue
		}
		if _, ok := r.rd.c.statements[i]; !ok || i > maxStatement {
			r.rd.Add(n.Pos(), "", "there is no statement %d", i)
		}
		r.rd.cited[i] = true
		cites = append(cites, i)
	}
	if text := r.text("source"); text != "" {
		cites = append(cites, r.rd.own(text))
	}
	return cites
}

// mustCite does the same where a rule needs something to rest on.
func (r record) mustCite() []int {
	_, cites := r.has["cites"]
	if _, source := r.has["source"]; !cites && !source {
		r.rd.Add(r.at, `give cites: [...], or source: "..." for a rule of your own`, "the rule rests on nothing")
	}
	return r.cites()
}

// maxStatement is the highest number of a statement of the article; own sources
// are numbered from there.
const maxStatement = 9_999

// own gives the number of the statement that stands for a source of the team.
func (rd *reader) own(source string) int {
	n := maxStatement + 1
	for ; rd.c.statements[n].Section != ""; n++ {
		if rd.c.statements[n].Section == source {
			return n
		}
	}
	rd.c.statements[n] = Statement{Number: n, Section: source, Side: "both", Strength: "strong", Text: "The team's own rule says so"}
	return n
}

// condition reads the condition under key; without one it is otherwise.
func (r record) condition(key string, s scope, otherwise op) condition {
	if n, ok := r.has[key]; ok {
		return r.rd.condition(n, s)
	}
	return condition{op: otherwise}
}

func (rd *reader) items(n strictyaml.Node) []strictyaml.Node {
	items, err := n.Items()
	rd.failed(err)
	return items
}

// maxText is enough for a sentence; longer ones would not fit on a screen.
const maxText = 200

// text reads one line that is safe to print on a terminal.
func (rd *reader) text(n strictyaml.Node) string {
	s, err := n.Text()
	switch {
	case rd.failed(err):
	case strings.TrimSpace(s) == "":
		rd.Add(n.Pos(), "", "the text is empty")
	case utf8.RuneCountInString(s) > maxText:
		rd.Add(n.Pos(), "", "the text is longer than %d characters", maxText)
	case strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		rd.Add(n.Pos(), "use one line of visible characters", "the text holds a line break or an invisible character")
	}
	return s
}

// key reads a name that stands in files, flags and JSON.
func (rd *reader) key(n strictyaml.Node) string {
	s, err := n.Text()
	if !rd.failed(err) && !isKey(s) {
		rd.Add(n.Pos(), "use a-z, 0-9, _ and -, with a letter first", "%q is not a key", s)
	}
	return s
}

func isKey(s string) bool {
	odd := func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789_-", r) }
	return s != "" && len(s) <= 64 && s[0] >= 'a' && s[0] <= 'z' && !strings.ContainsFunc(s, odd)
}

// oneOf reads a word and gives its place in words, 0 if it is not there.
func (rd *reader) oneOf(n strictyaml.Node, what string, words []string) int {
	s, err := n.Text()
	if rd.failed(err) {
		return 0
	}
	i := slices.Index(words, s)
	if i < 0 && !rd.still(n.Pos(), s) {
		rd.Add(n.Pos(), diag.DidYouMean(s, words), "%q is not a known %s", s, what)
	}
	return max(i, 0)
}

// unique records a finding if key was there before.
func (rd *reader) unique(at diag.Pos, seen map[string]bool, key string) {
	if seen[key] {
		rd.Add(at, "", "the key %q is used twice", key)
	}
	seen[key] = true
}
