package render

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stackinit/stackinit/internal/diag"
)

// Rendering a hostile pack ends within these (design: trust).
const (
	mostTime   = 2 * time.Second
	mostMemory = 256 << 20
)

const (
	big     = `{{ $s := repeat 100000 "abcdefghij" }}` // just below maxText
	forever = `{{ range 9000000 }}{{ range 9000000 }}`
	ends    = `{{ end }}{{ end }}`
)

// hostile are packs of one file. Each must be refused, with the place of the
// fault and a word that says what it is.
var hostile = []struct{ name, src, want string }{
	// What costs too much to parse.
	{"source", strings.Repeat("a", maxSource+1), "f.tmpl:1:1: a template of"},
	{"inside", strings.Repeat("{{.n}}", maxInside/6+1), "64 KiB between"},
	{"long action", "{{ list " + strings.Repeat("1 ", maxInside) + "}}", "64 KiB between"},
	{"long comment", "{{/*" + strings.Repeat("a", maxInside) + "*/}}", "64 KiB between"},
	{"nested if", strings.Repeat("{{if 1}}", maxNesting+1) + strings.Repeat("{{end}}", maxNesting+1), "more than 64 deep"},
	{"nested if, open", "\n" + strings.Repeat("{{if 1}}", maxNesting+1), "f.tmpl:2:513: blocks are more than 64 deep"},
	{"nested with", strings.Repeat("{{- with 1 -}}", maxNesting+1), "more than 64 deep"},
	{"nested range", strings.Repeat("{{range 1}}", 100), "more than 64 deep"},
	{"else if", "{{if 1}}" + strings.Repeat("{{else if 1}}", maxNesting) + "{{end}}", "more than 64 deep"},
	{"else with", "{{with 1}}" + strings.Repeat("{{else  with 1}}", maxNesting) + "{{end}}", "more than 64 deep"},
	{"parentheses", "{{" + strings.Repeat("(", maxNesting+1) + "1" + strings.Repeat(")", maxNesting+1) + "}}", "more than 64 deep"},
	{"parentheses in blocks", strings.Repeat("{{if 1}}", 40) + "{{" + strings.Repeat("(", 25) + "1", "more than 64 deep"},
	{"declarations", strings.Repeat("{{$a:=1}}", maxVariables+1), "assignments"},
	{"assignments", "{{$a:=1}}" + strings.Repeat("{{$a =1}}", maxVariables), "assignments"},
	// Syntax.
	{"open comment", "a\n{{/* open", "f.tmpl:2:1: the comment is not closed"},
	{"comment and more", "{{/* a */ .name}}", "the comment ends before"},
	{"open action", "a\nb {{ .name", "f.tmpl:2:3: the action is not closed"},
	{"open quote", `{{ "a }}`, "the quote is not closed"},
	{"open quote, next line", "{{ \"a\n\" }}", "not closed on its line"},
	{"open quote, escaped next line", "{{ \"a\\\n\" }}", "not closed on its line"},
	{"open raw quote", "{{ `a }}", "the quote is not closed"},
	{"open if", "{{ if .on }}", "f.tmpl:1:1: unexpected EOF"},
	{"break outside", "{{ break }}", "outside"},
	{"invisible name", "{{ .na\u200bme }}", "U+200B"},
	{"name with a Cyrillic letter", "{{ .n\u0430me }}", "U+0430"},
	{"NUL", "a\n\x00{{ .name }}", "f.tmpl:2:1: a NUL byte"},
	{"NUL inside", "{{ .name \x00}}", "NUL"},
	{"not UTF-8", "a\n b\xff{{ .name }}", "f.tmpl:2:3: the template is not UTF-8"},
	{"escape in an action", "{{ \x1b[2J }}", "U+001B"},
	{"escape in a name", `{{ index .map "x" "` + "\\x1b[2J" + `" }}`, "f.tmpl:1"},
	{"GitHub's expressions", "a: ${{ secrets.TOKEN }}", "f.tmpl:1:4: this ${{"},
	{"GitHub's functions", "a: ${{ hashFiles('x') }}", "this ${{"},
	// Templates that call for each other.
	{"define", "\n{{ define `x` }}{{ end }}", "f.tmpl:2:1: a template cannot define"},
	{"define with another name", "{{define\t`x`}}{{template `x`}}{{end}}{{template `x`}}", "cannot define"},
	{"block", "a\n {{- block `x` . }}{{ end }}", "f.tmpl:2:2: a template cannot define"},
	{"itself", "{{ template \"\\x00file\" . }}", "no name of a partial"},
	{"itself, included", "{{ include \"\\x00file\" . }}", "no name of a partial"},
	{"computed include", `{{ include .name . }}`, "in quotes"},
	{"computed include in a variable", `{{ $n := "hello" }}{{ include $n . }}`, "in quotes"},
	{"piped include", `{{ "hello" | include }}`, "in quotes"},
	{"include as a value", `{{ print include }}`, "in quotes"},
	{"the guard", `{{ .title | _emit }}`, "not defined"},
	{"the counter", `{{ _step -1000000 }}`, "not defined"},
	// What runs for too long.
	{"empty loops", forever + ends, "steps"},
	{"a range over a number", `{{ range 9000000000000 }}{{ end }}`, "steps"},
	{"loops that continue", forever + `{{ continue }}` + ends, "steps"},
	{"loops that break", `{{ range 9000000 }}{{ range 9 }}{{ break }}` + ends, "steps"},
	{"loops in else", `{{ range list }}{{ else }}` + forever + ends + `{{ end }}`, "steps"},
	{"comparisons", forever + `{{ if eq 1 2 3 4 5 6 7 8 9 }}{{ end }}` + ends, "steps"},
	{"and, or", forever + `{{ if and 1 (or 0 0 0 0 0 1) (and 1 1) }}{{ end }}` + ends, "steps"},
	{"index, len", forever + `{{ if index $.list (len (list 1)) }}{{ end }}` + ends, "steps"},
	{"variables", `{{ $a := 1 }}` + forever + `{{ $a = add $a 1 }}` + ends, "steps"},
	{"fields", forever + `{{ if $.map.x }}{{ end }}` + ends, "steps"},
	{"partials", forever + `{{ template "hello" $ }}` + ends, "steps"},
	{"included partials", forever + `{{ include "hello" $ }}` + ends, "steps"},
	{"comparing large texts", big + `{{ $r := printf "%sx" $s }}{{ $q := printf "%sy" $s }}` + forever + `{{ if eq $r $q }}{{ end }}` + ends, "steps"},
	{"searching large texts", big + forever + `{{ if contains "abcdefghia" $s }}{{ end }}` + ends, "steps"},
	{"cutting large texts", big + forever + `{{ $x := substr 3 9 $s }}` + ends, "steps"},
	{"matching large texts", `{{ $s := repeat 2000 "a" }}` + forever + `{{ if regexMatch "(a?){200}a{200}b$" $s }}{{ end }}` + ends, "steps"},
	{"replacing at every character", `{{ $s := repeat 300000 "a" }}{{ regexReplaceAll "(a*b)?" $s "" }}`, "steps"},
	{"replacing at many characters", `{{ $s := repeat 600 "a" }}` + forever + `{{ $x := regexReplaceAll "(a*b)?" $s "" }}` + ends, "steps"},
	{"trimming many signs", `{{ $s := repeat 100000 "é" }}{{ trimAll $s $s }}`, "32 are the most"},
	{"trimming", `{{ $s := repeat 500000 "é" }}` + forever + `{{ $x := trimAll "äöüßàáâãéåæçèê" $s }}` + ends, "steps"},
	{"compiling", forever + `{{ if regexMatch "(?i)[^x]{900}\\pL\\pN" "a" }}{{ end }}` + ends, "steps"},
	{"looking for members", `{{ $l := until 10000 }}` + forever + `{{ if has "x" $l }}{{ end }}` + ends, "steps"},
	{"sorting", `{{ $l := splitList "" (repeat 9999 "b") }}` + forever + `{{ $x := sortAlpha $l }}` + ends, "project's templates"},
	// What makes too much.
	{"output", `{{ $s := repeat 1000 "a" }}` + forever + `{{ $s }}` + ends, "more than 4 MiB"},
	{"output of plain text", forever + strings.Repeat("a", 1000) + ends, "more than 4 MiB"},
	{"output of partials", forever + `{{ template "long" $ }}` + ends, "more than 4 MiB"},
	{"output without a loop", big + strings.Repeat("\n{{ $s }}", 5), "f.tmpl:6:4: the rendered file has more than 4 MiB"},
	{"encoding", `{{ $x := html (repeat 300000 "<") }}`, "f.tmpl:1:10: the text grows too long"},
	{"a long list", "{{ $x := list " + strings.Repeat("1 ", maxList+1) + "}}", "a list of more than 10000"},
	{"a large partial", `{{ $x := include "mega" . }}`, "f.tmpl:1:10: the text grows too long"},
	{"a mark of faults", `{{ "%" }}{{ "!" }}`, "holds %!"},
	{"doubling", `{{ $s := "aa" }}{{ range until 100 }}{{ $s = print $s $s }}{{ end }}`, "too long"},
	{"doubling by printf", `{{ $s := "aa" }}{{ range until 100 }}{{ $s = printf "%s%s" $s $s }}{{ end }}`, "too long"},
	{"doubling by join", `{{ $s := "aa" }}{{ range until 100 }}{{ $s = join $s (list $s $s) }}{{ end }}`, "too long"},
	{"doubling by replace", `{{ $s := "aa" }}{{ range until 100 }}{{ $s = replace "a" "aaa" $s }}{{ end }}`, "too long"},
	{"replacing nothing", big + `{{ replace "" "aaa" $s }}`, "too long"},
	{"replacing by regex", big + `{{ regexReplaceAll "" $s "aaa" }}`, "too long"},
	{"groups of regex", `{{ $s := repeat 5000 "a" }}{{ regexReplaceAll "(a+)" $s (repeat 100 "${1}") }}`, "f.tmpl:1"},
	{"repeat", `{{ repeat 1048577 "x" }}`, "cannot repeat"},
	{"repeat, negative", `{{ repeat -1 "x" }}`, "cannot repeat"},
	{"repeat, overflow", `{{ repeat 9223372036854775807 "xxxx" }}`, "cannot repeat"},
	{"nested repeat", `{{ repeat 1024 "x" | repeat 1024 | repeat 2 }}`, "cannot repeat"},
	{"repeat in a loop", forever + `{{ $x := repeat 1000000 "x" }}` + ends, "32 MiB"},
	{"indent", `{{ indent 101 "x" }}`, "cannot indent"},
	{"nested indent", `{{ repeat 10000 "x\n" | indent 100 | indent 100 }}`, "too long"},
	{"nindent", `{{ repeat 100000 "x\n" | nindent 100 }}`, "too long"},
	{"width", `{{ printf "%1000000000d" 1 }}`, "two digits"},
	{"precision", `{{ printf "%.1000000000f" 1.5 }}`, "two digits"},
	{"star", `{{ printf "%*d" 1000000000 1 }}`, "only %s"},
	{"position", `{{ printf "%[1]s%[1]s" "a" "b" }}`, "only %s"},
	{"type", `{{ printf "%T" 1 }}`, "only %s"},
	{"pointer", `{{ printf "%p" .list }}`, "only %s"},
	{"splitList", big + `{{ $l := splitList "a" $s }}`, "members"},
	{"splitList by nothing", big + `{{ $l := splitList "" $s }}`, "members"},
	{"until", `{{ until 10001 }}`, "too many members"},
	{"until, negative", `{{ until -5 }}`, "backwards"},
	{"seq at the end of numbers", `{{ $x := seq 9223372036854700000 9223372036854775807 }}`, "too many members"},
	{"seq", `{{ seq 1 9223372036854775807 }}`, "too many members"},
	{"lists of lists", `{{ $l := list 1 }}` + forever + `{{ $l = list $l $l }}` + ends, "steps"},
	{"lists of lists, compared", `{{ $l := list 1 }}{{ range until 64 }}{{ $l = list $l $l }}{{ end }}{{ eq $l $l }}`, "cannot be compared"},
	{"lists of lists, printed", `{{ $l := list 1 }}{{ range until 64 }}{{ $l = list $l $l }}{{ end }}{{ $l }}`, "cannot be printed"},
	{"lists of lists, joined", `{{ $l := list 1 }}{{ range until 64 }}{{ $l = list $l $l }}{{ end }}{{ join "" $l }}`, "cannot be printed"},
	{"lists of lists, searched", `{{ $l := list 1 }}{{ range until 64 }}{{ $l = list $l $l }}{{ end }}{{ has $l $l }}`, "cannot be compared"},
	{"lists of lists, once each", `{{ $l := list 1 }}{{ range until 64 }}{{ $l = list $l $l }}{{ end }}{{ uniq $l }}`, "cannot be compared"},
	{"lists of lists, left out", `{{ $l := list 1 }}{{ range until 64 }}{{ $l = list $l $l }}{{ end }}{{ without $l $l }}`, "cannot be compared"},
	{"lists of lists, formatted", `{{ $l := list 1 }}{{ range until 64 }}{{ $l = list $l $l }}{{ end }}{{ printf "%v" $l }}`, "cannot be printed"},
	{"regex, nested repetition", `{{ regexMatch "(a{1000}){1000}" .name }}`, "f.tmpl:1"},
	{"regex, many repetitions", `{{ regexMatch "a{900}b{900}c{900}" .name }}`, "repeats too much"},
	{"regex, deep", `{{ regexMatch (repeat 400 "(") .name }}`, "f.tmpl:1"},
	{"regex, long", `{{ regexMatch (repeat 1001 "a") .name }}`, "too long"},
	// Values that do not fit.
	{"index out of range", `{{ index .list 2 }}`, "no member 2 of 2"},
	{"index, negative", `{{ index .list -1 }}`, "no member -1"},
	{"index of a text", `{{ index .name 1 }}`, "has no members"},
	{"index of nothing", `{{ index .nothing 1 }}`, "has no members"},
	{"index of a map by a number", `{{ index .map 1 }}`, "the key of a map is a text, not a whole number"},
	{"index by nothing", `{{ index .list nil }}`, "no member"},
	{"method", `{{ .name.String }}`, "f.tmpl:1"},
	{"method of text", `{{ .title.Foo }}`, "f.tmpl:1"},
	{"field of a list", `{{ .list.Len }}`, "f.tmpl:1"},
	{"lists compared", `{{ if eq .list .list }}{{ end }}`, "cannot be compared"},
	{"maps compared", `{{ if lt .map .map }}{{ end }}`, "cannot be compared"},
	{"kinds compared", `{{ if eq 1 "1" }}{{ end }}`, "cannot be compared"},
	{"nothing compared", `{{ if lt .nothing 1 }}{{ end }}`, "cannot be compared"},
	{"bytes that are no text", `{{ "\xff" }}`, "not UTF-8"},
	{"nil", `{{ nil }}`, "nil"},
	{"length of nothing", `{{ len .nothing }}`, "has no length"},
	{"first of nothing", `{{ first .nothing }}`, "wrong type"},
	{"complex", `{{ 1i }}`, "cannot be printed"},
	{"large number", `{{ add 9007199254740992 1 | mul 9007199254740992 }}`, "too large"},
	{"overflowing number", `{{ 99999999999999999999 }}`, "overflow"},
	{"smallest by minus one", `{{ div -9223372036854775808 -1 }}`, "too large"},
	{"no argument", `{{ upper }}`, "arguments"},
	{"too many arguments", `{{ upper "a" "b" }}`, "wrong number of arguments: 1 wanted, 2 given"},
	{"too many arguments for two", `{{ contains "a" "b" "c" }}`, "wrong number of arguments: 2 wanted, 3 given"},
	{"too many arguments for three", `{{ replace "a" "b" "c" "d" }}`, "wrong number of arguments: 3 wanted, 4 given"},
	{"no argument of any number", `{{ default }}`, "at least 1 is wanted"},
	{"nothing to compare with", `{{ eq 1 }}`, "at least 2 are wanted"},
	{"a format that is no text", `{{ printf 1 }}`, "the format of printf is a text, not a whole number"},
	{"a verb without a value", `{{ printf "%s" }}`, "has 1 verbs for 0 values"},
	{"indent, negative", `{{ indent -1 "x" }}`, "cannot indent by -1"},
	{"substr before the text", `{{ substr -1 2 "abc" }}`, "no characters -1 to 2"},
	{"substr backwards", `{{ substr 2 1 "abc" }}`, "no characters 2 to 1"},
	{"a number of another form", `{{ atoi "01" }}`, "not a whole number"},
	{"range over text", `{{ range .name }}{{ end }}`, "range"},
	{"range over a large text", big + `{{ range $s }}{{ end }}`, "range"},
	// Errors that would be a flood themselves.
	{"large value in an error", big + `{{ atoi $s }}`, "not a whole number"},
	{"large action in an error", `{{ if .missing }}{{ else if list ` + strings.Repeat("1 ", 20000) + ` }}{{ end }}`, "no entry"},
	{"large key in an error", `{{ $.` + strings.Repeat("a", 10000) + ` }}`, "no entry"},
	{"large function in an error", `{{ ` + strings.Repeat("a", 10000) + ` }}`, "not defined"},
	{"control characters in an error", "{{ substr 5 6 \"\\x1b[2J\\u202e\" }}", "no characters"},
	{"control characters in raw quotes", "{{ template `\x1b[2J\u202e` }}", "f.tmpl:1"},
}

