// Package packlint looks at template packs for what goes wrong later or elsewhere:
// values that nobody gives, questions that nobody is asked, names that another
// system cannot have. It reads and plans nothing; who calls it knows the packs.
package packlint

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/pack"
	"github.com/stackinit/stackinit/internal/render"
)

// Finding is one thing to mend.
type Finding struct {
	Code string `json:"code"` // a key of Rules
	File string `json:"file"` // begins with the pack's name
	Line int    `json:"line"` // from 1; 0 if it is about the whole file
	Col  int    `json:"col"`  // from 1, in bytes; 0 if it is about the whole line
	Text string `json:"text"`
	Fix  string `json:"fix"` // may be empty
}

// Rules says in a few words what each code is about.
var Rules = map[string]string{
	"P101": "a template that cannot be read",
	"P102": "a variable that nothing declares",
	"P103": "a question or computed value that nothing uses",
	"P104": "a question that is never asked, or goes by a later one",
	"P105": "a ${{ in a rendered file, which belongs to another program",
	"P106": "a name that some systems cannot have",
	"P107": "free text that is printed without an encoder",
	"P108": "a script that is not executable, or an executable that is no script",
	"P109": "a partial that is not there, or that nothing includes",
	"P110": "a .tmpl in which nothing is rendered",
	"P111": "merge of a file that cannot be merged",
	"P112": "expected files that belong to no test",
	"P113": "a project that cannot be made",
	"P114": "files that are not the same every time",
}

// Input is what is looked at and what that stands on.
type Input struct {
	Layers    pack.Pile            // looked at
	Below     pack.Pile            // what they stand on; its questions are in Questions
	Questions []interview.Question // that are answered without these layers
	Used      []string             // values that something else reads
}

// Lint gives the findings, sorted by file and place.
func Lint(in Input) []Finding {
	l := &linter{Input: in, used: map[string]bool{}, included: map[string]bool{}, whole: map[string]bool{}, free: in.freeTexts(), known: in.names()}
	for _, key := range in.Used {
		l.used[key] = true
	}
	for _, layer := range in.Layers {
		l.layer(layer)
	}
	l.partials()
	for _, layer := range in.Layers {
		l.questions(layer)
		l.unused(layer)
	}
	return Sorted(l.found)
}

// Sorted puts findings in the order of files and places, each once.
func Sorted(all []Finding) []Finding {
	slices.SortFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Text, b.Text))
	})
	return slices.Compact(all)
}

type linter struct {
	Input
	known    map[string]bool // values that templates see
	free     map[string]bool // those that are free text
	used     map[string]bool // values that something reads
	all      bool            // something reads all of them
	included map[string]bool // partials that something includes
	whole    map[string]bool // those that get all values
	found    []Finding
}

// mostFindings is more than anybody reads; a pack of a stranger may have a million.
const mostFindings = 1000

func (l *linter) add(code, file string, line, col int, text, fix string) {
	if len(l.found) == mostFindings {
		return
	}
	l.found = append(l.found, Finding{code, file, line, col, text, fix})
}

// asked are all questions: those from below first, as they are answered first.
func (in Input) asked() []interview.Question {
	all := slices.Clone(in.Questions)
	for _, layer := range in.Layers {
		all = append(all, layer.Questions...)
	}
	return all
}

// names are those of all values but stackinit's own.
func (in Input) names() map[string]bool {
	known := map[string]bool{}
	for _, q := range in.asked() {
		known[q.Key] = true
	}
	for _, layer := range slices.Concat(in.Below, in.Layers) {
		for _, v := range layer.Computed {
			known[v.Key] = true
		}
		for _, p := range layer.Manifest.Parts {
			for key := range p.Set {
				known[key] = true
			}
		}
	}
	return known
}

// freeTexts are the values that only encoders print.
func (in Input) freeTexts() map[string]bool {
	free := map[string]bool{"author_name": true, "author_email": true}
	for _, q := range in.asked() {
		if q.Kind == interview.Text && q.Type == interview.Str && !q.Name {
			free[q.Key] = true
		}
	}
	return free
}

// top is where a template stands that is a file of its own.
var top = diag.Pos{Line: 1}

// inspect looks at a template, which stands at a place of file, and notes what it reads
// and includes.
func (l *linter) inspect(f render.File, file string, at diag.Pos, free map[string]bool) {
	seen, err := render.Inspect(f, free)
	if err != nil {
		l.unreadable(f, file, at, err)
		return
	}
	add := func(code string, u render.Use, text, fix string) {
		line, col := place(at, u)
		l.add(code, file, line, col, text, fix)
	}
	l.all = l.all || seen.Whole
	for _, u := range seen.Variables {
		l.value(u.Name, func(text, fix string) { add("P102", u, text, fix) })
	}
	for _, u := range seen.Unencoded {
		add("P107", u, "the free text "+u.Name+" is printed as it is", "put it through the encoder of this format, such as {{ ."+u.Name+" | toJson }}")
	}
	for _, u := range seen.Includes {
		l.included[u.Name] = true
		l.whole[u.Name] = l.whole[u.Name] || u.Whole
		if _, ok := slices.Concat(l.Below, l.Layers).Partials()[u.Name]; !ok {
			add("P109", u.Use, "there is no partial "+u.Name, "put it into partials/"+u.Name+".tmpl")
		}
	}
}

// value notes that something reads a value, and reports one that nothing declares.
func (l *linter) value(name string, report func(text, fix string)) {
	l.used[name] = true
	if l.known[name] || pack.Reserved(name) {
		return
	}
	fix := "ask it under questions, or correct the name"
	if near := diag.DidYouMean(name, slices.Sorted(maps.Keys(l.known))); strings.HasPrefix(near, "did") {
		fix = near
	}
	report(name+" is neither a question nor a computed value", fix)
}

// unreadable is about a template that rendering would refuse.
func (l *linter) unreadable(f render.File, file string, at diag.Pos, err error) {
	left := cmp.Or(f.Left, "{{")
	if i := strings.Index(f.Source, "${{"); i >= 0 && left == "{{" {
		head := f.Source[:i]
		line, col := place(at, render.Use{Line: 1 + strings.Count(head, "\n"), Col: i - strings.LastIndexByte(head, '\n')})
		l.add("P105", file, line, col, "this ${{ is another program's, and would be read as the template's own", "give the file other delimiters in "+pack.ManifestFile+", or drop its .tmpl")
		return
	}
	for _, fault := range Faults("P101", file, err) {
		line, col := place(at, render.Use{Line: fault.Line, Col: fault.Col})
		l.add("P101", file, line, col, fault.Text, fault.Fix)
	}
}

// Faults makes findings of an error; file is where those are that know no place.
func Faults(code, file string, err error) (all []Finding) {
	var e *diag.Error
	if !errors.As(err, &e) {
		return []Finding{{Code: code, File: file, Text: err.Error()}}
	}
	for _, f := range e.Findings {
		all = append(all, Finding{code, cmp.Or(f.Pos.File, file), f.Pos.Line, f.Pos.Col, f.Text, f.Hint})
	}
	return all
}

func firstLine(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	return first
}

// place is where something in a template stands: in a manifest, where the template does.
func place(at diag.Pos, u render.Use) (line, col int) {
	if at == top {
		return u.Line, u.Col
	}
	return at.Line, at.Col
}

func manifestOf(layer *pack.Layer) string { return layer.Name + "/" + pack.ManifestFile }
