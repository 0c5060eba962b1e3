package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
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
	m, err := a.openProject(dir)
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
	known := slices.Concat(interview.DecisionQuestions(m.criteria), m.iv.Project, interview.AllOptions(m.iv.Starters))
	fit, unfit := all.Fitting(known)
	return fit, unfit, nil
}

// What a record says about its state and its term, in the front matter and the
// list of MADR and in the lines of Nygard's form.
var (
	supersededBy = regexp.MustCompile(`(?im)^(?:[*-] )?(?:status: *)?super[cs]eded by +\[?(?:ADR-)?0*([0-9]{1,9})`)
	reviewBy     = regexp.MustCompile(`(?im)^review[- ]by: *([0-9]{4}-[0-9]{2}-[0-9]{2})`)
)

// findRecord looks for the record of the choice: the first one, or the one that
// has superseded it, and says until when it stands and how to supersede it.
func (m *madeProject) findRecord(out *revisitJSON, today time.Time) error {
	folder := filepath.Join(m.root, filepath.FromSlash(decisionlog.Dir))
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return diag.New(diag.Usage, "", "the records cannot be read: %w", err)
	}
	seen := map[int]bool{}
	for number := 1; !seen[number]; {
		seen[number] = true
		name := recordOf(entries, number)
		if name == "" {
			return nil // nobody has to keep records
		}
		src, err := readText(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		out.Record = recommend.Optional(decisionlog.Dir + "/" + name)
		out.ReviewBy = ""
		if due := reviewBy.FindStringSubmatch(src); due != nil {
			out.ReviewBy = recommend.Optional(due[1])
			out.ReviewDue = due[1] < today.Format(time.DateOnly)
		}
		out.Supersede = out.supersede(number)
		if next := supersededBy.FindStringSubmatch(src); next != nil {
			number, _ = strconv.Atoi(next[1]) // at most nine digits
		}
	}
	return nil
}

// recordOf is the name of the file with that number, empty if there is none.
func recordOf(entries []fs.DirEntry, number int) string {
	prefix := fmt.Sprintf("%04d-", number)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) && strings.HasSuffix(e.Name(), ".md") {
			return e.Name()
		}
	}
	return ""
}

// maxRecord is more than any record of a decision has.
const maxRecord = 1 << 20

func readText(file string) (string, error) {
	info, err := os.Stat(file)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no regular file")
	}
	var src []byte
	if err == nil {
		var f *os.File
		if f, err = os.Open(file); err == nil {
			defer func() { _ = f.Close() }() // opened for reading: nothing can be lost
			src, err = io.ReadAll(io.LimitReader(f, maxRecord))
		}
	}
	if err != nil {
		return "", diag.New(diag.Usage, "", "the record %s cannot be read: %w", file, err)
	}
	return string(src), nil
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
