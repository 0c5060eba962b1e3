package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/apply"
	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/recommend"
)

// adrOptions are what all commands of the group share.
type adrOptions struct {
	dir  string
	json bool // of those that change something
}

func adrCommand(a *app) *cobra.Command {
	var o adrOptions
	cmd := &cobra.Command{
		Use:   "adr",
		Short: "Write, list, change and check decision records",
		Long: `Works on the decision records (ADRs) of any repository: those that stackinit
made, and those of adr-tools, log4brains and MADR. They are looked for where
.adr-dir says, else in docs/adr, doc/adr and docs/decisions.

A change touches only the lines that it is about. The index in README.md of the
folder is rewritten between its two markers by every command that changes
something.`,
		Example: `  stackinit adr new "Store data in PostgreSQL"
  stackinit adr status 4 accepted
  stackinit adr supersede 3 --by 4
  stackinit adr lint`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, c := range []*cobra.Command{
		adrNewCommand(a, &o),
		adrListCommand(a, &o),
		adrStatusCommand(a, &o),
		adrSupersedeCommand(a, &o),
		adrIndexCommand(a, &o),
		adrLintCommand(a, &o),
	} {
		c.Flags().StringVar(&o.dir, "dir", "", "the `folder` of the records")
		if c.Flags().Lookup("json") == nil { // those that only read have their own
			c.Flags().BoolVar(&o.json, "json", false, "print JSON")
		}
		cmd.AddCommand(c)
	}
	cmd.AddCommand(adrRevisitCommand(a)) // of a project that stackinit made
	return cmd
}

// openedLog is a log with the repository that it is in.
type openedLog struct {
	*decisionlog.Log
	top   string // the repository's folder
	root  *os.Root
	found bool
}

// open finds and reads the log. The folder needs not be there.
func (o adrOptions) open() (*openedLog, error) {
	top, dir, err := o.place()
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(top)
	if err != nil {
		return nil, diag.New(diag.Environment, "", "the folder cannot be opened: %w", err)
	}
	l := &openedLog{top: top, root: root}
	if dir == "" {
		dir, l.found, err = decisionlog.Find(root.FS())
	} else {
		info, serr := root.Stat(filepath.FromSlash(dir))
		l.found = serr == nil && info.IsDir()
	}
	if err == nil {
		l.Log, err = decisionlog.Read(root.FS(), dir)
	}
	if err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// existing is open for commands that need records.
func (o adrOptions) existing() (*openedLog, error) {
	l, err := o.open()
	if err == nil && !l.found {
		l.close()
		return nil, diag.New(diag.Usage, "stackinit adr new begins a log; --dir names another folder", "there are no decision records: no folder %s in %s", l.Dir, l.top)
	}
	return l, err
}

func (l *openedLog) close() { _ = l.root.Close() } // opened for reading: nothing can be lost

// place gives the repository's folder, and the log's in it where --dir names one.
// Without .git the current folder is all there is: what lies above it is not ours.
func (o adrOptions) place() (top, dir string, err error) {
	here, err := filepath.Abs(".")
	if err != nil {
		return "", "", diag.New(diag.Environment, "", "the current folder is gone: %w", err)
	}
	if o.dir == "" {
		return logAbove(here), "", nil
	}
	full, err := filepath.Abs(o.dir)
	if err != nil {
		return "", "", diag.New(diag.Environment, "", "the current folder is gone: %w", err)
	}
	above := filepath.Dir(full)
	for above != filepath.Dir(above) {
		if _, err := os.Stat(above); err == nil {
			break
		}
		above = filepath.Dir(above)
	}
	for _, top := range []string{gitTop(full), here, above} {
		if rel, err := filepath.Rel(top, full); top != "" && err == nil && rel != "." && filepath.IsLocal(rel) {
			return top, filepath.ToSlash(rel), nil
		}
	}
	return "", "", diag.New(diag.Usage, "give a folder below the current one", "--dir %s is no folder for records", o.dir)
}

// logAbove is the nearest folder with a log, from here up to the work tree's top.
func logAbove(here string) string {
	top := gitTop(here)
	for at := here; top != ""; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, decisionlog.PointerPath)); err == nil {
			return at
		}
		if _, found, err := decisionlog.Find(os.DirFS(at)); err == nil && found {
			return at
		}
		if at == top {
			return top
		}
	}
	return here
}

