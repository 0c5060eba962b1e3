package render

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"text/template/parse"

	"github.com/stackinit/stackinit/internal/diag"
)

// The functions that guard puts into trees. The parser does not know them, so a
// template cannot call them.
const (
	emitName = "_emit"
	stepName = "_step"
)

// fileKey names the tree of the file that is rendered; include and template refuse it.
const fileKey = "\x00file"

// callSteps is what calling a function takes, as it goes through reflection.
const callSteps = 5

// builtins are text/template's own functions that are let through, because they
// do not evaluate what they need not; the parser needs their names alone.
var builtins = map[string]any{"and": true, "or": true}

// place is a name and where it stands; it takes time to make line and column of it.
type place struct {
	at   parse.Pos
	name string
}

// parsed is a tree that is checked and guarded.
type parsed struct {
	tree     *parse.Tree
	includes []place
	calls    []string // the functions that it calls
	weight   int      // steps that running it takes, without the bodies of its ranges
	src      string
	err      error // the first that guarding found
	name     string
	fixed    func(key string) (string, bool) // what a plain variable prints; nil where values are not known
	inner    int                             // blocks around a node in which the point is another value
}

// parseTree checks a source, parses it under a key and puts the guards in, and the
// values of plain variables that fixed knows. A template cannot define others: that
// would change what other files see.
func parseTree(f File, key string, budget *Budget, fixed func(string) (string, bool)) (*parsed, error) {
	s, err := scan(f)
	if err == nil {
		err = placed(f.Name, budget.step(s.inside/8+len(f.Source)/512))
	}
	if err != nil {
		return nil, err
	}
	trees := map[string]*parse.Tree{}
	tree, err := parse.New(key).Parse(f.Source, f.Left, f.Right, trees, library(), builtins)
	if err != nil {
		return nil, s.syntaxError(f, err)
	}
	if len(trees) > 1 || trees[key] == nil {
		return nil, refused(diag.Pos{File: f.Name, Line: 1, Col: 1}, "make it a partial and include it", "a template cannot define others")
	}
	t := &parsed{tree: tree, src: f.Source, name: f.Name, fixed: fixed}
	t.weight = t.guard(tree.Root)
	return t, t.err
}

// guard appends emit to every action that prints, as html/template does with its
// escapers, so that no template can forget it, and puts a step at the head of
// every range's body. It gives the steps that the node takes. What may not run,
// such as the branches of an if, counts as if it did.
func (t *parsed) guard(node parse.Node) int {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return 0
		}
		sum := 0
		for i, c := range n.Nodes {
			if text := t.text(c); text != nil {
				n.Nodes[i] = text
				sum += t.weigh(c.(*parse.ActionNode).Pipe) + callSteps
				continue
			}
			sum += t.guard(c)
		}
		return sum
	case *parse.ActionNode:
		weight := t.weigh(n.Pipe) + callSteps
		if len(n.Pipe.Decl) == 0 {
			n.Pipe.Cmds = append(n.Pipe.Cmds, t.call(n.Pos, emitName))
		}
		return weight
	case *parse.IfNode:
		return 1 + t.weigh(n.Pipe) + t.guard(n.List) + t.guard(n.ElseList)
	case *parse.WithNode:
		return 1 + t.weigh(n.Pipe) + t.within(n.List) + t.guard(n.ElseList)
	case *parse.RangeNode:
		t.count(n.List, callSteps+t.within(n.List))
		return 1 + t.weigh(n.Pipe) + t.guard(n.ElseList)
	case *parse.TemplateNode:
		t.include(n.Name, n.Pos)
		return 1 + t.weigh(n.Pipe)
	case *parse.BreakNode, *parse.ContinueNode:
		return 2 * callSteps // a panic, which runs through all blocks
	}
	return 1 // text
}

// within guards a block in which the point is another value.
func (t *parsed) within(list *parse.ListNode) int {
	t.inner++
	defer func() { t.inner-- }()
	return t.guard(list)
}

// text is the action {{ .name }} as the text that it prints, if that is known: calling
// a guard for it takes ten times as long. Other nodes give nil.
func (t *parsed) text(node parse.Node) *parse.TextNode {
	n, ok := node.(*parse.ActionNode)
	if !ok || t.fixed == nil || t.inner > 0 || len(n.Pipe.Decl) > 0 || len(n.Pipe.Cmds) != 1 || len(n.Pipe.Cmds[0].Args) != 1 {
		return nil
	}
	field, ok := n.Pipe.Cmds[0].Args[0].(*parse.FieldNode)
	if !ok || len(field.Ident) != 1 {
		return nil
	}
	s, ok := t.fixed(field.Ident[0])
	if !ok {
		return nil
	}
	return &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(s)}
}