// hostileRenderer has a tenth of the budget where tests have to be short.
func hostileRenderer(t *testing.T) *Renderer {
	r := renderer(t, map[string]string{"hello": "hi", "long": strings.Repeat("a", 1000), "mega": "{{ range 2000 }}" + strings.Repeat("a", 1000) + "{{ end }}"})
	if testing.Short() {
		r.budget.most /= 10
	}
	return r
}

func TestHostileTemplates(t *testing.T) {
	for _, tt := range hostile {
		t.Run(tt.name, func(t *testing.T) {
			var out Result
			err := inTime(t, func() (err error) {
				out, err = hostileRenderer(t).File(File{Name: "f.tmpl", Source: tt.src})
				return err
			})
			if err == nil {
				t.Fatalf("gives %d bytes, %.100q", len(out.Body), out.Body)
			}
			checkRefusal(t, err)
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("the error is %s\nwant %q in it", err, tt.want)
			}
		})
	}
	checkMemory(t)
}

// checkRefusal holds what every error of a template has to be.
func checkRefusal(t *testing.T, err error) {
	t.Helper()
	var e *diag.Error
	if !errors.As(err, &e) || e.Kind != diag.Refused || len(e.Findings) != 1 {
		t.Fatalf("%T of another kind: %v", err, err)
	}
	f := e.Findings[0]
	if f.Pos.File == "" || f.Pos.Line < 1 || f.Pos.Col < 1 {
		t.Errorf("the error has no place: %v", e)
	}
	if len(f.Text) > 8*maxMessage || strings.ContainsFunc(f.Text, func(r rune) bool { return r < ' ' || r == '\u202e' || r == '\u200b' }) {
		t.Errorf("the error is not fit to be shown: %d bytes, %.200q", len(f.Text), f.Text)
	}
}

