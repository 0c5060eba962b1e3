package recommend

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// Schema is the format of criteria files that this program reads.
const Schema = "stackinit.criteria/v1"

// Bounds of a criteria file; the embedded one has 8 questions of at most 8 options.
const (
	maxQuestions = 32
	maxOptions   = 32
	maxTicks     = 12 // options of the constraint question: all sets of them are tried
	maxWeight    = 100
	maxEntries   = 100   // of every other list
	maxTests     = 1_000 // in all conditions; the embedded file has about 120
)

// Load reads criteria from src, which came from the file of that name. The error
// is a *diag.Error of kind Usage with all findings and their places.
func Load(file string, src []byte) (*Criteria, error) {
	root, err := strictyaml.Parse(file, src)
	if err != nil {
		return nil, err
	}
	c, err := newReader().load(root)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(src)
	c.identity.SHA256 = hex.EncodeToString(sum[:])
	return c, nil
}

// load reads the whole file.
func (rd *reader) load(root strictyaml.Node) (*Criteria, error) {
	rd.file(root)
	if err := rd.Err(diag.Usage); err != nil {
		return nil, rd.blame(err)
	}
	rd.c.root, rd.c.tests = root, rd.tests
	for i := range rd.c.questions {
		rd.c.questions[i].distinct = rd.c.distinct(i)
	}
	return rd.c, nil
}

// file reads the parts in the order in which they refer to each other, whatever
// their order in the file.
func (rd *reader) file(n strictyaml.Node) {
	r := rd.record(n, "schema", "id", "version", "article", "scale", "thresholds", "questions", "needs", "conflicts",
		"runtime_rules", "tie_break", "stack_rules", "hybrid_components", "contradictions", "tensions")
	if s, ok := r.has["schema"]; ok && r.text("schema") != Schema {
		rd.Add(s.Pos(), "this program reads "+Schema, "unknown schema")
	}
	rd.c.identity.ID = r.key("id")
	rd.c.identity.Version = r.number("version", 1, 1_000_000)
	for _, part := range []struct {
		key  string
		read func(strictyaml.Node)
	}{
		{"article", rd.article},
		{"scale", rd.scaleOf},
		{"thresholds", rd.thresholds},
		{"questions", rd.questions},
		{"needs", rd.needs},
		{"conflicts", rd.conflicts},
		{"tie_break", rd.tieBreak},
		{"runtime_rules", rd.rules},
		{"stack_rules", rd.stackRules},
		{"hybrid_components", rd.components},
		{"contradictions", rd.contradictions},
		{"tensions", rd.tensions},
	} {
		if n, ok := r.has[part.key]; ok {
			part.read(n)
		}
	}
	rd.explained()
}

func (rd *reader) article(n strictyaml.Node) {
	r := rd.record(n, "title", "sections", "statements", "unused")
	rd.c.article = r.text("title")
	for _, f := range rd.fields(r, "sections") {
		rd.sections = append(rd.sections, f.Key)
		rd.headings = append(rd.headings, rd.text(f.Value))
	}
	for _, f := range rd.fields(r, "statements") {
		rd.statement(f)
	}
	for _, f := range rd.fields(r, "unused") {
		i := rd.ordinal(f)
		if _, ok := rd.c.statements[i]; !ok {
			rd.Add(f.At, "", "there is no statement %s", f.Key)
		}
		rd.text(f.Value)
		rd.unused[i] = true
	}
}

// fields gives the members of the mapping under key.
func (rd *reader) fields(r record, key string) []strictyaml.Field {
	n, ok := r.has[key]
	if !ok {
		return nil
	}
	fields, err := n.Fields()
	rd.failed(err)
	return fields
}

// ordinal reads a key that is a number.
func (rd *reader) ordinal(f strictyaml.Field) int {
	i, err := strconv.Atoi(f.Key)
	if err != nil || i < 0 {
		rd.Add(f.At, "", "%q is not a number", f.Key)
	}
	return i
}

// statement reads a line such as 38: [n1, node, strong, "A strong contender ..."].
func (rd *reader) statement(f strictyaml.Field) {
	parts := rd.items(f.Value)
	if len(parts) != 4 {
		rd.Add(f.At, "", "a statement is [section, side, strength, text], found %d parts", len(parts))
		return
	}
	sides := []string{Node, Python, "both", "neither"}
	strengths := []string{"strong", "weak", "conditional"}
	s := Statement{Number: rd.ordinal(f), Text: rd.text(parts[3])}
	if i := rd.oneOf(parts[0], "section", rd.sections); i < len(rd.headings) {
		s.Section = rd.headings[i]
	}
	s.Side = sides[rd.oneOf(parts[1], "side", sides)]
	s.Strength = strengths[rd.oneOf(parts[2], "strength", strengths)]
	rd.c.statements[s.Number] = s
	rd.places[s.Number] = f.At
}

func (rd *reader) scaleOf(n strictyaml.Node) {
	fields, err := n.Fields()
	rd.failed(err)
	for _, f := range fields {
		rd.scale[rd.ordinal(f)] = true
		rd.text(f.Value)
	}
}

func (rd *reader) thresholds(n strictyaml.Node) {
	r := rd.record(n, "close_call_max", "high_min", "high_min_answers")
	t := thresholds{
		closeCallMax:   r.number("close_call_max", 0, 10_000),
		highMin:        r.number("high_min", 0, 10_000),
		highMinAnswers: r.number("high_min_answers", 0, maxQuestions),
	}
	if t.highMin <= t.closeCallMax {
		rd.Add(n.Pos(), "", "high_min must be above close_call_max")
	}
	rd.c.thresholds = t
}

