package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/recommend"
)

// errorJSON is what stands on stdout when a command with --json fails before it has
// a result. A result that tells of a failure itself (a report of findings) stays the
// only document, and the exit code says the rest.
type errorJSON struct {
	Error struct {
		Kind     string        `json:"kind"` // the name beside the exit code
		ExitCode int           `json:"exit_code"`
		Findings []findingJSON `json:"findings"`
	} `json:"error"`
}

// findingJSON is one thing that is wrong. Places that are not known are null.
type findingJSON struct {
	File   recommend.Optional `json:"file"`
	Line   *int               `json:"line"`
	Column *int               `json:"column"`
	Text   string             `json:"text"`
	Hint   recommend.Optional `json:"hint"`
}

// end tells of the error, if there is one, and gives the exit code. People read it on
// stderr; a machine that asked for JSON has it on stdout, too.
func (a *app) end(err error, asJSON bool) int {
	if err != nil && asJSON && !a.out.used {
		_ = a.printJSON(toJSON(err)) // the error that came first decides the exit code
	}
	return report(a.Err, err)
}

func toJSON(err error) (out errorJSON) {
	e := &diag.Error{Kind: diag.Bug, Findings: []diag.Finding{{Text: err.Error()}}}
	errors.As(err, &e)
	out.Error.ExitCode, out.Error.Kind = exitOf(e.Kind)
	out.Error.Findings = []findingJSON{}
	for _, f := range e.Findings {
		j := findingJSON{File: recommend.Optional(clean(f.Pos.File)), Text: clean(f.Text), Hint: recommend.Optional(clean(f.Hint))}
		if f.Pos.Line > 0 {
			j.Line, j.Column = &f.Pos.Line, &f.Pos.Col
		}
		out.Error.Findings = append(out.Error.Findings, j)
	}
	return out
}

// wantsJSON tells whether the run was to print JSON. The words count as well as the
// flags: of a line with a mistake in it cobra reads only what stands before that.
func wantsJSON(cmd *cobra.Command, args []string) bool {
	if i := slices.Index(args, "--"); i >= 0 {
		args = args[:i]
	}
	if slices.Contains(args, "--json") || slices.Contains(args, "--json=true") {
		return true
	}
	for name, on := range map[string]string{"json": "true", "format": "json"} {
		if f := cmd.Flags().Lookup(name); f != nil && strings.EqualFold(f.Value.String(), on) {
			return true
		}
	}
	return false
}
