package planfile

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/names"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/plan"
)

// The most that a plan may hold. Reading one takes four to five times its size in memory,
// and a stranger's must not take more than a machine has to spare.
const (
	MaxBytes = 64 << 20 // of the file
	maxFiles = pack.MaxFiles
	maxList  = 100 // tools, packs, next steps
	maxLine  = 1000
	maxText  = 64 << 10 // of the message
)

// check holds a plan against the rules that a planned project keeps, whoever wrote
// the file. The error names the file and the field.
func (p *Plan) check(file string) error {
	for _, step := range []func() error{p.checkHead, p.checkCommit, p.checkNeeds, p.checkFiles} {
		if err := step(); err != nil {
			return refused(file, "", "%w", err)
		}
	}
	return nil
}

// refused is the error for a plan that must not be applied.
func refused(file, hint, format string, args ...any) error {
	err := diag.New(diag.Refused, hint, format, args...)
	err.Findings[0].Pos.File = file
	return err
}

func (p *Plan) checkHead() error {
	if err := names.CheckProject(p.Name); err != nil {
		return fmt.Errorf("name: %w", err)
	}
	if max(len(p.Packs), len(p.Next), len(p.Needs), len(p.Tasks)) > maxList {
		return fmt.Errorf("packs, next, needs and tasks have %d entries at most", maxList)
	}
	if wrong := badText(p.After); wrong != "" {
		return fmt.Errorf("after: it %s", wrong)
	}
	lines := map[string]string{"stackinit": p.Stackinit}
	if p.Stack != "" { // a project from packs alone has none
		lines["stack"] = p.Stack
	}
	for i, k := range p.Packs {
		at := fmt.Sprintf("packs[%d].", i)
		lines[at+"name"], lines[at+"source"], lines[at+"digest"] = k.Name, k.Source, k.Digest
		if k.Commit != "" {
			lines[at+"commit"] = k.Commit
		}
	}
	for i, n := range p.Next {
		lines[fmt.Sprintf("next[%d]", i)] = n
	}
	for i, t := range p.Tasks {
		lines[fmt.Sprintf("tasks[%d].pack", i)] = t.Pack
		if len(t.Argv) == 0 || len(t.Argv) > maxList {
			return fmt.Errorf("tasks[%d]: the command has %d words; 1 to %d are allowed", i, len(t.Argv), maxList)
		}
		for k, word := range t.Argv {
			if word != "" {
				lines[fmt.Sprintf("tasks[%d].argv[%d]", i, k)] = word
			}
		}
	}
	return checkLines(lines)
}

// badText says what is wrong with a text of several lines, or nothing.
func badText(s string) string {
	switch {
	case len(s) > maxText || !utf8.ValidString(s):
		return fmt.Sprintf("is larger than %d KiB or no UTF-8", maxText>>10)
	case strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && hidden(r) }):
		return "holds a control or invisible character"
	}
	return ""
}

func (p *Plan) checkCommit() error {
	c := p.Commit
	if c == nil {
		return nil
	}
	switch {
	case strings.TrimSpace(c.Message) == "":
		return fmt.Errorf("commit: there is no message")
	case badText(c.Message) != "":
		return fmt.Errorf("commit: the message %s", badText(c.Message))
	case c.When.Unix() < 0 || c.When.Year() > 9999 || c.When.Nanosecond() != 0:
		return fmt.Errorf("commit: the time is not in whole seconds from 1970 to 9999")
	case (c.Author == Person{}) != (c.Committer == Person{}):
		return fmt.Errorf("commit: author and committer are both known, or neither is")
	}
	lines := map[string]string{"commit.branch": c.Branch}
	if c.Author != (Person{}) {
		lines["commit.author.name"], lines["commit.author.email"] = c.Author.Name, c.Author.Email
		lines["commit.committer.name"], lines["commit.committer.email"] = c.Committer.Name, c.Committer.Email
	}
	return checkLines(lines)
}

func (p *Plan) checkNeeds() error {
	for i, n := range p.Needs {
		switch {
		case !pack.KnowsTool(n.Tool):
			return fmt.Errorf("needs[%d]: stackinit cannot look for the tool %q", i, shown(n.Tool))
		// It becomes part of a command that people are told to type.
		case strings.Trim(n.Oldest+n.Bring, "0123456789.") != "" || len(n.Oldest+n.Bring) > 40:
			return fmt.Errorf("needs[%d]: %q is no version", i, shown(n.Oldest+" "+n.Bring))
		}
	}
	return nil
}

// checkFiles holds every path against the portable grammar, and every body against
// the rules for secrets.
func (p *Plan) checkFiles() error {
	if len(p.Files) == 0 || len(p.Files) > maxFiles {
		return fmt.Errorf("files: there are %d; 1 to %d are allowed", len(p.Files), maxFiles)
	}
	paths := make([]string, len(p.Files))
	for i, f := range p.Files {
		if err := f.check(); err != nil {
			return fmt.Errorf("files[%d] %q: %w", i, shown(f.Path), err)
		}
		paths[i] = f.Path
	}
	if err := names.CheckTree(paths); err != nil {
		return fmt.Errorf("files: %w", err)
	}
	if !slices.IsSorted(paths) {
		return fmt.Errorf("files: they are not sorted by path")
	}
	return nil
}

func (f File) check() error {
	if err := names.CheckPath(f.Path); err != nil {
		return err
	}
	if err := checkLines(map[string]string{"source": f.Source}); err != nil {
		return err
	}
	private := plan.MayHoldSecrets(f.Path)
	if private && f.Mode != 0o600 {
		return fmt.Errorf("the mode is %04o; what may hold secrets is for its owner alone: 0600", f.Mode)
	}
	for i, piece := range f.Body {
		switch {
		case piece.Secret < 0 || piece.Secret > maxSecrets:
			return fmt.Errorf("there is no secret %d; they have the numbers 1 to %d", piece.Secret, maxSecrets)
		case piece.Secret > 0 && !private:
			return fmt.Errorf("it would hold a secret, and only .env may")
		case piece.Secret == 0 && len(f.Body) > 1 && (len(piece.Bytes) == 0 || i > 0 && f.Body[i-1].Secret == 0):
			return fmt.Errorf("piece %d is empty, or goes on with the one before it", i)
		}
	}
	return nil
}

// checkLines wants each to be one line of text that shows all that it says. The
// error is about the first by name.
func checkLines(lines map[string]string) error {
	var bad []string
	for field, s := range lines {
		if s == "" || len(s) > maxLine || !utf8.ValidString(s) || strings.ContainsFunc(s, hidden) {
			bad = append(bad, field)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return fmt.Errorf("%s: it is empty, longer than %d bytes, or holds a control or invisible character", slices.Min(bad), maxLine)
}

// hidden is true of what could steer a terminal or hide a text; the joiners are part
// of words in Persian.
func hidden(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return r != nonJoiner && r != joiner && (!unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r))
}

// shown cuts a text for a message.
func shown(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
