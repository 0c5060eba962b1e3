package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/templates"
)

type templateListOptions struct {
	template string
	json     bool
}

// listedPack is one entry of template list --json.
type listedPack struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Kind        string   `json:"kind"`              // stack or pack
	Source      string   `json:"source"`            // built-in, or what --template takes
	Runtime     string   `json:"runtime,omitempty"` // of a stack
	Extends     []string `json:"extends"`
	Questions   int      `json:"questions"` // those that it asks itself; of a stack also those of what it stands on
	Commit      string   `json:"commit,omitempty"`
	Digest      string   `json:"digest,omitempty"`
}

const (
	kindStack = "stack"
	kindPack  = "pack"
	builtIn   = "built-in"
)

func templateListCommand(a *app) *cobra.Command {
	var o templateListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the stacks of stackinit and the packs of your team",
		Example: `  stackinit template list
  stackinit template list --template ./packs
  stackinit template list --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.templateList(cmd.Context(), o) },
	}
	cmd.Flags().StringVar(&o.template, "template", "", "list the packs of this `source`, too: a folder or a repository, of one pack or several")
	cmd.Flags().BoolVar(&o.json, "json", false, "print one JSON array")
	return cmd
}

func (a *app) templateList(ctx context.Context, o templateListOptions) error {
	all, err := listedStacks()
	if err != nil {
		return err
	}
	var faults diag.List
	sources, err := listSources(o.template)
	if err != nil {
		return err
	}
	for _, source := range sources {
		packs, err := a.listedPacks(ctx, source, &faults)
		if err != nil {
			return err
		}
		all = append(all, packs...)
	}
	if o.json {
		err = a.printJSON(all)
	} else {
		err = a.print("%s", clean(listText(all)))
	}
	if err != nil {
		return err
	}
	return faults.Err(diag.Refused)
}

// listSources are the packs that the user's configuration names, and the given one.
func listSources(template string) (sources []string, err error) {
	named, err := templateNames()
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		sources = append(sources, named[name])
	}
	if template != "" && !slices.Contains(sources, template) {
		sources = append(sources, template)
	}
	return sources, nil
}

func listedStacks() ([]listedPack, error) {
	stacks, err := pack.Stacks(templates.FS)
	all := make([]listedPack, len(stacks))
	for i, m := range stacks {
		all[i] = listedPack{
			Name: m.Name, Description: m.Description, Kind: kindStack, Source: builtIn,
			Runtime: m.Runtime, Extends: []string{m.Extends}, Questions: len(m.Questions),
		}
	}
	return all, err
}

// listedPacks are the packs of one source. What is no good is a finding, and the
// others are listed all the same.
func (a *app) listedPacks(ctx context.Context, source string, faults *diag.List) (all []listedPack, err error) {
	tree, err := a.openTree(ctx, source)
	if err != nil {
		return nil, err
	}
	dirs, err := packDirs(tree)
	if err != nil {
		return nil, err
	}
	if len(dirs) == 0 {
		faults.Add(diag.Pos{File: source}, "a pack is a folder with a "+pack.ManifestFile, "there is no pack")
	}
	for _, dir := range dirs {
		sub, err := subTree(tree, dir)
		if err != nil {
			return nil, err
		}
		l, err := pack.FromTree(sub)
		if err != nil {
			if !note(faults, err) {
				return nil, err
			}
			continue
		}
		all = append(all, listedPack{
			Name: l.Name, Description: l.Description, Kind: kindPack, Source: l.Pin.Source,
			Extends: standsOn(l), Questions: len(l.Questions), Commit: l.Pin.Commit, Digest: l.Pin.Digest,
		})
	}
	return all, nil
}

// standsOn names what is below a pack: one of several stacks, or another pack.
func standsOn(l *pack.Layer) []string {
	if l.Team.Base.Source != "" {
		return []string{l.Team.Base.Source}
	}
	return append([]string{}, l.Team.Stacks...)
}

// note records the findings of an error that people are shown; others are not noted.
func note(list *diag.List, err error) bool {
	var e *diag.Error
	if !errors.As(err, &e) {
		return false
	}
	for _, f := range e.Findings {
		list.Add(f.Pos, f.Hint, "%s", f.Text)
	}
	return true
}

func listText(all []listedPack) string {
	wide := 0
	for _, p := range all {
		wide = max(wide, len(p.Name))
	}
	var b strings.Builder
	for _, p := range all {
		what := p.Runtime
		if p.Kind == kindPack {
			what = "pack"
		}
		hanging(&b, fmt.Sprintf("%-*s  %-6s  ", wide, p.Name, what), p.Description)
		if p.Kind == kindPack {
			hanging(&b, strings.Repeat(" ", wide+10), p.Source)
		}
	}
	return b.String()
}
