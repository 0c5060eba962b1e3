package packtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/plan"
)

func tree(t *testing.T, files map[string]string) *pack.Tree {
	t.Helper()
	var all []pack.SourceFile
	for path, body := range files {
		all = append(all, pack.SourceFile{Path: path, Body: []byte(body)})
	}
	tree, err := pack.NewTree("./x", "", all)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestSets(t *testing.T) {
	files := map[string]string{
		"tests/b.yaml":         "stack: node-express\nname: orders\ndate: 2026-02-03\nanswers: {tier: free}\nabsent: ['*.sql']\nrefused: not allowed\n",
		"tests/a.yaml":         "",
		"tests/a/deep/file.md": "a", "tests/gone/file": "g", "tests/b.txt": "", "tests/deep/c.yaml": "name: [", "other.yaml": "name: [",
	}
	sets, err := Sets(tree(t, files))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range sets {
		got = append(got, fmt.Sprint(s.Name, s.File, s.Stack, s.Project, s.Date.Format(time.DateOnly), len(s.Answers), s.Absent, s.Refused))
	}
	want := []string{"a" + "tests/a.yaml" + "" + "my-service" + "2026-01-01" + " 0 [] ", "b" + "tests/b.yaml" + "node-express" + "orders" + "2026-02-03" + " 1 [*.sql] not allowed"}
	for i := range got {
		got[i] = strings.ReplaceAll(got[i], " ", "")
		want[i] = strings.ReplaceAll(want[i], " ", "")
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	expected, any := sets[0].Expected(tree(t, files))
	if d := cmp.Diff(map[string][]byte{"deep/file.md": []byte("a")}, expected); d != "" || !any {
		t.Errorf("%v %s", any, d)
	}
	if _, any := sets[1].Expected(tree(t, files)); any {
		t.Error("b expects files")
	}
	if d := cmp.Diff([]string{"deep", "gone"}, Stray(tree(t, files), sets)); d != "" {
		t.Error(d)
	}
}

// All that is wrong with the tests comes at once, each with its place.
func TestSetsRefuses(t *testing.T) {
	_, err := Sets(tree(t, map[string]string{
		"tests/a.yaml": "name: ../x\ndate: tomorrow\nanswer: {}\nstack: [x]\nabsent: x\nanswers: x\nrefused: {}\n",
		"tests/b.yaml": "name: [",
		"tests/c.yaml": "- x",
	}))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"./x/tests/a.yaml:1:7: ", `./x/tests/a.yaml:2:7: "tomorrow" is no day`, "./x/tests/a.yaml:3:1: unknown key \"answer\"\n  did you mean \"answers\"?",
		"./x/tests/a.yaml:4:8: ", "./x/tests/a.yaml:5:9: ", "./x/tests/a.yaml:6:10: ", "./x/tests/a.yaml:7:10: ", "./x/tests/b.yaml:", "./x/tests/c.yaml:1:1: ",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not said:\n%v", want, err)
		}
	}
}

func TestCompare(t *testing.T) {
	long := strings.Repeat("x", 70)
	for name, tt := range map[string]struct{ made, expected, want string }{
		"same":         {"a\n", "a\n", ""},
		"a line":       {"a\nc\n", "a\nb\n", `line 2 is "c", and "b" is expected`},
		"more":         {"a\nb", "a", `line 2 is "b", and the end of the file is expected`},
		"less":         {"a", "a\nb", `line 2 is the end of the file, and "b" is expected`},
		"a long line":  {"a", long, `line 1 is "a", and "` + long[:60] + `…" is expected`},
		"Windows":      {"a\nb\n", "a\r\nb\r\n", "the expected file has the line ends of Windows"},
		"both Windows": {"a\r\nc\r\n", "a\r\nb\r\n", `line 2 is "c\r", and "b\r" is expected`},
		"not there":    {"-", "a", "is expected, and the pack does not bring it"},
		"not expected": {"a", "-", "is brought by the pack, and not expected"},
	} {
		made, expected := map[string][]byte{"f": []byte(tt.made)}, map[string][]byte{"f": []byte(tt.expected)}
		maps.DeleteFunc(made, func(_ string, b []byte) bool { return string(b) == "-" })
		maps.DeleteFunc(expected, func(_ string, b []byte) bool { return string(b) == "-" })
		got := Compare(made, expected)
		if (tt.want == "") != (len(got) == 0) || len(got) > 0 && (got[0].File != "f" || !strings.HasPrefix(got[0].Text, tt.want)) {
			t.Errorf("%s: %v\nwant %s", name, got, tt.want)
		}
	}
}

func project() *plan.Plan {
	return &plan.Plan{Files: []plan.File{
		{Path: ".env", Mode: 0o600, Body: []byte("x"), Source: "house/template/.env", Secret: true},
		{Path: "a.md", Mode: 0o644, Body: []byte("a"), Source: "common/template/a.md, house/template/a.md"},
		{Path: "b.sql", Mode: 0o644, Body: []byte("b"), Source: "household/template/b.sql"},
	}}
}

func TestBroughtAndUnwanted(t *testing.T) {
	if d := cmp.Diff(map[string][]byte{"a.md": []byte("a")}, Brought(project(), "house")); d != "" {
		t.Error(d)
	}
	want := []Failure{{"b.sql", "is there, and must be absent"}}
	if d := cmp.Diff(want, Set{Absent: []string{"*.sql", "c/**"}}.Unwanted(project())); d != "" {
		t.Error(d)
	}
}

func TestSame(t *testing.T) {
	if file, same := Same(project(), project()); !same {
		t.Errorf("%s is not the same", file)
	}
	for name, tt := range map[string]struct {
		change func(p *plan.Plan)
		file   string
	}{
		"path": {func(p *plan.Plan) { p.Files[1].Path = "A.md" }, "a.md"},
		"mode": {func(p *plan.Plan) { p.Files[1].Mode = 0o755 }, "a.md"},
		"body": {func(p *plan.Plan) { p.Files[1].Body = []byte("b") }, "a.md"},
		"less": {func(p *plan.Plan) { p.Files = p.Files[:2] }, "b.sql"},
		"more": {func(p *plan.Plan) { p.Files = slices.Concat(p.Files, p.Files[2:]) }, ""},
	} {
		other := project()
		tt.change(other)
		if file, same := Same(project(), other); same || file != tt.file {
			t.Errorf("%s: %q, %v", name, file, same)
		}
	}
}

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
		rows, all := Pairs(qs, 300)
		if took := time.Since(began); took > 20*time.Second || /* beside other work; without a cap it takes hours */ len(rows) > 300 || all {
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
