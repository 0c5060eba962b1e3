package interview

// Schema gives the JSON Schema (draft 2020-12) of an answers file, ready to be
// encoded as JSON.
func Schema(questions []Question) map[string]any {
	properties := map[string]any{}
	for _, q := range questions {
		properties[q.Key] = q.schema()
	}
	return map[string]any{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"title":                "Answers for stackinit",
		"description":          "Every key may be left out; it then takes its default.",
		"type":                 "object",
		"properties":           properties,
		"additionalProperties": false,
	}
}

func (q Question) schema() map[string]any {
	s := map[string]any{"title": q.Prompt}
	if q.Help != "" {
		s["description"] = q.Help
	}
	switch q.Kind {
	case Text:
		s["type"] = [...]string{Str: "string", Int: "integer", Float: "number"}[q.Type]
		if q.Type == Str && !q.Multiline {
			s["maxLength"] = 200
		}
	case Multi:
		s["type"], s["uniqueItems"] = "array", true
		s["items"] = map[string]any{"oneOf": q.optionSchemas()}
	default:
		s["oneOf"] = q.optionSchemas()
		if len(q.Default) == 1 {
			s["default"] = q.Default[0]
		}
	}
	return s
}

// optionSchemas lists the options as constants, each with its label as title.
func (q Question) optionSchemas() []any {
	all := make([]any, len(q.Options))
	for i, o := range q.Options {
		all[i] = map[string]any{"const": o.Key, "title": o.Label}
	}
	return all
}
