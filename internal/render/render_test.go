package render

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

var someValues = map[string]any{
	"name": "my-service", "n": 3, "on": true, "empty": Text(""), "title": Text(`It's "quoted" & <b>`),
	"list": []any{"b", "a"}, "map": map[string]any{"y": "2", "x": "1"}, "nothing": nil, "lines": Text("a\nRUN b"),
}

func file(t *testing.T, src string) (string, error) {
	t.Helper()
	r := renderer(t, map[string]string{"hello": "Hello {{ .name }}\n", "raw": "{{ .title }}"})
	out, err := r.File(File{Name: "f.tmpl", Source: src})
	return string(out.Body), err
}

func renderer(t testing.TB, partials map[string]string) *Renderer {
	t.Helper()
	p, err := Load(partials, NewBudget(context.Background()))
	if err != nil {
		t.Fatal(err)
	}
	return p.Renderer(someValues)
}

func TestRender(t *testing.T) {
	tests := []struct{ src, want string }{
		{`{{ .name }} {{ .n }} {{ .on }}`, "my-service 3 true"},
		{`{{ .title | json }}`, `"It's \"quoted\" & <b>"`},
		{`{{ .title | js }}`, `'It\'s "quoted" & <b>'`},
		{`{{ .title | python }}`, `'It\'s "quoted" & <b>'`},
		{`{{ .title | toml }} {{ .title | yaml }}`, `"It's \"quoted\" & <b>" "It's \"quoted\" & <b>"`},
		{`{{ .title | sh }}`, `'It'\''s "quoted" & <b>'`},
		{`{{ .title | dockerfile }}`, `"It's \"quoted\" & <b>"`},
		{`{{ .title | html }}`, `It&#39;s &#34;quoted&#34; &amp; &lt;b&gt;`},
		{`{{ .title | markdown }}`, `It's "quoted" & \<b>`},
		{`{{ .title | text }}`, `It's "quoted" & <b>`},
		{`{{ with .empty }}x{{ . | text }}{{ else }}none{{ end }}`, "none"},
		{`{{ if eq .name "my-service" }}yes{{ end }}`, "yes"},
		{`{{ include "hello" . | indent 2 }}`, "  Hello my-service"},
		{`{{ .name | replace "-" "_" | upper }}`, "MY_SERVICE"},
		{`{{ range keys .map }}{{ . }}{{ end }}{{ range values .map }}{{ . }}{{ end }}`, "xy12"},
		{`{{ range $i, $e := .list }}{{ $i }}{{ $e }}{{ end }} {{ join "," .list }}`, "0b1a b,a"},
		{`{{ substr 0 2 .name }} {{ repeat 2 "ab" }} {{ add 1 .n }} {{ div 7 2 }} {{ atoi "12" }}`, "my abab 4 3 12"},
		{`{{ range until 3 }}{{ . }}{{ end }} {{ printf "%s-%03d" .name .n }}`, "012 my-service-003"},
		{`{{ regexReplaceAll "[a-z]+" .name "x" }} {{ quote .name }}`, `x-x "my-service"`},
		{`{{ $x := .title }}{{ $x | json }}`, `"It's \"quoted\" & <b>"`},
	}
	for _, tt := range tests {
		got, err := file(t, tt.src)
		if err != nil || got != tt.want {
			t.Errorf("%s\n gives %q, %v\nwant  %q", tt.src, got, err, tt.want)
		}
	}
}

// An empty file after a full one must come out empty.
func TestFilesDoNotLeak(t *testing.T) {
	r := renderer(t, nil)
	for name, src := range map[string]string{"a": "full {{ .name }}", "b": "", "c": "{{/* nothing */}}"} {
		if out, err := r.File(File{Name: name, Source: src}); err != nil || (len(out.Body) > 0) != (name == "a") {
			t.Errorf("%s: %q, %v", name, out.Body, err)
		}
	}
}

