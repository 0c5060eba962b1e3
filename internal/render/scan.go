package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stackinit/stackinit/internal/diag"
)

// Caps on a source, checked before text/template's parser, which is recursive and
// needs up to a hundred bytes for each byte between delimiters.
const (
	maxSource    = 1 << 20  // bytes
	maxInside    = 64 << 10 // bytes between delimiters
	maxNesting   = 64       // blocks and parentheses inside each other; each "else if" is one more
	maxVariables = 100      // declarations and assignments of one file; each use searches them all
)

// source is what scan learns about a template.
type source struct {
	inside    int // bytes between delimiters
	collision int // offset of the first ${{ that belongs to another program; -1 if there is none
}

// scanner walks over a source as text/template's lexer does, only faster and
// without memory. Where the two could disagree, it refuses.
type scanner struct {
	file        string
	src         string
	left, right string
	pos         int
	blocks      []int // what each open block counts for
	depth       int   // the sum of blocks
	variables   int
	source
}

// scan checks all caps.
func scan(f File) (source, error) {
	s := scanner{file: f.Name, src: f.Source, left: "{{", right: "}}", source: source{collision: -1}}
	if f.Left != "" || f.Right != "" {
		s.left, s.right = f.Left, f.Right
	}
	if err := s.checkText(); err != nil {
		return source{}, err
	}
	for {
		i := strings.Index(s.src[s.pos:], s.left)
		if i < 0 {
			return s.source, nil
		}
		s.pos += i
		if err := s.action(); err != nil {
			return s.source, err
		}
	}
}

// checkText looks at the source as a whole.
func (s *scanner) checkText() error {
	if !delimiter(s.left, anySign) || !delimiter(s.right, endSign) || s.left == s.right {
		return s.refuse(0, "[[ and ]], for example", "the delimiters %s and %s cannot be told from what stands between them", s.left, s.right)
	}
	if len(s.src) > maxSource {
		return s.refuse(0, "", "a template of %d bytes; %d are the most", len(s.src), maxSource)
	}
	if i := strings.IndexByte(s.src, 0); i >= 0 {
		return s.refuse(i, "files that are not text go without .tmpl", "a NUL byte in a template")
	}
	if !utf8.ValidString(s.src) {
		return s.refuse(len(s.src)-len(strings.TrimLeftFunc(s.src, valid)), "files that are not text go without .tmpl", "the template is not UTF-8")
	}
	return nil
}

// Signs of delimiters. Those at the right must not begin anything that can stand in
// an action.
const (
	endSign = "{}[]<>%@#!^~?&|)*;,/"
	anySign = endSign + "(=+-_.:$\\'\"`"
)

func delimiter(s, signs string) bool {
	return len(s) >= 2 && len(s) <= 8 && strings.Trim(s, signs) == ""
}

func valid(r rune) bool { return r != utf8.RuneError }

// action passes over one action or comment; pos is at its left delimiter.
func (s *scanner) action() error {
	start := s.pos
	s.pos += len(s.left)
	if rest := s.src[s.pos:]; len(rest) > 1 && rest[0] == '-' && strings.IndexByte(" \t\r\n", rest[1]) >= 0 {
		s.pos += 2
	}
	if strings.HasPrefix(s.src[s.pos:], "/*") {
		if err := s.comment(start); err != nil {
			return err
		}
	} else if err := s.expression(start); err != nil {
		return err
	}
	if s.inside += s.pos - start; s.inside > maxInside {
		return s.refuse(start, "split the file", "more than %d KiB between delimiters", maxInside>>10)
	}
	return nil
}

func (s *scanner) comment(start int) error {
	end := strings.Index(s.src[s.pos+2:], "*/")
	if end < 0 {
		return s.refuse(start, "", "the comment is not closed")
	}
	s.pos += 2 + end + 2
	rest := s.src[s.pos:]
	if len(rest) > 1 && rest[1] == '-' && strings.IndexByte(" \t\r\n", rest[0]) >= 0 {
		rest = rest[2:]
	}
	if !strings.HasPrefix(rest, s.right) {
		return s.refuse(start, "", "the comment ends before the action does")
	}
	s.pos = len(s.src) - len(rest) + len(s.right)
	return nil
}

