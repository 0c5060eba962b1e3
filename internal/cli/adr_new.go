package cli

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/decisionlog"
	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/gitrepo"
	"github.com/stackinit/stackinit/internal/prompt"
	"github.com/stackinit/stackinit/internal/recommend"
)

type adrNewOptions struct {
	*adrOptions
	title      string
	status     string
	format     string
	template   string
	supersedes []string
	noEdit     bool
}

func adrNewCommand(a *app, shared *adrOptions) *cobra.Command {
	o := adrNewOptions{adrOptions: shared}
	cmd := &cobra.Command{
		Use:   "new [TITLE]",
		Short: "Write a new record with the next number, and print its path",
		Long: `Writes a record from template.md in the folder of the records, else from a
built-in template: MADR 4, or Nygard's where adr-tools is used. In a terminal it
then opens in $VISUAL or $EDITOR. The first record of a repository makes the
folder docs/adr, .adr-dir for other tools, and the index.`,
		Example: `  stackinit adr new "Store data in PostgreSQL"
  stackinit adr new -t "Use one queue" --supersedes 3 --no-edit
  stackinit adr new "Sign releases" --format nygard --dir doc/adr`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && o.title != "" {
				return wrongUsage(cmd, diag.New(diag.Usage, "", "the title is given twice"))
			}
			if len(args) > 0 {
				o.title = strings.Join(args, " ")
			}
			return a.adrNew(cmd.Context(), o)
		},
	}
	fl := cmd.Flags()
	fl.StringVarP(&o.title, "title", "t", "", "the decision in a few `words`")
	fl.StringVar(&o.status, "status", decisionlog.Proposed, "its `status`")
	fl.StringVar(&o.format, "format", "", "`madr or nygard`; default: as the other records")
	fl.StringVar(&o.template, "template", "", "take this Markdown `file` as template")
	fl.StringSliceVar(&o.supersedes, "supersedes", nil, "the `number` of a record that this one supersedes; repeatable")
	fl.BoolVar(&o.noEdit, "no-edit", false, "open no editor")
	return cmd
}

func (a *app) adrNew(ctx context.Context, o adrNewOptions) error {
	if strings.TrimSpace(o.title) == "" {
		return diag.New(diag.Usage, `stackinit adr new "Store data in PostgreSQL"`, "there is no title")
	}
	if o.format != "" && o.format != decisionlog.Madr && o.format != decisionlog.Nygard {
		return diag.New(diag.Usage, "one of: madr, nygard", "--format does not know %q", o.format)
	}
	l, err := o.open()
	if err != nil {
		return err
	}
	defer l.close()
	d := decisionlog.Draft{Title: o.title, Status: o.status, Format: o.format}
	if d.Date, err = now(); err != nil {
		return err
	}
	if o.template != "" {
		if d.Template, err = readTemplate(o.template); err != nil {
			return err
		}
	}
	for _, s := range o.supersedes {
		n, err := parseNumber(s)
		if err != nil {
			return err
		}
		d.Supersedes = append(d.Supersedes, n)
	}
	return a.addRecord(ctx, l, d, o)
}

// addRecord writes the record, lets a person edit it, and prints its path.
func (a *app) addRecord(ctx context.Context, l *openedLog, d decisionlog.Draft, o adrNewOptions) error {
	if name := gitrepo.UserName(ctx, l.top, os.Environ()); name != "" {
		d.Deciders = []string{name}
	}
	path, changes, err := l.Add(d)
	if err != nil {
		return err
	}
	if err := a.writeLog(ctx, l, changes); err != nil {
		return err
	}
	if !o.noEdit && !o.json && prompt.IsTerminal(a.In) && prompt.IsTerminal(a.Err) {
		if err := a.edit(ctx, filepath.Join(l.top, filepath.FromSlash(path))); err != nil {
			return err
		}
		if err := a.reindex(ctx, *o.adrOptions); err != nil {
			return err
		}
	}
	return a.printChanged(*o.adrOptions, changedJSON{recommend.Optional(clean(l.shown(path))), l.changed(changes)})
}

// edit opens a file in the person's editor, if there is one. The editor's screen
// is stderr, as stdout may be read by a script.
func (a *app) edit(ctx context.Context, file string) error {
	editor := os.Getenv("VISUAL")
	if strings.TrimSpace(editor) == "" {
		editor = os.Getenv("EDITOR")
	}
	words := strings.Fields(editor)
	if len(words) == 0 {
		return nil
	}
	cmd := exec.CommandContext(ctx, words[0], append(words[1:], file)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = a.In, a.Err, a.Err
	if err := cmd.Run(); err != nil {
		return diag.New(diag.Environment, "the record is written; set $VISUAL or $EDITOR, or take --no-edit", "the editor %s failed: %w", words[0], err)
	}
	return nil
}

// reindex lets the index follow what a person wrote.
func (a *app) reindex(ctx context.Context, o adrOptions) error {
	l, err := o.existing()
	if err != nil {
		return err
	}
	defer l.close()
	if l.IndexByHand() {
		return nil
	}
	changes, err := l.Reindex()
	if err != nil {
		return err
	}
	return a.writeLog(ctx, l, changes)
}
