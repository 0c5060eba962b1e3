package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/plan"
	"github.com/stackinit/stackinit/internal/verify"
)

// taskJSON is a command of a pack and what became of it.
type taskJSON struct {
	Pack  string    `json:"pack"`
	Argv  []string  `json:"argv"`
	State taskState `json:"state"`
}

type taskState string

const (
	notTrusted taskState = "not_trusted" // nobody let it run
	notReached taskState = "not_reached" // one before it failed
	done       taskState = "done"
	failed     taskState = "failed"
)

func trustFlag(cmd *cobra.Command, to *[]string, what string) {
	cmd.Flags().StringArrayVar(to, "trust", nil, "run the commands of "+what+" with this `sha256:…`")
}

// checkTrust refuses a digest that is none of the packs': other bytes than those that
// somebody looked at.
func (t team) checkTrust(digests []string) error {
	if len(digests) > 0 && len(t.pile) == 0 {
		return diag.New(diag.Usage, "leave it out, or name a pack by --template", "--trust is about template packs")
	}
	for _, d := range digests {
		if !slices.ContainsFunc(t.pile, func(l *pack.Layer) bool { return l.Pin.Digest == d }) {
			var have []string
			for _, l := range t.pile {
				have = append(have, l.Name+" "+l.Pin.Digest)
			}
			return diag.New(diag.Refused, "look at the pack again", "--trust %s is not what the packs are now: %s", d, strings.Join(have, ", "))
		}
	}
	return nil
}

// trusts tells whether all packs of that name have one of the digests.
func (t team) trusts(name string, digests []string) bool {
	for _, l := range t.pile {
		if l.Name == name && !slices.Contains(digests, l.Pin.Digest) {
			return false
		}
	}
	return true
}

// consent decides which tasks run, before anything is written: what runs by itself is
// shown first, and a person may type that the commands run too.
func (a *app) consent(p *project, made *plan.Plan) ([]taskJSON, error) {
	a.warn(made.RunsByItself(false))
	tasks := tasksOf(made)
	open := 0
	for i := range tasks {
		if p.team.trusts(tasks[i].Pack, p.options.trust) {
			tasks[i].State = notReached
		} else {
			open++
		}
	}
	if open == 0 || p.iv.Asker == nil {
		return tasks, nil
	}
	var b strings.Builder
	b.WriteString("\nThe template would run in the finished project:\n")
	for _, t := range tasks {
		if t.State == notTrusted {
			fmt.Fprintf(&b, "  %s\n", quoteAll(t.Argv))
		}
	}
	if err := p.iv.Asker.Show(clean(b.String())); err != nil {
		return nil, err
	}
	answer, err := p.iv.Asker.Ask(interview.Question{
		Key: "trust", Kind: interview.Text, Prompt: "Run these commands?", Help: "Type run to run them; anything else, or Enter alone, leaves them.",
	})
	if err != nil {
		return nil, err
	}
	if len(answer) == 1 && answer[0] == "run" {
		for i := range tasks {
			tasks[i].State = notReached
		}
	}
	return tasks, nil
}

// tasksOf are the tasks of a plan, which nobody has trusted yet.
func tasksOf(made *plan.Plan) []taskJSON {
	tasks := make([]taskJSON, len(made.Tasks))
	for i, t := range made.Tasks {
		tasks[i] = taskJSON{t.Pack, t.Argv, notTrusted}
	}
	return tasks
}

// warn says which files run without being called. It is never more than a hint.
func (a *app) warn(found []plan.Auto) {
	if len(found) == 0 {
		return
	}
	var b strings.Builder
	b.WriteString("These files of the template run by themselves:\n")
	for _, f := range found {
		fmt.Fprintf(&b, "  %s: %s\n", f.Path, f.Why)
	}
	_, _ = fmt.Fprint(a.Err, clean(b.String()))
}

// runTasks runs what is trusted, up to the first that fails. The project stays.
func (a *app) runTasks(ctx context.Context, dir string, tasks []taskJSON) error {
	for i, t := range tasks {
		if t.State != notReached {
			continue
		}
		_, _ = fmt.Fprint(a.Err, clean("$ "+quoteAll(t.Argv)+"\n")) // a hint only
		tail, err := verify.Task(ctx, dir, t.Argv)
		_, _ = fmt.Fprint(a.Err, clean(strings.Join(append(tail, ""), "\n")))
		if err != nil {
			tasks[i].State = failed
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return diag.New(diag.Findings, "the project is there; run the rest by hand", "%s of the pack %s %v", clean(quoteAll(t.Argv)), t.Pack, err)
		}
		tasks[i].State = done
	}
	return nil
}

// taskNotes says how the commands that nobody trusted can be run.
func taskNotes(tasks []taskJSON, hint string) []string {
	var lines []string
	for _, t := range tasks {
		if t.State == notTrusted {
			lines = append(lines, "  "+quoteAll(t.Argv))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return []string{"the template has commands that did not run; " + hint + ":\n" + strings.Join(lines, "\n")}
}

// trustHint names the flags that let the commands run.
func (t team) trustHint(tasks []taskJSON) string {
	var flags []string
	for _, l := range t.pile {
		if slices.ContainsFunc(tasks, func(k taskJSON) bool { return k.Pack == l.Name && k.State == notTrusted }) {
			flags = append(flags, "--trust "+l.Pin.Digest)
		}
	}
	return "new with " + strings.Join(flags, " ") + " runs them"
}
