package render

import (
	"slices"
	"strings"
	"text/template/parse"
)

// What inspection knows of expressions: where values come from, and which functions
// let free text through.

func (i *inspector) pipe(p *parse.PipeNode, dot value) (v value) {
	if p == nil {
		return value{}
	}
	for n, c := range p.Cmds {
		if n == 0 {
			v = i.command(c, dot, nil)
		} else {
			v = i.command(c, dot, &v)
		}
	}
	for _, d := range p.Decl {
		if p.IsAssign {
			i.assign(d.Ident[0], v)
		} else {
			i.vars = append(i.vars, variableOf{d.Ident[0], v, i.depth})
		}
	}
	return v
}

// passing are the functions that give one of their arguments, or some of its members.
var passing = strings.Fields("and coalesce compact default first index initial last list or rest reverse ternary uniq values without")

// call gives what a function makes of what is known of its arguments.
func (i *inspector) call(id *parse.IdentifierNode, c *parse.CommandNode, args []value) (v value) {
	for _, a := range args {
		v = v.or(a)
	}
	switch {
	case id.Ident == "include":
		if name, ok := literal(c, 1); ok {
			i.includes = append(i.includes, includePlace{place{c.Args[1].Position(), name}, v.all})
		}
		return value{}
	case id.Ident == "index" && len(args) > 0 && args[0].all:
		if name, ok := literal(c, 2); ok {
			return i.read(name, c.Args[2].Position())
		}
	}
	i.whole = i.whole || v.all
	switch {
	case slices.Contains(passing, id.Ident):
		return v
	case v.free != "" && wantsPlain(id.Ident):
		i.unencoded = append(i.unencoded, place{id.Pos, v.free})
	}
	return value{}
}

// wantsPlain is true of functions that refuse free text, as they could print it.
func wantsPlain(name string) bool {
	_, isText := textFunctions()[name]
	return isText || name == "sortAlpha" || name == "atoi" || strings.HasPrefix(name, "regex")
}

// literal gives an argument that stands in quotes.
func literal(c *parse.CommandNode, n int) (string, bool) {
	if n >= len(c.Args) {
		return "", false
	}
	s, ok := c.Args[n].(*parse.StringNode)
	if !ok {
		return "", false
	}
	return s.Text, true
}

// command gives the value of a function's call or of what stands alone; last is what
// the pipeline brings.
func (i *inspector) command(c *parse.CommandNode, dot value, last *value) value {
	id, call := c.Args[0].(*parse.IdentifierNode)
	if !call {
		return i.operand(c.Args[0], dot)
	}
	var args []value
	for _, a := range c.Args[1:] {
		args = append(args, i.operand(a, dot))
	}
	if last != nil {
		args = append(args, *last)
	}
	return i.call(id, c, args)
}

func (i *inspector) operand(node parse.Node, dot value) value {
	switch n := node.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return i.field(dot, n.Ident, n.Pos)
	case *parse.VariableNode:
		return i.field(i.variable(n.Ident[0]), n.Ident[1:], n.Pos)
	case *parse.ChainNode:
		return i.field(i.operand(n.Node, dot), n.Field, n.Pos)
	case *parse.PipeNode:
		return i.pipe(n, dot)
	}
	return value{}
}

func (i *inspector) variable(name string) value {
	for n := len(i.vars) - 1; n >= 0; n-- {
		if i.vars[n].name == name {
			return i.vars[n].value
		}
	}
	return value{}
}

// field follows names from a value. Members of free text's list or map are free text.
func (i *inspector) field(v value, names []string, pos parse.Pos) value {
	if len(names) == 0 {
		return v
	}
	if v.all {
		return i.read(names[0], dotOf(i.src, names[0], pos))
	}
	return value{free: v.free}
}

// read notes a value that is read by its name.
func (i *inspector) read(name string, pos parse.Pos) value {
	i.variables = append(i.variables, place{pos, name})
	if i.free[name] {
		return value{free: name}
	}
	return value{}
}

// dotOf finds the .name of a field, as the parser places .name.more at its second point.
func dotOf(src, name string, pos parse.Pos) parse.Pos {
	if at := strings.LastIndex(src[:pos], "."+name); at >= 0 && !strings.HasPrefix(src[pos:], "."+name) {
		return parse.Pos(at)
	}
	return pos
}
