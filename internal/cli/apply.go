package cli

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/apply"
	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/gitrepo"
	"github.com/stackinit/stackinit/internal/plan"
	"github.com/stackinit/stackinit/internal/planfile"
	"github.com/stackinit/stackinit/internal/recommend"
	"github.com/stackinit/stackinit/internal/verify"
)

type applyOptions struct {
	file  string
	dir   string
	noGit bool
	trust []string // the digest of the plan
	json  bool
}

func applyCommand(a *app) *cobra.Command {
	var o applyOptions
	cmd := &cobra.Command{
		Use:   "apply PLAN",
		Short: "Make a project from a plan: exactly as planned, or not at all",
		Long: `Makes the project of a plan that stackinit plan wrote, in a new folder, and asks
nothing. PLAN is the file; - is standard input. A plan that was changed by a single
bit, is damaged, or would write outside of its project is refused with exit code 4,
and nothing is written; see stackinit help scripts.

Files, commit message, author, committer, branch and time are the plan's, so the
commit has the same hash wherever the plan is applied. Only secrets are new each
time; they are in no commit. A plan that knows no author takes yours. If your git
settings ask for signatures, the commit is signed by you.`,
		Example: `  stackinit apply plan.json
  stackinit apply plan.json --dir ~/src --json
  stackinit plan myservice --defaults | stackinit apply -`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return wrongUsage(cmd, fmt.Errorf("apply takes one argument, the file of a plan, but got %d", len(args)))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.file = args[0]
			return a.apply(cmd.Context(), o)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&o.dir, "dir", ".", "make the project below this `folder`")
	fl.BoolVar(&o.noGit, "no-git", false, "make no repository and no commit")
	fl.BoolVar(&o.json, "json", false, "print JSON")
	trustFlag(cmd, &o.trust, "the plan")
	return cmd
}

func (a *app) apply(ctx context.Context, o applyOptions) error {
	name, src, err := a.readPlan(o.file)
	if err != nil {
		return err
	}
	planned, err := planfile.Decode(name, src)
	if err != nil {
		return err
	}
	if err := apply.Check(o.dir, planned.Name); err != nil {
		return err
	}
	digest := planfile.Digest(src)
	for _, d := range o.trust {
		if d != digest {
			return diag.New(diag.Refused, "look at the plan again", "--trust %s is not what the plan is now: %s", d, digest)
		}
	}
	at := site{dir: o.dir, noGit: o.noGit || planned.Commit == nil}
	if !at.noGit {
		if at, err = committing(ctx, at, planned.Commit); err != nil {
			return err
		}
	}
	made := planned.Project(secret)
	place := filepath.Join(o.dir, made.Name)
	a.warn(made.RunsByItself(true))
	tasks := tasksOf(made)
	for i := range tasks {
		if len(o.trust) > 0 {
			tasks[i].State = notReached
		}
	}
	tools := lookForTools(ctx, made, place)
	outcome, err := a.write(ctx, at, made)
	if err != nil {
		return err
	}
	fault := a.runTasks(ctx, place, tasks)
	return cmp.Or(a.showApplied(o, digest, place, made, outcome, tools(), tasks), fault)
}

// readPlan reads at most one byte more than can be valid, so that an endless file ends.
func (a *app) readPlan(file string) (name string, src []byte, err error) {
	name, in, size := "standard input", a.stdin, int64(0)
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", nil, diag.New(diag.Usage, "give the path of a file that stackinit plan wrote, or - for standard input", "the plan cannot be read: %w", err)
		}
		defer func() { _ = f.Close() }() // opened for reading: nothing can be lost
		name, in = file, f
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			size = min(info.Size(), planfile.MaxBytes)
		}
	}
	if size > largePack { // what is read and decoded of it lives on; garbage beside it is too much
		debug.SetGCPercent(20)
	}
	to := bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead+1))
	if _, err = to.ReadFrom(io.LimitReader(in, planfile.MaxBytes+1)); err != nil {
		return "", nil, unreadable("the plan in "+name, err)
	}
	return name, to.Bytes(), nil
}

// committing adds the commit that was planned to the site. From the settings of who
// applies the plan come its place, and whether it is signed.
func committing(ctx context.Context, at site, c *planfile.Commit) (site, error) {
	settings, err := gitrepo.Resolve(ctx, at.dir, "", os.Environ())
	if err != nil {
		return at, err
	}
	at.when = c.When
	at.git, err = settings.Planned(c.Branch, gitrepo.Ident(c.Author), gitrepo.Ident(c.Committer))
	return at, err
}

// appliedJSON is the output of apply --json.
type appliedJSON struct {
	Name   string             `json:"name"`
	Dir    string             `json:"dir"`
	Stack  string             `json:"stack"`
	Digest string             `json:"digest"` // of the plan
	Files  int                `json:"files"`
	Bytes  int                `json:"bytes"`
	Commit recommend.Optional `json:"commit"`
	Branch recommend.Optional `json:"branch"`
	Notes  []string           `json:"notes"`
	Tools  []verify.Tool      `json:"tools"`
	Next   []string           `json:"next"`
	After  recommend.Optional `json:"after"` // what the packs of a team say
	Auto   []plan.Auto        `json:"runs_by_itself"`
	Tasks  []taskJSON         `json:"tasks"`
}

// showApplied says what was made and what to type next.
func (a *app) showApplied(o applyOptions, digest, place string, made *plan.Plan, outcome gitrepo.Outcome, tools []verify.Tool, tasks []taskJSON) error {
	notes := append(notesOn(outcome, tools), taskNotes(tasks, "apply with --trust "+digest+" runs them")...)
	if o.json {
		return a.printJSON(appliedJSON{
			Name: made.Name, Dir: place, Stack: made.Stack, Digest: digest,
			Files: len(made.Files), Bytes: made.Bytes(), Notes: notes, Tools: tools, Next: append([]string{}, made.Next...), After: recommend.Optional(made.After),
			Auto: made.RunsByItself(true), Tasks: tasks,
			Commit: recommend.Optional(outcome.Hash), Branch: recommend.Optional(outcome.Branch),
		})
	}
	var b strings.Builder
	madeText(&b, place, made, outcome)
	for _, n := range notes {
		fmt.Fprintf(&b, "Note: %s\n", n)
	}
	if made.After != "" {
		fmt.Fprintf(&b, "\n%s\n", made.After)
	}
	nextText(&b, place, made)
	return a.print("%s", clean(b.String()))
}

// quoteAll is a command as people would type it.
func quoteAll(argv []string) string {
	words := make([]string, len(argv))
	for i, w := range argv {
		words[i] = verify.Quote(w)
	}
	return strings.Join(words, " ")
}
