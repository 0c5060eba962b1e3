package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/adr"
	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/explain"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/recommend"
	"github.com/stackinit/stackinit/internal/verify"
)

func adrRevisitCommand(a *app) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "revisit [DIR]",
		Short: "Tell whether the choice of the stack still holds",
		Long: `Holds the answers in docs/adr/answers.yaml, as they are now, against the criteria
of today (the built-in ones, or the project's own in docs/adr/criteria.yaml) and
says whether the choice in .stackinit.yaml still holds. Change an answer there when
the project has changed, and run it again.

DIR is the project or a folder in it; default: the current one. Exit code 6: the
choice does not hold; the output names the record to supersede.`,
		Example: `  stackinit adr revisit
  stackinit adr revisit myservice --json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return wrongUsage(cmd, fmt.Errorf("revisit takes at most one argument, the project's folder, but got %d", len(args)))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			return a.adrRevisit(append(args, ".")[0], asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// revisitJSON is the output of adr revisit --json.
type revisitJSON struct {
	explain.Revisit
	Unfit     []string           `json:"unfit_answers"` // that fit no question of today
	Record    recommend.Optional `json:"record"`        // that holds the choice; null if there is none
	ReviewBy  recommend.Optional `json:"review_by"`
	ReviewDue bool               `json:"review_due"`
	Supersede recommend.Optional `json:"supersede"` // the command to type
}

func (a *app) adrRevisit(dir string, asJSON bool) error {
	m, err := a.openDecided(dir)
	if err != nil {
		return err
	}
	answers, unfit, err := m.answersNow()
	if err != nil {
		return err
	}
	today, err := now()
	if err != nil {
		return err
	}
	was := m.record
	out := revisitJSON{Unfit: append([]string{}, unfit...), Revisit: explain.Revisited(explain.Then{
		Recommended: was.Decision.Recommended, Taken: was.Pack.Name, Parts: was.Pack.Parts, Answers: m.answers.Decision(m.criteria),
		Criteria: recommend.Identity{ID: was.Criteria.ID, Version: was.Criteria.Version, SHA256: was.Criteria.SHA256},
	}, explain.Recommended(m.criteria, answers.Decision(m.criteria)))}
	if err := m.findRecord(&out, today); err != nil {
		return err
	}
	if asJSON {
		err = a.printJSON(out)
	} else {
		err = a.print("%s", out.text())
	}
	if err == nil && !out.Holds {
		// The finding is the result itself; a second line would only repeat it.
		err = &diag.Error{Kind: diag.Findings}
	}
	return err
}

// answersNow are the answers of the project's answers file, or those of its record
// where that file is gone.
func (m *madeProject) answersNow() (interview.Answers, []string, error) {
	file := filepath.Join(m.root, filepath.FromSlash(adr.AnswersPath))
	if _, err := os.Lstat(file); errors.Is(err, fs.ErrNotExist) {
		return m.answers, m.unfit, nil
	}
	name, src, err := readAnswers(file, nil)
	if err != nil {
		return nil, nil, err
	}
	all, err := interview.ReadAny(name, src)
	if err != nil {
		return nil, nil, err
	}
	fit, unfit := all.Fitting(m.iv.Known())
	return fit, unfit, nil
}

// findRecord looks for the record of the choice: the first one, or the one that
// has superseded it, and says until when it stands and how to supersede it.
func (m *madeProject) findRecord(out *revisitJSON, today time.Time) error {
	root, err := os.OpenRoot(m.root)
	if err != nil {
		return diag.New(diag.Environment, "", "the project cannot be opened: %w", err)
	}
	defer func() { _ = root.Close() }() // opened for reading: nothing can be lost
	dir, found, err := decisionlog.Find(root.FS())
	if err != nil || !found {
		return err // nobody has to keep records
	}
	log, err := decisionlog.Read(root.FS(), dir)
	if err != nil {
		return err
	}
	seen := map[int]bool{}
	for number := 1; number > 0 && !seen[number]; {
		seen[number] = true
		e, err := log.Entry(number)
		if err != nil {
			return nil // what is wrong with the log is for adr lint to say
		}
		out.Record = recommend.Optional(dir + "/" + e.File)
		out.ReviewBy = recommend.Optional(e.ReviewBy)
		_, malformed := time.Parse(time.DateOnly, e.ReviewBy)
		out.ReviewDue = malformed == nil && e.ReviewBy < today.Format(time.DateOnly)
		out.Supersede = out.supersede(number)
		number = e.SupersededBy
	}
	return nil
}

// supersede is the command that replaces the record, if the choice does not hold
// and another one is recommended.
func (o revisitJSON) supersede(number int) recommend.Optional {
	if o.Holds || o.Now == "" {
		return ""
	}
	title := "Use " + recommend.StackLabel(string(o.Now)) + " for the backend"
	return recommend.Optional(fmt.Sprintf("stackinit adr new -t %s --supersedes %d", verify.Quote(title), number))
}

func (o revisitJSON) text() string {
	var b strings.Builder
	for _, line := range o.Text {
		b.WriteString(explain.Fold("", line))
	}
	for _, u := range o.Unfit {
		b.WriteString(explain.Fold("! ", "The answer "+u+" fits no question of today and is passed over."))
	}
	if o.ReviewDue {
		b.WriteString(explain.Fold("! ", fmt.Sprintf("The record was to be reviewed by %s.", o.ReviewBy)))
	}
	if o.Supersede != "" {
		fmt.Fprintf(&b, "\nTo record a new choice in the place of %s:\n  %s\n", o.Record, o.Supersede)
	}
	return clean(b.String())
}