func TestRenderRefuses(t *testing.T) {
	tests := []struct{ src, want string }{
		{"a\n{{ .title }}", "f.tmpl:2:"},
		{`{{ .title }}`, "free text"},
		{`{{ include "raw" . }}`, "free text"},
		{`{{ printf "%s" .title }}`, "free text"},
		{`{{ print .title }}`, "free text"},
		{`{{ upper .title }}`, "wrong type"},
		{`{{ range .list }}{{ $.title }}{{ end }}`, "free text"},
		{`{{ if .on }}{{ .title }}{{ end }}`, "free text"},
		{`{{ with .title }}{{ . }}{{ end }}`, "free text"},
		{`{{ template "raw" . }}`, "free text"},
		{`{{ block "x" . }}{{ .title }}{{ end }}`, "cannot define"},
		{`{{ define "hello" }}{{ .title }}{{ end }}{{ template "hello" . }}`, "cannot define"},
		{`{{ define "x" }}{{ end }}`, "cannot define"},
		{`{{ .missing }}`, "no entry"},
		{`LABEL x={{ dockerfile .lines }}`, "several lines cannot stand in a Dockerfile"},
		{`{{ .nothing }}`, "no value"},
		{`{{ .list }}`, "cannot be printed"},
		{`{{ include "none" . }}`, `no partial "none"`},
		{`{{ env "HOME" }}`, `"env" not defined`},
		{`{{ module_name }}`, "a value has a point before it: {{ .module_name }}"}, {`{{ snakcase .name }}`, `did you mean "snakecase"?`},
		{`{{ now }}`, "not defined"}, {`{{ randAlpha 3 }}`, "not defined"}, {`{{ genPrivateKey "rsa" }}`, "not defined"},
		{`{{ set .map "a" "b" }}`, "not defined"}, {`{{ merge .map .map }}`, "not defined"}, {`{{ getHostByName "x" }}`, "not defined"},
		{`{{ call .name }}`, "not defined"}, {`{{ urlquery .name }}`, "not defined"}, {`{{ fail "x" }}`, "not defined"},
		{`{{ div 1 0 }}`, "division by zero"},
		{`{{ substr 3 99 .name }}`, "no characters"},
		{`{{ atoi "1x" }}`, "whole number"},
		{`{{ repeat 2000000 "x" }}`, "cannot repeat"},
		{`{{ until 2000000 }}`, "too many"},
		{`{{ regexMatch "(" .name }}`, "missing"},
		{`{{ if }}`, "f.tmpl:1"},
		{"{{/* open", "f.tmpl:1"},
		{`{{ printf "%d" .name }}`, "does not fit"},
	}
	for _, tt := range tests {
		got, err := file(t, tt.src)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s\n gives %q, %v\nwant an error with %q", tt.src, got, err, tt.want)
		}
	}
}

// Each function that sprig has and we do not list must be unknown, so that a
// newer sprig cannot bring one in unseen.
func TestFunctionsAreClosed(t *testing.T) {
	const want = `add and atoi camelcase coalesce compact contains default div dockerfile empty eq first ge gt has hasPrefix
		hasSuffix html include indent index initial join js json kebabcase keys last le len list lower lt markdown mul ne
		nindent nospace not or print printf println python quote regexMatch regexReplaceAll repeat replace rest reverse seq
		sh snakecase sortAlpha splitList sub substr ternary text toJson toml trim trimAll trimPrefix trimSuffix uniq until
		untitle upper values without yaml`
	got := slices.Collect(maps.Keys(library()))
	got = append(got, slices.Collect(maps.Keys(builtins))...)
	slices.Sort(got)
	if w := strings.Fields(want); !slices.Equal(got, w) {
		t.Errorf("the functions are\n%v\nwant\n%v", got, w)
	}
	doc, err := os.ReadFile("../../docs/packs.md")
	if err != nil || !strings.Contains(strings.Join(strings.Fields(string(doc)), " "), " chance: "+strings.Join(got, " ")+" ") {
		t.Errorf("docs/packs.md does not list them: %v", err)
	}
	for name, fn := range library() {
		if fn == nil {
			t.Errorf("function %q does not exist", name)
		}
	}
}

