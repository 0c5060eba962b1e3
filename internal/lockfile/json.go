package lockfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// field is one key of a JSON object.
type field struct {
	key   string
	value string // source text
	both  string // source text from the key to the end of the value
}

// isString and isObject tell a value by its first byte, which is enough in
// text that is known to be valid JSON.
func (f field) isString() bool { return f.value[0] == '"' }
func (f field) isObject() bool { return f.value[0] == '{' }

// text gives the value of a string field.
func (f field) text() string { return unquote(f.value) }

// jsonError says in which line of a universe decoding stopped with err.
func jsonError(universe string, src []byte, err error) error {
	var syntax *json.SyntaxError
	var shape *json.UnmarshalTypeError
	offset := int64(0)
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &shape):
		offset = shape.Offset
	}
	line := 1 + bytes.Count(src[:min(offset, int64(len(src)))], []byte("\n"))
	return refused(remake, "%s universe: line %d is not the JSON of a lock: %w", universe, line, err)
}

// fields cuts the text of a JSON object into its fields, in their order. The
// text must be valid JSON; anything but an object has no fields.
//
// It stands here in place of encoding/json because a universe is loaded at
// every `stackinit new`: cutting text that has been validated takes a tenth of
// the time of decoding it, and keeps npm's own formatting of what is copied.
func fields(obj string) []field {
	if obj == "" || obj[0] != '{' {
		return nil
	}
	fs := make([]field, 0, 8)
	for i := skipSpace(obj, 1); obj[i] != '}'; {
		start, end := i, stringEnd(obj, i)
		key := unquote(obj[start:end])
		i = skipSpace(obj, skipSpace(obj, end)+1) // over the colon
		end = valueEnd(obj, i)
		fs = append(fs, field{key, obj[i:end], obj[start:end]})
		if i = skipSpace(obj, end); obj[i] == ',' {
			i = skipSpace(obj, i+1)
		}
	}
	return fs
}

func skipSpace(s string, i int) int {
	for s[i] <= ' ' {
		i++
	}
	return i
}

// valueEnd gives the index behind the value that starts at i.
func valueEnd(s string, i int) int {
	if s[i] == '"' {
		return stringEnd(s, i)
	}
	if s[i] != '{' && s[i] != '[' { // a number, true, false or null
		return i + strings.IndexAny(s[i:], ",}] \n\t\r")
	}
	for depth := 0; ; i++ {
		switch s[i] {
		case '"':
			i = stringEnd(s, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
}

// stringEnd gives the index behind the string that starts at i.
func stringEnd(s string, i int) int {
	for i++; ; i++ {
		i += strings.IndexByte(s[i:], '"')
		slashes := 0
		for s[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i + 1
		}
	}
}

// unquote gives the text of a JSON string.
func unquote(src string) string {
	if strings.IndexByte(src, '\\') < 0 {
		return src[1 : len(src)-1]
	}
	var s string
	_ = json.Unmarshal([]byte(src), &s) // known to be a valid string
	return s
}

// quote writes s as npm does, which leaves <, > and & as they are.
func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // strings always encode
	return strings.TrimSuffix(b.String(), "\n")
}
