package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/stackinit/stackinit/internal/explain"
	"github.com/stackinit/stackinit/internal/gitrepo"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/plan"
	"github.com/stackinit/stackinit/internal/recommend"
	"github.com/stackinit/stackinit/internal/record"
	"github.com/stackinit/stackinit/internal/verify"
)

// choiceJSON is what was decided.
type choiceJSON struct {
	Stack    string                    `json:"stack"`
	Override bool                      `json:"override"`
	By       string                    `json:"decided_by"` // override, else what the recommendation says
	Reason   recommend.Optional        `json:"reason"`     // of an override
	Decision *recommend.Recommendation `json:"decision"`
	// Templates are the packs of a team, the lowest first. Without a stack below them
	// nothing is decided: stack is empty and decision null.
	Templates []record.Template `json:"templates"`
}

func (p *project) choice() choiceJSON {
	d := p.decision
	if p.team.alone() {
		return choiceJSON{Templates: p.team.pins()}
	}
	return choiceJSON{d.Choice.Stack, d.Override, d.By(), recommend.Optional(d.Reason), d.Recommendation, p.team.pins()}
}

// planJSON is the output of new --dry-run --json.
type planJSON struct {
	Name string `json:"name"`
	Dir  string `json:"dir"`
	choiceJSON
	Files   []fileJSON         `json:"files"`
	Bytes   int                `json:"bytes"`
	Message string             `json:"message"`
	Next    []string           `json:"next"`
	After   recommend.Optional `json:"after"`          // what the packs of a team say
	Auto    []plan.Auto        `json:"runs_by_itself"` // of the files that packs bring
	Tasks   []taskJSON         `json:"tasks"`
}

type fileJSON struct {
	Path   string `json:"path"`
	Bytes  int    `json:"bytes"`
	Mode   string `json:"mode"`
	Source string `json:"source"`
}

// planJSON gives the files that would be made, without what is in them.
func (p *project) planJSON(made *plan.Plan) planJSON {
	out := planJSON{
		Name: made.Name, Dir: p.place(), choiceJSON: p.choice(),
		Bytes: made.Bytes(), Message: made.Message, Next: append([]string{}, made.Next...), After: recommend.Optional(made.After), Files: []fileJSON{}, Auto: made.RunsByItself(false), Tasks: tasksOf(made),
	}
	for _, f := range made.Files {
		out.Files = append(out.Files, fileJSON{f.Path, len(f.Body), fmt.Sprintf("%04o", f.Mode), f.Source})
	}
	return out
}

// showPlan prints what would be made.
func (a *app) showPlan(p *project, made *plan.Plan) error {
	a.warn(made.RunsByItself(false))
	if p.options.json {
		return a.printJSON(p.planJSON(made))
	}
	var b strings.Builder
	if !p.team.alone() {
		b.WriteString(explain.Case{Criteria: p.criteria, Answers: p.answers.Decision(p.criteria), Decision: p.decision}.Screen() + "\n")
	}
	if p.decision.Override {
		fmt.Fprintf(&b, "Taken instead: %s\n\n", recommend.StackLabel(p.decision.Choice.Stack))
	}
	for _, t := range p.team.pins() {
		fmt.Fprintf(&b, "With the template pack %s, %s\n%s\n\n", t.Name, t.Source, t.Digest)
	}
	fmt.Fprintf(&b, "%s would hold %d files, %s:\n", p.place(), len(made.Files), size(made.Bytes()))
	for _, f := range made.Files {
		fmt.Fprintf(&b, "%9d  %s\n", len(f.Body), f.Path)
	}
	if !p.options.noGit {
		fmt.Fprintf(&b, "\nThe first commit would say:\n  %s\n", strings.ReplaceAll(strings.TrimSpace(made.Message), "\n", "\n  "))
	}
	b.WriteString("\nNothing was written.\n")
	return a.print("%s", b.String())
}