func TestPath(t *testing.T) {
	got, err := Path("src/{{ .name }}/{{.name}}.ts", someValues)
	if err != nil || got != "src/my-service/my-service.ts" {
		t.Errorf("Path = %q, %v", got, err)
	}
	if got, err := Path("v{{ .n }}.sql", someValues); err != nil || got != "v3.sql" {
		t.Errorf("Path = %q, %v", got, err)
	}
	values := maps.Clone(someValues)
	values["nothing"], values["slash"], values["braces"] = "", "a/b", "{{"
	const unfit, notPlain = "has no value that fits", "only plain variables"
	for p, want := range map[string]string{
		"{{ .title }}": unfit, "{{ .none }}": unfit, "{{ .nothing }}": unfit, "{{ .slash }}": unfit, "{{ .braces }}": notPlain,
		"{{ .name | upper }}": notPlain, "{{": notPlain, "a}}{{b": notPlain, "{{ .name": notPlain, "{{ name }}": notPlain,
		"{{ . }}": notPlain, "{{ .Name }}": notPlain, "{{ .1a }}": notPlain, "{{ ._a }}": notPlain, "{{ .name }} }}": notPlain,
	} {
		if got, err := Path(p, values); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Path(%q) = %q, %v; want %s", p, got, err, want)
		}
	}
}

func TestFilesOfTheirOwnKind(t *testing.T) {
	tests := []struct {
		name string
		file File
		want string
		text bool
	}{
		{"delimiters", File{Source: "[[ .name ]] {{ .x }} ${{ y }}", Left: "[[", Right: "]]"}, "my-service {{ .x }} ${{ y }}", false},
		{"delimiters with trim", File{Source: "a <%- .name -%> b<%/* c */%>", Left: "<%", Right: "%>"}, "amy-serviceb", false},
		{"item", File{Source: "{{ .item }} {{ .name }}", Item: "one"}, "one my-service", false},
		{"item, a map", File{Source: "{{ .item.x | json }}", Item: map[string]any{"x": Text("a")}}, `"a"`, true},
		{"item, typed with a mark", File{Source: "{{ .item | text }}", Item: Text("<nil>")}, "<nil>", true},
		{"float", File{Source: "{{ .f }} {{ if gt .f 1 }}more{{ end }}{{ if lt 1 .f }}{{ end }}"}, "1.5 more", false},
		{"strings", File{Source: "{{ range .strings }}{{ . }}{{ end }}{{ join `,` .strings }}{{ first .strings }}{{ len .strings }}"}, "aba,ba2", false},
		{"encoded text", File{Source: "{{ .title | text }}"}, string(someValues["title"].(Text)), true},
		{"text in a partial", File{Source: "{{ include `title` . }}{{ .name }}"}, `"It's \"quoted\" & <b>"my-service`, true},
		{"text that decides", File{Source: "{{ if eq .title `x` }}x{{ end }}"}, "", true},
		{"no text", File{Source: "{{ if .title }}{{ json .name }}{{ end }}"}, `"my-service"`, false},
	}
	values := maps.Clone(someValues)
	values["f"], values["strings"] = 1.5, []string{"a", "b"}
	p, err := Load(map[string]string{"title": "{{ json .title }}"}, NewBudget(context.Background()))
	if err != nil {
		t.Fatal(err)
	}
	r := p.Renderer(values)
	for _, tt := range tests {
		got, err := r.File(tt.file)
		if err != nil || string(got.Body) != tt.want || got.Text != tt.text {
			t.Errorf("%s: %q, %v, %v; want %q, %v", tt.name, got.Body, got.Text, err, tt.want, tt.text)
		}
	}
	for _, f := range []File{{Source: "{{ .item }}"}, {Source: "{{ .item }}", Item: Text("x")}, {Left: "{{"}, {Left: "[[", Right: "[["}, {Left: "((", Right: "=)"}, {Left: "aa", Right: "}}"}, {Left: "{{", Right: "bb"}, {Left: "[[[[[[[[[", Right: "]]"}, {Left: "[", Right: "]"}} {
		if got, err := r.File(f); err == nil {
			t.Errorf("%v gives %q", f, got.Body)
		}
	}
	if len(values) != len(someValues)+2 {
		t.Error("an item stays in the values")
	}
}

// What a person typed may look like a fault, wherever in the values it lies.
func TestTypedMarks(t *testing.T) {
	p, err := Load(nil, NewBudget(context.Background()))
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]any{"list": []any{Text("<nil>")}, "map": map[string]any{"x": Text("%!")}, "no": "<no value>"}
	r := p.Renderer(values)
	for src, want := range map[string]string{"{{ first .list | text }}": "<nil>", "{{ .map.x | text }}": "%!", "{{ .no }}": ""} {
		got, err := r.File(File{Name: "f", Source: src})
		if string(got.Body) != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", src, got.Body, err)
		}
	}
}

