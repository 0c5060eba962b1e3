package cli

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/plan"
	"github.com/stackinit/stackinit/templates"
)

// shownPack is what template show --json prints.
type shownPack struct {
	Name        string            `json:"name"`
	Description string            `json:"description"`
	Kind        string            `json:"kind"`
	Source      string            `json:"source"`
	Commit      string            `json:"commit,omitempty"`
	Digest      string            `json:"digest,omitempty"`
	Runtime     string            `json:"runtime,omitempty"`
	Extends     []string          `json:"extends"`
	BaseDigest  string            `json:"extends_digest,omitempty"` // of a pack that it extends
	Oldest      string            `json:"min_stackinit,omitempty"`
	Questions   []shownQuestion   `json:"questions"`
	Features    []shownFeature    `json:"features"`
	Files       []shownFile       `json:"files"` // of a stack: those that every project of it starts from
	Policy      shownPolicy       `json:"policy"`
	Depends     pack.Dependencies `json:"dependencies"`
	Tasks       [][]string        `json:"tasks"` // what it would run in the finished project
	Criteria    string            `json:"criteria,omitempty"`
}

type shownQuestion struct {
	Key     string         `json:"key"`
	Type    string         `json:"type"`
	Prompt  string         `json:"prompt"`
	Help    string         `json:"help,omitempty"`
	Several bool           `json:"multiselect,omitempty"`
	Choices []shownChoice  `json:"choices,omitempty"`
	Default []string       `json:"default"`
	When    map[string]any `json:"when,omitempty"`
	interview.Limits
	Placeholder string `json:"placeholder,omitempty"`
	Multiline   bool   `json:"multiline,omitempty"`
	Secret      bool   `json:"secret,omitempty"`
}

type shownChoice struct {
	Key   string `json:"key"`
	Label string `json:"label"`
}

type shownFeature struct {
	Layer string              `json:"layer"`
	When  map[string][]string `json:"when"`
}

type shownFile struct {
	Path     string `json:"path"`
	Rendered bool   `json:"rendered"`
	When     string `json:"when,omitempty"`
	Each     string `json:"each,omitempty"`
	Runs     string `json:"runs_by_itself,omitempty"` // why, as far as its source shows
}

type shownPolicy struct {
	Only  map[string][]string `json:"only"`
	Never map[string][]string `json:"never"`
}

func templateShowCommand(a *app) *cobra.Command {
	var json bool
	cmd := &cobra.Command{
		Use:   "show STACK|SOURCE",
		Short: "Show what a stack or a pack is: questions, files, policy, pin",
		Long: `Shows what a built-in stack or a team's pack brings. A name of a stack means the
stack; write ./NAME for a folder of that name. The digest names exactly these
bytes: it is what "extends: {pack: SOURCE, digest: …}" wants.`,
		Example: `  stackinit template show python-django
  stackinit template show ./acme-web --json`,
		Args: oneSource,
		RunE: func(cmd *cobra.Command, args []string) error { return a.templateShow(cmd.Context(), args[0], json) },
	}
	cmd.Flags().BoolVar(&json, "json", false, "print JSON")
	return cmd
}

func (a *app) templateShow(ctx context.Context, source string, json bool) error {
	shown, err := a.shown(ctx, source)
	if err != nil {
		return err
	}
	if json {
		return a.printJSON(shown)
	}
	return a.print("%s", clean(shown.text()))
}

func (a *app) shown(ctx context.Context, source string) (shownPack, error) {
	stack, ok, err := builtInStack(source)
	if err != nil {
		return shownPack{}, err
	}
	if ok {
		return shownStack(stack)
	}
	tree, err := a.onePack(ctx, source)
	if err != nil {
		return shownPack{}, err
	}
	l, err := pack.FromTree(tree)
	if err != nil {
		return shownPack{}, err
	}
	s := shownOf(l.Manifest, pack.Pile{l})
	s.Kind, s.Source, s.Commit, s.Digest = kindPack, l.Pin.Source, l.Pin.Commit, l.Pin.Digest
	s.Extends, s.BaseDigest = standsOn(l), l.Team.Base.Digest
	return s, nil
}

// shownStack shows a built-in stack with the layers that it always stands on.
func shownStack(m pack.Manifest) (shownPack, error) {
	pile, err := pack.Stack(templates.FS, m.Name, nil)
	if err != nil {
		return shownPack{}, err
	}
	s := shownOf(m, pile)
	s.Kind, s.Source, s.Extends = kindStack, builtIn, []string{m.Extends}
	return s, nil
}

func shownOf(m pack.Manifest, pile pack.Pile) shownPack {
	s := shownPack{
		Name: m.Name, Description: m.Description, Runtime: m.Runtime, Oldest: m.Team.MinStackinit, Criteria: m.Team.Criteria,
		Questions: []shownQuestion{}, Features: []shownFeature{}, Files: []shownFile{}, Tasks: append([][]string{}, m.Team.Tasks...),
		Policy: shownPolicy{m.Team.Policy.Only, m.Team.Policy.Never}, Depends: pile.Dependencies(),
	}
	for _, q := range m.Questions {
		s.Questions = append(s.Questions, shownQuestionOf(q))
	}
	for _, l := range pile {
		for _, f := range l.Features {
			s.Features = append(s.Features, shownFeature{f.Layer, f.When})
		}
		for _, f := range l.Files {
			if !l.Rules.Excluded(f.Path) {
				s.Files = append(s.Files, shownFileOf(l.Rules, f))
			}
		}
	}
	slices.SortFunc(s.Files, func(a, b shownFile) int { return strings.Compare(a.Path, b.Path) })
	s.Files = slices.CompactFunc(s.Files, func(a, b shownFile) bool { return a.Path == b.Path })
	return s
}

func shownQuestionOf(q interview.Question) shownQuestion {
	s := shownQuestion{
		Key: q.Key, Prompt: q.Prompt, Help: q.Help, Several: q.Kind == interview.Multi, Default: append([]string{}, q.Default...),
		Type: [...]string{interview.Str: "str", interview.Int: "int", interview.Float: "float", interview.Bool: "bool"}[q.Type],
	}
	s.Limits, s.Placeholder, s.Multiline, s.Secret = q.Limits, q.Placeholder, q.Multiline, q.Secret
	if q.DefaultTemplate != "" {
		s.Default = []string{q.DefaultTemplate}
	}
	for _, o := range q.Options {
		s.Choices = append(s.Choices, shownChoice(o))
	}
	if len(q.When) > 0 || q.WhenTemplate != "" {
		s.When = map[string]any{}
		for key, values := range q.When {
			s.When[key] = values
		}
		if q.WhenTemplate != "" {
			s.When["template"] = q.WhenTemplate
		}
	}
	return s
}

func shownFileOf(rules pack.Rules, f pack.File) shownFile {
	s := shownFile{Path: f.Path, Rendered: f.Rendered, Runs: strings.Join(plan.WhatRuns(f.Path, f.Body), "; ")}
	var when []string
	for _, at := range rules.Of(f.Path) {
		r := rules.Files[at]
		if r.Each != "" {
			s.Each = r.Each
		}
		if r.When != nil {
			when = append(when, conditionText(r.When))
		}
		if r.WhenTemplate != "" {
			when = append(when, r.WhenTemplate)
		}
	}
	s.When = strings.Join(when, " and ")
	return s
}

// conditionText writes which answers something depends on: database=postgres and redis=none|redis.
func conditionText(when map[string][]string) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(when)) {
		parts = append(parts, key+"="+strings.Join(when[key], "|"))
	}
	return strings.Join(parts, " and ")
}
