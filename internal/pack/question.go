package pack

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/names"
	"github.com/stackinit/stackinit/internal/strictyaml"
)

// rawQuestion is a question as it stands in a manifest, in the words of Copier.
type rawQuestion struct {
	kind, preset                     string
	presets                          []string
	multiselect                      bool
	required                         bool
	match, message                   string
	min, max                         string
	presetNode, matchNode, rangeNode *strictyaml.Node
}

var valueTypes = map[string]interview.Type{"str": interview.Str, "int": interview.Int, "float": interview.Float, "bool": interview.Bool}

// question reads one question; key is checked by the caller.
func (d *decoder) question(key string, n strictyaml.Node) interview.Question {
	q, raw := interview.Question{Key: key}, rawQuestion{kind: "str"}
	d.fields(n, map[string]func(strictyaml.Node){
		"type":        d.oneOf(&raw.kind, "str", "int", "float", "bool"),
		"prompt":      d.line(&q.Prompt),
		"help":        d.text(&q.Help),
		"placeholder": d.line(&q.Placeholder),
		"choices":     func(n strictyaml.Node) { q.Options = d.choices(n) },
		"multiselect": d.truth(&raw.multiselect),
		"secret":      d.truth(&q.Secret),
		"multiline":   d.truth(&q.Multiline),
		"default": func(n strictyaml.Node) {
			raw.presetNode = &n
			if n.IsList() {
				d.texts(&raw.presets)(n)
			} else {
				d.text(&raw.preset)(n)
			}
		},
		"when": func(n strictyaml.Node) { q.When, q.WhenTemplate = d.condition(n) },
		"validate": func(n strictyaml.Node) {
			raw.rangeNode = &n
			d.fields(n, map[string]func(strictyaml.Node){
				"required": d.truth(&raw.required), "message": d.line(&raw.message),
				"min": d.text(&raw.min), "max": d.text(&raw.max),
				"match": func(n strictyaml.Node) { raw.matchNode = &n; d.text(&raw.match)(n) },
			})
		},
	})
	q.Type = valueTypes[raw.kind]
	if q.Prompt == "" { // Copier's help is the question itself
		q.Prompt, q.Help = q.Help, ""
	}
	if q.Prompt == "" {
		q.Prompt = key + "?"
	}
	d.form(&q, raw, n)
	d.preset(&q, raw)
	return q
}

// form decides how the question is answered, and refuses what does not go together.
func (d *decoder) form(q *interview.Question, raw rawQuestion, n strictyaml.Node) {
	wrong := func(format string, args ...any) {
		d.list.Add(n.Pos(), "", "the question %s "+format, append([]any{q.Key}, args...)...)
	}
	chosen := len(q.Options) > 0 || q.Type == interview.Bool
	switch {
	case q.Type == interview.Bool && len(q.Options) > 0:
		wrong("is of type bool: its choices are true and false")
	case q.Type == interview.Bool:
		q.Options = []interview.Option{{Key: "true", Label: "Yes"}, {Key: "false", Label: "No"}}
		if raw.presetNode == nil && !raw.required {
			raw.preset = "false"
			q.Default = []string{"false"}
		}
	}
	if raw.multiselect {
		q.Kind = interview.Multi
	} else if !chosen {
		q.Kind = interview.Text
	}
	switch {
	case raw.multiselect && (q.Type == interview.Bool || !chosen):
		wrong("lets several choices be taken, but has none")
	case chosen && (q.Secret || q.Multiline || raw.match != "" || raw.min != "" || raw.max != ""):
		wrong("has choices: secret, multiline, match, min and max are for texts and numbers")
	case q.Type != interview.Str && (q.Secret || q.Multiline || raw.match != ""):
		wrong("is of type %s: secret, multiline and match are for texts", raw.kind)
	}
	for _, o := range q.Options {
		if wrongValue := numberFault(q.Type, o.Key); wrongValue != "" {
			wrong("has the choice %q, which %s", o.Key, wrongValue)
		}
	}
	if q.Kind == interview.Multi {
		q.Required = raw.required
	}
	if q.Kind == interview.Text {
		q.Limits = interview.Limits{Required: raw.required, Match: raw.match, Min: raw.min, Max: raw.max}
		d.check(q, raw)
	}
}

