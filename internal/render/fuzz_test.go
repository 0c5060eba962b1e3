package render

import (
	"context"
	"strings"
	"testing"
	"text/template/parse"
	"unicode/utf8"
)

// FuzzLoad parses anything as a file, a partial and for inspection. What scan lets
// pass must be within its caps in the tree that the parser makes of it.
func FuzzLoad(f *testing.F) {
	for _, tt := range hostile {
		if len(tt.src) < 4096 {
			f.Add(tt.src, "{{", "}}")
		}
	}
	for _, s := range []string{"{{ .name }}", "<% if .on %>a<% else %>b<% end %>", "((- include `p` . -))", "{{- /* c */ -}}", "{{`}}`}}{{\"\\\"}}\"}}", "$[[ x ]] ${{ .name }}"} {
		f.Add(s, "{{", "}}")
		f.Add(s, "<%", "%>")
		f.Add(s, "((", "))")
		f.Add(s, "[[", "]]")
	}
	f.Fuzz(func(t *testing.T, src, left, right string) {
		file := File{Name: "f.tmpl", Source: src, Left: left, Right: right}
		var tree *parsed
		err := inTime(t, func() (err error) {
			tree, err = parseTree(file, fileKey, NewBudget(context.Background()), nil)
			return err
		})
		if err != nil {
			checkRefusal(t, err)
		} else if d := depth(tree.tree.Root); d > maxNesting {
			t.Errorf("%q is %d deep", src, d)
		}
		var seen *Inspection
		err2 := inTime(t, func() (err error) {
			seen, err = Inspect(file, map[string]bool{"title": true})
			return err
		})
		if err2 != nil {
			checkRefusal(t, err2)
		} else if err != nil {
			t.Errorf("%q can be inspected, but not parsed: %v", src, err)
		} else {
			told(seen)
		}
		_, err = Load(map[string]string{"p": src, "q": "{{ include `p` . }}"}, NewBudget(context.Background()))
		if err != nil {
			checkRefusal(t, err)
		}
	})
}

// depth gives how deep blocks and parentheses are inside each other.
func depth(node parse.Node) (most int) {
	inside := func(nodes ...parse.Node) (d int) {
		for _, n := range nodes {
			d = max(d, depth(n))
		}
		return d
	}
	switch n := node.(type) {
	case *parse.ListNode:
		if n != nil {
			return inside(n.Nodes...)
		}
	case *parse.ActionNode:
		return depth(n.Pipe) - 1
	case *parse.IfNode:
		return 1 + inside(n.List, n.ElseList)
	case *parse.WithNode:
		return 1 + inside(n.List, n.ElseList)
	case *parse.RangeNode:
		return 1 + inside(n.List, n.ElseList)
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			most = max(most, inside(c.Args...))
		}
		return most + 1
	case *parse.ChainNode:
		return depth(n.Node)
	}
	return 0
}

// FuzzRender runs anything. It ends in time, with a valid file or a refusal.
func FuzzRender(f *testing.F) {
	for _, tt := range hostile {
		if len(tt.src) < 4096 {
			f.Add(tt.src)
		}
	}
	for _, call := range calls {
		f.Add(`{{ $s := "aBé" }}{{ $t := "x" }}{{ $l := list 1 "b" }}{{ ` + call + ` }}`)
	}
	for _, s := range []string{"{{ .name }}", "{{ range .list }}{{ . }}{{ end }}", `{{ include "hello" . }}`, "{{ .title | json }}", `{{ printf "%5.2f|%q" 1.5 .name }}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		var r *Renderer
		var out Result
		err := inTime(t, func() (err error) {
			r = renderer(t, map[string]string{"hello": "hi {{ .name }}", "long": strings.Repeat("a", 1000)})
			r.budget.most /= 10
			out, err = r.File(File{Name: "f.tmpl", Source: src})
			return err
		})
		if err != nil {
			checkRefusal(t, err)
			return
		}
		if len(out.Body) > maxOutput || !utf8.Valid(out.Body) {
			t.Errorf("%d bytes", len(out.Body))
		}
		for _, mark := range marks {
			if strings.Contains(string(out.Body), mark) && !strings.Contains(src, mark) {
				t.Errorf("%q gives %.200q", src, out.Body)
			}
		}
		again, err := r.File(File{Name: "f.tmpl", Source: src})
		if err == nil && string(again.Body) != string(out.Body) {
			t.Errorf("%q gives %.200q, then %.200q", src, out.Body, again.Body)
		}
	})
}
