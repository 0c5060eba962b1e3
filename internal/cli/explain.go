package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/adr"
	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/explain"
	"github.com/stackinit/stackinit/internal/prompt"
	"github.com/stackinit/stackinit/internal/recommend"
)

type explainOptions struct {
	path     string // of a project or of a file in one
	answers  string
	sets     []string
	criteria string
	format   string
	full     bool
	json     bool
}

func explainCommand(a *app) *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use:   "explain [DIR | FILE]",
		Short: "Tell why a project is what it is: the decision, or one of its files",
		Long: `Explains the decision behind a project that stackinit made: the verdict, the
three largest differences, every answer with its points and the sections of the
article behind them, and every single answer that would change the outcome, open
questions first. DIR is the project or a folder in it; default: the current one.
With --answers or --set no project is needed.

With FILE, a file of such a project, it says which layers of templates and which
answers the file comes from. Each answer is changed by itself and the project
planned again, so what is said is exact. The file on disk is only compared.`,
		Example: `  stackinit explain
  stackinit explain --set project_kind=rest_api --set team_skills=python --full
  stackinit explain myservice --format markdown
  stackinit explain myservice/package.json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return wrongUsage(cmd, fmt.Errorf("explain takes at most one argument, a project or a file of one, but got %d", len(args)))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.path = "."
			if len(args) == 1 {
				o.path = args[0]
			}
			return a.explain(cmd.Context(), o, len(args) == 1)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&o.answers, "answers", "", "explain the answers of a YAML or JSON `file`; - is standard input")
	fl.StringArrayVar(&o.sets, "set", nil, "explain this answer: `key=value`; repeatable")
	fl.StringVar(&o.criteria, "criteria", "", "with --answers or --set: a team's criteria `file`")
	fl.BoolVar(&o.full, "full", false, "add the critical weights and what would change the stack alone")
	fl.StringVar(&o.format, "format", "text", "`text`, markdown or json")
	fl.BoolVar(&o.json, "json", false, "the same as --format json")
	return cmd
}

func (a *app) explain(ctx context.Context, o explainOptions, named bool) error {
	if o.json {
		o.format = "json"
	}
	if formats := []string{"text", "markdown", "json"}; !slices.Contains(formats, o.format) {
		return diag.New(diag.Usage, diag.DidYouMean(o.format, formats), "--format does not know %q", o.format)
	}
	switch without := o.answers != "" || len(o.sets) > 0; {
	case without && named:
		return diag.New(diag.Usage, "leave out one of them", "a project is named, and answers are given besides")
	case without:
		return a.explainAnswers(o)
	case o.criteria != "":
		return diag.New(diag.Usage, "a project has its own in "+adr.CriteriaPath, "--criteria goes with --answers or --set")
	}
	info, err := os.Stat(o.path)
	if err == nil && info.IsDir() {
		m, err := a.openDecided(o.path)
		if err != nil {
			return err
		}
		return a.showExplanation(m.told(), o)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return diag.New(diag.Usage, "", "it cannot be read: %w", err)
	}
	return a.explainFile(ctx, o)
}

// explainAnswers explains answers that belong to no project.
func (a *app) explainAnswers(o explainOptions) error {
	iv, err := a.conversation(o.criteria)
	if err != nil {
		return err
	}
	given := answerFlags{file: o.answers, sets: o.sets}
	answers, err := given.given(a.stdin, iv.Known())
	if err != nil {
		return err
	}
	return a.showExplanation(explain.Recommended(iv.Criteria, answers.Decision(iv.Criteria)), o)
}

// showExplanation prints it, and ends with the code of a conflict if it is one.
func (a *app) showExplanation(told explain.Case, o explainOptions) error {
	style := explain.Style{Full: o.full, Color: a.color()}
	var err error
	switch o.format {
	case "json":
		err = a.printJSON(told.Document())
	case "markdown":
		err = a.print("%s", told.Markdown(style))
	default:
		err = a.print("%s", told.Text(style))
	}
	if err == nil && told.Decision.Runtime == recommend.Conflict {
		return conflicting(told.Decision.Recommendation)
	}
	return err
}

// color tells whether results may be in colour: on a terminal that understands it,
// unless NO_COLOR (no-color.org) is set. Of Windows' own windows only the newer ones do.
func (a *app) color() bool {
	understands := os.Getenv("TERM") != "dumb" && (runtime.GOOS != "windows" || os.Getenv("WT_SESSION")+os.Getenv("TERM") != "")
	return understands && os.Getenv("NO_COLOR") == "" && prompt.IsTerminal(a.Out)
}
