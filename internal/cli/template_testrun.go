package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/apply"
	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/packtest"
	"github.com/stackinit/stackinit/internal/plan"
	"github.com/stackinit/stackinit/internal/verify"
)

// testRun is the tests of one pack.
type testRun struct {
	*bench
	tree      *pack.Tree // without files of a built-in stack
	options   templateTestOptions
	taken     packtest.Coverage
	samples   map[string]string // texts that answer sets give, for the matrix
	questions []interview.Question
	changes   []apply.Change
	notes     []string
}

// set runs one answer set.
func (t *testRun) set(ctx context.Context, s packtest.Set) (setJSON, error) {
	done := setJSON{Name: s.Name, Stack: cmp.Or(s.Stack, t.stacks[0]), Failures: []packtest.Failure{}}
	fail := func(file, text string) {
		done.Failures = append(done.Failures, packtest.Failure{File: file, Text: text})
	}
	made, err := t.planSet(s, done.Stack)
	if err != nil {
		text, ok := faulty(err)
		switch {
		case !ok:
			return done, err
		case s.Refused == "" || !strings.Contains(text, s.Refused):
			fail("", text)
		}
		return done, nil
	}
	if s.Refused != "" {
		fail("", fmt.Sprintf("must be refused with %q, and is not", s.Refused))
		return done, nil
	}
	brought := packtest.Brought(made.plan, t.name)
	expected, some := s.Expected(t.tree)
	if t.options.update && t.bench.tree != nil {
		t.rewrite(s, brought, expected)
		for path, body := range brought {
			expected[path] = body
		}
		some = true
	}
	if !some && s.File != "" && len(s.Absent) == 0 && t.options.run == "" {
		t.notes = append(t.notes, fmt.Sprintf("%s is compared with nothing: %s/%s is not there; --update writes it", s.File, packtest.Dir, s.Name))
	}
	if some {
		done.Files = len(expected)
		done.Failures = append(done.Failures, packtest.Compare(brought, expected)...)
	}
	done.Failures = append(done.Failures, s.Unwanted(made.plan)...)
	if t.options.run != "" {
		text, err := t.shell(ctx, made.plan)
		if err != nil {
			return done, err
		}
		if text != "" {
			fail("", text)
		}
	}
	return done, ctx.Err()
}

// planSet makes the project of an answer set in memory.
func (t *testRun) planSet(s packtest.Set, stack string) (planned, error) {
	if !slices.Contains(t.stacks, stack) {
		return planned{}, diag.New(diag.Usage, diag.DidYouMean(stack, t.stacks), "the pack %s does not stand on %q", t.name, stack)
	}
	p, err := t.project(stack, s.Project, s.Date)
	if err != nil {
		return planned{}, err
	}
	given, err := interview.ReadFields(s.Answers, p.known())
	if err != nil {
		return planned{}, err
	}
	script := &packtest.Script{}
	made, err := p.plan(given, script)
	if err != nil {
		return planned{}, err
	}
	t.taken.Take(script.Asked)
	for key, answer := range made.answers {
		below := has(p.below(), key)
		if _, ok := given[key]; ok || below {
			t.taken.Take(map[string][]string{key: answer.Values})
		}
	}
	for key, answer := range given {
		t.samples[key] = strings.Join(answer.Values, ",")
	}
	return made, nil
}

func has(qs []interview.Question, key string) bool {
	return slices.ContainsFunc(qs, func(q interview.Question) bool { return q.Key == key })
}

// rewrite notes the expected files that are to be written anew.
func (t *testRun) rewrite(s packtest.Set, brought, expected map[string][]byte) {
	for _, path := range slices.Sorted(maps.Keys(brought)) {
		old, there := expected[path]
		if there && string(old) == string(brought[path]) {
			continue
		}
		change := apply.Change{Path: packtest.Dir + "/" + s.Name + "/" + path, New: append([]byte{}, brought[path]...)}
		if there {
			change.Old = append([]byte{}, old...)
		}
		t.changes = append(t.changes, change)
	}
}