// preset reads the default: one of the choices, some of them, or a text, in which
// answers to the questions before it may stand.
func (d *decoder) preset(q *interview.Question, raw rawQuestion) {
	if raw.presetNode == nil {
		return
	}
	at := raw.presetNode.Pos()
	if raw.presetNode.IsList() != (q.Kind == interview.Multi) {
		d.list.Add(at, "", "the default of %s is a list exactly if several can be chosen (multiselect)", q.Key)
		return
	}
	if q.Kind == interview.Multi {
		q.Default = raw.presets
	} else if strings.Contains(raw.preset, "{{") {
		q.DefaultTemplate = raw.preset
		return
	} else {
		q.Default = []string{raw.preset}
	}
	if q.Kind == interview.Text {
		if q.Check == nil || raw.preset == "" { // what is wrong with the check is told already
			return
		}
		if err := q.Check(raw.preset); err != nil {
			d.list.Add(at, "", "the default of %s: %v", q.Key, err)
		}
		return
	}
	keys := make([]string, len(q.Options))
	for i, o := range q.Options {
		keys[i] = o.Key
	}
	for _, p := range q.Default {
		if !slices.Contains(keys, p) {
			d.list.Add(at, diag.DidYouMean(p, keys), "the default of %s is none of its choices", q.Key)
		}
	}
}

// check builds what holds an answer against type, pattern and bounds.
func (d *decoder) check(q *interview.Question, raw rawQuestion) {
	var pattern *regexp.Regexp
	if !modest(raw.match) {
		d.list.Add(raw.matchNode.Pos(), "", "match is too long, or repeats too much: %.40q", raw.match)
		return
	}
	if raw.match != "" {
		var err error
		// The whole answer has to fit, whether or not the author wrote ^ and $.
		if pattern, err = regexp.Compile(`\A(?:` + raw.match + `)\z`); err != nil {
			d.list.Add(raw.matchNode.Pos(), "write it as Go does (RE2 syntax)", "match is no regular expression: %q", raw.match)
			return
		}
		q.Name = !q.Secret && !q.Multiline && onlyNames(raw.match)
	}
	low, high, err := bounds(raw)
	if err != nil {
		d.list.Add(raw.rangeNode.Pos(), "", "the question %s: %v", q.Key, err)
		return
	}
	kind, required, multiline, message, secret := q.Type, raw.required, q.Multiline, raw.message, q.Secret
	q.Check = func(text string) error {
		fault := textFault(text, multiline)
		switch {
		case text == "" && kind == interview.Str:
			if required {
				return says(message, "is needed")
			}
			return nil
		case kind != interview.Str:
			fault = numberFault(kind, text)
		}
		if fault != "" {
			return errors.New(fault)
		}
		if secret && len(text) < minSecret { // a shorter one could not be told from other text
			return fmt.Errorf("is shorter than the %d characters that a secret has at least", minSecret)
		}
		if pattern != nil && !pattern.MatchString(text) {
			return says(message, "must match "+raw.match)
		}
		size := float64(utf8.RuneCountInString(text))
		if kind != interview.Str {
			size, _ = strconv.ParseFloat(text, 64)
		}
		if low != nil && size < *low || high != nil && size > *high {
			return says(message, raw.bounds(kind))
		}
		return nil
	}
}

// bounds says what an answer has to keep to.
func (raw rawQuestion) bounds(kind interview.Type) string {
	is, unit := "must be", ""
	if kind == interview.Str {
		is, unit = "must have", " characters"
	}
	switch {
	case raw.max == "":
		return is + " at least " + raw.min + unit
	case raw.min == "":
		return is + " at most " + raw.max + unit
	}
	return is + " " + raw.min + " to " + raw.max + unit
}

func says(message, otherwise string) error {
	if message == "" {
		message = otherwise
	}
	return errors.New(message)
}

func bounds(raw rawQuestion) (low, high *float64, err error) {
	for _, b := range []struct {
		text string
		to   **float64
	}{{raw.min, &low}, {raw.max, &high}} {
		if b.text == "" {
			continue
		}
		f, err := strconv.ParseFloat(b.text, 64)
		if err != nil {
			return nil, nil, fmt.Errorf("%q is no number", b.text)
		}
		*b.to = &f
	}
	if low != nil && high != nil && *low > *high {
		return nil, nil, errors.New("min is above max")
	}
	return low, high, nil
}

// minSecret is the shortest secret, in bytes: the plan looks for it in files where it
// must not stand.
const minSecret = 8

// maxMultiline is the longest text of several lines, in characters.
const maxMultiline = 4000

