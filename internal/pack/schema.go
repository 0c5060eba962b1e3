package pack

import (
	"maps"
	"slices"
)

// JSONSchema gives the JSON Schema (draft 2020-12) of a manifest, ready to be encoded
// as JSON. It is for editors: what depends on more than one key, such as a default that
// is none of the choices, is left to the decoder.
func JSONSchema() map[string]any {
	own := " (stackinit's own layers only)"
	root := object("What a template pack of stackinit is", map[string]any{
		"schema":             map[string]any{"const": Schema, "description": "The version of this file's form."},
		"name":               name("The pack's name: lower-case letters, digits, - and _."),
		"description":        text("One line for lists."),
		"extends":            extendsSchema(),
		"min_stackinit":      pattern(`^[0-9]+(\.[0-9]+){0,2}([-+].*)?$`, "The oldest stackinit that does, such as 1.2."),
		"questions":          mapping(variableName, questionSchema(), "What is asked; each answer is a value of the templates, {{ .key }}."),
		"computed":           mapping(variableName, scalar("A template, such as '{{ .name | upper }}'."), "Values made from answers, each from those before it."),
		"exclude":            globs("Files of template/ that are not made at all."),
		"verbatim":           globs("Files that are copied with their whole names: .tmpl is not cut off, {{ }} is no variable."),
		"skip_if_exists":     globs("Files that are not made where the project has them already."),
		"files":              list(object("Makes files depend on answers.", map[string]any{"path": glob(), "when": condition(), "each": text("A list: one file for each of its members, which is {{ .item }}.")}, "path"), "Rules for files."),
		"delimiters":         list(object("Other signs around actions.", map[string]any{"path": glob(), "left": sign("[["), "right": sign("]]")}, "path", "left", "right"), "Signs instead of {{ and }}, for files that mean something else by them."),
		"merge":              globs("Files that are merged by key over the same file below: JSON, YAML, TOML, and lists such as .gitignore."),
		"executable":         globs("Files of mode 0755."),
		"dependencies":       object("Packages by name; versions come with stackinit.", map[string]any{"npm": texts(""), "npm_dev": texts(""), "python": texts(""), "python_dev": texts("")}),
		"next":               texts("Commands to type after creation, in order; templates."),
		"message_after_copy": text("A template, shown when the project is made."),
		"tasks":              list(argv(), "Programs with their arguments that run in the finished project, if whoever makes it trusts the pack."),
		"criteria":           text("The pack's file of team criteria."),
		"policy":             object("Takes choices away.", map[string]any{"only": answers("The only choices that a question has."), "never": answers("Choices that a question does not have.")}),
		"runtime":            map[string]any{"enum": []any{"node", "python", "hybrid"}, "description": "What a stack runs on" + own + "."},
		"secrets":            list(name(""), "Values that are random in every project"+own+"."),
		"features":           list(featureSchema(), "Layers on top"+own+"."),
		"parts":              list(object("", map[string]any{"dir": name(""), "set": mapping(variableName, scalar(""), ""), "features": list(featureSchema(), "")}, "dir"), "Stacks in folders"+own+"."),
		"confirm":            list(object("", map[string]any{"run": text(""), "shows": text("")}), "Commands that put the choice to the test"+own+"."),
		"needs":              list(needSchema(), "Tools that have to be there"+own+"."),
		"verify":             verifySchema("How the project proves itself" + own + "."),
	}, "schema", "name")
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "A stackinit pack"
	return root
}

const (
	plainName    = `^[a-z][a-z0-9]*([-_][a-z0-9]+)*$`
	variableName = `^[a-z][a-z0-9]*(_[a-z0-9]+)*$`
)

