package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/config"
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
	Alias       string   `json:"alias,omitempty"`   // its name in the user's list, which --template takes as well
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
	kind := diag.Refused
	sources, err := listSources(o.template)
	if err != nil {
		return err
	}
	for _, named := range sources {
		packs, err := a.listedPacks(ctx, named, &faults)
		var e *diag.Error
		switch {
		case named.Name != "" && errors.As(err, &e) && ctx.Err() == nil: // the others are there all the same
			kind = e.Kind
			note(&faults, err)
		case err != nil:
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
	return faults.Err(kind)
}

// listSources are the packs that the user's configuration names, and the given one.
func listSources(template string) ([]config.Template, error) {
	c, err := userConfig()
	if err != nil {
		return nil, err
	}
	known := slices.ContainsFunc(c.Templates, func(t config.Template) bool { return template == t.Name || template == t.Source })
	if template == "" || known {
		return c.Templates, nil
	}
	return append(slices.Clone(c.Templates), config.Template{Source: template}), nil
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
func (a *app) listedPacks(ctx context.Context, named config.Template, faults *diag.List) (all []listedPack, err error) {
	source := named.Source
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
		alias := named.Name
		if dir != "" { // it names a repository of several packs
			alias = ""
		}
		all = append(all, listedPack{
			Alias: alias, Name: l.Name, Description: cmp.Or(named.Description, l.Description), Kind: kindPack, Source: l.Pin.Source,
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
			source := p.Source
			if p.Alias != "" {
				source = p.Alias + " = " + source
			}
			hanging(&b, strings.Repeat(" ", wide+10), source)
		}
	}
	return b.String()
}
