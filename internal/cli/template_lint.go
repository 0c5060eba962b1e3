package cli

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/packlint"
	"github.com/stackinit/stackinit/internal/packtest"
	"github.com/stackinit/stackinit/templates"
)

// packLintJSON is what template lint --json prints of a pack.
type packLintJSON struct {
	Pack     string             `json:"pack"`
	Source   string             `json:"source"`
	Findings []packlint.Finding `json:"findings"`
}

func templateLintCommand(a *app) *cobra.Command {
	var everything, asJSON bool
	cmd := &cobra.Command{
		Use:   "lint SOURCE",
		Short: "Look for mistakes in a pack that its tests may not show",
		Long: `Reads a pack and says what goes wrong later or elsewhere: variables that nothing
declares, questions that nothing uses or nobody is asked, ${{ in a rendered file,
names that some systems cannot have, free text without an encoder, files that are
not the same every time. docs/packs.md has the list of codes. Runs nothing of the
pack. Exit code 6 if anything is found.`,
		Example: `  stackinit template lint ./acme-web
  stackinit template lint ./acme-web --json`,
		Args: sourceOrBuiltIn(&everything),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.templateLint(cmd.Context(), strings.Join(args, ""), everything, asJSON)
		},
	}
	cmd.Flags().BoolVar(&everything, "built-in", false, "look at the layers of stackinit itself")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON array, an object for each pack")
	return cmd
}

func (a *app) templateLint(ctx context.Context, source string, everything, asJSON bool) error {
	reports, err := a.lintReports(ctx, source, everything)
	if err != nil {
		return err
	}
	total := 0
	for _, r := range reports {
		total += len(r.Findings)
	}
	if asJSON {
		err = a.printJSON(reports)
	} else {
		err = a.print("%s", clean(packLintText(reports)))
	}
	if err == nil && total > 0 {
		err = diag.New(diag.Findings, "", "%s", count(total, "finding"))
	}
	return err
}

func (a *app) lintReports(ctx context.Context, source string, everything bool) ([]packLintJSON, error) {
	if everything {
		found, err := lintLayers()
		if err != nil {
			return nil, err
		}
		benches, err := a.benches(ctx, "", true)
		for _, b := range benches {
			made, err := lintPlans(b, nil)
			if err != nil {
				return nil, err
			}
			found = append(found, made...)
		}
		return []packLintJSON{{builtIn, builtIn, nonNil(packlint.Sorted(found))}}, err
	}
	trees, err := a.openTrees(ctx, source)
	if err != nil {
		return nil, err
	}
	reports := []packLintJSON{}
	for _, tree := range trees {
		b, err := a.benchOf(ctx, tree)
		if err != nil {
			return nil, err
		}
		found, err := lintPack(b)
		if err != nil {
			return nil, err
		}
		reports = append(reports, packLintJSON{b.name, b.source(), nonNil(found)})
	}
	return reports, nil
}

// nonNil makes an empty list one in JSON.
func nonNil(found []packlint.Finding) []packlint.Finding {
	return append([]packlint.Finding{}, found...)
}

// lintLayers looks at all layers of stackinit at once, as they use each other's values.
func lintLayers() ([]packlint.Finding, error) {
	in := packlint.Input{
		Questions: interview.ProjectQuestions(interview.Facts{}),
		Used:      []string{"adr_format", "adr_review"}, // by the records, which are no templates
	}
	found, err := fs.Glob(templates.FS, "*/"+pack.ManifestFile)
	if err != nil {
		return nil, err
	}
	for _, manifest := range found {
		layer, err := pack.Load(templates.FS, path.Dir(manifest))
		if err != nil {
			return nil, err
		}
		in.Layers = append(in.Layers, layer)
	}
	return packlint.Lint(in), nil
}

// lintPack looks at one pack on each stack that it may stand on.
func lintPack(b *bench) (found []packlint.Finding, err error) {
	for _, stack := range b.stacks {
		p, err := b.project(stack, packtest.DefaultName, packtest.Defaults().Date)
		if err != nil {
			return nil, err
		}
		below := pack.Pile{}
		if stack != "" {
			if below, err = pack.Stack(templates.FS, stack, nil); err != nil {
				return nil, err
			}
		}
		layers := b.team.pile[len(b.team.pile)-1:]
		in := packlint.Input{
			Layers: layers, Below: slices.Concat(below, b.team.pile[:len(b.team.pile)-1]), Questions: p.below(),
		}
		for _, q := range p.team.own { // those of the packs that it extends
			if own := has(layers[0].Questions, q.Key); !own {
				in.Questions = append(in.Questions, q)
			}
		}
		found = append(found, packlint.Lint(in)...)
	}
	sets, err := packtest.Sets(b.tree)
	if err != nil {
		return nil, err
	}
	for _, dir := range packtest.Stray(b.tree, sets) {
		found = append(found, packlint.Finding{Code: "P112", File: b.name + "/tests/" + dir, Text: "belongs to no test", Fix: "write tests/" + dir + ".yaml, or delete it"})
	}
	made, err := lintPlans(b, sets)
	return packlint.Sorted(append(found, made...)), err
}

// lintPlans makes the projects of the tests twice, and with the defaults those on
// stacks that no test is about.
func lintPlans(b *bench, sets []packtest.Set) (found []packlint.Finding, err error) {
	t := &testRun{bench: b, taken: packtest.Coverage{}, samples: map[string]string{}}
	tested := map[string]bool{}
	for _, s := range sets {
		stack := cmp.Or(s.Stack, b.stacks[0])
		tested[stack] = true
		made, err := t.lintPlan(s, stack, b.name+"/"+s.File)
		if err != nil {
			return nil, err
		}
		found = append(found, made...)
	}
	for _, stack := range b.stacks {
		if tested[stack] {
			continue
		}
		made, err := t.lintPlan(packtest.Defaults(), stack, b.name)
		if err != nil {
			return nil, err
		}
		found = append(found, made...)
	}
	return found, nil
}

// lintPlan makes one project twice; file is what its answers stand in.
func (t *testRun) lintPlan(s packtest.Set, stack, file string) ([]packlint.Finding, error) {
	var both [2]planned
	for i := range both {
		var err error
		if both[i], err = t.planSet(s, stack); err == nil {
			continue
		}
		if _, ok := faulty(err); !ok {
			return nil, err
		}
		if s.Refused != "" {
			return nil, nil
		}
		return packlint.Faults("P113", file, err), nil
	}
	if changed, same := packtest.Same(both[0].plan, both[1].plan); !same {
		return []packlint.Finding{{Code: "P114", File: file, Text: changed + " is not the same both times"}}, nil
	}
	return nil, nil
}

func packLintText(reports []packLintJSON) string {
	var b strings.Builder
	for _, r := range reports {
		fmt.Fprintf(&b, "%s (%s): %s\n", r.Pack, r.Source, count(len(r.Findings), "finding"))
		for _, f := range r.Findings {
			at := f.File
			for _, n := range []int{f.Line, f.Col} {
				if n > 0 {
					at += fmt.Sprintf(":%d", n)
				}
			}
			fmt.Fprintf(&b, "  %s: %s %s\n", at, f.Code, f.Text)
			if f.Fix != "" {
				fmt.Fprintf(&b, "    %s\n", f.Fix)
			}
		}
	}
	return b.String()
}
