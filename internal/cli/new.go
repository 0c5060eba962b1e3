package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/apply"
	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/explain"
	"github.com/stackinit/stackinit/internal/gitrepo"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/names"
	"github.com/stackinit/stackinit/internal/plan"
	"github.com/stackinit/stackinit/internal/recommend"
	"github.com/stackinit/stackinit/templates"
)

type newOptions struct {
	answerFlags
	criteria string // a team's file
	template string // where a team's pack is
	name     string
	dir      string
	stack    string
	reason   string
	author   string
	dryRun   bool
	noGit    bool
	trust    []string // digests of packs whose commands may run
	planning bool     // for stackinit plan: nothing is made, so nothing can be in the way
}

// register adds the flags of everything that plans a project.
func (o *newOptions) register(cmd *cobra.Command) {
	o.answerFlags.register(cmd)
	criteriaFlag(cmd, &o.criteria)
	fl := cmd.Flags()
	fl.StringVar(&o.template, "template", "", "take this `pack` of a team: a folder, gh:owner/repo//sub@v1.2, a git URL or a name of yours")
	fl.StringVar(&o.dir, "dir", ".", "make the project below this `folder`")
	fl.StringVar(&o.stack, "stack", "", "take this `stack`, whatever is recommended")
	fl.StringVar(&o.reason, "reason", "", "`why` another stack than the recommended one is taken")
	fl.StringVar(&o.author, "author", "", "`\"Name <mail>\"` for licence, record and commit; default: git's")
	fl.BoolVar(&o.dryRun, "dry-run", false, "show what would be made, and make nothing")
	fl.BoolVar(&o.noGit, "no-git", false, "make no repository and no commit")
}

func newCommand(a *app) *cobra.Command {
	var o newOptions
	cmd := &cobra.Command{
		Use:   "new NAME",
		Short: "Interview, choose, and make a project in the folder NAME",
		Long: `Asks what you are building, recommends NodeJS or Python with reasons, and makes
the project in a new folder: a service that installs, passes its tests and runs,
the record of the decision, and the first git commit.`,
		Example: `  stackinit new myservice
  stackinit new myservice --defaults --stack node-express
  stackinit new myservice --answers answers.yaml --dir ~/src
  stackinit new myservice --set project_kind=rest_api --dry-run`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return wrongUsage(cmd, fmt.Errorf("new takes one argument, the project's name, but got %d", len(args)))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.name = args[0]
			return a.new(cmd.Context(), o)
		},
	}
	o.register(cmd)
	trustFlag(cmd, &o.trust, "the pack")
	return cmd
}

// project is what one run of new works on.
type project struct {
	options  newOptions
	time     time.Time
	git      gitrepo.Settings
	team     team
	criteria *recommend.Criteria
	iv       interview.Interview
	answers  interview.Answers
	decision recommend.Decision
	asked    bool // a person was asked
}

func (a *app) new(ctx context.Context, o newOptions) error {
	p, err := a.prepare(ctx, o)
	if err != nil {
		return err
	}
	if err := p.team.checkTrust(o.trust); err != nil {
		return err
	}
	if err := a.decide(ctx, p); err != nil {
		return err
	}
	made, err := p.build(secret)
	if err != nil {
		return err
	}
	if o.dryRun {
		return a.showPlan(p, made)
	}
	p.team.forget()
	tools := lookForTools(ctx, made, p.place())
	tasks, err := a.consent(p, made)
	if err != nil {
		return err
	}
	if err := p.settle(ctx); err != nil {
		return err
	}
	outcome, err := a.write(ctx, site{o.dir, o.noGit, p.git, p.time}, made)
	if err != nil {
		return err
	}
	fault := a.runTasks(ctx, p.place(), tasks)
	return cmp.Or(a.showMade(p, made, outcome, tools(), tasks), fault)
}

// build plans the project that was decided on.
func (p *project) build(secret func() string) (*plan.Plan, error) {
	in := p.input()
	in.Secret = secret
	return plan.Build(in)
}

// input is what the plan is made from, with the answers that are there.
func (p *project) input() plan.Input {
	return plan.Input{
		Packs: templates.FS, Team: p.team.pile, Name: p.options.name, Answers: p.answers, Questions: p.questions(),
		Criteria: p.criteria, Decision: p.decision, Date: p.time, Version: buildVersion(), Resolved: templates.Resolved,
	}
}

// prepare checks what can be checked before anybody is asked anything.
func (a *app) prepare(ctx context.Context, o newOptions) (*project, error) {
	if err := names.CheckProject(o.name); err != nil {
		return nil, err
	}
	p := &project{options: o}
	var err error
	if p.team, err = a.openPacks(ctx, o.template); err != nil {
		return nil, err
	}
	if p.criteria, err = a.criteriaOf(o.criteria, p.team); err != nil {
		return nil, err
	}
	if p.time, err = now(); err != nil {
		return nil, err
	}
	if err := interview.CheckReason(o.reason); err != nil {
		return nil, diag.New(diag.Usage, "", "--reason %w", err)
	}
	if !o.planning {
		if err := apply.Check(o.dir, o.name); err != nil {
			return nil, err
		}
	}
	settings := p.askGit(ctx)
	if p.iv, err = p.interview(); err != nil {
		return nil, err
	}
	if err = p.team.join(&p.iv); err != nil {
		return nil, err
	}
	if p.team.alone() && (o.stack != "" || o.reason != "" || o.criteria != "") {
		return nil, diag.New(diag.Usage, "leave out --stack, --reason and --criteria", "the pack %s stands on no stack, so none is chosen", p.team.top().Name)
	}
	if o.stack != "" && !p.iv.CanMake(o.stack) {
		return nil, p.noStarter(o.stack)
	}
	if o.author != "" {
		p.options.sets = append(slices.Clone(o.sets), "author="+o.author)
	}
	if p.answers, err = p.options.given(a.stdin, p.known()); err != nil {
		return nil, err
	}
	if err = <-settings; err != nil && !o.noGit {
		return nil, err
	}
	return p, p.ownDefaults()
}

