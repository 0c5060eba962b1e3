package render

import (
	"strings"
	"testing"
	"time"
)

var values = map[string]any{
	"name": "my-service", "n": 3, "on": true, "empty": Text(""), "title": Text(`It's "quoted" & <b>`),
	"list": []any{"b", "a"}, "map": map[string]any{"y": "2", "x": "1"}, "nothing": nil,
}

func file(t *testing.T, src string) (string, error) {
	t.Helper()
	r, err := New(map[string]string{"hello": "Hello {{ .name }}\n", "loop": `{{ include "loop" . }}`, "raw": "{{ .title }}"}, values)
	if err != nil {
		t.Fatal(err)
	}
	out, err := r.File("f.tmpl", src)
	return string(out), err
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
	r, err := New(nil, values)
	if err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string]string{"a": "full {{ .name }}", "b": "", "c": "{{/* nothing */}}"} {
		if out, err := r.File(name, src); err != nil || (len(out) > 0) != (name == "a") {
			t.Errorf("%s: %q, %v", name, out, err)
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
		{`{{ .nothing }}`, "no value"},
		{`{{ .list }}`, "cannot be printed"},
		{`{{ include "loop" . }}`, "more than 32 deep"},
		{`{{ include "none" . }}`, `no partial "none"`},
		{`{{ env "HOME" }}`, `"env" not defined`},
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
		start := time.Now()
		got, err := file(t, tt.src)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s\n gives %q, %v\nwant an error with %q", tt.src, got, err, tt.want)
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%s took %v", tt.src, took)
		}
	}
}

// Each function that sprig has and we do not list must be unknown, so that a
// newer sprig cannot bring one in unseen.
func TestFunctionsAreClosed(t *testing.T) {
	const want = `add atoi camelcase coalesce compact contains default div dockerfile empty first has hasPrefix hasSuffix html
		indent initial join js json kebabcase keys last list lower markdown mul nindent nospace print printf println python
		quote regexMatch regexReplaceAll repeat replace rest reverse seq sh snakecase sortAlpha splitList sub substr ternary
		text toJson toml trim trimAll trimPrefix trimSuffix uniq until untitle upper values without yaml`
	known := map[string]bool{}
	for _, f := range strings.Fields(want) {
		known[f] = true
	}
	got := functions()
	for name, fn := range got {
		if !known[name] {
			t.Errorf("function %q is there but not in the list", name)
		}
		if fn == nil {
			t.Errorf("function %q does not exist in sprig any more", name)
		}
	}
	if len(got) != len(known) {
		t.Errorf("%d functions, %d in the list", len(got), len(known))
	}
}

func TestPath(t *testing.T) {
	got, err := Path("src/{{ .name }}/{{.name}}.ts", values)
	if err != nil || got != "src/my-service/my-service.ts" {
		t.Errorf("Path = %q, %v", got, err)
	}
	for _, p := range []string{"{{ .title }}", "{{ .none }}", "{{ .name | upper }}", "{{ .n }}", "{{", "a}}{{b"} {
		if got, err := Path(p, values); err == nil {
			t.Errorf("Path(%q) = %q, want an error", p, got)
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, s := range []string{"{{ .name }}", "{{ range .list }}{{ . }}{{ end }}", `{{ include "hello" . }}`, "{{ .title | json }}", `{{ repeat 3 "a" }}`, `{{ printf "%s" .name }}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		r, err := New(map[string]string{"hello": "hi"}, values)
		if err != nil {
			t.Fatal(err)
		}
		out, err := r.File("f", src)
		if err == nil && strings.Contains(string(out), "%!") && !strings.Contains(src, "%!") {
			t.Errorf("%q gives %q", src, out)
		}
	})
}
