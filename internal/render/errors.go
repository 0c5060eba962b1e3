package render

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"unicode"

	"github.com/stackinit/stackinit/internal/diag"
)

var errTooLong = errors.New("the text grows too long")

// maxMessage is how many characters of a message are shown: text/template quotes
// whole actions and values.
const maxMessage = 300

// refused makes the error of a template. What it quotes is shown without control
// and invisible characters, and not at length.
func refused(pos diag.Pos, hint, text string) *diag.Error {
	pos.File = shown(pos.File)
	return &diag.Error{Kind: diag.Refused, Findings: []diag.Finding{{Pos: pos, Text: shown(text), Hint: shown(hint)}}}
}

func shown(s string) string {
	if runes := []rune(s); len(runes) > maxMessage { // what matters stands at both ends
		s = string(runes[:maxMessage/2]) + "…" + string(runes[len(runes)-maxMessage/2:])
	}
	var b strings.Builder
	for _, r := range s {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "%U", r)
		}
	}
	return b.String()
}

// placed gives an error that belongs to a whole file.
func placed(file string, err error) error {
	if err == nil {
		return nil
	}
	return caused(refused(diag.Pos{File: file, Line: 1, Col: 1}, "", err.Error()), err)
}

// caused keeps what errors.Is looks for. Being interrupted is no fault of the pack.
func caused(e *diag.Error, err error) *diag.Error {
	e.Cause = err
	if errors.Is(err, context.Canceled) {
		e.Kind = diag.Interrupted
	}
	return e
}

// Text/template's messages:
//
//	template: NAME:LINE: MESSAGE
//	template: NAME:LINE:COL: executing "NAME" at <ACTION>: MESSAGE
var (
	syntaxPlace = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^template: [^:]*:(\d+): `) })
	noFunction  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^function "([^"]*)" not defined$`) })
	runPlace    = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^template: ([^:]*):(\d+):(\d+): executing `)
	})
)

// syntaxError places what the parser says. A ${{ of another program is the likely
// reason, and the parser's words about it help nobody.
func (s source) syntaxError(f File, err error) error {
	pos, msg := diag.Pos{File: f.Name, Line: 1, Col: 1}, err.Error()
	if s.collision >= 0 {
		pos.Line, pos.Col = position(f.Source, s.collision)
		return caused(refused(pos, collisionHint, collisionText), err)
	}
	if m := syntaxPlace().FindStringSubmatch(msg); m != nil {
		pos.Line, _ = strconv.Atoi(m[1])
		msg = msg[len(m[0]):]
	}
	hint := ""
	if m := noFunction().FindStringSubmatch(msg); m != nil {
		hint = diag.DidYouMean(m[1], slices.Concat(slices.Sorted(maps.Keys(library())), slices.Sorted(maps.Keys(builtins))))
		if hint == "" {
			hint = "a value has a point before it: {{ ." + m[1] + " }}; docs/packs.md lists the functions that there are"
		}
	}
	return caused(refused(pos, hint, msg), err)
}

const (
	collisionText = "this ${{ is not the template's own, but will be read as such"
	collisionHint = `give the file other delimiters, or write {{ "${{ … }}" }}`
)

// executionError places what went wrong in the innermost template, which may be a
// partial of the file.
func executionError(file string, err error) error {
	var failed template.ExecError
	for e := err; e != nil; e = errors.Unwrap(e) {
		var f template.ExecError
		if errors.As(e, &f) {
			failed = f
		}
	}
	if failed.Err == nil {
		return placed(file, err)
	}
	pos, msg := diag.Pos{File: file, Line: 1, Col: 1}, failed.Err.Error()
	if m := runPlace().FindStringSubmatch(msg); m != nil {
		pos.Line, _ = strconv.Atoi(m[2])
		col, _ := strconv.Atoi(m[3])
		pos.Col = col + 1
		if m[1] != fileKey {
			pos.File = partialName(m[1])
		}
		msg = msg[strings.LastIndex(msg, ">: ")+len(">: "):]
	}
	if inner := errors.Unwrap(failed.Err); inner != nil {
		msg = inner.Error() // of a function, without "error calling"
	}
	if pos.File != file {
		msg = shown(msg) + ", included by " + file
	}
	return caused(refused(pos, "", msg), err)
}
