package packlint

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
)

const (
	manifest = "stackinit.yaml"
	head     = "schema: stackinit.pack/v1\nname: x\ndescription: y\n"
	// good has one of everything that a rule looks at.
	good = head + "questions:\n  kind:\n    choices: [a, b]\n  title:\n    when: {kind: [a]}\n  deep:\n    type: int\n    when: '{{ eq .kind \"a\" }}'\n    default: '3'\n" +
		"computed:\n  loud: '{{ upper .kind }}'\nexecutable: [run]\nmerge: [x.json]\ndelimiters:\n  - {path: ci.yml, left: '[[', right: ']]'}\n"
)

func goodFiles() map[string]string {
	return map[string]string{
		manifest:               good,
		"template/a.tmpl":      "{{ .loud }} {{ .deep }} {{ include \"part\" . }}",
		"template/x.json":      "{}",
		"template/run":         "#!/bin/sh\n",
		"template/ci.yml.tmpl": "${{ secrets.X }} [[ .kind ]]",
		"partials/part.tmpl":   "{{ .title | toJson }}{{ .name }}",
		"template/lib.rs":      "#![no_std]\n",
	}
}

func lint(t *testing.T, files map[string]string) []Finding {
	t.Helper()
	var all []pack.SourceFile
	for path, body := range files {
		all = append(all, pack.SourceFile{Path: path, Body: []byte(body)})
	}
	tree, err := pack.NewTree("x", "", all)
	if err != nil {
		t.Fatal(err)
	}
	layer, err := pack.FromTree(tree)
	if err != nil {
		t.Fatal(err)
	}
	return Lint(Input{
		Layers:    pack.Pile{layer},
		Questions: []interview.Question{{Key: "licence", Options: []interview.Option{{Key: "MIT"}}}},
	})
}

func TestGoodPackIsSilent(t *testing.T) {
	files := goodFiles()
	if found := lint(t, files); len(found) > 0 {
		t.Error(found)
	}
}