// weigh gives the steps of an expression, and finds the includes in it.
func (t *parsed) weigh(node parse.Node) int {
	switch n := node.(type) {
	case *parse.PipeNode:
		if n == nil {
			return 0
		}
		sum := 1
		for _, c := range n.Cmds {
			sum += t.weigh(c)
		}
		return sum
	case *parse.CommandNode:
		sum := 0
		for i, a := range n.Args {
			if id, ok := a.(*parse.IdentifierNode); ok && id.Ident == "include" {
				t.includeCall(id, n.Args[i+1:], i == 0)
			}
			sum += t.weigh(a)
		}
		return sum
	case *parse.ChainNode:
		return len(n.Field) + t.weigh(n.Node)
	case *parse.FieldNode:
		return len(n.Ident)
	case *parse.VariableNode:
		return len(n.Ident)
	case *parse.IdentifierNode:
		if !slices.Contains(t.calls, n.Ident) {
			t.calls = append(t.calls, n.Ident)
		}
		return callSteps
	}
	return 1
}

// includeCall wants the partial's name as it is written, so that what includes
// what is known before anything runs.
func (t *parsed) includeCall(id *parse.IdentifierNode, args []parse.Node, first bool) {
	if first && len(args) > 0 {
		if s, ok := args[0].(*parse.StringNode); ok {
			t.include(s.Text, s.Pos)
			return
		}
	}
	t.refuse(id.Pos, `write {{ include "name" . }}`, "include needs the name of a partial in quotes")
}

func (t *parsed) refuse(pos parse.Pos, hint, text string) {
	if t.err == nil {
		line, col := position(t.src, int(pos))
		t.err = refused(diag.Pos{File: t.name, Line: line, Col: col}, hint, text)
	}
}

func (t *parsed) include(name string, pos parse.Pos) {
	if name == fileKey {
		t.refuse(pos, "", "this is no name of a partial")
	}
	t.includes = append(t.includes, place{pos, name})
}

// countRoot counts the whole tree each time it runs; for partials.
func (t *parsed) countRoot() { t.count(t.tree.Root, t.weight+2*callSteps) }

// count puts a step at the head of a list: {{ if _step 12 }}{{ end }}, which
// prints nothing.
func (t *parsed) count(list *parse.ListNode, steps int) {
	cmd := t.call(list.Pos, stepName)
	cmd.Args = append(cmd.Args, &parse.NumberNode{
		NodeType: parse.NodeNumber, Pos: list.Pos, IsInt: true, Int64: int64(steps), Text: strconv.Itoa(steps),
	})
	branch := parse.BranchNode{
		NodeType: parse.NodeIf, Pos: list.Pos,
		Pipe: &parse.PipeNode{NodeType: parse.NodePipe, Pos: list.Pos, Cmds: []*parse.CommandNode{cmd}},
		List: &parse.ListNode{NodeType: parse.NodeList, Pos: list.Pos},
	}
	list.Nodes = append([]parse.Node{&parse.IfNode{BranchNode: branch}}, list.Nodes...)
}

func (t *parsed) call(pos parse.Pos, name string) *parse.CommandNode {
	id := parse.NewIdentifier(name).SetTree(t.tree).SetPos(pos)
	return &parse.CommandNode{NodeType: parse.NodeCommand, Pos: pos, Args: []parse.Node{id}}
}

// emit is the last step of everything that is printed; guard puts it there.
func (r *Renderer) emit(v any) (string, error) {
	if s, plain := v.(string); plain { // it may be a drawn secret
		r.took(s)
	}
	s, err := printable(v)
	if err != nil {
		return "", err
	}
	return s, checkSize(r.held + r.out.Len() + len(s))
}

// printable gives the text of a value that needs no encoder.
func printable(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case int:
		return strconv.Itoa(v), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case bool:
		return strconv.FormatBool(v), nil
	case Text, Secret:
		return "", errors.New("this is free text: pipe it through the encoder of this file's format (json, js, yaml, toml, python, sh, dockerfile, markdown, text)")
	case nil:
		return "", errors.New("there is no value here")
	}
	return "", fmt.Errorf("%s cannot be printed: join or range over it", kind(v))
}
