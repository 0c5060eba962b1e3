package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/plan"
	"github.com/stackinit/stackinit/internal/recommend"
	"github.com/stackinit/stackinit/internal/record"
	"github.com/stackinit/stackinit/internal/verify"
	"github.com/stackinit/stackinit/templates"
)

type verifyOptions struct {
	dir       string
	json      bool
	noInstall bool
	timeout   time.Duration
}

func verifyCommand(a *app) *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify [DIR]",
		Short: "Install, check, test, start and stop a project that stackinit made",
		Long: `Looks for the tools on this machine, installs from the project's lock, runs its
checks and tests, starts the service on a free port, asks its health and stops
it. A SQLite database is a new one in a temporary folder; PostgreSQL and Redis
are those of the project's settings, and have to run.

DIR is the project's folder; default: the current one. Where Node is too old
and npm is there, a fitting Node is put into your cache folder and used for
this run. For Python, .venv is made if it is missing; uv is used if it is
installed, as it is faster.

The report names every step with its time; of one that failed, the end of its
output and a command that repeats it. Exit code 6: a step failed; 5: a tool is
missing or the network cannot be reached; 2: DIR is no project of stackinit.`,
		Example: `  stackinit verify
  stackinit verify myservice --json
  stackinit verify --no-install --timeout 2m`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return wrongUsage(cmd, fmt.Errorf("verify takes at most one argument, the project's folder, but got %d", len(args)))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = "."
			if len(args) == 1 {
				o.dir = args[0]
			}
			return a.verify(cmd.Context(), o)
		},
	}
	fl := cmd.Flags()
	fl.BoolVar(&o.json, "json", false, "print the report as JSON")
	fl.BoolVar(&o.noInstall, "no-install", false, "take what is installed, for a second run or without network")
	fl.DurationVar(&o.timeout, "timeout", 10*time.Minute, "end a step that takes longer than this `time`, such as 90s")
	return cmd
}

func (a *app) verify(ctx context.Context, o verifyOptions) error {
	if o.timeout <= 0 {
		return diag.New(diag.Usage, "give a time such as 90s or 10m", "--timeout is %v", o.timeout)
	}
	made, err := readRecord(o.dir)
	if err != nil {
		return err
	}
	layers, err := partsOf(made)
	if err != nil {
		return err
	}
	var parts []verify.Part
	var all pack.Pile
	for _, p := range layers {
		all = append(all, p.Pile...)
		parts = append(parts, verify.Part{Folder: p.Dir, Verify: p.Pile.Verify()})
	}
	dir, err := filepath.Abs(o.dir)
	if err != nil {
		return diag.New(diag.Environment, "", "the current folder is gone: %w", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir() // no home: only this run has something from it
	}
	show := a.stepPrinter(o.json)
	show.heading(made)
	report, err := verify.Run(ctx, verify.Options{
		Place: verify.Place{Dir: dir, Name: filepath.Clean(o.dir), Next: layers[0].Pile.Next()},
		Needs: all.Needs(), Parts: parts,
		Env: os.Environ(), Cache: filepath.Join(cache, "stackinit"),
		Install: !o.noInstall, Timeout: o.timeout,
		Begin: show.begin, End: show.end,
	})
	show.done()
	var e *diag.Error
	if stopped := errors.As(err, &e) && (e.Kind == diag.Interrupted || e.Kind == diag.Terminated); stopped {
		return err
	}
	if shown := a.showReport(made, o, report); shown != nil {
		return shown
	}
	return err
}

// partsOf gives the built-in layers that a project was made from. What verify runs
// comes from them and never from the project, so a cloned one cannot slip in a command.
func partsOf(made record.Record) ([]plan.Part, error) {
	stacks, err := starters()
	if err != nil {
		return nil, err
	}
	iv := interview.Interview{Starters: stacks}
	stack := made.Pack.Name
	if stack == "" && len(made.Templates) > 0 {
		return nil, diag.New(diag.Usage, "see its README for what it runs", "%s was made from the template pack %s alone: stackinit runs nothing that a pack brings", made.Name, made.Templates[0].Name)
	}
	if err := checkBuiltIn(made, iv); err != nil {
		return nil, err
	}
	questions := slices.Concat(interview.ProjectQuestions(interview.Facts{Name: made.Name}), iv.Options(stack))
	// A question that came after the project was made has its default; one that went is passed over.
	answers := recorded(made).WithDefaults(questions)
	return plan.Parts(plan.Input{
		Packs: templates.FS, Name: made.Name, Answers: answers, Questions: questions,
		Decision: recommend.Decision{Choice: recommend.Choice{Stack: stack, Components: made.Pack.Parts}},
	})
}
