package recommend

import (
	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// everyQuestion is the scope of a condition that may test all answers.
const everyQuestion = maxQuestions

func (rd *reader) needs(n strictyaml.Node) {
	fields, err := n.Fields()
	rd.failed(err)
	if len(fields) > maxOptions {
		rd.Add(n.Pos(), "", "there can be %d needs at most, found %d", maxOptions, len(fields))
		return
	}
	var needs []remark
	for _, f := range fields {
		if !isKey(f.Key) {
			rd.Add(f.At, "use a-z, 0-9, _ and -, with a letter first", "%q is not a key", f.Key)
		}
		r := rd.record(f.Value, "cites?", "source?", "when")
		needs = append(needs, remark{
			Remark{Key: f.Key, Cites: r.mustCite()},
			r.condition("when", scope{before: everyQuestion}, never),
		})
	}
	rd.c.needs = needs
}

func (rd *reader) conflicts(n strictyaml.Node) {
	seen := map[string]bool{}
	for _, it := range rd.entries(n) {
		r := rd.record(it, "key", "all_of")
		cf := conflict{key: r.key("key")}
		rd.unique(it.Pos(), seen, cf.key)
		if ticks, ok := r.has["all_of"]; ok && rd.c.constraints >= 0 {
			cf.ticks = rd.options(ticks, rd.c.constraints)
		}
		if cf.ticks == 0 {
			rd.Add(it.Pos(), "", "a conflict names constraints, and there are none")
		}
		rd.c.conflicts = append(rd.c.conflicts, cf)
	}
}

// rules reads the runtime rules. They may test constraints, needs and the margin
// only, so that no single soft answer can fix a runtime.
func (rd *reader) rules(n strictyaml.Node) {
	by := []string{"constraint", "core_needs", "score", "tie_break"}
	seen := map[string]bool{}
	last := rd.list(n, func(it strictyaml.Node) bool {
		r := rd.record(it, "key", "decided_by", "when?", "runtime", "cites?", "source?")
		u := rule{
			Rule: Rule{Key: r.key("key"), Cites: r.cites()},
			when: r.condition("when", scope{[]string{"need", "margin"}, everyQuestion, true}, always),
		}
		rd.unique(it.Pos(), seen, u.Key)
		if d, ok := r.has["decided_by"]; ok {
			u.DecidedBy = by[rd.oneOf(d, "decided_by", by)]
		}
		if d, ok := r.has["runtime"]; ok {
			u.runtime = runtime(rd.oneOf(d, "runtime", runtimeKeys[:rConflict]))
		}
		if u.runtime == rTie && len(rd.c.tieBreak) == 0 {
			rd.Add(it.Pos(), "", "there is no tie_break")
		}
		rd.c.rules = append(rd.c.rules, u)
		return u.when.op == always
	})
	rd.complete(n, last)
}

// entries gives the members of a list that is walked for every set of answers.
func (rd *reader) entries(n strictyaml.Node) []strictyaml.Node {
	items := rd.items(n)
	if len(items) > maxEntries {
		rd.Add(n.Pos(), "", "the list has %d entries, more than the %d that it can have", len(items), maxEntries)
		return nil
	}
	return items
}

// list reads the members of a decision list and gives the place of the first one
// that always matches, counted from the end: 0 is the last.
func (rd *reader) list(n strictyaml.Node, read func(strictyaml.Node) bool) int {
	items := rd.entries(n)
	first := len(items)
	for i, it := range items {
		if read(it) && first == len(items) {
			first = i
		}
	}
	return len(items) - 1 - first
}

// complete asks that the last member of a decision list, and only that, always
// matches: otherwise a case would be left over, or a rule could never be reached.
func (rd *reader) complete(n strictyaml.Node, fromEnd int) {
	switch {
	case fromEnd < 0:
		rd.Add(n.Pos(), "end it with an entry without when", "the list does not decide every case")
	case fromEnd > 0:
		rd.Add(rd.endless(rd.items(n), fromEnd), "give it a when, or move it to the end", "the last %d entries are never reached, as the one before always matches", fromEnd)
	}
}

// endless is the place to blame for entries that are never reached: the entry that
// always matches, or, where a team put one behind it, that one.
func (rd *reader) endless(items []strictyaml.Node, fromEnd int) diag.Pos {
	end := len(items) - 1 - fromEnd
	for _, it := range items[end:] {
		if it.Pos().File != builtIn {
			return it.Pos()
		}
	}
	return items[end].Pos()
}

func (rd *reader) tieBreak(n strictyaml.Node) {
	last := rd.list(n, func(it strictyaml.Node) bool {
		r := rd.record(it, "need?", "lean_of?", "runtime?", "cites?", "source?")
		r.cites()
		needNode, hasNeed := r.has["need"]
		leanNode, hasLean := r.has["lean_of"]
		runtimeNode, hasRuntime := r.has["runtime"]
		step := tieStep{leanOf: -1}
		switch {
		case hasLean && !hasNeed && !hasRuntime:
			step.leanOf = rd.lean(leanNode)
		case hasRuntime && !hasLean:
			step.runtime = runtime(rd.oneOf(runtimeNode, "runtime", runtimeKeys[:rTie]))
			if hasNeed {
				step.need = rd.need(needNode)
			}
		default:
			rd.Add(it.Pos(), "", "a step is lean_of, or runtime, or need with runtime")
		}
		rd.c.tieBreak = append(rd.c.tieBreak, step)
		return step.leanOf < 0 && !hasNeed
	})
	rd.complete(n, last)
}

func (rd *reader) lean(n strictyaml.Node) int {
	keys := make([]string, len(rd.c.questions))
	for i := range rd.c.questions {
		keys[i] = rd.c.questions[i].Key
	}
	return rd.oneOf(n, "question", keys)
}

func (rd *reader) stackRules(n strictyaml.Node) {
	r := rd.record(n, runtimeKeys[:rTie]...)
	for i, key := range runtimeKeys[:rTie] {
		if list, ok := r.has[key]; ok {
			rd.c.stacks[i] = rd.stackList(list, record.mustCite)
		}
	}
}

func (rd *reader) components(n strictyaml.Node) {
	r := rd.record(n, Node, Python)
	for i, key := range []string{Node, Python} {
		if list, ok := r.has[key]; ok {
			rd.c.components[i] = rd.stackList(list, record.cites)
		}
	}
}

func (rd *reader) stackList(n strictyaml.Node, cites func(record) []int) (rules []stackRule) {
	last := rd.list(n, func(it strictyaml.Node) bool {
		r := rd.record(it, "key", "when?", "cites?", "source?")
		s := stackRule{
			key:   r.key("key"),
			when:  r.condition("when", scope{words: []string{"need"}, before: everyQuestion}, always),
			cites: cites(r),
		}
		rules = append(rules, s)
		return s.when.op == always
	})
	rd.complete(n, last)
	return rules
}

// contradictions may look at answers to settled questions, as they never move
// the score.
func (rd *reader) contradictions(n strictyaml.Node) {
	rd.c.contradictions = rd.remarks(n, "say", []string{"need", "raw"})
}

func (rd *reader) tensions(n strictyaml.Node) {
	rd.c.tensions = rd.remarks(n, "say?", []string{"need", "runtime"})
	for i := range rd.c.tensions {
		if t := &rd.c.tensions[i]; t.Text == "" {
			t.Text = tensionText(t.Key)
		}
	}
}

func (rd *reader) remarks(n strictyaml.Node, say string, words []string) (list []remark) {
	seen := map[string]bool{}
	for _, it := range rd.entries(n) {
		r := rd.record(it, "key", "when", "cites?", "source?", say)
		m := remark{
			Remark{Key: r.key("key"), Text: r.text("say"), Cites: r.mustCite()},
			r.condition("when", scope{words: words, before: everyQuestion}, never),
		}
		rd.unique(it.Pos(), seen, m.Key)
		list = append(list, m)
	}
	return list
}
