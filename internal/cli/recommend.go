package cli

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/explain"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/recommend"
)

type recommendOptions struct {
	answerFlags
	criteria string // a team's file
	schema   bool
	failOn   string
}

func recommendCommand(a *app) *cobra.Command {
	var o recommendOptions
	cmd := &cobra.Command{
		Use:   "recommend",
		Short: "Recommend a runtime and a stack, with reasons; make nothing",
		Example: `  stackinit recommend
  stackinit recommend --set project_kind=rest_api --set team_skills=javascript
  stackinit recommend --answers docs/adr/answers.yaml --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.recommend(cmd, o) },
	}
	o.register(cmd)
	criteriaFlag(cmd, &o.criteria)
	cmd.Flags().BoolVar(&o.schema, "schema", false, "print the JSON Schema of an answers file")
	cmd.Flags().StringVar(&o.failOn, "fail-on", "", "`close-call`: end with exit code 6 on a close call")
	return cmd
}

func (a *app) recommend(cmd *cobra.Command, o recommendOptions) error {
	if o.failOn != "" && o.failOn != "close-call" {
		return diag.New(diag.Usage, "one of: close-call", "--fail-on does not know %q", o.failOn)
	}
	iv, err := a.conversation(o.criteria)
	if err != nil {
		return err
	}
	if o.schema {
		return a.printJSON(interview.Schema(iv.Known()))
	}
	answers, err := o.given(a.stdin, iv.Known())
	if err != nil {
		return err
	}
	if !o.defaults {
		asker := a.asker(cmd.Context(), o.plain)
		switch {
		case asker != nil && o.file != "-":
			decision := interview.Interview{Criteria: iv.Criteria, Asker: asker}
			if answers, err = decision.Ask(answers); err != nil {
				return err
			}
		case len(answers) == 0 && o.file == "":
			return noAnswers()
		}
	}
	return a.showRecommendation(iv.Criteria, answers.Decision(iv.Criteria), o)
}

func (a *app) showRecommendation(c *recommend.Criteria, decision recommend.Answers, o recommendOptions) error {
	told := explain.Recommended(c, decision)
	r := told.Decision.Recommendation
	if o.json {
		if err := a.printJSON(r); err != nil {
			return err
		}
	} else if err := a.print("%s", told.Screen()); err != nil {
		return err
	}
	switch {
	case r.Runtime == recommend.Conflict:
		return conflicting(r)
	case r.CloseCall && o.failOn == "close-call":
		return diag.New(diag.Findings, "", "this is a close call")
	}
	return nil
}

// printJSON prints one value as indented JSON.
func (a *app) printJSON(v any) error {
	out, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return a.print("%s\n", out)
}
