package packtest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
)

// A stranger's pack may ask whatever it likes: its rows are there in a moment.
func TestPairsOfManyChoices(t *testing.T) {
	option := func(n int) (all []interview.Option) {
		for i := range n {
			all = append(all, interview.Option{Key: fmt.Sprint("a", i)})
		}
		return all
	}
	chain := func(i int) map[string][]string {
		if i == 0 {
			return nil
		}
		return map[string][]string{fmt.Sprint("q", i-1): {"a1"}}
	}
	for name, c := range map[string]struct {
		questions, options int
		when               func(int) map[string][]string
	}{
		"many questions":                {500, 3, nil},
		"many choices":                  {200, 60, nil},
		"questions that need another":   {500, 2, chain},
		"one question of many choices":  {1, 1000, nil},
		"two questions of many choices": {2, 300, nil},
	} {
		var qs []interview.Question
		for i := range c.questions {
			q := interview.Question{Key: fmt.Sprint("q", i), Options: option(c.options), Default: []string{"a0"}}
			if c.when != nil {
				q.When = c.when(i)
			}
			qs = append(qs, q)
		}
		began := time.Now()
		rows := Pairs(qs, 300)
		if took := time.Since(began); took > 20*time.Second || /* beside other work; without a cap it takes hours */ len(rows) > 300 {
			t.Errorf("%s: %d rows after %v", name, len(rows), took)
		}
	}
}

// The expected files of a test are written to the folder of its name, and its globs
// are held against every file.
func TestHostileSets(t *testing.T) {
	for file, c := range map[string]struct{ text, says string }{
		"tests/...yaml":      {"", "a test cannot be called \"..\""},
		"tests/..yaml":       {"", "a test cannot be called \".\""},
		"tests/.yaml":        {"", "a test cannot be called \"\""},
		"tests/.git.yaml":    {"", "a spelling of .git"},
		"tests/GIT~1.yaml":   {"", "a spelling of .git"},
		"tests/con.yaml":     {"", "a device"},
		"tests/braces.yaml":  {"absent: ['" + strings.Repeat("{a,a,a,a,a,a}", 4) + "']", "tests/braces.yaml:1:9: the glob"},
		"tests/endless.yaml": {"absent: ['" + strings.Repeat("**/a", 100) + "']", "is too long"},
		"tests/none.yaml":    {"absent: ['[']", "is no glob"},
	} {
		_, err := Sets(&pack.Tree{Files: []pack.SourceFile{{Path: file, Body: []byte(c.text)}}})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", file, err)
		}
	}
}
