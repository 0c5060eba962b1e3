package interview

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// ReadFile reads the answers in a YAML or JSON document and holds each against
// its question. The error lists everything that is wrong, with its place.
func ReadFile(file string, src []byte, known []Question) (Answers, error) {
	fields, err := readFields(file, src)
	if err != nil {
		return nil, err
	}
	return ReadFields(fields, known)
}

// ReadFields reads answers that are a part of another document.
func ReadFields(fields []strictyaml.Field, known []Question) (Answers, error) {
	answers, list := Answers{}, diag.List{}
	for _, f := range fields {
		q, ok := find(known, f.Key)
		if !ok {
			list.Add(f.At, diag.DidYouMean(f.Key, keys(known)), "there is no question %q", f.Key)
			continue
		}
		values, wrong := fileValues(q, f.Value)
		if wrong == "" {
			wrong = q.fault(values)
		}
		if wrong != "" {
			list.Add(f.Value.Pos(), q.hint(values), "%s: %s", f.Key, wrong)
			continue
		}
		answers[f.Key] = Answer{values, FromFile}
	}
	return answers, list.Err(diag.Usage)
}

func readFields(file string, src []byte) ([]strictyaml.Field, error) {
	if json.Valid(src) {
		// YAML allows no tabs between the parts of a document, JSON does; inside
		// of a JSON string a tab cannot stand.
		src = bytes.ReplaceAll(src, []byte("\t"), []byte(" "))
	}
	root, err := strictyaml.Parse(file, src)
	if err != nil {
		return nil, err
	}
	return root.Fields()
}

// fileValues takes the values of one key, as the text that stands in the file,
// or says why they have the wrong form.
func fileValues(q Question, n strictyaml.Node) (values []string, wrong string) {
	if q.Kind == Multi {
		values, err := n.Texts()
		if err != nil {
			return nil, "takes a list, such as [" + q.Options[0].Key + "], not " + n.What()
		}
		return values, ""
	}
	text, err := n.Text()
	if err != nil {
		return nil, "takes one value, not " + n.What()
	}
	return []string{text}, ""
}

// ReadSets reads --set flags: key=value, several values by comma where the
// question takes several.
func ReadSets(sets []string, known []Question) (Answers, error) {
	answers, list := Answers{}, diag.List{}
	for _, s := range sets {
		at := diag.Pos{File: "--set " + s}
		key, value, ok := strings.Cut(s, "=")
		q, exists := find(known, key)
		if q.Secret {
			at.File = "--set " + key + "=…" // errors stand in logs
		}
		switch {
		case !ok:
			list.Add(at, "write key=value", "there is no = in it")
			continue
		case !exists:
			list.Add(at, diag.DidYouMean(key, keys(known)), "there is no question %q", key)
			continue
		case answers[key].From != "":
			list.Add(at, "give several values of one question by comma", "%s is set twice", key)
			continue
		}
		values := []string{value}
		if q.Kind == Multi {
			values = strings.FieldsFunc(value, func(r rune) bool { return r == ',' })
		}
		if wrong := q.fault(values); wrong != "" {
			list.Add(at, q.hint(values), "%s: %s", key, wrong)
			continue
		}
		answers[key] = Answer{values, FromFlag}
	}
	return answers, list.Err(diag.Usage)
}

// fault says why the values do not answer the question, or nothing.
func (q Question) fault(values []string) string {
	if q.Kind == Text {
		if q.Check == nil {
			return ""
		}
		if err := q.Check(values[0]); err != nil {
			return err.Error()
		}
		return ""
	}
	if q.Required && len(values) == 0 {
		return "takes at least one of its choices"
	}
	for i, v := range values {
		if !slices.ContainsFunc(q.Options, func(o Option) bool { return o.Key == v }) {
			if by := q.Denied[v]; by != "" {
				return "the pack " + by + " does not allow " + quoteShort(v)
			}
			return "there is no answer " + quoteShort(v)
		}
		if slices.Contains(values[:i], v) {
			return quoteShort(v) + " is given twice"
		}
	}
	return ""
}

// hint names the answer that was probably meant.
func (q Question) hint(values []string) string {
	for _, v := range values {
		if q.Denied[v] != "" {
			return q.OneOf("") // nothing was mistyped
		}
		if !slices.Contains(q.choices(), v) {
			return q.OneOf(v)
		}
	}
	return ""
}

// OneOf is the hint for a text that is none of the options.
func (q Question) OneOf(text string) string { return diag.DidYouMean(text, q.choices()) }

// quoteShort quotes what somebody typed so that it stays on one line.
func quoteShort(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	b, _ := json.Marshal(s) // a string always encodes
	return string(b)
}

func find(qs []Question, key string) (Question, bool) {
	i := slices.IndexFunc(qs, func(q Question) bool { return q.Key == key })
	if i < 0 {
		return Question{}, false
	}
	return qs[i], true
}

func keys(qs []Question) []string {
	ks := make([]string, len(qs))
	for i, q := range qs {
		ks[i] = q.Key
	}
	return ks
}

// ReadAny reads an answers file whatever its keys are, for files that were written
// for other questions than today's; Fitting sorts them.
func ReadAny(file string, src []byte) (Answers, error) {
	fields, err := readFields(file, src)
	if err != nil {
		return nil, err
	}
	answers, list := Answers{}, diag.List{}
	for _, f := range fields {
		values, err := f.Value.Texts()
		if err != nil {
			text, wrong := f.Value.Text()
			if wrong != nil {
				list.Add(f.Value.Pos(), "", "%s takes one value or a list, not %s", f.Key, f.Value.What())
				continue
			}
			values = []string{text}
		}
		answers[f.Key] = Answer{values, FromFile}
	}
	return answers, list.Err(diag.Usage)
}

// Fitting keeps the answers that the questions take. The rest it names, sorted:
// keys that are no question, and values that are no answer.
func (a Answers) Fitting(questions []Question) (fit Answers, rest []string) {
	fit = Answers{}
	for key, answer := range a {
		q, ok := find(questions, key)
		if ok && q.Kind == Text && len(answer.Values) == 0 {
			answer.Values = []string{""}
		}
		one := q.Kind == Multi || len(answer.Values) == 1
		if !ok || !one || q.fault(answer.Values) != "" {
			rest = append(rest, key+"="+strings.Join(answer.Values, ","))
			continue
		}
		fit[key] = answer
	}
	slices.Sort(rest)
	return fit, rest
}
