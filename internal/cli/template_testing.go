package cli

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/apply"
	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/packtest"
)

type templateTestOptions struct {
	builtIn bool
	update  bool
	run     string
	json    bool
}

// packTestJSON is what template test --json prints of a pack.
type packTestJSON struct {
	Pack     string       `json:"pack"`
	Source   string       `json:"source"`
	Sets     []setJSON    `json:"sets"`
	Matrix   []matrixJSON `json:"matrix"`
	Coverage coverageJSON `json:"coverage"`
	Updated  []string     `json:"updated"`
	Notes    []string     `json:"notes"`
	Failures int          `json:"failures"`
}

type setJSON struct {
	Name     string             `json:"name"`
	Stack    string             `json:"stack"`
	Files    int                `json:"files"` // compared
	Failures []packtest.Failure `json:"failures"`
}

type matrixJSON struct {
	Stack    string       `json:"stack"`
	Rows     int          `json:"rows"`
	All      bool         `json:"all"` // every pair of choices is in a row
	Failures []rowFailure `json:"failures"`
}

type rowFailure struct {
	Answers packtest.Row `json:"answers"`
	Text    string       `json:"text"`
}

// coverageJSON is about the answer sets alone; the matrix takes every choice.
type coverageJSON struct {
	Choices int                `json:"choices"`
	Untaken []packtest.Untaken `json:"untaken"`
}

func templateTestCommand(a *app) *cobra.Command {
	var o templateTestOptions
	cmd := &cobra.Command{
		Use:   "test SOURCE|STACK",
		Short: "Run the tests of a pack, and plan it with every pair of choices",
		Long: `Makes the project of each answer set in tests/*.yaml in memory and compares the
files that the pack brings or changes with those in the folder tests/NAME: the
same paths, the same bytes. Then plans the project with rows of answers in which
every pair of choices comes up, twice each: everything has to render, structured
files have to parse, paths have to be portable, and the bytes the same both times.
Exit code 6 if anything fails.

A test says:

  stack: node-express       optional: the first that the pack may stand on
  name: my-service          optional
  date: 2026-01-01          optional: the day of the project
  answers: {database: postgres}
  absent: [Dockerfile]      files that must not be there
  refused: no such choice   the project must be refused, with these words

--update writes the expected files anew. It never deletes: what is no longer made
is named, and yours to remove. --run gives a command line to the shell (sh -c, or
cmd /C on Windows) in the finished project of each answer set, in a temporary
folder; nothing of the pack itself is run.`,
		Example: `  stackinit template test ./acme-web
  stackinit template test ./acme-web --update
  stackinit template test ./acme-web --run 'npm ci && npm test'`,
		Args: sourceOrBuiltIn(&o.builtIn),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.templateTest(cmd.Context(), strings.Join(args, ""), o)
		},
	}
	fl := cmd.Flags()
	fl.BoolVar(&o.builtIn, "built-in", false, "test the stacks of stackinit itself")
	fl.BoolVar(&o.update, "update", false, "write the expected files anew")
	fl.StringVar(&o.run, "run", "", "run a `command` in the finished project of each answer set")
	fl.BoolVar(&o.json, "json", false, "print one JSON array, an object for each pack")
	return cmd
}

// sourceOrBuiltIn wants a source, or --built-in instead.
func sourceOrBuiltIn(builtIn *bool) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if *builtIn && len(args) == 0 {
			return nil
		}
		if *builtIn {
			return wrongUsage(cmd, fmt.Errorf("--built-in goes without a source"))
		}
		return oneSource(cmd, args)
	}
}

func (a *app) templateTest(ctx context.Context, source string, o templateTestOptions) error {
	benches, err := a.benches(ctx, source, o.builtIn)
	if err != nil {
		return err
	}
	defer slow(a.Err, "testing …")()
	reports := []packTestJSON{}
	failures := 0
	for _, b := range benches {
		r, err := a.testPack(ctx, b, o)
		if err != nil {
			return err
		}
		reports = append(reports, r)
		failures += r.Failures
	}
	if o.json {
		err = a.printJSON(reports)
	} else {
		err = a.print("%s", clean(testText(reports)))
	}
	if err == nil && failures > 0 {
		err = diag.New(diag.Findings, "", "%s", count(failures, "failure"))
	}
	return err
}

// testPack runs all tests of one pack.
func (a *app) testPack(ctx context.Context, b *bench, o templateTestOptions) (packTestJSON, error) {
	r := packTestJSON{Pack: b.name, Source: b.source(), Sets: []setJSON{}, Matrix: []matrixJSON{}, Updated: []string{}, Notes: []string{}}
	var sets []packtest.Set
	tree := b.tree
	if tree == nil { // of a built-in stack, with all defaults
		tree = &pack.Tree{}
		sets = []packtest.Set{packtest.Defaults()}
	} else {
		var err error
		if sets, err = packtest.Sets(tree); err != nil {
			return r, err
		}
		if len(sets) == 0 {
			r.Notes = append(r.Notes, "there is no test in tests/; this is what the defaults give")
			sets = []packtest.Set{packtest.Defaults()}
		}
		for _, dir := range packtest.Stray(tree, sets) {
			r.Notes = append(r.Notes, fmt.Sprintf("tests/%s belongs to no test: there is no tests/%s.yaml", dir, dir))
		}
	}
	t := &testRun{bench: b, tree: tree, options: o, taken: packtest.Coverage{}, samples: map[string]string{}}
	for _, s := range sets {
		done, err := t.set(ctx, s)
		if err != nil {
			return r, err
		}
		r.Sets = append(r.Sets, done)
		r.Failures += len(done.Failures)
	}
	r.Notes = append(r.Notes, t.notes...)
	if err := a.update(ctx, t, &r); err != nil {
		return r, err
	}
	for _, stack := range b.stacks {
		m, questions, err := t.matrix(ctx, stack)
		if err != nil {
			return r, err
		}
		r.Matrix = append(r.Matrix, m)
		r.Failures += len(m.Failures)
		t.questions = append(t.questions, questions...)
	}
	r.Coverage.Choices, r.Coverage.Untaken = t.taken.Of(mergedQuestions(t.questions))
	return r, nil
}

// update writes expected files anew that differ, where that is asked for.
func (a *app) update(ctx context.Context, t *testRun, r *packTestJSON) error {
	if len(t.changes) == 0 {
		return nil
	}
	dir := t.tree.Pin.Source
	if info, err := os.Stat(dir); err != nil || !info.IsDir() || t.tree.Pin.Commit != "" {
		return diag.New(diag.Usage, "clone it and give the folder", "%s is no folder whose tests could be written anew", dir)
	}
	if err := apply.Edit(ctx, apply.EditOptions{Dir: dir, Changes: t.changes}); err != nil {
		return err
	}
	for _, c := range t.changes {
		r.Updated = append(r.Updated, c.Path)
	}
	slices.Sort(r.Updated)
	return nil
}