// textFault holds free text to one printable line, or to several.
func textFault(text string, multiline bool) string {
	if !multiline {
		if err := names.CheckText(text); err != nil {
			return err.Error()
		}
		return ""
	}
	if utf8.RuneCountInString(text) > maxMultiline {
		return fmt.Sprintf("has more than %d characters", maxMultiline)
	}
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\t", " "), "\n") {
		for part := range slices.Chunk([]rune(line), 200) { // names.CheckText bounds the length of a line
			if err := names.CheckText(string(part)); err != nil {
				return err.Error()
			}
		}
	}
	return ""
}

func numberFault(kind interview.Type, text string) string {
	switch kind {
	case interview.Int:
		n, _ := strconv.Atoi(text) // from what is no number comes one that is written otherwise
		if n > 1<<53 || n < -1<<53 || strconv.Itoa(n) != text {
			return "is no whole number"
		}
	case interview.Float:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || f != f || f > 1e300 || f < -1e300 || strings.ContainsAny(text, "xXpP_") {
			return "is no number"
		}
	}
	return ""
}

// reserved are the values that every template sees; no question and no computed
// value can have one's name.
var reserved = strings.Fields("name stack runtime date year resolved gateway service item secrets author_name author_email")

// Reserved tells whether every template sees a value of that name.
func Reserved(name string) bool { return slices.Contains(reserved, name) }

// maxQuestions is more than anybody answers.
const maxQuestions = 500

// questions reads all questions. Answers stand at top level in templates, so their
// keys are what can stand behind a point.
func (d *decoder) questions(n strictyaml.Node) (qs []interview.Question) {
	fields, err := n.Fields()
	d.take(err)
	if len(fields) > maxQuestions {
		d.list.Add(n.Pos(), "", "there are %d questions; %d are the most", len(fields), maxQuestions)
		return nil
	}
	for _, f := range fields {
		if !variable(f.Key) {
			d.list.Add(f.At, "", "%q is not a name: lower-case letters, digits and _", f.Key)
		}
		if slices.Contains(reserved, f.Key) {
			d.list.Add(f.At, "choose another name", "%q is what stackinit itself calls something", f.Key)
		}
		q := d.question(f.Key, f.Value)
		q.At = f.At
		qs = append(qs, q)
	}
	return qs
}

func variable(key string) bool { return word().MatchString(key) && !strings.Contains(key, "-") }

// choices reads what can be chosen: a mapping from what files and flags say to what
// people read, or a list where the two are the same.
func (d *decoder) choices(n strictyaml.Node) (all []interview.Option) {
	add := func(at diag.Pos, key, label string) {
		switch {
		case names.CheckText(key) != nil || key == "" || strings.Contains(key, ","):
			d.list.Add(at, "", "the choice %q is not a printable text without commas", key)
		case slices.ContainsFunc(all, func(o interview.Option) bool { return o.Key == key }):
			d.list.Add(at, "", "the choice %q is there twice", key)
		}
		all = append(all, interview.Option{Key: key, Label: label})
	}
	if n.Len() > maxChoices {
		d.list.Add(n.Pos(), "", "there are %d choices; %d are the most", n.Len(), maxChoices)
		return nil
	}
	if n.IsList() {
		items, _ := n.Items() // it is a list
		for _, it := range items {
			var key string
			d.text(&key)(it)
			add(it.Pos(), key, key)
		}
	} else {
		fields, err := n.Fields()
		d.take(err)
		for _, f := range fields {
			var label string
			d.line(&label)(f.Value)
			add(f.At, f.Key, label)
		}
	}
	if len(all) == 0 {
		d.list.Add(n.Pos(), "", "there is nothing to choose from")
	}
	return all
}

// condition reads when something applies: keys with the answers that fit, or a
// template that renders to true or false.
func (d *decoder) condition(n strictyaml.Node) (when map[string][]string, template string) {
	if n.IsMapping() {
		return d.when(n), ""
	}
	d.text(&template)(n)
	return nil, template
}

func (d *decoder) truth(to *bool) func(strictyaml.Node) {
	return func(n strictyaml.Node) {
		var err error
		*to, err = n.Bool()
		d.take(err)
	}
}

// oneOf reads a text that has to be one of the words.
func (d *decoder) oneOf(to *string, words ...string) func(strictyaml.Node) {
	return func(n strictyaml.Node) {
		d.text(to)(n)
		if !slices.Contains(words, *to) {
			d.list.Add(n.Pos(), diag.DidYouMean(*to, words), "%q is none of: %s", *to, strings.Join(words, ", "))
		}
	}
}
