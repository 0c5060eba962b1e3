package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/packtest"
	"github.com/stackinit/stackinit/internal/plan"
	"github.com/stackinit/stackinit/templates"
)

// bench plans projects of a pack, or of a built-in stack, in memory, as new makes them.
type bench struct {
	name   string
	tree   *pack.Tree // nil of a built-in stack
	team   team
	stacks []string // that it can stand on; one empty one if it stands on nothing
}

// benches are the packs that a command is about: those of a source, the stack of that
// name, or all stacks.
func (a *app) benches(ctx context.Context, source string, all bool) ([]*bench, error) {
	if all {
		stacks, err := pack.Stacks(templates.FS)
		benches := make([]*bench, len(stacks))
		for i, m := range stacks {
			benches[i] = &bench{name: m.Name, stacks: []string{m.Name}}
		}
		return benches, err
	}
	_, ok, err := builtInStack(source)
	if err != nil {
		return nil, err
	}
	if ok {
		return []*bench{{name: source, stacks: []string{source}}}, nil
	}
	trees, err := a.openTrees(ctx, source)
	if err != nil {
		return nil, err
	}
	var benches []*bench
	for _, tree := range trees {
		b, err := a.benchOf(ctx, tree)
		if err != nil {
			return nil, err
		}
		benches = append(benches, b)
	}
	return benches, nil
}

// openTrees gives the packs of a source, which may hold several.
func (a *app) openTrees(ctx context.Context, source string) (trees []*pack.Tree, err error) {
	tree, err := a.openTree(ctx, source)
	if err != nil {
		return nil, err
	}
	dirs, err := packDirs(tree)
	if err != nil {
		return nil, err
	}
	if len(dirs) == 0 {
		return nil, diag.New(diag.Refused, "a pack is a folder with a "+pack.ManifestFile, "%s is no pack", source)
	}
	for _, dir := range dirs {
		sub, err := subTree(tree, dir)
		if err != nil {
			return nil, err
		}
		trees = append(trees, sub)
	}
	return trees, nil
}

func (a *app) benchOf(ctx context.Context, tree *pack.Tree) (*bench, error) {
	team, err := a.packsOf(ctx, tree)
	if err != nil {
		return nil, err
	}
	b := &bench{name: team.top().Name, tree: tree, team: team, stacks: []string{""}}
	if !team.alone() {
		b.stacks = team.pile[0].Team.Stacks
	}
	return b, nil
}

// source is what people call it.
func (b *bench) source() string {
	if b.tree == nil {
		return builtIn
	}
	return b.tree.Pin.Source
}

// project prepares a project on a stack, with no answers yet.
func (b *bench) project(stack, name string, date time.Time) (p *project, err error) {
	p = &project{options: newOptions{name: name, stack: stack}, team: b.team, time: date}
	if p.criteria, err = b.team.criteria(); err != nil {
		return nil, err
	}
	if p.iv, err = p.interview(); err != nil {
		return nil, err
	}
	if err = p.team.join(&p.iv); err != nil {
		return nil, err
	}
	if stack != "" && !p.iv.CanMake(stack) {
		return nil, p.noStarter(stack)
	}
	return p, nil
}

// below are the questions that a project on that stack has without the pack.
func (p *project) below() []interview.Question {
	return slices.Concat(p.iv.Project, p.iv.Options(p.options.stack))
}

// tested are the questions whose choices tests are to take: the pack's own, and those
// of the stack where the pack has a say in them; all of a stack by itself.
func (b *bench) tested(p *project) []interview.Question {
	if b.tree == nil {
		return p.iv.Options(p.options.stack)
	}
	tested := slices.Clone(p.team.own)
	for _, q := range p.below() {
		for _, l := range p.team.pile {
			asks := slices.ContainsFunc(l.Questions, func(own interview.Question) bool { return own.Key == q.Key })
			if asks || l.Team.Policy.Only[q.Key] != nil || l.Team.Policy.Never[q.Key] != nil {
				tested = append(tested, q)
				break
			}
		}
	}
	return tested
}

// planned is a project in memory with the answers that it came from.
type planned struct {
	plan    *plan.Plan
	answers interview.Answers
}

// plan makes the project in memory; script answers what the pack asks and is not given.
func (p *project) plan(given interview.Answers, script *packtest.Script) (planned, error) {
	q := *p
	q.answers, q.iv.Asker = given, script
	if !q.team.alone() {
		q.decision = q.iv.Decide(given, q.options.stack, "")
	}
	if err := q.complete(); err != nil {
		return planned{}, err
	}
	made, err := q.build(func() string { return strings.Repeat("secret", 11) })
	return planned{made, q.answers}, err
}

// row gives the answers of a row that are given beforehand; the pack's own are asked for.
func (p *project) row(row packtest.Row) interview.Answers {
	given := interview.Answers{}
	for _, q := range p.below() {
		v, ok := row[q.Key]
		if !ok {
			continue
		}
		values := []string{v}
		if q.Kind == interview.Multi {
			values = strings.FieldsFunc(v, func(r rune) bool { return r == ',' })
		}
		given[q.Key] = interview.Answer{Values: values, From: interview.FromFlag}
	}
	return given
}

// faulty tells what a pack or its answers are to blame for; the text is for people.
func faulty(err error) (text string, ok bool) {
	var e *diag.Error
	if !errors.As(err, &e) || e.Kind != diag.Usage && e.Kind != diag.Refused && e.Kind != diag.InTheWay {
		return "", false
	}
	return e.Error(), true
}
