package decisionlog

import (
	"errors"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// maxFront is the largest front matter that is read, in bytes: many times what
// any tool writes.
const maxFront = 16 << 10

// front is the YAML between the two lines of --- at the top.
type front struct {
	end    int // first line behind it; 0 if there is none
	fields map[string]field
	fault  *diag.Finding // why it cannot be read
}

// field is a key of the front matter.
type field struct {
	line  int
	texts []string // of a list, or the one of a scalar
	list  bool
	block bool // a list over several lines
	odd   bool // neither text nor list of texts
}

func (f front) field(keys ...string) (field, bool) {
	for _, k := range keys {
		if v, ok := f.fields[k]; ok {
			return v, true
		}
	}
	return field{}, false
}

// text is a field as one text.
func (f field) text() string { return strings.TrimSpace(strings.Join(f.texts, ", ")) }

func (p *page) readFront() front {
	var f front
	if len(p.lines) == 0 || strings.TrimRight(p.line(0), " \t") != "---" {
		return f
	}
	size := 0
	for i := 1; i < len(p.lines); i++ {
		if strings.TrimRight(p.line(i), " \t") == "---" {
			f.end = i + 1
			break
		}
		size += len(p.lines[i])
	}
	if f.end == 0 {
		return f // a rule (thematic break) at the top of an ordinary page
	}
	if size > maxFront {
		f.fault = &diag.Finding{Pos: diag.Pos{Line: 1}, Text: "the front matter is larger than 16 KiB"}
		return f
	}
	for i := 1; i < f.end-1; i++ {
		if strings.ContainsAny(p.line(i), "\r\u0085\u2028\u2029") { // YAML would count lines otherwise than we do
			f.fault = &diag.Finding{Pos: diag.Pos{Line: i + 1}, Text: "the front matter has a line end that is neither LF nor CRLF"}
			return f
		}
	}
	// The empty line stands for the first ---, so that lines count as in the file.
	root, err := strictyaml.Parse(p.name, []byte("\n"+strings.Join(p.lines[1:f.end-1], "")))
	if err == nil {
		f.fields, err = readFields(root)
	}
	if err != nil {
		f.fault = &diag.Finding{Pos: diag.Pos{Line: 1}, Text: "the front matter cannot be read"}
		var e *diag.Error
		if errors.As(err, &e) && len(e.Findings) > 0 {
			first := e.Findings[0]
			f.fault.Pos.Line = max(1, first.Pos.Line)
			f.fault.Text += ": " + first.Text
		}
	}
	return f
}

func readFields(root strictyaml.Node) (map[string]field, error) {
	list, err := root.Fields()
	if err != nil {
		return nil, err
	}
	all := map[string]field{}
	for _, y := range list {
		f := field{line: y.At.Line - 1}
		switch {
		case y.Value.IsNull():
		case y.Value.IsList():
			f.list, f.block = true, y.Value.Pos().Line != y.At.Line
			f.texts, err = y.Value.Texts()
			f.odd = err != nil
		default:
			var text string
			text, err = y.Value.Text()
			f.texts, f.odd = []string{text}, err != nil
		}
		all[strings.ToLower(y.Key)] = f
	}
	return all, nil
}