// expression passes over what is not a comment, up to behind the right delimiter.
func (s *scanner) expression(start int) error {
	first, then := words(s.src[s.pos:])
	if s.collision < 0 && s.left == "{{" && start > 0 && s.src[start-1] == '$' && foreign(first, s.src[s.pos:]) {
		s.collision = start - 1
	}
	if err := s.block(start, first, then); err != nil {
		return err
	}
	for parens := 0; s.pos < len(s.src); {
		rest := s.src[s.pos:]
		if strings.HasPrefix(rest, s.right) {
			s.pos += len(s.right)
			return nil
		}
		switch c := rest[0]; c {
		case '"', '`', '\'':
			if err := s.quoted(c); err != nil {
				return err
			}
			continue
		case '(':
			if parens++; s.depth+parens > maxNesting {
				return s.refuse(s.pos, "", "blocks and parentheses are more than %d deep", maxNesting)
			}
		case ')':
			parens--
		case '=':
			if s.variables++; s.variables > maxVariables {
				return s.refuse(s.pos, "", "more than %d assignments of variables in one template", maxVariables)
			}
		}
		if rest[0] >= utf8.RuneSelf {
			r, _ := utf8.DecodeRuneInString(rest)
			return s.refuse(s.pos, "only ASCII outside of quotes", "the character %U in an action", r)
		}
		s.pos++
	}
	return s.refuse(start, "write "+s.right, "the action is not closed")
}

// quoted passes over a text in quotes.
func (s *scanner) quoted(quote byte) error {
	start := s.pos
	for s.pos++; s.pos < len(s.src); s.pos++ {
		switch c := s.src[s.pos]; {
		case c == quote:
			s.pos++
			return nil
		case quote == '`':
		case c == '\n':
			return s.refuse(start, "", "the quote is not closed on its line")
		case c == '\\':
			if s.pos++; s.pos < len(s.src) && s.src[s.pos] == '\n' {
				return s.refuse(start, "", "the quote is not closed on its line")
			}
		}
	}
	return s.refuse(start, "", "the quote is not closed")
}

// block keeps account of how deep the parser will recurse.
func (s *scanner) block(start int, first, then string) error {
	switch first {
	case "define", "block":
		return s.refuse(start, "make it a partial and include it", "a template cannot define others")
	case "if", "with", "range":
		s.blocks = append(s.blocks, 1)
		s.depth++
	case "else":
		if (then == "if" || then == "with") && len(s.blocks) > 0 {
			s.blocks[len(s.blocks)-1]++
			s.depth++
		}
	case "end":
		if n := len(s.blocks) - 1; n >= 0 {
			s.depth -= s.blocks[n]
			s.blocks = s.blocks[:n]
		}
	}
	if s.depth > maxNesting {
		return s.refuse(start, "", "blocks are more than %d deep", maxNesting)
	}
	return nil
}

// words gives the first two words of an action; what is no word is empty.
func words(action string) (first, then string) {
	first, rest := word(strings.TrimLeft(action, " \t\r\n"))
	then, _ = word(strings.TrimLeft(rest, " \t\r\n"))
	return first, then
}

func word(s string) (name, rest string) {
	end := strings.IndexFunc(s, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if end < 0 {
		end = len(s)
	}
	return s[:end], s[end:]
}

// foreign reports whether what stands in ${{ … }} means nothing to us, as
// GitHub's "secrets.TOKEN" and "hashFiles('x')" do.
func foreign(first, action string) bool {
	action = strings.TrimLeft(action, " \t\r\n")
	if first == "" { // .name, "text", $x, (…) are ours
		return strings.HasPrefix(action, "!") || strings.HasPrefix(action, "'")
	}
	switch action = action[len(first):]; first {
	case "if", "else", "end", "range", "with", "template", "break", "continue", "and", "or", "true", "false", "nil":
		return strings.HasPrefix(action, ".")
	}
	return library()[first] == nil || strings.HasPrefix(action, ".") || strings.HasPrefix(action, "(")
}

func (s *scanner) refuse(at int, hint, format string, args ...any) error {
	line, col := position(s.src, at)
	return refused(diag.Pos{File: s.file, Line: line, Col: col}, hint, fmt.Sprintf(format, args...))
}

// position turns an offset into line and column, both from 1.
func position(src string, at int) (line, col int) {
	at = min(max(at, 0), len(src))
	before := src[:at]
	return 1 + strings.Count(before, "\n"), at - strings.LastIndexByte(before, '\n')
}