// inTime runs something that has to end soon.
func inTime(t *testing.T, run func() error) error {
	t.Helper()
	start := time.Now()
	err := run()
	// Beside other work each second may take a few; without a cap it would never end.
	if took := time.Since(start); took > 5*mostTime {
		t.Errorf("took %v: %v", took, err)
	}
	return err
}

// checkMemory looks at what the process ever had from the system.
func checkMemory(t *testing.T) {
	t.Helper()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.Sys > mostMemory {
		t.Errorf("%d MiB were used; %d are the most", m.Sys>>20, mostMemory>>20)
	}
	t.Logf("%d MiB", m.Sys>>20)
}

// calls are every function at its dearest; $s is a text of nearly 1 MiB, $l a list
// of 10,000 members.
var calls = map[string]string{
	"add": `add 1 2`, "sub": `sub 1 2`, "mul": `mul 3 4`, "div": `div 7 3`, "atoi": `atoi "123456"`,
	"camelcase": `camelcase $s`, "kebabcase": `kebabcase $s`, "snakecase": `snakecase $s`, "nospace": `nospace $s`,
	"untitle": `untitle $s`, "upper": `upper $s`, "lower": `lower $s`, "trim": `trim $s`, "trimAll": `trimAll "ab_ é" $s`,
	"trimPrefix": `trimPrefix $s $s`, "trimSuffix": `trimSuffix $s $s`, "contains": `contains "a_bé_" $s`,
	"hasPrefix": `hasPrefix $s $s`, "hasSuffix": `hasSuffix $s $s`, "splitList": `splitList "x" $s`, "join": `join "abc" $l`,
	"replace": `replace "_b" "B_" $s`, "repeat": `repeat 2 (trimSuffix $s $s)`, "indent": `indent 4 $s`, "nindent": `nindent 4 $s`,
	"substr": `substr 100 200 $s`, "print": `print $s`, "println": `println $s`, "printf": `printf "%s" $s`,
	"json": `json $s`, "yaml": `yaml $s`, "toml": `toml $s`, "js": `js $s`, "python": `python $s`, "sh": `sh $s`,
	"dockerfile": `dockerfile $o`, "markdown": `markdown $s`, "html": `html $s`, "text": `text $s`, "quote": `quote $s`, "toJson": `toJson $s`,
	"list": `list 1 2 3`, "first": `first $l`, "last": `last $l`, "rest": `rest $l`, "initial": `initial $l`, "reverse": `reverse $l`,
	"compact": `compact $l`, "uniq": `uniq $l`, "without": `without $l 1`, "has": `has "x" $l`, "keys": `keys $.map`, "values": `values $.map`,
	"sortAlpha": `sortAlpha $l`, "index": `index $l 7`, "len": `len $l`, "until": `until 10000`, "seq": `seq 1 10000`,
	"eq": `eq $s $t`, "ne": `ne $s $t`, "lt": `lt $s $t`, "le": `le $s $t`, "gt": `gt $s $t`, "ge": `ge $s $t`,
	"not": `not $s`, "empty": `empty $s`, "default": `default $s ""`, "coalesce": `coalesce "" "" $s`, "ternary": `ternary $s $t true`,
	"and": `and $s $t 1`, "or": `or 0 "" $s`, "include": `include "hello" $`,
	"regexMatch": `regexMatch "x$" (substr 0 1000 $s)`, "regexReplaceAll": `regexReplaceAll "b" (substr 0 1000 $s) "c"`,
}