// Workers share partials; each has its own text, output and depth.
func TestWorkersShareNothingThatChanges(t *testing.T) {
	p, err := Load(map[string]string{"a": "{{ range 20 }}{{ $.name }}{{ end }}", "b": "{{ include `a` . | upper }}"}, NewBudget(context.Background()))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			r := p.Renderer(someValues)
			for range 100 {
				got, err := r.File(File{Name: "f", Source: "{{ include `b` . }}"})
				if err != nil || string(got.Body) != strings.Repeat("MY-SERVICE", 20) {
					t.Errorf("%q, %v", got.Body, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestErrorOfNoTemplate(t *testing.T) {
	if err := executionError("f", errors.New("odd")); err.Error() != "f:1:1: odd" {
		t.Error(err)
	}
}

// What goes wrong in a partial is shown where it stands.
func TestErrorsNameTheInnermostPlace(t *testing.T) {
	r := renderer(t, map[string]string{"a": "x\n{{ include \"b\" . }}", "b": "\n\n {{ .nowhere }}", "c": "\n{{ upper .title }}"})
	for src, want := range map[string]string{
		"{{ include `a` . }}":                     `partials/b:3:5: map has no entry for key "nowhere", included by f.tmpl`,
		"{{ template `b` . }}":                    `partials/b:3:5: map has no entry for key "nowhere", included by f.tmpl`,
		"\n{{ include `c` . | upper }}":           "partials/c:2:4: wrong type of value: a text is wanted, free text given, included by f.tmpl",
		"\n {{ upper .title }}":                   "f.tmpl:2:5: wrong type of value: a text is wanted, free text given",
		"\n {{ include `none` . }}":               `f.tmpl:2:5: there is no partial "none"`,
		"\n{{ if eq .name \">: x\" 1 }}{{ end }}": "f.tmpl:2:7: a text and a whole number cannot be compared",
	} {
		if _, err := r.File(File{Name: "f.tmpl", Source: src}); err == nil || err.Error() != want {
			t.Errorf("%q: %v\nwant %s", src, err, want)
		}
	}
}

// Plain variables are put in as text; whatever else one may be, it is what it is by a
// longer way.
func TestPlainVariables(t *testing.T) {
	long := strings.Repeat("x", 1000)
	p, err := Load(map[string]string{"part": "{{ .name }}"}, NewBudget(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]any{
		"name": "orders", "n": 3, "yes": true, "f": 1.5, "long": long, "free": Text("a"), "hidden": Secret("b"),
		"list": []any{map[string]any{"name": "inner"}}, "no": []any{}, "token": "drawn", "among": []any{"x", "drawn"}, "secrets": map[string]any{"key": "drawn"},
	}
	r := p.Renderer(values)
	for src, want := range map[string]string{
		"{{ .name }} {{- .n }}{{ .yes }} {{ .f }}":                               "orders3true 1.5",
		"{{ range .list }}{{ .name }}{{ $.name }}{{ else }}{{ .name }}{{ end }}": "innerorders",
		"{{ with index .list 0 }}{{ .name }}{{ end }}{{ .name }}":                "innerorders",
		"{{ range .no }}{{ .x }}{{ else }}{{ .name }}{{ end }}":                  "orders",
		"{{ with .yes }}{{ . }}{{ end }}{{ if .yes }}{{ .name }}{{ end }}":       "trueorders",
		"{{ $name := .name }}{{ $name }}{{ .name | upper }}":                     "ordersORDERS",
		"{{ .long }}": long,
		"{{ .free }}": "free text", "{{ .hidden }}": "free text", "{{ .list }}": "cannot be printed", "{{ .none }}": "none",
		"{{ include \"part\" (index .list 0) }}{{ .name }}": "innerorders",
	} {
		out, err := r.File(File{Name: "f", Source: src})
		if got := string(out.Body); err == nil && got != want || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q, %v; want %q", src, got, err, want)
		}
	}
	for src, want := range map[string]bool{
		"{{ .token }}": true, "{{ .name }}": false, "{{ join `,` .among }}": true, "{{ len .list }}": false, "{{ len .no }}": false,
	} {
		if out, err := r.File(File{Name: "f", Source: src}); err != nil || out.Secret != want {
			t.Errorf("%s is a secret: %v, %v", src, out.Secret, err)
		}
	}
}
