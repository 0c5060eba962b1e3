package cli

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/apply"
	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/names"
	"github.com/stackinit/stackinit/internal/packtest"
	"github.com/stackinit/stackinit/internal/verify"
)

type templateNewOptions struct {
	path, extends, description string
	defaults, json             bool
}

func templateNewCommand(a *app) *cobra.Command {
	var o templateNewOptions
	cmd := &cobra.Command{
		Use:   "new PATH",
		Short: "Make a small pack of your own, with a test",
		Long: `Makes a pack in the new folder PATH: a manifest with one question, one file and one
test, which passes as it is. From there on, change it and see what its test says.`,
		Example: `  stackinit template new acme-web --extends node-express
  stackinit template new acme-tool --defaults`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return wrongUsage(cmd, fmt.Errorf("new takes one argument, the pack's folder, but got %d", len(args)))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.path = args[0]
			return a.templateNew(cmd.Context(), o)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&o.extends, "extends", "", "stand on this `stack` of stackinit; without it the pack is the whole project")
	fl.StringVar(&o.description, "description", "", "what the pack is, in one `line`")
	fl.BoolVar(&o.defaults, "defaults", false, "ask nothing")
	fl.BoolVar(&o.json, "json", false, "print JSON, and ask nothing")
	return cmd
}

func (a *app) templateNew(ctx context.Context, o templateNewOptions) error {
	dir, name := filepath.Split(filepath.Clean(o.path))
	dir = cmp.Or(dir, ".")
	if err := names.CheckProject(name); err != nil {
		return err
	}
	if err := apply.Check(dir, name); err != nil {
		return err
	}
	if !o.defaults && !o.json {
		if asker := a.asker(ctx, false); asker != nil {
			if err := o.ask(asker); err != nil {
				return err
			}
		}
	}
	o.description = cmp.Or(o.description, "What "+name+" is for")
	if err := names.CheckText(o.description); err != nil {
		return diag.New(diag.Usage, "", "--description %w", err)
	}
	if o.extends != "" {
		if _, ok, err := builtInStack(o.extends); err != nil {
			return err
		} else if !ok {
			return diag.New(diag.Usage, "stackinit template list names them", "there is no stack %q", o.extends)
		}
	}
	files := skeleton(name, o)
	if err := apply.New(ctx, apply.Options{Parent: dir, Name: name, Files: files}); err != nil {
		return err
	}
	return a.showSkeleton(filepath.Clean(o.path), name, files, o)
}

// ask asks what flags have not said.
func (o *templateNewOptions) ask(asker interview.Asker) error {
	if o.description == "" {
		answer, err := asker.Ask(interview.Question{Key: "description", Kind: interview.Text, Prompt: "What is the pack, in one line?"})
		if err != nil {
			return err
		}
		o.description = strings.Join(answer, "")
	}
	if o.extends != "" {
		return nil
	}
	all, err := starters()
	if err != nil {
		return err
	}
	q := interview.Question{Key: "extends", Prompt: "What does it stand on?", Default: []string{""}, Options: []interview.Option{{Label: "Nothing: it is the whole project"}}}
	for _, s := range all {
		q.Options = append(q.Options, interview.Option{Key: s.Stack, Label: s.Stack})
	}
	answer, err := asker.Ask(q)
	o.extends = strings.Join(answer, "")
	return err
}

// skeleton are the files of a new pack.
func skeleton(name string, o templateNewOptions) []apply.File {
	extends, file := "", "README.md"
	if o.extends != "" { // which has a README.md of its own
		extends, file = "# What it stands on: its files, questions and options.\nextends: "+o.extends+"\n", "TEAM.md"
	}
	manifest := fmt.Sprintf(`schema: stackinit.pack/v1
name: %s
description: %s
%s# What people are asked; templates see the answers as {{ .tier }}.
questions:
  tier:
    prompt: How soon has it to be up again?
    choices: {gold: Within an hour, silver: The same day}
    default: silver
`, name, strconv.Quote(o.description), extends)
	files := []apply.File{
		{Path: "stackinit.yaml", Body: []byte(manifest)},
		{Path: "template/" + file + ".tmpl", Body: []byte("# {{ .name }}\n\nService level: {{ .tier }}\n")},
		{Path: "tests/gold.yaml", Body: []byte("# The project of these answers has to be what lies in gold/.\nanswers: {tier: gold}\n")},
		{Path: "tests/gold/" + file, Body: []byte("# " + packtest.DefaultName + "\n\nService level: gold\n")},
	}
	for i := range files {
		files[i].Mode = 0o644
	}
	return files
}

func (a *app) showSkeleton(path, name string, files []apply.File, o templateNewOptions) error {
	made := []string{}
	for _, f := range files {
		made = append(made, f.Path)
	}
	next := []string{
		"stackinit template test " + verify.Quote(asFolder(path)), "stackinit new my-service --template " + verify.Quote(asFolder(path)),
	}
	if o.json {
		return a.printJSON(struct {
			Pack  string   `json:"pack"`
			Dir   string   `json:"dir"`
			Files []string `json:"files"`
			Next  []string `json:"next"`
		}{name, path, made, next})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Made the pack %s:\n", name)
	for _, f := range made {
		fmt.Fprintf(&b, "  %s\n", filepath.Join(path, f))
	}
	fmt.Fprintf(&b, "\nNext:\n  %s\n", strings.Join(next, "\n  "))
	return a.print("%s", clean(b.String()))
}

// asFolder writes a path so that it cannot be taken for a name of the team's list.
func asFolder(path string) string {
	if filepath.IsAbs(path) || strings.HasPrefix(path, ".") {
		return path
	}
	return "./" + filepath.ToSlash(path)
}
