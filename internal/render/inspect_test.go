package render

import (
	"fmt"
	"strings"
	"testing"
)

// told writes an inspection on one line: variables, includes, unencoded free text.
func told(i *Inspection) string {
	var parts []string
	for _, u := range i.Variables {
		parts = append(parts, fmt.Sprintf("%s@%d:%d", u.Name, u.Line, u.Col))
	}
	if i.Whole {
		parts = append(parts, "all")
	}
	for _, u := range i.Includes {
		s := fmt.Sprintf("+%s@%d:%d", u.Name, u.Line, u.Col)
		if u.Whole {
			s += "(.)"
		}
		parts = append(parts, s)
	}
	for _, u := range i.Unencoded {
		parts = append(parts, fmt.Sprintf("!%s@%d:%d", u.Name, u.Line, u.Col))
	}
	return strings.Join(parts, " ")
}

func TestInspect(t *testing.T) {
	tests := []struct{ src, want string }{
		// What is read.
		{`plain`, ``},
		{`{{ .a }}`, `a@1:4`},
		{"x\ny {{- .a -}} {{ $.b }}", `a@2:7 b@2:18`},
		{`{{ .a.b.c }} {{ $.d.e }}`, `a@1:4 d@1:18`},
		{`{{ (.a).b }}{{ (index .a 0).c }}`, `a@1:5 a@1:23`},
		{`{{ .a }}{{ .a }}`, `a@1:4 a@1:12`},
		{`{{ if and .a (eq .b "x") }}{{ else if .c }}{{ end }}`, `a@1:11 b@1:18 c@1:39`},
		{`{{ with .a }}{{ .b }}{{ $.c }}{{ else }}{{ .d }}{{ end }}`, `a@1:9 c@1:26 d@1:44`},
		{`{{ with $ }}{{ .a }}{{ end }}`, `a@1:16`},
		{`{{ range .a }}{{ .b }}{{ $.c }}{{ end }}{{ .d }}`, `a@1:10 c@1:27 d@1:44`},
		{`{{ range $i, $e := .a }}{{ $e.b }}{{ end }}`, `a@1:20`},
		{`{{ $x := . }}{{ $x.a }}`, `a@1:19`},
		{`{{ index . "a" }}{{ index $ "b" 0 }}`, `a@1:12 b@1:29`},
		{`{{ range $k, $v := . }}{{ end }}`, `all`},
		{`{{ keys . | join "," }}`, `all`},
		{`{{ index . .a }}`, `a@1:12 all`},
		{`{{/* .a */}}{{ ".b" }}`, ``},
		// What is included.
		{`{{ include "p" . }}{{ .a | include "q" }}`, `a@1:23 +p@1:12(.) +q@1:36`},
		{`{{ template "p" $ }}{{ template "q" }}`, `+p@1:13(.) +q@1:33`},
		{`{{ if .a }}{{ include "p" (list .a .b) | indent 2 }}{{ end }}`, `a@1:7 a@1:33 b@1:36 +p@1:23`},
		{`{{ with .a }}{{ include "p" . }}{{ end }}`, `a@1:9 +p@1:25`},
		// Free text. text and note are free.
		{`{{ .text | json }}{{ json .text }}{{ .text | html | upper }}`, `text@1:4 text@1:27 text@1:38`},
		{"\n {{ .text }}", `text@2:5 !text@2:5`},
		{`{{ $.text }}`, `text@1:5 !text@1:4`},
		{`{{ if .text }}{{ .a }}{{ end }}`, `text@1:7 a@1:18`},
		{`{{ if .a }}x{{ else }}{{ .text }}{{ end }}`, `a@1:7 text@1:26 !text@1:26`},
		{`{{ with .text }}{{ . }}{{ . | json }}{{ end }}`, `text@1:9 !text@1:20`},
		{`{{ with $t := .text }}{{ $t }}{{ end }}`, `text@1:15 !text@1:26`},
		{`{{ range .texts }}{{ . }}{{ end }}`, `texts@1:10 !texts@1:22`},
		{`{{ range $i, $e := .texts }}{{ $i }}{{ $e }}{{ end }}`, `texts@1:20 !texts@1:40`},
		{`{{ range . }}{{ . }}{{ end }}`, `all !note@1:17`},
		{`{{ $t := .text }}{{ $t | sh }}{{ $t }}`, `text@1:10 !text@1:34`},
		{`{{ $t := .text }}{{ $t = json $t }}{{ $t }}`, `text@1:10`},
		{`{{ $t := "" }}{{ if .a }}{{ $t = .text }}{{ end }}{{ $t }}`, `a@1:21 text@1:34 !text@1:54`},
		{`{{ $t := .text }}{{ if .a }}{{ $t = "" }}{{ end }}{{ $t }}`, `text@1:10 a@1:24 !text@1:54`},
		{`{{ $t := "" }}{{ range .a }}{{ $t }}{{ $t = $.text }}{{ end }}`, `a@1:24 text@1:46 !text@1:32`},
		{`{{ default "x" .text }}`, `text@1:16 !text@1:4`},
		{`{{ .text | default "x" | json }}`, `text@1:4`},
		{`{{ or .a .text }}{{ ternary .note .a true | text }}`, `a@1:7 text@1:10 note@1:29 a@1:35 !text@1:4`},
		{`{{ first .texts }}{{ index .texts 0 }}`, `texts@1:10 texts@1:28 !texts@1:4 !texts@1:22`},
		{`{{ printf "%s" .text }}{{ .text | upper | json }}`, `text@1:16 text@1:27 !text@1:4 !text@1:35`},
		{`{{ len .text }}{{ eq .text "x" }}`, `text@1:8 text@1:22`},
		{`{{ $x := atoi .text }}{{ $y := sortAlpha .texts }}{{ if regexMatch "x" .text }}{{ end }}`, `text@1:15 texts@1:42 text@1:72 !text@1:10 !texts@1:32 !text@1:57`},
		{`{{ include "p" .text }}`, `text@1:16 +p@1:12`},
		{`{{ index . "text" }}`, `text@1:12 !text@1:4`},
	}
	free := map[string]bool{"text": true, "texts": true, "note": true}
	for _, tt := range tests {
		got, err := Inspect(File{Name: "f", Source: tt.src}, free)
		if err != nil || told(got) != tt.want {
			t.Errorf("%s\n gives %v, %v\nwant  %s", tt.src, told(got), err, tt.want)
		}
	}
}

