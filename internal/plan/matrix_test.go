package plan

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"testing"

	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/templates"
)

// Every stack is planned with its defaults, with rows that hold every pair of
// choices, and with random ones: all files parse (Build sees to that), nothing of
// a template is left, and each lock holds exactly what is asked for and needed.
func TestMatrix(t *testing.T) {
	random := 200
	if testing.Short() {
		random = 20
	}
	r := rand.New(rand.NewPCG(1, 2))
	counts, shapes := map[string]int{}, map[string]bool{}
	try := func(kind, stack string, set map[string]string) {
		p, err := Build(input(templates.FS, stack, set))
		if err != nil {
			t.Errorf("%s %v: %v", stack, set, err)
			return
		}
		files := map[string]File{}
		for _, f := range p.Files {
			files[f.Path] = f
			if left := leftOver(f); left != "" {
				t.Errorf("%s %v: %s still has %q", stack, set, f.Path, left)
			}
			if bytes.Contains(f.Body, []byte("\r")) || len(f.Body) > 0 && !bytes.HasSuffix(f.Body, []byte("\n")) {
				t.Errorf("%s %v: %s has a carriage return, or no newline at its end", stack, set, f.Path)
			}
		}
		checkLocks(t, fmt.Sprint(stack, " ", set), files)
		counts[kind]++
		shapes[stack+fmt.Sprint(set)] = true
	}
	for _, stack := range stacks {
		questions := optionsOf(stack)
		try("defaults", stack, nil)
		for _, row := range pairwise(questions) {
			try("pairs", stack, row)
		}
	}
	for range random {
		stack := stacks[r.IntN(len(stacks))]
		try("random", stack, randomRow(r, optionsOf(stack)))
	}
	t.Logf("%d combinations, %d of them different: %v", counts["defaults"]+counts["pairs"]+counts["random"], len(shapes), counts)
}

// optionsOf are all questions of a stack that are answered by a choice.
func optionsOf(stack string) (all []interview.Question) {
	iv := interview.Interview{Starters: starters(templates.FS)}
	for _, q := range append(interview.ProjectQuestions(interview.Facts{Name: "my-service"}), iv.Options(stack)...) {
		if q.Kind == interview.Single {
			all = append(all, q)
		}
	}
	return all
}

// fits tells whether every answer of a row may be given: what depends on another
// answer has its default otherwise.
func fits(questions []interview.Question, row map[string]string) bool {
	for _, q := range questions {
		if v, ok := row[q.Key]; !ok || v == q.Default[0] {
			continue
		}
		for key, values := range q.When {
			if !slices.Contains(values, row[key]) {
				return false
			}
		}
	}
	return true
}

// fill completes a row by defaults and by what its answers depend on.
func fill(questions []interview.Question, row map[string]string) map[string]string {
	full := map[string]string{}
	for _, q := range questions {
		full[q.Key] = q.Default[0]
	}
	maps.Copy(full, row)
	for _, q := range questions {
		for key, values := range q.When {
			if _, asked := row[key]; !asked && full[q.Key] != q.Default[0] {
				full[key] = values[0]
			}
		}
	}
	return full
}

// pairwise gives rows in which every possible pair of choices of two questions
// comes up. Each new row starts from a pair that is missing and takes, question
// by question, the choice that adds the most missing pairs.
func pairwise(questions []interview.Question) (rows []map[string]string) {
	missing := map[[4]string]bool{}
	for i, a := range questions {
		for _, b := range questions[i+1:] {
			for _, x := range a.Options {
				for _, y := range b.Options {
					if fits(questions, fill(questions, map[string]string{a.Key: x.Key, b.Key: y.Key})) {
						missing[[4]string{a.Key, x.Key, b.Key, y.Key}] = true
					}
				}
			}
		}
	}
	gain := func(row map[string]string) (n int) {
		for p := range missing {
			if row[p[0]] == p[1] && row[p[2]] == p[3] {
				n++
			}
		}
		return n
	}
	for len(missing) > 0 {
		seed := slices.MinFunc(slices.Collect(maps.Keys(missing)), func(a, b [4]string) int { return slices.Compare(a[:], b[:]) })
		row := fill(questions, map[string]string{seed[0]: seed[1], seed[2]: seed[3]})
		for _, q := range questions {
			if q.Key == seed[0] || q.Key == seed[2] {
				continue
			}
			for _, o := range q.Options {
				other := maps.Clone(row)
				other[q.Key] = o.Key
				if fits(questions, other) && gain(other) > gain(row) {
					row = other
				}
			}
		}
		maps.DeleteFunc(missing, func(p [4]string, _ bool) bool { return row[p[0]] == p[1] && row[p[2]] == p[3] })
		rows = append(rows, row)
	}
	return rows
}

func randomRow(r *rand.Rand, questions []interview.Question) map[string]string {
	for {
		row := map[string]string{}
		for _, q := range questions {
			row[q.Key] = q.Options[r.IntN(len(q.Options))].Key
		}
		if fits(questions, row) {
			return row
		}
	}
}

// leftOver gives a mark of a template in what people get. Braces are meant in
// ${{ (workflow expressions) and on Django's pages, where a name follows them.
func leftOver(f File) string {
	body := bytes.ReplaceAll(f.Body, []byte("${{"), nil)
	open := "{{"
	if path.Ext(f.Path) == ".html" || path.Ext(f.Path) == ".tsx" {
		open = "{{ ."
	}
	for _, mark := range []string{open, "{{-", "<no value>", "changeme", "__NAME__"} {
		if bytes.Contains(body, []byte(mark)) {
			return mark
		}
	}
	return ""
}
