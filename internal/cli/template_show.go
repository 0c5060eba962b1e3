package cli

import (
	"context"
	"fmt"
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

func (s shownPack) text() string {
	var b strings.Builder
	line := func(label, text string) {
		if text != "" {
			hanging(&b, fmt.Sprintf("%-10s", label), text)
		}
	}
	b.WriteString(s.Name + "\n")
	line("", s.Description)
	line("kind", strings.TrimSpace(s.Runtime+" "+s.Kind))
	line("stands on", strings.Join(s.Extends, ", or "))
	line("source", s.Source)
	line("commit", s.Commit)
	line("digest", s.Digest)
	line("needs", strings.TrimSuffix("stackinit "+s.Oldest, "stackinit "))
	line("criteria", s.Criteria)
	s.questionsText(&b)
	s.policyText(&b)
	if len(s.Tasks) > 0 {
		b.WriteString("\nCommands that it would run in the project\n")
		for _, argv := range s.Tasks {
			fmt.Fprintf(&b, "  %q\n", argv)
		}
	}
	s.filesText(&b)
	return b.String()
}

func (s shownPack) questionsText(b *strings.Builder) {
	if len(s.Questions) > 0 {
		b.WriteString("\nQuestions\n")
	}
	for _, q := range s.Questions {
		hanging(b, "  "+q.Key+"  ", q.Prompt)
		if len(q.Choices) > 0 {
			keys := make([]string, len(q.Choices))
			for i, c := range q.Choices {
				keys[i] = c.Key
			}
			hanging(b, "      choices  ", strings.Join(keys, ", "))
		}
		if len(q.Default) > 0 && q.Default[0] != "" {
			hanging(b, "      default  ", strings.Join(q.Default, ", "))
		}
		for _, key := range slices.Sorted(maps.Keys(q.When)) {
			if values, ok := q.When[key].([]string); ok {
				hanging(b, "      asked if ", key+"="+strings.Join(values, "|"))
			} else {
				hanging(b, "      asked if ", fmt.Sprint(q.When[key]))
			}
		}
	}
}

func (s shownPack) policyText(b *strings.Builder) {
	if len(s.Policy.Only)+len(s.Policy.Never) == 0 {
		return
	}
	b.WriteString("\nPolicy\n")
	for _, list := range []struct {
		word string
		of   map[string][]string
	}{{"only", s.Policy.Only}, {"never", s.Policy.Never}} {
		for _, key := range slices.Sorted(maps.Keys(list.of)) {
			hanging(b, fmt.Sprintf("  %-5s  ", list.word), key+": "+strings.Join(list.of[key], ", "))
		}
	}
}

func (s shownPack) filesText(b *strings.Builder) {
	fmt.Fprintf(b, "\nFiles (%d)\n", len(s.Files))
	for _, f := range s.Files {
		note := ""
		if f.When != "" {
			note += "  if " + f.When
		}
		if f.Each != "" {
			note += "  for each of " + f.Each
		}
		if f.Runs != "" {
			note += "  (" + f.Runs + ")"
		}
		b.WriteString("  " + f.Path + note + "\n")
	}
	if len(s.Features) > 0 {
		b.WriteString("\nMore files come with\n")
	}
	for _, f := range s.Features {
		hanging(b, "  ", conditionText(f.When))
	}
}