func questionSchema() map[string]any {
	return object("One question, in the words of Copier.", map[string]any{
		"type":        map[string]any{"enum": []any{"str", "int", "float", "bool"}, "default": "str", "description": "What templates get."},
		"prompt":      text("The question itself."),
		"help":        text("One line, shown with it."),
		"placeholder": scalar("An example of an answer."),
		"choices": map[string]any{"description": "What can be chosen: a list, or key: label.", "anyOf": []any{
			map[string]any{"type": "array", "items": scalar(""), "minItems": 1, "uniqueItems": true},
			map[string]any{"type": "object", "additionalProperties": scalar(""), "minProperties": 1},
		}},
		"multiselect": truth("Several can be chosen; templates get a list."),
		"secret":      truth("Not shown while typed, and kept out of the record."),
		"multiline":   truth("The answer may have several lines."),
		"default":     map[string]any{"description": "What a bare Enter takes; a text may be a template.", "anyOf": []any{scalar(""), map[string]any{"type": "array", "items": scalar("")}}},
		"when":        condition(),
		"validate": object("What an answer has to be.", map[string]any{
			"required": truth("An empty answer is none."),
			"match":    text("A regular expression that the whole answer has to match."),
			"min":      scalar("The least: of a number, or of a text's characters."),
			"max":      scalar("The most."),
			"message":  text("What is said of an answer that does not fit."),
		}),
	})
}

func extendsSchema() map[string]any {
	return map[string]any{"description": "What it stands on; without it the pack is the whole project.", "anyOf": []any{
		text("A built-in stack, or ../folder of a pack beside this one."),
		list(name(""), "The built-in stacks that it may stand on, the preferred one first."),
		object("Another pack, pinned.", map[string]any{"pack": text("Where it is."), "digest": pattern("^sha256:", "What stackinit template show prints.")}, "pack", "digest"),
	}}
}

func featureSchema() map[string]any {
	return object("", map[string]any{"layer": name(""), "when": answers("")}, "layer")
}

func needSchema() map[string]any {
	all := make([]any, len(tools))
	for i, t := range tools {
		all[i] = t
	}
	return object("", map[string]any{"tool": map[string]any{"enum": all}, "oldest": scalar(""), "bring": scalar(""), "optional": truth("")}, "tool")
}

func verifySchema(about string) map[string]any {
	env := map[string]any{"type": "object", "additionalProperties": map[string]any{"type": []any{"string", "number", "boolean", "null"}}}
	task := list(object("", map[string]any{"run": argv(), "rather": argv(), "creates": text("")}, "run"), "")
	return object(about, map[string]any{
		"env": env, "path": texts(""), "install": task, "build": task, "check": task, "test": task,
		"serve": object("", map[string]any{"run": argv(), "env": env, "live": text(""), "ready": text("")}),
	})
}

func condition() map[string]any {
	return map[string]any{"description": "Which answers it depends on, or a template that comes to true or false.", "anyOf": []any{answers(""), scalar("")}}
}

func answers(about string) map[string]any {
	return described(about, map[string]any{"type": "object", "additionalProperties": texts("")})
}

func object(about string, properties map[string]any, required ...string) map[string]any {
	o := described(about, map[string]any{"type": "object", "properties": properties, "additionalProperties": false})
	if len(required) > 0 {
		o["required"] = slices.Clone(required)
	}
	return o
}

func mapping(keys string, of map[string]any, about string) map[string]any {
	return described(about, map[string]any{"type": "object", "propertyNames": map[string]any{"pattern": keys}, "additionalProperties": of})
}

func list(of map[string]any, about string) map[string]any {
	return described(about, map[string]any{"type": "array", "items": of})
}

func argv() map[string]any {
	return map[string]any{"type": "array", "items": scalar(""), "minItems": 1}
}

func text(about string) map[string]any { return described(about, map[string]any{"type": "string"}) }

// scalar is a text as it stands in the file: 3.10 needs no quotes.
func scalar(about string) map[string]any {
	return described(about, map[string]any{"type": []any{"string", "number", "boolean"}})
}

func texts(about string) map[string]any { return list(scalar(""), about) }

func truth(about string) map[string]any { return described(about, map[string]any{"type": "boolean"}) }

func name(about string) map[string]any { return pattern(plainName, about) }

func pattern(re, about string) map[string]any {
	return described(about, map[string]any{"type": []any{"string", "number"}, "pattern": re})
}

func glob() map[string]any {
	return described("A glob of files below template/, without .tmpl: **, *, ?, [a-z], {a,b}.", map[string]any{"type": "string", "minLength": 1, "maxLength": 1000})
}

func globs(about string) map[string]any { return list(glob(), about) }

func sign(example string) map[string]any {
	return map[string]any{"type": "string", "minLength": 2, "maxLength": 8, "examples": []any{example}}
}

func described(about string, s map[string]any) map[string]any {
	if about == "" {
		return s
	}
	s = maps.Clone(s)
	s["description"] = about
	return s
}