func (rd *reader) questions(n strictyaml.Node) {
	items := rd.items(n)
	if len(items) == 0 || len(items) > maxQuestions {
		rd.Add(n.Pos(), "", "there must be 1 to %d questions, found %d", maxQuestions, len(items))
		return
	}
	seen := map[string]bool{}
	records := make([]record, len(items))
	for i, it := range items {
		records[i] = rd.record(it, "key", "type", "criterion", "weight?", "prompt", "help?", "skip_when?", "options")
		q := rd.question(records[i])
		rd.unique(it.Pos(), seen, q.Key)
		if q.Multi && rd.c.constraints >= 0 {
			rd.Add(it.Pos(), "", "only one question can be of type multi: the one for hard constraints")
		} else if q.Multi {
			rd.c.constraints = i
		}
		rd.c.questions = append(rd.c.questions, q)
	}
	for i, r := range records {
		rd.c.questions[i].skip = r.condition("skip_when", scope{before: i}, never)
	}
}

// reserved are the words of the condition language; no question may have their name.
var reserved = []string{"any", "all", "not", "need", "margin", "runtime", "raw", "lean_of"}

func (rd *reader) question(r record) question {
	q := question{Question: Question{
		Key: r.key("key"), Criterion: r.key("criterion"), Prompt: r.text("prompt"), Help: r.text("help"),
	}}
	types := []string{"single", "multi"}
	if t, ok := r.has["type"]; ok {
		q.Multi = types[rd.oneOf(t, "type", types)] == "multi"
	}
	_, weighted := r.has["weight"]
	switch {
	case slices.Contains(rd.taken, q.Key):
		rd.Add(r.has["key"].Pos(), "choose another key", "a question cannot be named %q: another question of stackinit has that key", q.Key)
	case slices.Contains(reserved, q.Key):
		rd.Add(r.at, "", "a question cannot be named %q, a word of the condition language", q.Key)
	case q.Multi && weighted:
		rd.Add(r.has["weight"].Pos(), "", "a question of type multi holds constraints and has no weight")
	case !q.Multi && !weighted:
		rd.Add(r.at, "", "the key \"weight\" is missing")
	case weighted:
		q.Weight = r.number("weight", 1, maxWeight)
	}
	rd.optionsOf(&q, r)
	return q
}

func (rd *reader) optionsOf(q *question, r record) {
	most := maxOptions
	if q.Multi {
		most = maxTicks
	}
	items := r.items("options")
	if len(items) == 0 || len(items) > most {
		rd.Add(r.at, "", "a question needs 1 to %d options, found %d", most, len(items))
		return
	}
	seen := map[string]bool{}
	for i, it := range items {
		o := rd.option(it, q.Multi)
		rd.unique(it.Pos(), seen, o.Key)
		if o.Key == NotSure {
			q.notSure = 1 << i
		}
		q.Options = append(q.Options, o)
		q.net = append(q.net, q.Weight*(o.Node-o.Python))
	}
	if q.Multi == seen[NotSure] {
		rd.Add(r.at, "", "the option not_sure must be there in every question of type single, and only there")
	}
}

func (rd *reader) option(n strictyaml.Node, multi bool) Option {
	keys := []string{"key", "label", "cites?", "source?"}
	if !multi {
		keys = append(keys, "node", "python", "neutral?")
	}
	r := rd.record(n, keys...)
	o := Option{
		Key: r.key("key"), Label: r.text("label"), Cites: r.cites(), Source: r.text("source"),
		Node: rd.value(r, "node"), Python: rd.value(r, "python"), Neutral: r.flag("neutral"),
	}
	if (o.Neutral || o.Key == NotSure) && o.Node+o.Python > 0 {
		rd.Add(r.at, "", "a neutral option cannot have points")
	}
	rd.traced(r.at, o)
	return o
}

// value reads a value, which must stand on the scale.
func (rd *reader) value(r record, key string) int {
	v := r.number(key, 0, 100)
	if n, ok := r.has[key]; ok && v > 0 && !rd.scale[v] {
		rd.Add(n.Pos(), "", "%s is %d, which the scale does not define", key, v)
	}
	return v
}

// traced asks for a statement behind every point: for that side, or for both.
func (rd *reader) traced(at diag.Pos, o Option) {
	for _, side := range []struct {
		key   string
		value int
	}{{Node, o.Node}, {Python, o.Python}} {
		backs := func(n int) bool {
			s := rd.c.statements[n].Side
			return s == side.key || s == "both"
		}
		if side.value > 0 && !slices.ContainsFunc(o.Cites, backs) {
			rd.Add(at, "cite a statement for that side, or give the source of a rule of your own", "%s scores for %s without a statement", o.Key, side.key)
		}
	}
}

// explained asks that every statement is either cited or listed as unused.
func (rd *reader) explained() {
	for n, at := range rd.places {
		switch {
		case rd.cited[n] && rd.unused[n]:
			rd.Add(at, "", "statement %d is listed as unused, but it is cited", n)
		case !rd.cited[n] && !rd.unused[n]:
			if rd.merger != nil && rd.uncited[strconv.Itoa(n)].Line > 0 {
				at = rd.uncited[strconv.Itoa(n)]
			}
			rd.Add(at, fmt.Sprintf("cite it, or say why not under unused: %d", n), "statement %d is never cited", n)
		}
	}
}
