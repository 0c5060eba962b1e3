package cli

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/stackinit/stackinit/internal/recommend"
)

type criteriaShowOptions struct {
	file string
	json bool
}

func criteriaShowCommand(a *app) *cobra.Command {
	var o criteriaShowOptions
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show questions, points, rules and thresholds, and what a team changed",
		Example: `  stackinit criteria show
  stackinit criteria show --criteria team.yaml
  stackinit criteria show --criteria team.yaml --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return a.criteriaShow(o) },
	}
	criteriaFlag(cmd, &o.file)
	cmd.Flags().BoolVar(&o.json, "json", false, "print the merged criteria as JSON")
	return cmd
}

func (a *app) criteriaShow(o criteriaShowOptions) error {
	c, err := a.criteria(o.file)
	if err != nil {
		return err
	}
	if o.json {
		return a.printJSON(struct {
			Identity recommend.Identity `json:"identity"`
			Criteria map[string]any     `json:"criteria"`
		}{c.Identity(), c.Data()})
	}
	var b strings.Builder
	id, base := c.Identity(), recommend.Embedded().Identity()
	fmt.Fprintf(&b, "%s, version %d\nsha256 %s\n", id.ID, id.Version, id.SHA256)
	if c.TeamFile() != nil {
		fmt.Fprintf(&b, "%s over %s, version %d\n+ new   * changed   - taken away\n", o.file, base.ID, base.Version)
	}
	for _, s := range c.Outline() {
		if len(s.Lines) > 0 {
			fmt.Fprintf(&b, "\n%s\n", s.Title)
			outlineLines(&b, s.Lines, "")
		}
	}
	return a.print("%s", b.String())
}

// outlineLines prints a mark, a key and a value in columns, and the words with
// their sources behind them.
func outlineLines(b *strings.Builder, lines []recommend.Line, indent string) {
	keys, values := 0, 0
	for _, l := range lines {
		keys, values = max(keys, len(l.Key)), max(values, len(l.Value))
	}
	for _, l := range lines {
		lead := fmt.Sprintf("%1s %s%-*s  %*s  ", l.Mark, indent, keys, l.Key, values, l.Value)
		if values == 0 {
			lead = fmt.Sprintf("%1s %s%-*s  ", l.Mark, indent, keys, l.Key)
		}
		text := l.Text
		if len(l.Sources) > 0 {
			text = strings.TrimSpace(text + " (" + strings.Join(l.Sources, "; ") + ")")
		}
		hanging(b, lead, text)
		outlineLines(b, l.Lines, indent+"  ")
	}
}

// hanging prints text behind lead, in 79 columns where lead leaves room for words.
func hanging(b *strings.Builder, lead, text string) {
	room := max(79-utf8.RuneCountInString(lead), 30)
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > room {
			b.WriteString(lead + line + "\n")
			lead, line = strings.Repeat(" ", utf8.RuneCountInString(lead)), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	b.WriteString(strings.TrimRight(lead+line, " ") + "\n")
}