// gitTop is the top of the work tree that a folder is in, or nothing.
func gitTop(dir string) string {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// shown is a path of the repository as people would type it here.
func (l *openedLog) shown(path string) string {
	full := filepath.Join(l.top, filepath.FromSlash(path))
	if here, err := filepath.Abs("."); err == nil {
		if rel, err := filepath.Rel(here, full); err == nil {
			return rel
		}
	}
	return full
}

// writeLog makes the changes, and says if an index is missing.
func (a *app) writeLog(ctx context.Context, l *openedLog, changes []decisionlog.Change) error {
	if len(changes) == 0 {
		return nil
	}
	o := apply.EditOptions{Dir: l.top}
	for _, c := range changes {
		o.Changes = append(o.Changes, apply.Change(c))
	}
	if err := apply.Edit(ctx, o); err != nil {
		return err
	}
	if l.IndexByHand() {
		_, _ = fmt.Fprintf(a.Err, "%s has no index yet; stackinit adr index adds one\n", l.shown(l.Dir+"/README.md")) // a hint only
	}
	return nil
}

// changeLog reads the log, changes it, and prints the files that changed.
func (a *app) changeLog(ctx context.Context, o adrOptions, change func(*openedLog) ([]decisionlog.Change, error)) error {
	l, err := o.existing()
	if err != nil {
		return err
	}
	defer l.close()
	changes, err := change(l)
	if err != nil {
		return err
	}
	if err := a.writeLog(ctx, l, changes); err != nil {
		return err
	}
	return a.printChanged(o, changedJSON{Changed: l.changed(changes)})
}

// changedJSON is the output, with --json, of the commands that change a log.
type changedJSON struct {
	Record  recommend.Optional `json:"record"`  // that is new; null if there is none
	Changed []string           `json:"changed"` // files, the new record among them
}

// changed are the files that were written.
func (l *openedLog) changed(changes []decisionlog.Change) []string {
	files := []string{}
	for _, c := range changes {
		if c.New != nil {
			files = append(files, clean(l.shown(c.Path)))
		}
	}
	return files
}

// printChanged prints the new record, or all files that changed.
func (a *app) printChanged(o adrOptions, c changedJSON) error {
	lines := strings.Join(c.Changed, "\n")
	switch {
	case o.json:
		return a.printJSON(c)
	case c.Record != "":
		lines = string(c.Record)
	case lines == "":
		return nil
	}
	return a.print("%s\n", lines)
}

var recordNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?i:adr-)?(\d{1,9})$`) })

// parseNumber reads a record's number: 7, 0007 or ADR-0007, all decimal.
func parseNumber(text string) (int, error) {
	m := recordNumber().FindStringSubmatch(text)
	if m == nil {
		return 0, diag.New(diag.Usage, "give a number such as 7 or 0007", "%q is no number of a record", text)
	}
	return strconv.Atoi(m[1])
}

// readTemplate reads the file of --template.
func readTemplate(name string) ([]byte, error) {
	const most = 1 << 20
	f, err := os.Open(name)
	if err != nil {
		return nil, diag.New(diag.Usage, "give the path of a Markdown file", "the template cannot be read: %w", err)
	}
	defer func() { _ = f.Close() }() // opened for reading: nothing can be lost
	src, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, diag.New(diag.Usage, "give the path of a Markdown file", "the template cannot be read: %w", err)
	}
	if len(src) > most {
		return nil, diag.New(diag.Usage, "give the path of a Markdown file", "the template %s is larger than 1 MiB", name)
	}
	return src, nil
}
