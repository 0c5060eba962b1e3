package plan

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/recommend"
	"github.com/stackinit/stackinit/internal/record"
	"github.com/stackinit/stackinit/templates"
)

// input is a plan's input for a stack with some answers changed.
func input(packs fs.FS, stack string, set map[string]string) Input {
	iv := interview.Interview{Criteria: recommend.Embedded(), Starters: starters(packs)}
	questions := append(interview.ProjectQuestions(interview.Facts{Name: "my-service"}), iv.Options(stack)...)
	answers := interview.Answers{}.WithDefaults(questions)
	for k, v := range set {
		answers[k] = interview.Answer{Values: []string{v}, From: interview.FromFlag}
	}
	return Input{
		Packs: packs, Name: "my-service", Answers: answers, Questions: questions,
		Criteria: recommend.Embedded(), Decision: iv.Decide(answers, stack, ""),
		Date: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), Version: "1.2.3", Resolved: "2026-11-16",
		Secret: func() string { return strings.Repeat("secret", 9) },
	}
}

// stacks are all that there are layers for.
var stacks = stackNames()

func stackNames() (names []string) {
	for _, s := range starters(templates.FS) {
		names = append(names, s.Stack)
	}
	return names
}

// starters gives the stacks of packs; none of broken ones.
func starters(packs fs.FS) (all []interview.Starter) {
	manifests, err := pack.Stacks(packs)
	if err != nil {
		return nil // what is wrong with them is Build's to say
	}
	for _, m := range manifests {
		all = append(all, interview.Starter{Stack: m.Name, Runtime: m.Runtime, Options: m.Questions})
	}
	return all
}

