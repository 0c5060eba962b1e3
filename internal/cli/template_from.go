package cli

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/packnew"
	"github.com/stackinit/stackinit/internal/packtest"
	"github.com/stackinit/stackinit/internal/source"
)

// projectPack are the files of a pack that is made from a project, and what is left out.
func projectPack(ctx context.Context, name, extends string, o templateNewOptions) ([]pack.SourceFile, []packnew.Left, error) {
	project, left, err := source.Project(ctx, o.from)
	if err != nil {
		return nil, nil, err
	}
	project, clashing := packnew.Apart(project)
	if len(project) == 0 {
		return nil, nil, diag.New(diag.Usage, "", "%s holds no file that could be part of a pack", o.from)
	}
	return packnew.Pack(name, o.description, extends, project), append(append([]packnew.Left{}, left...), clashing...), nil
}

// extendsLine is the manifest's line about what the pack stands on: empty for nothing.
func (a *app) extendsLine(ctx context.Context, o templateNewOptions) (string, error) {
	const about = "# What it stands on: its files, questions and options.\nextends: "
	if o.extends == "" {
		return "", nil
	}
	if _, ok, err := builtInStack(o.extends); err != nil || ok {
		return about + o.extends + "\n", err
	}
	list, err := templateNames()
	if err != nil {
		return "", err
	}
	if _, named := list[o.extends]; !named && !strings.ContainsAny(o.extends, `./:\`) {
		stacks, err := starters()
		if err != nil {
			return "", err
		}
		names := make([]string, len(stacks))
		for i, s := range stacks {
			names[i] = s.Stack
		}
		hint := cmp.Or(diag.DidYouMean(o.extends, names), "stackinit template list names them")
		return "", diag.New(diag.Usage, hint+"; a folder is written ./NAME", "there is no stack %q", o.extends)
	}
	tree, err := a.onePack(ctx, o.extends)
	if err != nil {
		return "", err
	}
	spec, err := source.Parse(tree.Pin.Source, nil)
	if err != nil {
		return "", err
	}
	if !spec.IsFolder() {
		return fmt.Sprintf("%s{pack: %q, digest: %q}\n", about, tree.Pin.Source, tree.Pin.Digest), nil
	}
	neighbour, err := fromTo(o.path, tree.Pin.Source)
	return about + strconv.Quote(neighbour) + "\n", err
}

// fromTo is the way from one folder to another, with slashes.
func fromTo(from, to string) (string, error) {
	absFrom, err1 := filepath.Abs(from)
	absTo, err2 := filepath.Abs(to)
	way, err3 := filepath.Rel(absFrom, absTo)
	if err := cmp.Or(err1, err2, err3); err != nil {
		return "", diag.New(diag.Usage, "put the packs beside each other", "there is no way from %s to %s: %w", from, to, err)
	}
	return filepath.ToSlash(way), nil
}

// tryPack makes a project of the pack's files in memory with all defaults, so that no
// pack is written of which nothing can be made.
func (a *app) tryPack(ctx context.Context, source string, files []pack.SourceFile) error {
	tree, err := pack.NewTree(source, "", slices.Clone(files))
	if err != nil {
		return err
	}
	b, err := a.benchOf(ctx, tree)
	if err != nil {
		return err
	}
	set := packtest.Defaults()
	p, err := b.project(b.stacks[0], set.Project, set.Date)
	if err != nil {
		return err
	}
	_, err = p.plan(interview.Answers{}, &packtest.Script{})
	return err
}