// A function that is called for ever ends soon, however large what it gets.
func TestEveryFunctionIsCounted(t *testing.T) {
	names := slices.Sorted(maps.Keys(library()))
	for _, name := range append(names, "and", "or") {
		if calls[name] == "" {
			t.Errorf("%s is not in the table of this test", name)
			continue
		}
		if testing.Short() {
			continue // they use up the whole budget, each
		}
		src := `{{ $s := repeat 80000 "aB_b\"é\n <" }}{{ $o := repeat 80000 "aB_b\"é  <" }}{{ $t := printf "%sx" $s }}{{ $l := until 10000 }}` + forever + `{{ $x := ` + calls[name] + ` }}` + ends
		err := inTime(t, func() error {
			_, err := hostileRenderer(t).File(File{Name: "f.tmpl", Source: src})
			return err
		})
		if err == nil {
			t.Errorf("%s never ends with an error", name)
			continue
		}
		checkRefusal(t, err)
		if text := err.Error(); !strings.Contains(text, "steps") && !strings.Contains(text, "MiB") && !strings.Contains(text, "too long") {
			t.Errorf("%s: %v", name, err)
		}
	}
	checkMemory(t)
}

// What would be too large is not made first.
func TestCapsComeFirst(t *testing.T) {
	text, list := strings.Repeat("a\n", maxText/4), make([]any, maxList)
	for i := range list {
		list[i] = "a"
	}
	for name, run := range map[string]func() error{
		"replace": func() error { _, err := replace("a", strings.Repeat("b", 1000), text); return err },
		"join":    func() error { _, err := join(text, list[:100]); return err },
		"indent":  func() error { _, err := indent(100, text); return err },
		"repeat":  func() error { _, err := repeat(100, text); return err },
		"split":   func() error { _, err := splitList("", text); return err },
		"texts":   func() error { _, err := texts([]any{text, text, text, text, text, text}); return err },
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := run()
		runtime.ReadMemStats(&after)
		if made := after.TotalAlloc - before.TotalAlloc; err == nil || made > 2*maxText {
			t.Errorf("%s: %v, after %d bytes", name, err, made)
		}
	}
}

