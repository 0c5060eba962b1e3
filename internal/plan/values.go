package plan

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/stackinit/stackinit/internal/interview"
	"github.com/stackinit/stackinit/internal/render"
)

// values are what templates see. Free text has its own type, which only the
// encoders print.
func (in Input) values() map[string]any {
	v := map[string]any{
		"name":     in.Name,
		"stack":    in.Decision.Choice.Stack,
		"runtime":  in.Decision.Choice.Runtime,
		"date":     in.Date.Format(time.DateOnly),
		"year":     strconv.Itoa(in.Date.Year()),
		"resolved": in.Resolved,
	}
	if parts := in.Decision.Choice.Components; len(parts) == 2 { // of a hybrid
		v["gateway"], v["service"] = parts[0], parts[1]
	}
	for _, q := range in.Questions {
		switch {
		case q.Key == "author":
			name, email := in.author()
			v["author_name"], v["author_email"] = render.Text(name), render.Text(email)
		default:
			v[q.Key] = value(q, in.Answers[q.Key])
		}
	}
	return v
}

// value is what templates see of an answer.
func value(q interview.Question, a interview.Answer) any {
	if q.Kind == interview.Multi {
		list := make([]any, len(a.Values))
		for i, v := range a.Values {
			list[i] = typed(q.Type, v)
		}
		return list
	}
	text := ""
	if len(a.Values) > 0 {
		text = a.Values[0]
	}
	if q.Secret {
		return render.Secret(text)
	}
	if q.Kind == interview.Text && q.Type == interview.Str && !q.Name {
		return render.Text(text)
	}
	return typed(q.Type, text)
}

// typed converts the text of a valid answer; what was not answered is nothing of its type.
func typed(t interview.Type, text string) any {
	switch t {
	case interview.Int:
		n, _ := strconv.Atoi(text)
		return n
	case interview.Float:
		f, _ := strconv.ParseFloat(text, 64)
		return f
	case interview.Bool:
		return text == "true"
	}
	return text
}

// author gives name and address, both empty when nobody is named.
func (in Input) author() (name, email string) {
	name, email, err := interview.SplitAuthor(in.Answers.Text("author"))
	if err != nil {
		return "", "" // answers are validated: it is empty
	}
	return name, email
}

// plainAnswers are the values that decide which features a project has.
func plainAnswers(values map[string]any) map[string]string {
	plain := map[string]string{}
	for k, v := range values {
		if s, ok := v.(string); ok {
			plain[k] = s
		}
	}
	return plain
}

// harmless gives the same values with every free text replaced by a plain word,
// empty ones staying empty, and whether that changed anything that could matter.
func harmless(values map[string]any) (map[string]any, bool) {
	plain, changed := maps.Clone(values), false
	for k, v := range values {
		if t, ok := v.(render.Text); ok && t != "" {
			plain[k] = render.Text("word")
			changed = changed || !isPlain(string(t))
		}
	}
	return plain, changed
}

// isPlain is true of texts that mean the same in every format, quoted or not: a
// letter, then letters, digits and inert signs, and no word that YAML or TOML
// takes for something else.
func isPlain(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || !strings.ContainsRune(" 0123456789.@-_/", r)) {
			return false
		}
	}
	switch strings.ToLower(s) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan":
		return false
	}
	return true
}