// shell runs the author's command in the finished project, and says how it failed.
func (t *testRun) shell(ctx context.Context, made *plan.Plan) (failure string, err error) {
	dir, err := os.MkdirTemp("", "stackinit-test-")
	if err != nil {
		return "", diag.New(diag.Environment, "", "there is no temporary folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // what is left of it is the system's to clean
	if err := apply.New(ctx, apply.Options{Parent: dir, Name: made.Name, Files: filesOf(made)}); err != nil {
		return "", err
	}
	tail, err := verify.Shell(ctx, filepath.Join(dir, made.Name), t.options.run)
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	if err != nil {
		return strings.Join(append([]string{t.options.run + ": " + err.Error()}, tail...), "\n"), nil
	}
	return "", nil
}

// maxRows bounds the matrix of one stack.
const maxRows = 300

// matrix plans the pack on a stack with every pair of choices.
func (t *testRun) matrix(ctx context.Context, stack string) (m matrixJSON, tested []interview.Question, err error) {
	m = matrixJSON{Stack: stack, Failures: []rowFailure{}}
	p, err := t.project(stack, packtest.DefaultName, packtest.Defaults().Date)
	if err != nil {
		return m, nil, err
	}
	rows, all := packtest.Pairs(slices.Concat(p.below(), p.team.own), maxRows)
	m.All = all
	if len(rows) == 0 {
		rows = []packtest.Row{{}}
	}
	for _, row := range rows {
		if ctx.Err() != nil {
			return m, nil, context.Cause(ctx)
		}
		m.Rows++
		if text, err := t.tryRow(p, row); err != nil {
			return m, nil, err
		} else if text != "" {
			m.Failures = append(m.Failures, rowFailure{row, text})
		}
	}
	return m, t.tested(p), nil
}

// tryRow plans a row twice and says what is wrong with it.
func (t *testRun) tryRow(p *project, row packtest.Row) (string, error) {
	var both [2]planned
	for i := range both {
		var err error
		if both[i], err = p.plan(p.row(row), &packtest.Script{Row: row, Samples: t.samples}); err != nil {
			text, ok := faulty(err)
			if !ok {
				return "", err
			}
			return text, nil
		}
	}
	if file, same := packtest.Same(both[0].plan, both[1].plan); !same {
		return file + " is not the same both times", nil
	}
	return "", nil
}

// mergedQuestions has each question once with the choices of all stacks.
func mergedQuestions(all []interview.Question) []interview.Question {
	return interview.AllOptions([]interview.Starter{{Options: all}})
}

func testText(reports []packTestJSON) string {
	var b strings.Builder
	for i, r := range reports {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s (%s)\n", r.Pack, r.Source)
		for _, s := range r.Sets {
			fmt.Fprintf(&b, "  %-6s %s%s, %s compared\n", okWord(len(s.Failures)), s.Name, onStack(s.Stack), count(s.Files, "file"))
			for _, f := range s.Failures {
				indented(&b, strings.TrimPrefix(f.File+": "+f.Text, ": "))
			}
		}
		for _, m := range r.Matrix {
			pairs := "every pair of choices"
			if !m.All {
				pairs = "many pairs of choices, as there are too many for all"
			}
			fmt.Fprintf(&b, "  %-6s %s%s: %s\n", okWord(len(m.Failures)), pairs, onStack(m.Stack), count(m.Rows, "row"))
			for _, f := range m.Failures {
				indented(&b, rowText(f.Answers)+"\n"+f.Text)
			}
		}
		taken := r.Coverage.Choices - len(r.Coverage.Untaken)
		fmt.Fprintf(&b, "  the answer sets take %d of %s\n", taken, count(r.Coverage.Choices, "choice"))
		for _, u := range r.Coverage.Untaken {
			fmt.Fprintf(&b, "         not %s=%s\n", u.Question, u.Choice)
		}
		for _, f := range r.Updated {
			fmt.Fprintf(&b, "  wrote  %s\n", f)
		}
		for _, n := range r.Notes {
			fmt.Fprintf(&b, "  note   %s\n", n)
		}
	}
	return b.String()
}

func okWord(failures int) string {
	if failures == 0 {
		return "ok"
	}
	return "FAILED"
}

func onStack(stack string) string {
	if stack == "" {
		return ""
	}
	return " on " + stack
}

func indented(b *strings.Builder, text string) {
	for line := range strings.Lines(text) {
		b.WriteString("         " + strings.TrimRight(line, "\n") + "\n")
	}
}

func rowText(row packtest.Row) string {
	var words []string
	for _, key := range slices.Sorted(maps.Keys(row)) {
		words = append(words, key+"="+row[key])
	}
	return strings.Join(words, " ")
}
