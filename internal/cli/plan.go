package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/apply"
	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/plan"
	"github.com/stackinit/stackinit/internal/planfile"
	"github.com/stackinit/stackinit/internal/prompt"
	"github.com/stackinit/stackinit/internal/record"
	"github.com/stackinit/stackinit/internal/verify"
)

type planOptions struct {
	newOptions
	out string // file, "-" for stdout, or empty
}

func planCommand(a *app) *cobra.Command {
	o := planOptions{newOptions: newOptions{planning: true}}
	cmd := &cobra.Command{
		Use:   "plan NAME",
		Short: "Plan a project into a file that stackinit apply makes it from",
		Long: `Does what new does, with the same flags, up to the moment of writing, and writes
the plan into a file instead: every file of the project, the commit with author,
time and branch, the templates it comes from, and a digest. It holds no secret;
those are drawn when the plan is applied.

Without --out the plan goes to stdout; in a terminal what would be made is shown
instead, as by new --dry-run. Nothing is ever written over. The plan names no
place: --dir only appears in the command that is proposed next.`,
		Example: `  stackinit plan myservice --defaults --out plan.json
  stackinit plan myservice --answers answers.yaml --out plan.json --json
  stackinit plan myservice --defaults | stackinit apply -`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return wrongUsage(cmd, fmt.Errorf("plan takes one argument, the project's name, but got %d", len(args)))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.name = args[0]
			return a.plan(cmd.Context(), o)
		},
	}
	o.register(cmd)
	cmd.Flags().StringVar(&o.out, "out", "", "write the plan into this new `file`; - is stdout")
	return cmd
}

func (a *app) plan(ctx context.Context, o planOptions) error {
	if o.out != "" && o.out != "-" {
		if err := apply.CheckFile(o.out); err != nil { // before anybody answers questions
			return err
		}
	}
	p, err := a.prepare(ctx, o.newOptions)
	if err != nil {
		return err
	}
	if err := a.decide(ctx, p); err != nil {
		return err
	}
	if err := p.tellsNoSecret(); err != nil {
		return err
	}
	made, files, err := planfile.Make(p.build, secret)
	if err != nil {
		return err
	}
	if o.dryRun {
		return a.showPlan(p, made)
	}
	if o.out == "" && !o.json && prompt.IsTerminal(a.Out) {
		if err := a.showPlan(p, made); err != nil {
			return err
		}
		_, _ = fmt.Fprintln(a.Err, "--out plan.json writes this plan into a file; stackinit apply makes the project from it") // a hint only
		return nil
	}
	if err := p.settle(ctx); err != nil {
		return err
	}
	return a.writePlan(ctx, p, o, made, files)
}

// tellsNoSecret refuses answers that may stand in no file but those of secrets: a plan
// is sent around. Defaults stand in the pack for all to read.
func (p *project) tellsNoSecret() error {
	for _, q := range p.questions() {
		if answer := p.answers[q.Key]; q.Secret && answer.From != interview.FromDefault && p.answers.Text(q.Key) != "" {
			return diag.New(diag.Usage, "leave it out and write it into .env once the project is made, or make the project with stackinit new",
				"the answer to %s is a secret, and no plan file may hold it", q.Key)
		}
	}
	return nil
}

// writePlan writes the plan to where it belongs, and says so.
func (a *app) writePlan(ctx context.Context, p *project, o planOptions, made *plan.Plan, files []planfile.File) error {
	src, err := p.file(made, files)
	if err != nil {
		return err
	}
	if o.out == "" || o.out == "-" {
		return a.print("%s", src)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := apply.NewFile(o.out, src); err != nil {
		return err
	}
	if o.json {
		return a.printJSON(struct {
			planJSON
			Plan   string `json:"plan"`
			Digest string `json:"digest"`
		}{p.planJSON(made), o.out, planfile.Digest(src)})
	}
	next := "stackinit apply " + verify.Quote(o.out)
	if o.dir != "." {
		next += " --dir " + verify.Quote(o.dir)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Planned %s: %s, %d files, %s, in %s.\n", made.Name, made.Stack, len(made.Files), size(made.Bytes()), o.out)
	fmt.Fprintf(&b, "\nNext:\n  %s\n", next)
	return a.print("%s", b.String())
}

// file gives the plan as the bytes of a file.
func (p *project) file(made *plan.Plan, files []planfile.File) ([]byte, error) {
	packs, err := packsOf(made)
	if err != nil {
		return nil, err
	}
	f := planfile.Plan{
		Stackinit: buildVersion(), Name: made.Name, Stack: made.Stack,
		Packs: packs, Needs: made.Needs, Next: made.Next, After: made.After, Tasks: made.Tasks, Files: files,
	}
	if !p.options.noGit {
		// Refused here and not by whoever applies it.
		if _, err := p.git.Planned(p.git.Branch, p.git.Author, p.git.Committer); err != nil {
			return nil, err
		}
		f.Commit = &planfile.Commit{
			Message: made.Message, When: p.time.Truncate(time.Second), Branch: p.git.Branch,
			Author: planfile.Person(p.git.Author), Committer: planfile.Person(p.git.Committer),
		}
	}
	return f.Encode()
}

// packsOf gives the pins that the project's own record has.
func packsOf(made *plan.Plan) ([]planfile.Pack, error) {
	f, ok := made.File(record.File)
	if !ok {
		return nil, fmt.Errorf("the plan has no %s", record.File)
	}
	r, err := record.Decode(f.Body)
	var packs []planfile.Pack
	if r.Pack.Name != "" {
		packs = append(packs, planfile.Pack{Name: r.Pack.Name, Source: r.Pack.Source, Digest: r.Pack.Digest})
	}
	for _, t := range r.Templates {
		packs = append(packs, planfile.Pack(t))
	}
	return packs, err
}
