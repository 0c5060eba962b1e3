package config

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
)

func TestParse(t *testing.T) {
	const file = "config.yaml"
	got, err := Parse(file, []byte(`templates:
  web: gh:acme/packs//web@v2
  jobs:
    source: git@git.acme.example:platform/packs.git//jobs
    description: "jobs that run: at night"
defaults:
  author: Ada Example <ada@acme.example>
  license: Apache-2.0
  branch: 1.10
`))
	if err != nil {
		t.Fatal(err)
	}
	at := func(line, col int) diag.Pos { return diag.Pos{File: file, Line: line, Col: col} }
	want := Config{
		File: file,
		Templates: []Template{
			{Name: "jobs", Source: "git@git.acme.example:platform/packs.git//jobs", Description: "jobs that run: at night", At: at(4, 13)},
			{Name: "web", Source: "gh:acme/packs//web@v2", At: at(2, 8)},
		},
		Defaults: Defaults{Author: Setting{"Ada Example <ada@acme.example>", at(7, 11)}, License: Setting{"Apache-2.0", at(8, 12)}, Branch: Setting{"1.10", at(9, 11)}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if s := got.Sources(); len(s) != 2 || s["web"] != "gh:acme/packs//web@v2" {
		t.Errorf("%v", s)
	}
	for _, empty := range []string{"", "# nothing yet\n", "templates: {}\ndefaults: {}\n"} {
		if c, err := Parse(file, []byte(empty)); err != nil || len(c.Templates) > 0 || c.Defaults != (Defaults{}) {
			t.Errorf("%q: %+v, %v", empty, c, err)
		}
	}
}

func TestParseTellsEverything(t *testing.T) {
	_, err := Parse("c.yaml", []byte(`template:
  x: y
templates:
  -x: ./a
  Web: ./b
  ok:
    sauce: ./c
    description: [1]
  none:
    description: what
  bad: "a\nb"
  nothing: ""
  list: [./d]
defaults:
  licence: MIT
  author: "Ann\e[31m"
  branch: null
`))
	var e *diag.Error
	if !errors.As(err, &e) || e.Kind != diag.Usage {
		t.Fatal(err)
	}
	got := err.Error()
	for _, want := range []string{
		`c.yaml:1:1: unknown key "template"` + "\n  did you mean \"templates\"?",
		`c.yaml:4:3: "-x" is no name`,
		`c.yaml:5:3: "Web" is no name`,
		`c.yaml:6:3: the template ok has no source`,
		`c.yaml:7:5: unknown key "sauce"` + "\n  did you mean \"source\"?",
		`c.yaml:8:18: expected a text, found a list`,
		`c.yaml:9:3: the template none has no source`,
		`c.yaml:11:8: the text must be one line`,
		`c.yaml:12:12: the text is empty`,
		`c.yaml:13:9: expected a text, found a list`,
		`c.yaml:15:3: unknown key "licence"` + "\n  did you mean \"license\"?",
		`c.yaml:16:11: the text holds a control`,
		`c.yaml:17:11: expected a text, found nothing`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if len(e.Findings) != 13 {
		t.Errorf("%d findings:\n%s", len(e.Findings), got)
	}
	for _, src := range []string{"[]", "templates: []", "defaults: x", "a: &x 1", "templates: {a: ./x, a: ./y}", "---\n---\n", "\xff"} {
		if _, err := Parse("c.yaml", []byte(src)); !errors.As(err, &e) || e.Kind != diag.Usage {
			t.Errorf("%q: %v", src, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("templates: {a: ./x, b: {source: gh:a/b, description: c}}\ndefaults: {author: A <a@b>, license: MIT, branch: main}\n"))
	f.Add([]byte("templates:\n  a:\n    source: [\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		c, err := Parse("c.yaml", src)
		var e *diag.Error
		if err != nil && (!errors.As(err, &e) || e.Kind != diag.Usage) {
			t.Errorf("%v", err)
		}
		for _, tmpl := range c.Templates {
			if tmpl.Source == "" || !word().MatchString(tmpl.Name) {
				t.Errorf("%+v", tmpl)
			}
		}
	})
}
