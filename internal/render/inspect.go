package render

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"text/template/parse"
)

// Inspection is what a template does, as far as it can be known without running it.
// Uses stand in the order of the source; a name that is used twice is there twice.
type Inspection struct {
	Variables []Use     // values read by name, as {{ .name }} and {{ $.name }} do
	Whole     bool      // all values at once are looked at, say by range: none is unused
	Includes  []Include // partials
	Unencoded []Use     // free text that is printed without an encoder
}

// Use is a name and where it stands in a template.
type Use struct {
	Name      string
	Line, Col int // from 1; Col counts bytes
}

// Include is a partial that a template calls for.
type Include struct {
	Use
	Whole bool // it gets all values, so what it reads can be held against them
}

// Inspect looks at a file or a partial that gets all values. free are the names of
// free text. An error is what rendering would say before it runs anything; a ${{ that
// belongs to another program is one, even where it could be read as our own.
func Inspect(f File, free map[string]bool) (*Inspection, error) {
	s, err := scan(f)
	if err != nil {
		return nil, err
	}
	if s.collision >= 0 {
		return nil, s.syntaxError(f, errors.New(collisionText))
	}
	trees := map[string]*parse.Tree{}
	tree, err := parse.New(fileKey).Parse(f.Source, f.Left, f.Right, trees, library(), builtins)
	if err != nil {
		return nil, s.syntaxError(f, err)
	}
	t := &parsed{tree: tree, src: f.Source, name: f.Name}
	all := value{all: true}
	i := inspector{free: free, src: f.Source, vars: []variableOf{{name: "$", value: all}}}
	i.list(tree.Root, all)
	t.guard(tree.Root) // last: it adds what is not the template's own
	if t.err != nil {
		return nil, t.err
	}
	seen := Inspection{Whole: i.whole, Variables: i.uses(i.variables), Unencoded: i.uses(i.unencoded)}
	lines := lineCounter{src: f.Source, line: 1}
	for _, p := range sorted(i.includes) {
		seen.Includes = append(seen.Includes, Include{lines.use(p.place), p.whole})
	}
	return &seen, nil
}

func (p place) pos() parse.Pos { return p.at }

type includePlace struct {
	place
	whole bool
}

// sorted puts places in order, each once: loops are walked twice.
func sorted[P interface {
	comparable
	pos() parse.Pos
}](all []P) []P {
	slices.SortStableFunc(all, func(a, b P) int { return cmp.Compare(a.pos(), b.pos()) })
	return slices.Compact(all)
}

func (i *inspector) uses(places []place) (all []Use) {
	lines := lineCounter{src: i.src, line: 1}
	for _, p := range sorted(places) {
		all = append(all, lines.use(p))
	}
	return all
}

// lineCounter gives lines and columns of places that come in order, and reads the
// source once for all of them.
type lineCounter struct {
	src            string
	at, line, head int // what is read, and the line and the offset where it begins
}

func (c *lineCounter) use(p place) Use {
	between := c.src[c.at:p.at]
	if n := strings.Count(between, "\n"); n > 0 {
		c.line += n
		c.head = c.at + strings.LastIndexByte(between, '\n') + 1
	}
	c.at = int(p.at)
	return Use{p.name, c.line, c.at - c.head + 1}
}

// value is what is known of a value.
type value struct {
	all  bool   // the map of all values
	free string // the free text that it is, or may be, or that is a member of it
}

// or gives what is known where it may be one or the other.
func (v value) or(w value) value {
	if v.free == "" {
		v.free = w.free
	}
	v.all = v.all || w.all
	return v
}

type variableOf struct {
	name string
	value
	depth int // of blocks where it is declared
}

// inspector runs a template on what is known of values instead of values.
type inspector struct {
	free  map[string]bool
	src   string
	vars  []variableOf
	depth int // of blocks
	loops int // of these, ranges

	variables, unencoded []place
	includes             []includePlace
	whole                bool
}

func (i *inspector) list(l *parse.ListNode, dot value) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		i.node(n, dot)
	}
}

func (i *inspector) node(node parse.Node, dot value) {
	switch n := node.(type) {
	case *parse.ActionNode:
		v := i.pipe(n.Pipe, dot)
		if len(n.Pipe.Decl) == 0 && v.free != "" {
			i.unencoded = append(i.unencoded, place{n.Pipe.Pos, v.free})
		}
	case *parse.IfNode:
		i.branch(&n.BranchNode, dot, func(value) value { return dot })
	case *parse.WithNode:
		i.branch(&n.BranchNode, dot, func(v value) value { return v })
	case *parse.RangeNode:
		i.branch(&n.BranchNode, dot, i.members)
	case *parse.TemplateNode:
		v := i.pipe(n.Pipe, dot)
		i.includes = append(i.includes, includePlace{place{n.Pos, n.Name}, v.all})
	}
}

// branch walks both ways; what either assigns may be so behind it.
func (i *inspector) branch(n *parse.BranchNode, dot value, inside func(value) value) {
	mark := len(i.vars)
	i.depth++
	body := inside(i.pipe(n.Pipe, dot))
	if n.NodeType == parse.NodeRange {
		i.rangeVariables(n.Pipe, body)
		i.loops++
		if i.loops <= 3 { // twice: what a turn assigns, the next one reads
			i.list(n.List, body)
		}
		i.list(n.List, body)
		i.loops--
	} else {
		i.list(n.List, body)
	}
	i.list(n.ElseList, dot)
	i.depth--
	i.vars = i.vars[:mark]
}

// members gives what a range runs over.
func (i *inspector) members(v value) value {
	if v.all {
		i.whole = true
		if len(i.free) > 0 {
			return value{free: slices.Min(slices.Collect(maps.Keys(i.free)))}
		}
	}
	return value{free: v.free}
}

// rangeVariables corrects what pipe gave them: the last is the member, one before it
// the index.
func (i *inspector) rangeVariables(pipe *parse.PipeNode, member value) {
	for n, d := range pipe.Decl {
		v := value{}
		if n == len(pipe.Decl)-1 {
			v = member
		}
		i.assign(d.Ident[0], v)
	}
}

// assign sets a variable. In a block that may not run, it may also stay what it was.
func (i *inspector) assign(name string, v value) {
	for n := len(i.vars) - 1; n >= 0; n-- {
		if i.vars[n].name != name {
			continue
		}
		if i.vars[n].depth < i.depth {
			v = v.or(i.vars[n].value)
		}
		i.vars[n].value = v
		return
	}
}