// Everything that rendering refuses at once, inspection refuses in the same words;
// and ${{ in every form that GitHub's expressions take.
func TestInspectRefuses(t *testing.T) {
	for _, s := range []string{"secrets.TOKEN", "github.ref == 'x'", "hashFiles('a')", "contains(github.ref, 'a')", "join(a.*.b)", "!cancelled()", "'x'", "true.x", "x", "first.x", "end_x", "end2"} {
		src := "a:\n  b: ${{ " + s + " }}\n"
		_, err := Inspect(File{Name: "f.yml", Source: src}, nil)
		if err == nil || !strings.Contains(err.Error(), "f.yml:2:6: this ${{ is not") {
			t.Errorf("%s: %v", s, err)
		}
		if _, err := Inspect(File{Name: "f.yml", Source: src, Left: "[[", Right: "]]"}, nil); err != nil {
			t.Errorf("%s with other delimiters: %v", s, err)
		}
	}
	for _, src := range []string{"${{ .name }}", `${{ "x" }}`, "${{ $.name }}", "${{ (.name) }}", "${{ upper .name }}", "${{ if .on }}{{ end }}", "$ {{ .name }}"} {
		if _, err := Inspect(File{Name: "f", Source: src}, nil); err != nil {
			t.Errorf("%s is our own: %v", src, err)
		}
	}
	for _, src := range []string{"{{ nowhere }}", "{{ include .x . }}", "{{ define `x` }}{{ end }}", "{{ if }}", "{{ .x", "\x00"} {
		_, err := Inspect(File{Name: "f", Source: src}, nil)
		_, want := renderer(t, nil).File(File{Name: "f", Source: src})
		if err == nil || want == nil || err.Error() != want.Error() {
			t.Errorf("%s: %v, want %v", src, err, want)
		}
	}
}

// Loops in loops are not walked twice as often with each of them.
func TestInspectEnds(t *testing.T) {
	nested := strings.Repeat("{{ range .a }}", maxNesting) + strings.Repeat("{{ .b }}", 1000) + strings.Repeat("{{ end }}", maxNesting)
	dense := strings.Repeat("a", maxSource-maxInside) + strings.Repeat("{{.n}}", maxInside/6)
	for _, src := range []string{nested, dense} {
		err := inTime(t, func() error {
			_, err := Inspect(File{Name: "f", Source: src}, nil)
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
