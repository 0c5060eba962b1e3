package packtest

import (
	"maps"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/interview"
)

// Row is a choice for each question: its key, or several by comma.
type Row map[string]string

// choice is a question that is answered by choosing.
type choice struct {
	key    string
	values []string // the first is the default
	when   map[string][]string
}

// choices takes those of the questions that have choices. Of several choices at once
// a row has none, one, or all.
func choices(questions []interview.Question) (all []choice) {
	for _, q := range questions {
		if q.Kind == interview.Text || len(q.Options) == 0 {
			continue
		}
		c := choice{key: q.Key, when: q.When}
		if len(q.Default) > 0 || q.Kind == interview.Multi && !q.Required {
			c.values = append(c.values, strings.Join(q.Default, ","))
		}
		var keys []string
		for _, o := range q.Options {
			keys = append(keys, o.Key)
		}
		c.add(keys...)
		if q.Kind == interview.Multi {
			if !q.Required {
				c.add("")
			}
			c.add(strings.Join(keys, ","))
		}
		all = append(all, c)
	}
	return all
}

func (c *choice) add(values ...string) {
	for _, v := range values {
		if !slices.Contains(c.values, v) {
			c.values = append(c.values, v)
		}
	}
}

// table is what Pairs works on: rows are indices of values, by question.
type table struct {
	choices []choice
	column  map[string]int
	first   []int    // of each question: the number of its first value among all values
	left    bool     // questions were left out, as there are too many choices
	missing [][]bool // pairs of values that no row has yet
}

// Pairs gives rows in which every pair of choices of two questions comes up that can
// come up by the questions' conditions, most of them often: a covering array of
// strength 2. It is built row by row: from a pair that is missing, and then, question
// by question, with the choice that adds the most missing pairs. Questions whose
// condition is a template count as always asked. There are most rows at most, which hold
// the most pairs, and of more than maxValues choices the pairs of the first; all is false
// if that may have left any out.
func Pairs(questions []interview.Question, most int) (rows []Row, all bool) {
	t := newTable(choices(questions))
	single := make([]bool, len(t.missing))
	take := func(row []int) {
		rows = append(rows, t.row(row))
		for i, v := range row {
			single[t.first[i]+v] = true
			for j, w := range row {
				t.missing[t.first[i]+v][t.first[j]+w] = false
			}
		}
	}
	t.pairs(func(i, v, j, w int) {
		if len(rows) < most && t.missing[t.first[i]+v][t.first[j]+w] {
			row, _ := t.with(map[int]int{i: v, j: w}) // it can come up, or it were not missing
			take(t.improve(row, i, j))
		}
	})
	for i, c := range t.choices { // a lone question has no pairs
		for v := range c.values {
			if row, ok := t.with(map[int]int{i: v}); ok && !single[t.first[i]+v] && len(rows) < most {
				take(row)
			}
		}
	}
	return rows, !t.left && len(rows) < most
}

// maxValues bounds the pairs: their number is its square.
const maxValues = 300

func newTable(all []choice) *table {
	t := &table{column: map[string]int{}}
	total := 0
	for _, c := range all {
		if total+len(c.values) > maxValues {
			t.left = true
			continue
		}
		t.choices = append(t.choices, c)
		t.column[c.key] = len(t.choices) - 1
		t.first = append(t.first, total)
		total += len(c.values)
	}
	t.missing = make([][]bool, total)
	for i := range t.missing {
		t.missing[i] = make([]bool, total)
	}
	t.pairs(func(i, v, j, w int) {
		_, ok := t.with(map[int]int{i: v, j: w})
		t.missing[t.first[i]+v][t.first[j]+w] = ok
	})
	return t
}

// pairs visits each pair of values of two questions, in order.
func (t *table) pairs(visit func(i, v, j, w int)) {
	for i := range t.choices {
		for j := i + 1; j < len(t.choices); j++ {
			for v := range t.choices[i].values {
				for w := range t.choices[j].values {
					visit(i, v, j, w)
				}
			}
		}
	}
}

// with gives the row of defaults with some values set, and with what these depend on.
// It is false if they cannot stand beside each other.
func (t *table) with(set map[int]int) ([]int, bool) {
	row, fixed := make([]int, len(t.choices)), maps.Clone(set)
	for i, v := range set {
		row[i] = v
	}
	for again := true; again; { // what something depends on may depend on more
		again = false
		for i, c := range slices.Backward(t.choices) { // and mostly stands before it
			if row[i] == 0 {
				continue
			}
			for key, values := range c.when {
				j, ok := t.column[key]
				if !ok || fits(t.choices[j].values[row[j]], values) {
					continue
				}
				if _, taken := fixed[j]; taken {
					return nil, false
				}
				row[j] = slices.IndexFunc(t.choices[j].values, func(v string) bool { return fits(v, values) })
				if row[j] < 0 {
					return nil, false
				}
				fixed[j], again = row[j], true
			}
		}
	}
	return row, t.holds(row)
}

// holds tells whether every value of a row but the defaults may be chosen.
func (t *table) holds(row []int) bool {
	for i, c := range t.choices {
		if row[i] == 0 {
			continue
		}
		for key, values := range c.when {
			if j, ok := t.column[key]; ok && !fits(t.choices[j].values[row[j]], values) {
				return false
			}
		}
	}
	return true
}

// fits tells whether one of the chosen values is wanted.
func fits(value string, wanted []string) bool {
	if !strings.Contains(value, ",") { // mostly, and without making a list of one
		return slices.Contains(wanted, value)
	}
	return slices.ContainsFunc(strings.Split(value, ","), func(v string) bool { return slices.Contains(wanted, v) })
}

// improve changes all values but those of two questions where that adds missing pairs.
func (t *table) improve(row []int, i, j int) []int {
	for k, c := range t.choices {
		if k == i || k == j {
			continue
		}
		best, most := row[k], t.gain(row, k)
		for v := range c.values {
			other := slices.Clone(row)
			other[k] = v
			if n := t.gain(other, k); n > most && t.holds(other) {
				best, most = v, n
			}
		}
		row[k] = best
	}
	return row
}

// gain counts the missing pairs that a row has with the value of one question.
func (t *table) gain(row []int, k int) (n int) {
	for j, w := range row {
		a, b := t.first[min(j, k)], t.first[max(j, k)]
		if j < k {
			a, b = a+w, b+row[k]
		} else {
			a, b = a+row[k], b+w
		}
		if t.missing[a][b] {
			n++
		}
	}
	return n
}

func (t *table) row(values []int) Row {
	row := Row{}
	for i, c := range t.choices {
		row[c.key] = c.values[values[i]]
	}
	return row
}
