package cli

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/templates"
)

func templateCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "template",
		Short: "Show template packs, and test your own",
		Long: `A template pack is a folder or a repository with a team's standards: files,
questions and a policy on top of a stack, or a project of its own. Projects are
made from one with "stackinit new NAME --template SOURCE"; docs/packs.md says
what stands in it.`,
		Example: `  stackinit template list
  stackinit template show acme-web
  stackinit template test acme-web
  stackinit new svc --template acme-web`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(templateListCommand(a), templateShowCommand(a), templateNewCommand(a), templateTestCommand(a), templateLintCommand(a), templateSchemaCommand(a))
	return cmd
}

// oneSource wants exactly one argument, a pack's source.
func oneSource(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return wrongUsage(cmd, fmt.Errorf("%s takes one argument, but got %d", cmd.Name(), len(args)))
	}
	return nil
}

// packDirs are the folders of a tree that are packs, sorted; "" is the tree itself.
// What lies in the template, the partials or the tests of a pack is none.
func packDirs(tree *pack.Tree) (dirs []string, err error) {
	inside := func(dir string) bool {
		return slices.ContainsFunc(dirs, func(above string) bool {
			below := dir
			if above != "" {
				var ok bool
				if below, ok = strings.CutPrefix(dir, above+"/"); !ok {
					return false
				}
			}
			first, _, _ := strings.Cut(below, "/")
			return slices.Contains([]string{"template", "partials", "tests"}, first)
		})
	}
	var all []string
	for _, f := range tree.Files {
		if path.Base(f.Path) == pack.ManifestFile {
			all = append(all, strings.TrimSuffix(strings.TrimSuffix(f.Path, pack.ManifestFile), "/"))
		}
	}
	slices.Sort(all) // what holds others stands before them
	for _, dir := range all {
		if inside(dir) {
			continue
		}
		if dirs = append(dirs, dir); len(dirs) > mostPacks {
			return nil, diag.New(diag.Refused, "name a folder in it", "%s holds more than %d packs", tree.Pin.Source, mostPacks)
		}
	}
	return dirs, nil
}

// mostPacks is more than a team keeps in one place, and reads.
const mostPacks = 100

// subTree is the pack in a folder of a tree.
func subTree(tree *pack.Tree, dir string) (*pack.Tree, error) {
	if dir == "" {
		return tree, nil
	}
	var files []pack.SourceFile
	for _, f := range tree.Files {
		if below, ok := strings.CutPrefix(f.Path, dir+"/"); ok {
			files = append(files, pack.SourceFile{Path: below, Body: f.Body})
		}
	}
	source := tree.Pin.Source + "/" + dir
	if tree.Pin.Commit != "" { // a repository's part is named as --template takes it
		repo, ref, tagged := strings.Cut(tree.Pin.Source, "@")
		if source = repo + "//" + dir; tagged {
			source += "@" + ref
		}
	}
	return pack.NewTree(source, tree.Pin.Commit, files)
}

// onePack opens a source that is a single pack.
func (a *app) onePack(ctx context.Context, source string) (*pack.Tree, error) {
	tree, err := a.openTree(ctx, source)
	if err != nil {
		return nil, err
	}
	if _, ok := tree.File(pack.ManifestFile); ok {
		return tree, nil
	}
	dirs, err := packDirs(tree)
	if err != nil {
		return nil, err
	}
	if len(dirs) == 0 {
		return nil, diag.New(diag.Refused, "a pack is a folder with a "+pack.ManifestFile, "%s is no pack", source)
	}
	return nil, diag.New(diag.Usage, "name one of its folders: "+strings.Join(dirs, ", "), "%s holds several packs", source)
}

// builtInStack gives the manifest of a stack that comes with stackinit.
func builtInStack(name string) (pack.Manifest, bool, error) {
	stacks, err := pack.Stacks(templates.FS)
	i := slices.IndexFunc(stacks, func(m pack.Manifest) bool { return m.Name == name })
	if err != nil || i < 0 {
		return pack.Manifest{}, false, err
	}
	return stacks[i], true, nil
}