// Partials are refused before anything runs where running them could not end.
func TestHostilePartials(t *testing.T) {
	chain, fan := map[string]string{}, map[string]string{}
	for i := range maxInclude + 1 {
		chain[fmt.Sprintf("p%02d", i)] = fmt.Sprintf(`{{ include "p%02d" . }}`, i+1)
		if i < maxInclude {
			next := fmt.Sprintf(`{{ include "p%02d" . }}`, i+1)
			fan[fmt.Sprintf("p%02d", i)] = next + next
		}
	}
	fan["p31"] = "end"
	tests := []struct {
		name, want string
		partials   map[string]string
	}{
		{"itself", `partials/a:2:12: the partials include each other in a circle`, map[string]string{"a": "\n{{ include \"a\" . }}"}},
		{"each other", "in a circle", map[string]string{"a": `{{ if false }}{{ include "b" . }}{{ end }}`, "b": `{{ print (include "a" .) }}`}},
		{"template", "in a circle", map[string]string{"a": `{{ template "b" }}`, "b": `{{ range list }}{{ else }}{{ template "a" }}{{ end }}`}},
		{"deep", "more than 32 deep", chain},
		{"computed", "partials/a:1:4: include needs", map[string]string{"a": `{{ include .x . }}`}},
		{"define", "partials/a:1:1: a template cannot define", map[string]string{"a": `{{ define "b" }}{{ end }}`}},
		{"open", "partials/a:1:1", map[string]string{"a": `{{ if .x }}`}},
	}
	for _, tt := range tests {
		_, err := Load(tt.partials, NewBudget(context.Background()))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
			continue
		}
		checkRefusal(t, err)
	}
	err := inTime(t, func() error { // 2^32 includes that are no circle
		_, err := renderer(t, fan).File(File{Name: "f", Source: `{{ include "p00" . }}`})
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "steps") {
		t.Errorf("%v", err)
	}
}

