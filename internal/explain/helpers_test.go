package explain

import (
	"maps"
	"math/rand/v2"
	"os"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/stackinit/stackinit/internal/recommend"
)

func recommended(a recommend.Answers) Case { return Recommended(recommend.Embedded(), a) }

// publicCases gives the answers of the public rows by their ids.
func publicCases(t testing.TB) map[string]map[string]any {
	t.Helper()
	src, err := os.ReadFile("../recommend/testdata/public_cases.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			ID      string
			Answers map[string]any
		}
	}
	if err := yaml.Unmarshal(src, &file); err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]any{}
	for _, c := range file.Cases {
		all[c.ID] = c.Answers
	}
	if len(all) != 40 {
		t.Fatalf("%d public cases, want 40", len(all))
	}
	return all
}

func answersOf(t testing.TB, id string) recommend.Answers {
	t.Helper()
	row, ok := publicCases(t)[id]
	if !ok {
		t.Fatalf("there is no row %s", id)
	}
	a := recommend.Answers{}
	for key, v := range row {
		switch v := v.(type) {
		case string:
			a[key] = []string{v}
		case []any:
			a[key] = []string{}
			for _, one := range v {
				a[key] = append(a[key], one.(string))
			}
		default:
			t.Fatalf("%s: %s is %v", id, key, v)
		}
	}
	return a
}

// eachRandom tries n random answer sets (a tenth of them with -short); about a
// third of the questions stay unanswered, and half of the sets have constraints.
func eachRandom(t *testing.T, n int, try func(recommend.Answers)) {
	t.Helper()
	if testing.Short() {
		n /= 10
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		if try(randomAnswers(r)); t.Failed() {
			return
		}
	}
}

func randomAnswers(r *rand.Rand) recommend.Answers {
	a := recommend.Answers{}
	for _, q := range recommend.Embedded().Questions() {
		switch {
		case q.Multi && r.IntN(2) == 0:
			a[q.Key] = []string{}
			for _, o := range q.Options {
				if r.IntN(2) == 0 {
					a[q.Key] = append(a[q.Key], o.Key)
				}
			}
		case !q.Multi && r.IntN(3) > 0:
			a[q.Key] = []string{q.Options[r.IntN(len(q.Options))].Key}
		}
	}
	return a
}

// with gives the answers after one of them is changed.
func with(a recommend.Answers, fl recommend.Flip) recommend.Answers {
	b := maps.Clone(a)
	b[fl.Question] = []string{fl.Answer}
	return b
}