// Every text that people may type leaves every file of every stack in order:
// Build itself refuses a file that does not parse or whose keys change.
func TestHostileTexts(t *testing.T) {
	texts := []string{
		`"`, `'`, `\`, "`", `"""`, `'''`, `${x}`, `$(x)`, `{{ .x }}`, `%!s`, `<no value>`, `#x`, `a # b`, `: x`, `- x`, `[x]`, `{x}`, `*x`, `&x`, `!x`, `|`, `>`, `@x`,
		`<script>alert(1)</script>`, `]]>`, `-->`, `*/`, `//`, `null`, `true`, `3.10`, `~`, `\u0041`, `\n`, "é☃👩‍💻", strings.Repeat("x", 200), strings.Repeat(`"`, 200),
	}
	for _, stack := range stacks {
		plain, err := Build(input(templates.FS, stack, map[string]string{"title": "word", "description": "word", "author": "word <a@b.example>"}))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			p, err := Build(input(templates.FS, stack, map[string]string{"title": text, "description": text, "author": strings.Map(noAngles, text) + "x <a@b.example>"}))
			if err != nil {
				t.Errorf("%s, %q: %v", stack, text, err)
				continue
			}
			if len(p.Files) != len(plain.Files) {
				t.Errorf("%s, %q: %d files, else %d", stack, text, len(p.Files), len(plain.Files))
			}
		}
	}
}

func noAngles(r rune) rune {
	if r == '<' || r == '>' {
		return '.'
	}
	return r
}

func TestSameInputSameBytes(t *testing.T) {
	for _, stack := range stacks {
		first, err := Build(input(templates.FS, stack, nil))
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			again, err := Build(input(templates.FS, stack, nil))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(texts(first), texts(again)); diff != "" {
				t.Errorf("%s: %s", stack, diff)
			}
		}
	}
}

func texts(p *Plan) map[string]string {
	all := map[string]string{}
	for _, f := range p.Files {
		all[f.Path] = fmt.Sprintf("%o %s", f.Mode, f.Body)
	}
	return all
}

// The record alone gives the same plan again.
func TestRecordRendersTheSameBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test's own dice
	criteria := recommend.Embedded()
	for range 40 {
		stack := stacks[r.IntN(len(stacks))]
		set := randomRow(r, optionsOf(stack))
		set["title"] = `A "title"`
		in := input(templates.FS, stack, set)
		for _, q := range criteria.Questions() {
			if !q.Multi && r.IntN(2) == 0 {
				in.Answers[q.Key] = interview.Answer{Values: []string{q.Options[r.IntN(len(q.Options))].Key}, From: interview.FromFlag}
			}
		}
		iv := interview.Interview{Criteria: criteria}
		in.Decision = iv.Decide(in.Answers, in.Decision.Choice.Stack, `because "x": y`)
		in.Decision.Confirmed = r.IntN(2) == 0
		in.Decision.Choice.Runtime = strings.Split(in.Decision.Choice.Stack, "-")[0]
		first, err := Build(in)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Build(fromRecord(t, in, texts(first)[record.File]))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(texts(first), texts(again)); diff != "" {
			t.Fatal(diff)
		}
	}
}

// fromRecord makes the input of a plan from nothing but the record.
func fromRecord(t *testing.T, was Input, file string) Input {
	t.Helper()
	rec, err := record.Decode([]byte(strings.TrimPrefix(file, "644 ")))
	if err != nil {
		t.Fatal(err)
	}
	answersFile, err := rec.AnswersFile()
	if err != nil {
		t.Fatal(err)
	}
	answers, err := interview.ReadFile("record", answersFile, append(interview.DecisionQuestions(was.Criteria), was.Questions...))
	if err != nil {
		t.Fatal(err)
	}
	date, err := time.Parse(time.DateOnly, rec.Date)
	if err != nil {
		t.Fatal(err)
	}
	iv := interview.Interview{Criteria: was.Criteria}
	d := iv.Decide(answers, rec.Pack.Name, rec.Decision.Reason)
	d.Confirmed = rec.Decision.Confirmed
	d.Choice.Runtime = strings.Split(d.Choice.Stack, "-")[0]
	return Input{Packs: was.Packs, Name: rec.Name, Answers: answers, Questions: was.Questions, Criteria: was.Criteria, Decision: d, Date: date, Version: rec.Stackinit, Resolved: was.Resolved, Secret: was.Secret}
}

// Faults of layers are found before anything is written, and named.
func TestBuildRefuses(t *testing.T) {
	manifest := "schema: stackinit.pack/v1\nname: node-express\nruntime: node\n"
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"free text without encoder", map[string]string{"template/a.txt.tmpl": "x\n{{ .title }}"}, "a.txt.tmpl:2:"},
		{"wrong encoder", map[string]string{"template/a.yaml.tmpl": "a: {{ .title | text }}"}, "does not parse"},
		{"wrong encoder adds a key", map[string]string{"template/a.json.tmpl": `{"a": "{{ .title | text }}"}`}, "structure of a.json"},
		{"missing value", map[string]string{"template/a.tmpl": "{{ .nope }}"}, `"nope"`},
		{"path leaves", map[string]string{"template/{{ .x }}": "", "stackinit.yaml": manifest + "computed: {x: '..'}\n"}, "not portable"},
		{"path is .git", map[string]string{"template/.GIT/config": ""}, "spelling of .git"},
		{"device", map[string]string{"template/aux.js": ""}, "device"},
		{"case collision", map[string]string{"template/A": "", "template/a": ""}, "node-express/template/A and node-express/template/a: "},
		{"folders by case", map[string]string{"template/A/x": "", "template/a/y": ""}, "node-express/template/A/x and node-express/template/a/y: "},
		{"rendered collision", map[string]string{"template/my-service": "", "template/{{ .name }}/x": ""}, "node-express/template/my-service and node-express/template/{{ .name }}/x: "},
		{"two names that are one", map[string]string{"template/my-service": "", "template/{{ .name }}": ""}, "node-express/template/my-service and node-express/template/{{ .name }} are both my-service"},
		{"computed hides an answer", map[string]string{"stackinit.yaml": manifest + "computed: {title: x}\n"}, "name of an answer"},
		{"reserved file", map[string]string{"template/.stackinit.yaml": ""}, "written by stackinit itself"},
		{"unknown key", map[string]string{"stackinit.yaml": manifest + "exten: common\n"}, `unknown key "exten"`},
		{"unknown layer", map[string]string{"stackinit.yaml": manifest + "extends: nothing\n"}, `no layer "nothing"`},
		{"circle", map[string]string{"stackinit.yaml": manifest + "extends: node-express\n"}, "circle"},
		{"merge of a missing file", map[string]string{"stackinit.yaml": manifest + "merge: [a.json]\n"}, "not in template/"},
		{"unknown dependency", map[string]string{"stackinit.yaml": manifest + "dependencies: {npm: [left-pad]}\n", "template/package.json": "{}"}, `node-express/stackinit.yaml: "left-pad" is not a direct dependency of the npm universe`},
		{"dependency in a broken manifest", map[string]string{"stackinit.yaml": manifest + "dependencies: {npm: [express]}\n", "template/package.json": "{"}, "package.json: unexpected end of JSON input"},
		{"dependency in an odd manifest", map[string]string{"stackinit.yaml": manifest + "dependencies: {npm: [express]}\n", "template/package.json": `{"name": 7}`}, "package.json: json: cannot unmarshal number"},
		{"dependency that is in no lock file", map[string]string{"stackinit.yaml": manifest + "dependencies: {npm: [express]}\n",
			"template/package.json": `{"dependencies": {"express": "^1"}, "devDependencies": {"left-pad": "^1"}}`}, `node-express/template/package.json: package.json depends on "left-pad", which package-lock.json would not have`},
		{"Python dependency that is in no lock file", map[string]string{"stackinit.yaml": manifest + "dependencies: {python: [flask]}\n",
			"template/pyproject.toml": "[project]\ndependencies = [\"left-pad>=1\"]\n"}, `pyproject.toml depends on "left-pad>=1", which the lock files would not have`},
		{"dependency without manifest", map[string]string{"stackinit.yaml": manifest + "dependencies: {npm: [express]}\n"}, "no package.json"},
		{"wrong schema", map[string]string{"stackinit.yaml": "schema: x\nname: node-express\n"}, "schema is"},
		{"huge file", map[string]string{"template/a": strings.Repeat("x", 1<<20+1)}, "are the most"},
		{"endless include", map[string]string{"template/a.tmpl": `{{ include "p" . }}`, "partials/p.tmpl": `{{ include "p" . }}`}, "in a circle"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			packs := fstest.MapFS{"node-express/stackinit.yaml": {Data: []byte(manifest)}}
			for p, body := range tt.files {
				packs["node-express/"+p] = &fstest.MapFile{Data: []byte(body)}
			}
			for _, path := range []string{npmUniverse, pythonUniverse, pythonDirect} {
				universe, err := fs.ReadFile(templates.FS, path)
				if err != nil {
					t.Fatal(err)
				}
				packs[path] = &fstest.MapFile{Data: universe}
			}
			_, err := Build(input(packs, "node-express", map[string]string{"title": `a", "b": "c: d`}))
			if e, ok := err.(*diag.Error); !ok || e.Kind != diag.Refused || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v\nwant an error of kind Refused with %q", err, tt.want)
			}
		})
	}
}

func TestNameOfADependencyIsRefused(t *testing.T) {
	in := input(templates.FS, "node-express", nil)
	in.Name = "express"
	_, err := Build(in)
	if e, ok := err.(*diag.Error); !ok || e.Kind != diag.Usage {
		t.Errorf("got %v", err)
	}
}

func TestExecutableFiles(t *testing.T) {
	packs := fstest.MapFS{
		"node-express/stackinit.yaml":    {Data: []byte("schema: stackinit.pack/v1\nname: node-express\nruntime: node\nexecutable: [run]\n")},
		"node-express/template/run.tmpl": {Data: []byte("#!/bin/sh\n")},
	}
	p, err := Build(input(packs, "node-express", nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range p.Files {
		if (f.Mode == 0o755) != (f.Path == "run") {
			t.Errorf("%s has mode %o", f.Path, f.Mode)
		}
	}
}

// What a computed value comes to is what if takes it for; a text stays one.
func TestComputedTruths(t *testing.T) {
	packs := fstest.MapFS{
		"node-express/stackinit.yaml": {Data: []byte("schema: stackinit.pack/v1\nname: node-express\nruntime: node\n" +
			"computed: {no: '{{ eq .name \"x\" }}', yes: '{{ not .no }}', word: 'false'}\n")},
		"node-express/template/a.tmpl": {Data: []byte("{{ .no }}{{ if .no }} no{{ end }}{{ if .yes }} yes{{ end }}{{ if .word }} {{ upper .word }}{{ end }}")},
	}
	p, err := Build(input(packs, "node-express", nil))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(p.Files[slices.IndexFunc(p.Files, func(f File) bool { return f.Path == "a" })].Body); got != "false yes FALSE" {
		t.Errorf("a holds %q", got)
	}
}

func BenchmarkBuild(b *testing.B) {
	for _, stack := range stacks {
		b.Run(stack, func(b *testing.B) {
			in := input(templates.FS, stack, nil)
			for b.Loop() {
				if _, err := Build(in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