// madeJSON is the output of new --json.
type madeJSON struct {
	Name string `json:"name"`
	Dir  string `json:"dir"`
	choiceJSON
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

// showMade says what was made and what to type next.
func (a *app) showMade(p *project, made *plan.Plan, outcome gitrepo.Outcome, tools []verify.Tool, tasks []taskJSON) error {
	notes := append(notesOn(outcome, tools), taskNotes(tasks, p.team.trustHint(tasks))...)
	if p.options.json {
		return a.printJSON(madeJSON{
			Name: made.Name, Dir: p.place(), choiceJSON: p.choice(),
			Files: len(made.Files), Bytes: made.Bytes(), Notes: notes, Tools: tools, Next: append([]string{}, made.Next...), After: recommend.Optional(made.After),
			Auto: made.RunsByItself(false), Tasks: tasks,
			Commit: recommend.Optional(outcome.Hash), Branch: recommend.Optional(outcome.Branch),
		})
	}
	var b strings.Builder
	madeText(&b, p.place(), made, outcome)
	if p.decision.Override {
		fmt.Fprintf(&b, "Taken instead of %s, which was recommended.\n", p.decision.Stack)
	}
	for _, n := range notes {
		fmt.Fprintf(&b, "Note: %s\n", n)
	}
	if p.asked {
		fmt.Fprintf(&b, "\nThe same project without questions (its record then says proposed):\n  %s\n", p.commandLine())
	}
	if made.After != "" {
		fmt.Fprintf(&b, "\n%s\n", clean(made.After))
	}
	nextText(&b, p.place(), made)
	return a.print("%s", b.String())
}

// notesOn says what is missing, and what helps.
func notesOn(outcome gitrepo.Outcome, tools []verify.Tool) []string {
	notes := []string{}
	if outcome.Note != "" {
		notes = append(notes, outcome.Note)
	}
	if outcome.Hint != "" {
		notes = append(notes, "then type: "+outcome.Hint)
	}
	for _, t := range tools {
		if problem := t.Problem(); problem != "" {
			notes = append(notes, problem+". This helps:\n  "+t.Mend)
		}
	}
	return notes
}

// madeText says what was made.
func madeText(b *strings.Builder, place string, made *plan.Plan, outcome gitrepo.Outcome) {
	fmt.Fprintf(b, "Made %s: %s, %d files, %s", place, made.Stack, len(made.Files), size(made.Bytes()))
	if outcome.Hash != "" {
		fmt.Fprintf(b, ", committed on %s", outcome.Branch)
	}
	b.WriteString(".\n")
	for _, f := range made.Files {
		if strings.HasPrefix(f.Path, "docs/adr/0001-") {
			fmt.Fprintf(b, "Why this stack: %s\n", f.Path)
		}
	}
}

// nextText says what to type next.
func nextText(b *strings.Builder, place string, made *plan.Plan) {
	fmt.Fprintf(b, "\nNext:\n  cd %s\n", verify.Quote(place))
	for _, n := range made.Next {
		fmt.Fprintf(b, "  %s\n", clean(n))
	}
}

// commandLine is the command that makes the same project without questions, in
// lines that fit a terminal.
func (p *project) commandLine() string {
	words := []string{"stackinit new " + p.options.name + " --defaults"}
	add := func(flag, value string) { words = append(words, "--"+flag+" "+verify.Quote(value)) }
	if p.options.dir != "." {
		add("dir", p.options.dir)
	}
	if p.options.criteria != "" {
		add("criteria", p.options.criteria)
	}
	if p.options.template != "" {
		add("template", p.options.template)
	}
	questions := append(interview.DecisionQuestions(p.criteria), p.questions()...)
	defaults := interview.Answers{}.WithDefaults(questions)
	for _, q := range questions {
		if v, ok := p.answers[q.Key]; ok && !q.Secret && !slices.Equal(v.Values, defaults[q.Key].Values) {
			add("set", q.Key+"="+strings.Join(v.Values, ","))
		}
	}
	if p.decision.Override {
		add("stack", p.decision.Choice.Stack)
	}
	if p.decision.Reason != "" {
		add("reason", p.decision.Reason)
	}
	if p.options.noGit {
		words = append(words, "--no-git")
	}
	return fold(words)
}

// fold joins words into lines of a shell command that goes on after a backslash.
func fold(words []string) string {
	const width = 74
	line, all := words[0], ""
	for _, w := range words[1:] {
		if len([]rune(line))+1+len([]rune(w)) > width {
			all += line + " \\\n"
			line = "   "
		}
		line += " " + w
	}
	return all + line
}

func size(bytes int) string { return fmt.Sprintf("%d KiB", (bytes+1023)/1024) }

// slowAfter is when somebody starts to wonder whether anything happens.
const slowAfter = 500 * time.Millisecond

// slow prints a line if the work is not done after half a second; call the
// result when it is.
func slow(w io.Writer, line string) func() {
	t := time.AfterFunc(slowAfter, func() { _, _ = fmt.Fprintln(w, line) }) // a hint only
	return func() { t.Stop() }
}
