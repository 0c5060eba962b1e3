package recommend

import (
	"slices"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// merger lays a team's file over the embedded one. Every value of the result
// keeps the place where it was written, so that findings name the right file.
//
//   - A mapping is merged by key; null takes a key away (RFC 7396).
//   - A list whose entries have a key is merged by that key: an entry changes the
//     one of its key, or is new; remove: true takes one away.
//   - Everything else is replaced as a whole: texts, numbers, conditions (when,
//     skip_when), the steps of the tie-break, lists of words and numbers.
type merger struct {
	diag.List
	removed map[string]diag.Pos // keys that the team took away, and where
	uncited map[string]diag.Pos // statements of a list that the team replaced, and where
}

// merge gives the value under name, base with team laid over it.
func (m *merger) merge(name string, base, team strictyaml.Node) strictyaml.Node {
	switch {
	case name == "when" || name == "skip_when":
	case base.IsMapping() && team.IsMapping():
		return m.mapping(base, team)
	case team.IsList() && keyed(base):
		return m.list(name, base, team)
	case base.IsMapping():
		m.Add(team.Pos(), "", "expected keys and values, found %s", team.What())
		return base
	case keyed(base):
		m.Add(team.Pos(), "", "expected a list, found %s", team.What())
		return base
	}
	m.gone(name, base, team.Pos())
	return team
}

func (m *merger) mapping(base, team strictyaml.Node) strictyaml.Node {
	fields, changes := fieldsOf(base), fieldsOf(team)
	for _, ch := range changes {
		i := slices.IndexFunc(fields, func(f strictyaml.Field) bool { return f.Key == ch.Key })
		switch {
		case i < 0 && ch.Value.IsNull():
			m.Add(ch.Value.Pos(), "null takes a key away", "there is no %q to take away", ch.Key)
		case i < 0:
			fields = append(fields, ch)
		case ch.Value.IsNull():
			m.removed[ch.Key] = ch.At
			m.gone(ch.Key, fields[i].Value, ch.At)
			fields = slices.Delete(fields, i, i+1)
		default:
			fields[i] = strictyaml.Field{Key: ch.Key, At: ch.At, Value: m.merge(ch.Key, fields[i].Value, ch.Value)}
		}
	}
	return team.WithFields(fields)
}

// entry is an item of a team's list, split into what it says and what is to be
// done with it.
type entry struct {
	at     diag.Pos
	key    string
	body   strictyaml.Node // without the words below
	remove bool
	before strictyaml.Node // the key of the entry that a new one goes in front of
	placed bool            // before is given
	nth    int             // which of several entries of that key; 0: not said
}

func (m *merger) entry(it strictyaml.Node) entry {
	e := entry{at: it.Pos(), body: it, key: keyOf(it)}
	rest := []strictyaml.Field{}
	for _, f := range fieldsOf(it) {
		switch f.Key {
		case "remove":
			on, err := f.Value.Bool()
			if e.remove = true; err != nil || !on {
				m.Add(f.Value.Pos(), "leave it out, or write remove: true", "remove can only be true")
			}
		case "before":
			e.before, e.placed = f.Value, true
		case "nth":
			i, err := f.Value.Int()
			if e.nth = i; err != nil || i < 1 {
				m.Add(f.Value.Pos(), "1 is the first", "nth counts the entries of one key, and is %s", f.Value.What())
			}
		default:
			rest = append(rest, f)
		}
	}
	if e.key == "" {
		return e // the reader finds the fault
	}
	if e.remove && len(rest) > 1 {
		m.Add(e.at, "remove: true stands beside the key alone", "%s cannot be changed and taken away at once", e.key)
	}
	if (e.remove || e.nth > 0) && e.placed {
		m.Add(e.before.Pos(), "", "before places a new entry, and this one is not new")
	}
	e.body = it.WithFields(rest)
	return e
}

// list merges a list whose entries have keys. Several rules may name the same
// stack, so a key alone need not say which entry of such a list is meant.
func (m *merger) list(name string, base, team strictyaml.Node) strictyaml.Node {
	items, seen := itemsOf(base), map[string]bool{}
	stacks := slices.Contains(runtimeKeys[:rTie], name) // stack_rules and hybrid_components
	for _, it := range itemsOf(team) {
		e := m.entry(it)
		found := m.matches(items, e)
		switch {
		case e.placed && (stacks || len(found) == 0):
			if i := m.find(items, e.before); i >= 0 {
				items = slices.Insert(items, i, e.body)
			}
			continue
		case e.placed:
			m.Add(e.before.Pos(), "leave before out to change it", "%s is there already, and before places a new entry", e.key)
			continue
		case len(found) > 1:
			first, second := items[found[0]].Pos(), items[found[1]].Pos()
			m.Add(e.at, "say which with nth: 1 or nth: 2, or add a rule with before: KEY",
				"%d entries are named %s (%s and %s), and it is not said which one is meant", len(found), e.key, first, second)
			continue
		case len(found) == 0 && (e.remove || e.nth > 0):
			m.Add(e.at, diag.DidYouMean(e.key, keysOf(items)), "there is no such entry %q", e.key)
			continue
		}
		if seen[e.key] && e.nth == 0 && e.key != "" {
			m.Add(e.at, "", "the key %q is used twice", e.key)
			continue
		}
		seen[e.key] = seen[e.key] || e.nth == 0
		items = m.put(name, items, found, e)
	}
	return team.WithItems(items)
}

// put changes or takes away the one entry found, or adds a new one.
func (m *merger) put(name string, items []strictyaml.Node, found []int, e entry) []strictyaml.Node {
	switch {
	case len(found) == 0:
		return slices.Insert(items, len(items)-last(name, items, e), e.body)
	case !e.remove:
		items[found[0]] = m.merge("", items[found[0]], e.body)
		return items
	case e.key == NotSure:
		m.Add(e.at, "people must be able to leave a question open", "not_sure cannot be taken away")
		return items
	}
	m.removed[e.key] = e.at
	m.gone("", items[found[0]], e.at)
	return slices.Delete(items, found[0], found[0]+1)
}

// last is how many entries stay behind a new one without before: not_sure, and
// the entry that ends a decision list, unless the new one is to end it.
func last(name string, items []strictyaml.Node, e entry) int {
	if len(items) == 0 {
		return 0
	}
	end := items[len(items)-1]
	decides := name == "runtime_rules" || slices.Contains(runtimeKeys[:rTie], name)
	if keyOf(end) == NotSure || decides && !has(end, "when") && has(e.body, "when") {
		return 1
	}
	return 0
}

// matches gives the places of the entries that e can mean.
func (m *merger) matches(items []strictyaml.Node, e entry) []int {
	found := []int{}
	for i, it := range items {
		if e.key != "" && keyOf(it) == e.key {
			found = append(found, i)
		}
	}
	if e.nth > len(found) {
		return nil
	}
	if e.nth > 0 {
		return found[e.nth-1 : e.nth]
	}
	return found
}

// find gives the place of the first entry of that key, -1 with a finding if there is none.
func (m *merger) find(items []strictyaml.Node, key strictyaml.Node) int {
	text, err := key.Text()
	keys := keysOf(items)
	i := slices.Index(keys, text)
	if err != nil || i < 0 {
		m.Add(key.Pos(), diag.DidYouMean(text, keys), "there is no entry %s to stand before", key.What())
		return -1
	}
	return i
}

// gone notes the statements that a value cited which is no longer there.
func (m *merger) gone(name string, n strictyaml.Node, at diag.Pos) {
	for _, f := range fieldsOf(n) {
		m.gone(f.Key, f.Value, at)
	}
	for _, it := range itemsOf(n) {
		if text, err := it.Text(); err == nil && name == "cites" {
			m.uncited[text] = at
		}
		m.gone(name, it, at)
	}
}

// keyed reports whether n is a list of entries that have a key.
func keyed(n strictyaml.Node) bool {
	items := itemsOf(n)
	return len(items) > 0 && !slices.ContainsFunc(items, func(it strictyaml.Node) bool { return keyOf(it) == "" })
}

// keyOf is the key of an entry, empty without one.
func keyOf(n strictyaml.Node) string {
	for _, f := range fieldsOf(n) {
		if f.Key == "key" {
			text, _ := f.Value.Text()
			return text
		}
	}
	return ""
}

func keysOf(items []strictyaml.Node) []string {
	keys := make([]string, len(items))
	for i, it := range items {
		keys[i] = keyOf(it)
	}
	return keys
}

func has(n strictyaml.Node, key string) bool {
	return slices.ContainsFunc(fieldsOf(n), func(f strictyaml.Field) bool { return f.Key == key })
}

// fieldsOf gives a copy of the members of a mapping, none of anything else.
func fieldsOf(n strictyaml.Node) []strictyaml.Field {
	fields, _ := n.Fields()
	return slices.Clone(fields)
}

// itemsOf does the same for a list.
func itemsOf(n strictyaml.Node) []strictyaml.Node {
	items, _ := n.Items()
	return slices.Clone(items)
}