// known are the questions that can be answered beforehand.
func (p *project) known() []interview.Question {
	if p.team.alone() {
		return slices.Concat(p.iv.Project, p.team.own)
	}
	return slices.Concat(p.iv.Known(), p.team.own)
}

// interview gives the conversation, as yet without a face or git's author.
func (p *project) interview() (interview.Interview, error) {
	var stacks []interview.Starter
	var err error
	if !p.team.alone() {
		stacks, err = starters()
	}
	return interview.Interview{
		Criteria: p.criteria,
		Starters: stacks,
		Project:  interview.ProjectQuestions(interview.Facts{Name: p.options.name}),
	}, err
}

// decide asks what is open, or takes defaults, and makes the decision.
func (a *app) decide(ctx context.Context, p *project) error {
	o := p.options
	if !o.defaults && o.file != "-" {
		p.iv.Asker = a.asker(ctx, o.plain)
	}
	if o.json {
		p.iv.Asker = nil
	}
	nobody := !o.defaults && len(p.answers) == 0 && o.file == "" && o.stack == "" && p.iv.Asker == nil
	switch {
	case nobody && len(p.known()) > 0:
		return noAnswers()
	case p.team.alone():
		p.asked = p.iv.Asker != nil
		return p.complete()
	case p.iv.Asker != nil:
		return a.askPerson(p)
	}
	p.decision = p.iv.Decide(p.answers, o.stack, o.reason)
	if p.decision.Recommendation.Runtime == recommend.Conflict {
		return conflict(explain.Case{Criteria: p.criteria, Answers: p.answers.Decision(p.criteria), Decision: p.decision})
	}
	if stack := p.decision.Choice.Stack; !p.iv.CanMake(stack) {
		return p.noStarter(stack)
	}
	return p.complete()
}

func (a *app) askPerson(p *project) error {
	answers, err := p.iv.Ask(p.answers)
	if err != nil {
		return err
	}
	var done bool
	answers, p.decision, done, err = p.iv.Review(answers, p.options.stack, p.options.reason)
	if err != nil {
		return err
	}
	if !done {
		return &diag.Error{Kind: diag.Interrupted, Findings: []diag.Finding{{Text: "you left; nothing was written"}}}
	}
	if err := p.iv.CheckOptions(p.decision.Choice.Stack, answers); err != nil {
		return err
	}
	if err := p.iv.AskOptions(p.decision.Choice.Stack, answers); err != nil {
		return err
	}
	p.answers, p.asked = answers, true
	return p.complete()
}

// questions are those of every project, those of the chosen stack and those of the packs.
func (p *project) questions() []interview.Question {
	return slices.Concat(p.iv.Project, p.iv.Options(p.decision.Choice.Stack), p.team.own)
}

// complete adds the defaults of the project's questions to the answers, has the packs'
// own questions answered, and leaves out what is open in the decision: unanswered equals not_sure, and the
// same answers must give the same record, whichever way they came. It refuses
// options that the stack does not have.
func (p *project) complete() error {
	if err := p.iv.CheckOptions(p.decision.Choice.Stack, p.answers); err != nil {
		return err
	}
	own := p.team.own
	given := p.answers
	p.answers = given.WithDefaults(slices.Concat(p.iv.Project, p.iv.Options(p.decision.Choice.Stack)))
	for _, q := range interview.DecisionQuestions(p.criteria) {
		if v, ok := given[q.Key]; ok && !slices.Equal(v.Values, q.Default) {
			p.answers[q.Key] = v
		}
	}
	for _, q := range own {
		if v, ok := given[q.Key]; ok {
			p.answers[q.Key] = v
		}
	}
	in := p.input()
	in.Questions = slices.Concat(p.iv.Project, p.iv.Options(p.decision.Choice.Stack))
	var err error
	p.answers, err = in.Settle(own, p.iv.Asker)
	return err
}

// noStarter refuses a stack by name and names those that can be made.
func (p *project) noStarter(stack string) error {
	var names []string
	for _, s := range p.iv.Starters {
		names = append(names, s.Stack)
	}
	why := fmt.Sprintf("there is no starter for the stack %q", stack)
	if len(p.team.pile) > 0 {
		why = fmt.Sprintf("the pack %s does not stand on the stack %q", p.team.top().Name, stack)
	}
	return diag.New(diag.Usage, "take one of these with --stack: "+strings.Join(names, ", "), "%s", why)
}
