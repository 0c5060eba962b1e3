package cli

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/apply"
	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/names"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/packnew"
	"github.com/stackinit/stackinit/internal/packtest"
	"github.com/stackinit/stackinit/internal/verify"
)

type templateNewOptions struct {
	path, from, extends, description string
	defaults, json                   bool
}

func templateNewCommand(a *app) *cobra.Command {
	var o templateNewOptions
	cmd := &cobra.Command{
		Use:   "new PATH",
		Short: "Make a small pack of your own, with a test",
		Long: `Makes a pack in the new folder PATH: a manifest with one question, one file and one
test, which passes as it is. From there on, change it and see what its test says.

With --from, the files of a project become those of the pack, byte for byte: a
project made from it holds the same files. Left out, and named, are what tools make
anew (node_modules, .venv, dist, caches), .git, .env and what else is known to hold
keys, logins or tokens, links, files of more than 1 MiB and names that some systems
cannot have. Look through the rest for what is nobody
else's business before you share the pack.`,
		Example: `  stackinit template new acme-web --extends node-express
  stackinit template new acme-tool --defaults
  stackinit template new acme-eu --extends ./acme-web
  stackinit template new acme-job --from ./nightly-report`,
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
	fl.StringVar(&o.extends, "extends", "", "stand on this `stack or pack`: node-express, ./acme-web, gh:owner/repo//sub@v1; without it the pack is the whole project")
	fl.StringVar(&o.from, "from", "", "take the files of the project in this `folder`")
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
	extends, err := a.extendsLine(ctx, o)
	if err != nil {
		return err
	}
	files, left := skeleton(name, extends, o), []packnew.Left{}
	if o.from != "" {
		if files, left, err = projectPack(ctx, name, extends, o); err != nil {
			return err
		}
	}
	if err := a.tryPack(ctx, asFolder(filepath.Clean(o.path)), files); err != nil {
		return err
	}
	if err := apply.New(ctx, apply.Options{Parent: dir, Name: name, Files: filesOfPack(files)}); err != nil {
		return err
	}
	return a.showSkeleton(filepath.Clean(o.path), name, files, left, o)
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
func skeleton(name, extends string, o templateNewOptions) []pack.SourceFile {
	file := "README.md"
	if extends != "" { // what it stands on has a README.md of its own
		file = "TEAM.md"
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
	return []pack.SourceFile{
		{Path: pack.ManifestFile, Body: []byte(manifest)},
		{Path: "template/" + file + ".tmpl", Body: []byte("# {{ .name }}\n\nService level: {{ .tier }}\n")},
		{Path: "tests/gold.yaml", Body: []byte("# The project of these answers has to be what lies in gold/.\nanswers: {tier: gold}\n")},
		{Path: "tests/gold/" + file, Body: []byte("# " + packtest.DefaultName + "\n\nService level: gold\n")},
	}
}

// filesOfPack are the files to write. Which of a project's are executable the manifest
// says, so none of them has to be here.
func filesOfPack(files []pack.SourceFile) []apply.File {
	all := make([]apply.File, len(files))
	for i, f := range files {
		all[i] = apply.File{Path: f.Path, Mode: 0o644, Body: f.Body}
	}
	return all
}

func (a *app) showSkeleton(path, name string, files []pack.SourceFile, left []packnew.Left, o templateNewOptions) error {
	made := []string{}
	for _, f := range files {
		made = append(made, f.Path)
	}
	slices.Sort(made)
	next := []string{
		"stackinit template test " + verify.Quote(asFolder(path)), "stackinit new my-service --template " + verify.Quote(asFolder(path)),
	}
	if o.json {
		return a.printJSON(struct {
			Pack  string         `json:"pack"`
			Dir   string         `json:"dir"`
			Files []string       `json:"files"`
			Left  []packnew.Left `json:"left_out"`
			Next  []string       `json:"next"`
		}{name, path, made, left, next})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Made the pack %s:\n", name)
	for i, f := range made {
		if i == mostListed {
			fmt.Fprintf(&b, "  … and %d more\n", len(made)-i)
			break
		}
		fmt.Fprintf(&b, "  %s\n", filepath.Join(path, filepath.FromSlash(f)))
	}
	if len(left) > 0 { // all of them: nobody should miss a file later
		b.WriteString("\nLeft out:\n")
	}
	for _, l := range left {
		fmt.Fprintf(&b, "  %s  (%s)\n", oneLine(l.Path), l.Why)
	}
	fmt.Fprintf(&b, "\nNext:\n  %s\n", strings.Join(next, "\n  "))
	return a.print("%s", clean(b.String()))
}

// mostListed is how many files of a new pack are named; --json has all.
const mostListed = 20

// oneLine keeps a name of somebody's folder from looking like more lines.
func oneLine(name string) string { return strings.ReplaceAll(name, "\n", "?") }

// asFolder writes a path so that it cannot be taken for a name of the team's list.
func asFolder(path string) string {
	if filepath.IsAbs(path) || strings.HasPrefix(path, ".") {
		return path
	}
	return "./" + filepath.ToSlash(path)
}