func TestRules(t *testing.T) {
	for name, tt := range map[string]struct {
		path, body string // what the good pack has instead, or besides
		want       string // CODE file:line:col words
	}{
		"unreadable":              {"template/b.tmpl", "x\n{{ if .kind }}", "P101 x/template/b.tmpl:2:1 unexpected EOF"},
		"undeclared":              {"template/b.tmpl", "x\n {{ .nope }}", "P102 x/template/b.tmpl:2:5 nope"},
		"undeclared in a name":    {"template/{{ .nope }}.txt", "x", "P102 x/template/{{ .nope }}.txt:0:0 nope"},
		"undeclared in a partial": {"partials/part.tmpl", "{{ .title | toJson }}{{ .nope }}", "P102 x/partials/part.tmpl:1:25 nope"},
		"undeclared in computed":  {manifest, good + "message_after_copy: '{{ .nope }}'\n", "P102 x/stackinit.yaml:19:21 nope"},
		"unused question":         {manifest, strings.Replace(good, "computed:", "  other: {}\ncomputed:", 1), "P103 x/stackinit.yaml:13:3 other"},
		"unused value":            {"template/a.tmpl", "{{ .deep }} {{ include \"part\" . }}", "P103 x/stackinit.yaml:14:3 loud"},
		"no such choice":          {manifest, strings.Replace(good, "{kind: [a]}", "{kind: [c]}", 1), "P104 x/stackinit.yaml:7:3 the question title is never asked: kind is never c"},
		"no such choice below":    {manifest, strings.Replace(good, "{kind: [a]}", "{licence: [GPL]}", 1), "P104 x/stackinit.yaml:7:3 the question title is never asked: licence"},
		"no such question":        {manifest, strings.Replace(good, "{kind: [a]}", "{sort: [a]}", 1), "P104 x/stackinit.yaml:7:3 the question title is never asked: when names sort"},
		"a later question":        {manifest, strings.Replace(good, "{kind: [a]}", "{deep: ['3']}", 1), "P104 x/stackinit.yaml:7:3 the question title depends on deep"},
		"a computed value":        {manifest, strings.Replace(good, "{kind: [a]}", "'{{ eq .loud \"A\" }}'", 1), "P104 x/stackinit.yaml:7:3 the question title depends on loud, which is computed"},
		"undeclared in a rule":    {manifest, good + "files: [{path: run, when: {knid: [a]}}]\n", "P102 x/stackinit.yaml:19:9 knid is neither"},
		"undeclared list":         {manifest, good + "files: [{path: run, each: kinds}]\n", "P102 x/stackinit.yaml:19:9 kinds is neither"},
		"no list":                 {manifest, good + "files: [{path: run, each: kind}]\n", "P113 x/stackinit.yaml:19:9 each takes a list, and kind is none"},
		"no list beside one":      {manifest, strings.Replace(good, "computed:", "  sizes: {multiselect: true, choices: [s]}\ncomputed:", 1) + "files: [{path: run, each: kind}, {path: lib.rs, when: {sizes: [s]}}]\n", "P113 x/stackinit.yaml:20:9 each takes a list, and kind is none"},
		"a computed answer":       {manifest, strings.Replace(good, "{kind: [a]}", "{loud: [A]}", 1), "P104 x/stackinit.yaml:7:3 the question title is never asked: when names loud, which is computed"},
		"more than a variable":    {"template/{{ upper .kind }}.txt", "x", "P113 x/template/{{ upper .kind }}.txt:0:0 {{ upper .kind }}.txt: only plain variables"},
		"no such function":        {"template/b.tmpl", "x\n{{ now }}", "P101 x/template/b.tmpl:2:1 function \"now\""},
		"a later one by template": {manifest, strings.Replace(good, "{kind: [a]}", "'{{ eq .deep 3 }}'", 1), "P104 x/stackinit.yaml:7:3 the question title depends on deep"},
		"another's delimiters":    {"template/b.yml.tmpl", "a: {{ .kind }}\nb: ${{ secrets.X }}", "P105 x/template/b.yml.tmpl:2:4 "},
		"a device":                {"template/aux.txt", "x", "P106 x/template/aux.txt:0:0 "},
		"upper and lower case":    {"template/RUN", "x", "P106 x/template/"},
		"free text":               {"template/b.tmpl", "{{ .title }}", "P107 x/template/b.tmpl:1:4 the free text title"},
		"author":                  {"template/b.tmpl", "{{ .author_name }}", "P107 x/template/b.tmpl:1:4 the free text author_name"},
		"script":                  {"template/start", "#!/bin/sh\n", "P108 x/template/start:1:0 a script"},
		"no script":               {"template/run", "echo\n", "P108 x/template/run:1:0 an executable"},
		"no partial":              {"template/b.tmpl", "{{ include \"none\" . }}", "P109 x/template/b.tmpl:1:12 there is no partial none"},
		"unused partial":          {"partials/other.tmpl", "x", "P109 x/partials/other:0:0 nothing includes it"},
		"nothing rendered":        {"template/b.tmpl", "x", "P110 x/template/b.tmpl:0:0 "},
		"merge of text":           {manifest, strings.Replace(good, "merge: [x.json]", "merge: [x.json, lib.rs]", 1), "P111 x/template/lib.rs:0:0 "},
	} {
		t.Run(name, func(t *testing.T) {
			files := goodFiles()
			files[tt.path] = tt.body
			var got []string
			for _, f := range lint(t, files) {
				got = append(got, fmt.Sprintf("%s %s:%d:%d %s", f.Code, f.File, f.Line, f.Col, f.Text))
			}
			if len(got) != 1 || !strings.HasPrefix(got[0], tt.want) {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

// What a partial reads is not known where it gets one value, but whether it can be read is.
func TestUnreadablePartialOfOneValue(t *testing.T) {
	files := goodFiles()
	files["template/b.tmpl"], files["partials/odd.tmpl"] = `{{ include "odd" .kind }}`, "{{ .nope }}"
	if found := lint(t, files); len(found) != 0 {
		t.Error(found)
	}
	files["partials/odd.tmpl"] = "{{ if }}"
	if found := lint(t, files); len(found) != 1 || found[0].Code != "P101" || found[0].File != "x/partials/odd.tmpl" || found[0].Line != 1 {
		t.Error(found)
	}
}

// The codes in the documentation are those of the program.
func TestRulesAreDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/packs.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for line := range strings.Lines(string(doc)) {
		if strings.HasPrefix(line, "| P1") {
			rows = append(rows, strings.TrimSpace(line))
		}
	}
	var want []string
	for code, text := range Rules {
		want = append(want, "| "+code+" | "+text+" |")
	}
	slices.Sort(want)
	if !slices.Equal(rows, want) {
		t.Errorf("docs/packs.md has\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
}