// The budget is that of a project: what each file may do, ten thousand may not.
func TestProjectHasOneBudget(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"parsing", strings.Repeat("{{/* 123456789 */}}", 3000) + strings.Repeat("{{.n}}", 900), "steps"},
		{"running", `{{ range 10000 }}{{ end }}`, "steps"},
		{"making", `{{ $s := repeat 1000000 "a" }}`, "MiB"},
		{"writing", strings.Repeat("a", maxSource), "rendered files have more than 64 MiB"},
	}
	for _, tt := range tests {
		files := 0
		err := inTime(t, func() (err error) {
			budget := NewBudget(context.Background())
			if testing.Short() {
				budget.most /= 10
			}
			p, err := Load(nil, budget)
			workers := []*Renderer{p.Renderer(someValues), p.Renderer(someValues)}
			for files = 0; err == nil && files < 10_000; files++ {
				_, err = workers[files%2].File(File{Name: fmt.Sprint("f", files), Source: tt.src})
			}
			return err
		})
		if err == nil || files < 5 || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v after %d files", tt.name, err, files)
		}
	}
	checkMemory(t)
}

// What is counted is counted before it is done, even where nothing else follows.
func TestStepsComeFirst(t *testing.T) {
	for name, src := range map[string]string{
		"parsing":   "{{/*" + strings.Repeat("a", 60_000) + "*/}}",
		"running":   strings.Repeat("{{.n}}", 900),
		"arguments": `{{ $x := contains "b" (repeat 500000 "a") }}`,
		"compiling": `{{ $x := regexMatch "` + strings.Repeat("a", 500) + `" "a" }}`,
		"searching": `{{ $x := regexMatch "(a?){50}b" "` + strings.Repeat("a", 2000) + `" }}`,
	} {
		r := renderer(t, nil)
		r.budget.most = 5000
		if _, err := r.File(File{Name: "f", Source: src}); err == nil || !strings.Contains(err.Error(), "take more than 5000 steps") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whoever no longer waits is heard.
func TestContextEndsRendering(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p, err := Load(nil, NewBudget(ctx))
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Renderer(someValues).File(File{Name: "f", Source: `{{ range 100000 }}{{ end }}`})
	var e *diag.Error
	if !errors.As(err, &e) || e.Kind != diag.Interrupted || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Ten thousand files are not kept: the trees of one alone would be 80 KiB.
func TestFilesAreDropped(t *testing.T) {
	r := renderer(t, nil)
	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	src := strings.Repeat("{{ .n }}", 200)
	before := live()
	for i := range 1000 {
		if _, err := r.File(File{Name: fmt.Sprint("f", i), Source: src}); err != nil {
			t.Fatal(err)
		}
	}
	if after := live(); after > before+2<<20 {
		t.Errorf("1000 files left %d KiB behind", (after-before)>>10)
	}
	runtime.KeepAlive(r)
}

// 10,000 files as full as these use less than half of the budget.
func TestLargePackFits(t *testing.T) {
	r := renderer(t, nil)
	for range 1000 {
		if _, err := r.File(File{Name: "f", Source: smallFile}); err != nil {
			t.Fatal(err)
		}
	}
	b := r.budget
	if s, m, w := b.steps.Load()*10, b.made.Load()*10, b.written.Load()*10; s > maxSteps/2 || m > maxMade/2 || w > maxWritten/2 {
		t.Errorf("10,000 files use %d steps, make %d bytes, write %d", s, m, w)
	} else {
		t.Logf("10,000 files use %d steps, make %d bytes, write %d", s, m, w)
	}
}

// What is made of a secret is told by no error, however it came there.
func TestErrorsTellNoSecret(t *testing.T) {
	const word = "S3CRETvalue"
	for _, src := range []string{
		`{{ atoi (text .key) }}`, `{{ atoi (upper (text .key)) }}`, `{{ range .key }}{{ end }}`, `{{ range text .key }}{{ end }}`,
		`{{ printf (text .key) 1 }}`, `{{ regexMatch (print "(" (text .key)) "x" }}`, `{{ substr 0 99 (text .key) }}`,
		`{{ index .key 1 }}`, `{{ .key.x }}`, `{{ .key }}`, `{{ upper .key }}`, `{{ print .key }}`, `{{ join "" (list .key) }}`,
		`{{ include "p" .key }}`, `{{ $k := text .key }}{{ index (list 1) $k }}`, `{{ eq .key 1 }}`,
	} {
		r := renderer(t, map[string]string{"p": `{{ atoi (text .) }}`})
		r.values = map[string]any{"key": Secret(word)}
		_, err := r.File(File{Name: "f.tmpl", Source: src})
		if err == nil {
			t.Errorf("%s is taken", src)
			continue
		}
		checkRefusal(t, err)
		for e := err; e != nil; e = errors.Unwrap(e) {
			if text := strings.ToLower(fmt.Sprintf("%v %+v", e, e)); strings.Contains(text, strings.ToLower(word[:5])) {
				t.Errorf("%s: %s", src, text)
			}
		}
	}
}

// A result says that a secret is in it, and an if may ask whether there is one.
func TestSecretsAreTold(t *testing.T) {
	for src, want := range map[string]bool{
		`{{ text .key }}`: true, `{{ $k := .key }}{{ sh $k }}`: true, `{{ if eq .key "x" }}{{ end }}`: true, `{{ if lt "a" .key }}{{ end }}`: true,
		`{{ len .key }}`: true, `{{ if has .key (list "a") }}{{ end }}`: true, `{{ include "p" . }}`: true, `{{ range values . }}{{ text . }}{{ end }}`: true,
		`{{ default .key "" | text }}`: true, `{{ if eq .key "" "hunter22" }}{{ end }}`: true, `{{ if ne .key "x" }}{{ end }}`: true, `{{ ternary .key "" true | sh }}`: true,
		`{{ if .key }}x{{ end }}`: false, `{{ ne .key "" }}`: false, `{{ if eq "" .key }}{{ end }}`: false, `{{ not .key }}{{ empty .key }}`: false, `{{ .n }}`: false, `x`: false,
	} {
		r := renderer(t, map[string]string{"p": `{{ sh .key }}`})
		r.values = map[string]any{"key": Secret("hunter22"), "n": 1}
		if strings.Contains(src, "values") {
			delete(r.values, "n")
		}
		out, err := r.File(File{Name: "f.tmpl", Source: src})
		if err != nil || out.Secret != want {
			t.Errorf("%s: %v, %v", src, out.Secret, err)
		}
	}
}
