package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// guard is a condition that can be switched off.
type guard struct {
	dir, file string
	line      int
	text      string // of the condition
	number    int    // from 1
}

// String names a guard without its line, which moves too easily for a list.
func (g guard) String() string { return fmt.Sprintf("%s/%s: %s", g.dir, g.file, g.text) }

// sources gives the files that are built of a package here.
func sources(dir string) ([]string, error) {
	out, err := exec.Command("go", "list", "-f", `{{join .GoFiles "\n"}}`, "./"+filepath.ToSlash(dir)).Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", dir, err)
	}
	return strings.Fields(string(out)), nil
}

// finder collects the guards of one file and writes a switch around each.
type finder struct {
	src    []byte
	at     *token.FileSet
	path   string
	first  int
	guards []guard
	puts   []insertion
}

type insertion struct {
	at   int
	text string
}

// findGuards gives the source of a file with a switch at each guard.
func findGuards(path string, known int) (string, []guard, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return "", nil, err
	}
	f := &finder{src: src, at: token.NewFileSet(), path: path, first: known}
	file, err := parser.ParseFile(f.at, path, src, parser.SkipObjectResolution)
	if err != nil {
		return "", nil, err
	}
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			f.walk(fn.Body, fn.Type)
		}
	}
	return f.rewritten(), f.guards, nil
}

// walk visits the body of a function of that type.
func (f *finder) walk(body ast.Node, t *ast.FuncType) {
	answers := yesOrNo(t)
	ask := answers && len(t.Results.List) == 1
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			f.walk(n.Body, n.Type)
			return false
		case *ast.IfStmt:
			if refuses(n.Body.List, ask) || propagates(n) {
				f.parts(n.Cond)
			}
		case *ast.SwitchStmt:
			if n.Tag == nil {
				f.cases(n.Body, ask)
			}
		case *ast.ReturnStmt:
			if answers && len(n.Results) > 0 {
				f.answer(n.Results[len(n.Results)-1])
			}
		}
		return true
	})
}

func (f *finder) cases(body *ast.BlockStmt, ask bool) {
	for _, c := range body.List {
		if clause, ok := c.(*ast.CaseClause); ok && refuses(clause.Body, ask) {
			for _, cond := range clause.List {
				f.parts(cond)
			}
		}
	}
}

// parts puts a switch around each part of a condition between ||.
func (f *finder) parts(e ast.Expr) {
	if b, ok := e.(*ast.BinaryExpr); ok && b.Op == token.LOR {
		f.parts(b.X)
		f.parts(b.Y)
		return
	}
	f.put(e, "(guardOn(%[1]q) && (", ") && guardSeen(%[1]q))")
}

// put writes a switch around an expression.
func (f *finder) put(e ast.Expr, before, behind string) {
	from, to := f.at.Position(e.Pos()), f.at.Position(e.End())
	g := guard{
		dir: filepath.ToSlash(filepath.Dir(f.path)), file: filepath.Base(f.path), line: from.Line,
		text: string(bytes.Join(bytes.Fields(f.src[from.Offset:to.Offset]), []byte(" "))), number: f.first + len(f.guards) + 1,
	}
	f.guards = append(f.guards, g)
	n := strconv.Itoa(g.number)
	f.puts = append(f.puts, insertion{from.Offset, fmt.Sprintf(before, n)}, insertion{to.Offset, fmt.Sprintf(behind, n)})
}

// answer puts switches into what a yes-or-no function returns: a part between || is
// off when it is false, one between && when it is true.
func (f *finder) answer(e ast.Expr) {
	if b, ok := e.(*ast.BinaryExpr); ok && b.Op == token.LOR {
		f.parts(b)
	} else if ok && b.Op == token.LAND {
		f.both(b)
	}
}

func (f *finder) both(e ast.Expr) {
	if b, ok := e.(*ast.BinaryExpr); ok && b.Op == token.LAND {
		f.both(b.X)
		f.both(b.Y)
		return
	}
	f.put(e, "(!guardOn(%[1]q) || (", ") || !guardSeen(%[1]q))")
}

func (f *finder) rewritten() string {
	slices.SortStableFunc(f.puts, func(a, b insertion) int { return a.at - b.at })
	var out bytes.Buffer
	done := 0
	for _, p := range f.puts {
		out.Write(f.src[done:p.at])
		out.WriteString(p.text)
		done = p.at
	}
	out.Write(f.src[done:])
	if src, err := format.Source(out.Bytes()); err == nil {
		return string(src)
	}
	return out.String()
}

// yesOrNo tells whether the last result of a function is a bool.
func yesOrNo(t *ast.FuncType) bool {
	if t.Results == nil || len(t.Results.List) == 0 {
		return false
	}
	id, ok := t.Results.List[len(t.Results.List)-1].Type.(*ast.Ident)
	return ok && id.Name == "bool"
}

// Names of functions that make an error or note a finding, and of those that check.
var (
	refusing = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(refuse|refused|errorf|explain|placed|syntax|syntaxerror|changedmeanwhile|fileintheway|new|fault|fail|failed|wrong|clash|sprintf|add|report|find|finding|note|usage|no[a-z]*|bad[a-z]*|not[a-z]*|too[a-z]*|unreadable|says)$`)
	})
	checking = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(check|verify|scan|step|make|write|guard|trust|only|refuse|valid|count)`)
	})
)

// refuses tells whether statements end in an error, a finding, or an answer.
func refuses(list []ast.Stmt, ask bool) (yes bool) {
	for _, s := range list {
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit, *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt:
				return false
			case *ast.ReturnStmt:
				yes = yes || ask || slices.ContainsFunc(n.Results, isRefusal) || len(n.Results) > 1 && isFalse(n.Results[len(n.Results)-1])
			case *ast.AssignStmt:
				to, ok := n.Lhs[len(n.Lhs)-1].(*ast.Ident)
				yes = yes || ok && to.Name == "err" && slices.ContainsFunc(n.Rhs, isRefusal)
			case *ast.ExprStmt:
				yes = yes || isRefusal(n.X)
			}
			return true
		})
	}
	return yes
}

func isFalse(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "false"
}

func isRefusal(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING && len(e.Value) > 2
	case *ast.Ident:
		return strings.HasPrefix(e.Name, "err") && e.Name != "err"
	case *ast.UnaryExpr:
		return e.Op == token.AND
	case *ast.CallExpr:
		return refusing().MatchString(called(e))
	}
	return false
}

// propagates tells whether an if hands on the error of a function that checks.
func propagates(n *ast.IfStmt) bool {
	assign, ok := n.Init.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 {
		return false
	}
	call, ok := assign.Rhs[0].(*ast.CallExpr)
	return ok && checking().MatchString(called(call))
}

// called is the name of the function that is called, without its package or value.
func called(c *ast.CallExpr) string {
	switch fn := c.Fun.(type) {
	case *ast.Ident:
		return fn.Name
	case *ast.SelectorExpr:
		return fn.Sel.Name
	}
	return ""
}
