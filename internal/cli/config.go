package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/stackinit/stackinit/internal/config"
	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/gitrepo"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/source"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// userConfig reads the user's configuration, once. Who has none has an empty one.
var userConfig = sync.OnceValues(func() (config.Config, error) {
	file, asked := os.LookupEnv("STACKINIT_CONFIG")
	if !asked {
		dir, err := os.UserConfigDir()
		if err != nil {
			return config.Config{}, nil // without a home nobody has settings
		}
		file = filepath.Join(dir, "stackinit", "config.yaml")
	}
	if file == "" { // set to nothing: do without
		return config.Config{}, nil
	}
	return readConfig(file, asked)
})

// readConfig reads a configuration file, which has to be there if it was asked for.
func readConfig(file string, asked bool) (config.Config, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) && !asked {
		return config.Config{}, nil
	}
	var src []byte
	if err == nil {
		defer func() { _ = f.Close() }() // opened for reading: nothing to lose
		src, err = io.ReadAll(io.LimitReader(f, strictyaml.MaxBytes+1))
	}
	if err != nil {
		return config.Config{}, diag.New(diag.Environment, "STACKINIT_CONFIG= does without it", "the configuration cannot be read: %w", err)
	}
	c, err := config.Parse(file, src)
	if err != nil {
		return c, err
	}
	return c, settle(&c)
}

// settle checks the sources, and puts folders that are not named in full beside the
// file: they mean the same wherever stackinit is run.
func settle(c *config.Config) error {
	var faults diag.List
	for i, t := range c.Templates {
		spec, err := source.Parse(t.Source, nil)
		var e *diag.Error
		if errors.As(err, &e) {
			faults.Add(t.At, e.Findings[0].Hint, "%s", e.Findings[0].Text)
			continue
		}
		if spec.IsFolder() {
			c.Templates[i].Source = beside(c.File, t.Source)
		}
	}
	return faults.Err(diag.Usage)
}

func beside(file, dir string) string {
	if rest, ok := strings.CutPrefix(dir, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if filepath.IsAbs(dir) {
		return dir
	}
	full, err := filepath.Abs(filepath.Join(filepath.Dir(file), dir))
	if err != nil {
		return dir
	}
	return full
}

// templateNames gives the source of each name of the user's list.
func templateNames() (map[string]string, error) {
	c, err := userConfig()
	return c.Sources(), err
}

// ownDefaults are those of git and, before them, of the user's configuration.
func (p *project) ownDefaults() error {
	c, err := userConfig()
	if err != nil {
		return err
	}
	for i := range p.iv.Project {
		q := &p.iv.Project[i]
		switch own := c.Defaults; {
		case q.Key == "author" && p.options.author == "" && own.Author.Text != "":
			if err := q.Check(own.Author.Text); err != nil {
				return misfit(own.Author, "author", err.Error())
			}
			q.Default = []string{own.Author.Text}
		case q.Key == "author":
			q.Default = []string{author(p.git)}
		case q.Key == "license" && own.License.Text != "":
			if q.Denied[own.License.Text] != "" || p.team.asks(q.Key) {
				continue // a pack's rules stand above one person's habits
			}
			if !slices.ContainsFunc(q.Options, func(o interview.Option) bool { return o.Key == own.License.Text }) {
				e := misfit(own.License, "license", "is none of the choices")
				e.Findings[0].Hint = q.OneOf(own.License.Text)
				return e
			}
			q.Default = []string{own.License.Text}
		}
	}
	if branch := c.Defaults.Branch; branch.Text != "" && p.git.Branch != "" {
		if p.git, err = p.git.Planned(branch.Text, gitrepo.Ident{}, gitrepo.Ident{}); err != nil {
			return misfit(branch, "branch", "is no name of a branch")
		}
	}
	return nil
}

// misfit is the error for a default of the user's configuration that cannot be one.
func misfit(s config.Setting, key, why string) *diag.Error {
	return &diag.Error{Kind: diag.Usage, Findings: []diag.Finding{{Pos: s.At, Text: fmt.Sprintf("the default %s %q %s", key, s.Text, why)}}}
}
