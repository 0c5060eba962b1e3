package pack

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/internal/interview"
)

// tree makes the tree of a pack; the manifest gets its first two lines.
func tree(t *testing.T, manifest string, files map[string]string) *Tree {
	t.Helper()
	all := []SourceFile{{ManifestFile, []byte("schema: stackinit.pack/v1\nname: acme\n" + manifest)}}
	for path, body := range files {
		all = append(all, SourceFile{path, []byte(body)})
	}
	made, err := NewTree("./acme", "", all)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestManifestOfATeam(t *testing.T) {
	l, err := FromTree(tree(t, `extends: [python-django, node-express]
min_stackinit: 0.4.1
questions:
  tier: {type: int, help: "Which tier?", default: 3, validate: {min: 1, max: 4}}
  ratio: {type: float}
  pager: {type: bool, when: "{{ lt .tier 3 }}"}
  regions: {multiselect: true, choices: {eu: Europe, us: America}, default: [eu]}
  team: {placeholder: blue, default: "{{ .name }}-team", validate: {match: "[a-z-]+"}}
  zones: {multiselect: true, choices: [a], validate: {required: true}}
  key: {secret: true, when: {regions: [us]}}
exclude: ["**/*.bak"]
skip_if_exists: [.env]
executable: ["bin/*"]
merge: [package.json]
files: [{path: "regions/{{ .item }}.yaml", each: regions}, {path: "docs/**", when: {pager: ["true"]}}]
delimiters: [{path: "charts/**", left: "[[", right: "]]"}]
tasks: [[npm, run, setup]]
policy: {never: {ci: [none]}, only: {license: [MIT]}}
message_after_copy: "Hello\n\t{{ .team }}"
criteria: criteria.yaml
`, map[string]string{
		"template/x.bak": "", "template/.env": "", "template/bin/run": "", "template/package.json.tmpl": "{}",
		"template/regions/{{ .item }}.yaml.tmpl": "", "template/docs/a.md": "", "template/charts/c.yaml.tmpl": "", "criteria.yaml": "x", "README.md": "of the pack",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Files) != 7 || string(l.Criteria) != "x" || l.Pin.Source != "./acme" || !strings.HasPrefix(l.Pin.Digest, "sha256:") {
		t.Errorf("%d files, criteria %q, pin %v", len(l.Files), l.Criteria, l.Pin)
	}
	want := Team{
		Stacks: []string{"python-django", "node-express"}, MinStackinit: "0.4.1", Criteria: "criteria.yaml", MessageAfterCopy: "Hello\n\t{{ .team }}",
		Tasks: [][]string{{"npm", "run", "setup"}}, Policy: Policy{Only: map[string][]string{"license": {"MIT"}}, Never: map[string][]string{"ci": {"none"}},
			At: map[string]diag.Pos{"ci": {File: "acme/stackinit.yaml", Line: 20, Col: 18}, "license": {File: "acme/stackinit.yaml", Line: 20, Col: 38}}},
	}
	if d := cmp.Diff(want, l.Team); d != "" {
		t.Error(d)
	}
	byKey := map[string]interview.Question{}
	for _, q := range l.Questions {
		byKey[q.Key] = q
	}
	for key, check := range map[string]bool{
		"tier":    byKey["tier"].Type == interview.Int && byKey["tier"].Prompt == "Which tier?" && byKey["tier"].Check("5") != nil && byKey["tier"].Check("4") == nil,
		"ratio":   byKey["ratio"].Type == interview.Float && byKey["ratio"].Check("0x1p3") != nil && byKey["ratio"].Check("3.10") == nil,
		"pager":   byKey["pager"].Kind == interview.Single && byKey["pager"].WhenTemplate == "{{ lt .tier 3 }}" && byKey["pager"].Default[0] == "false",
		"regions": byKey["regions"].Kind == interview.Multi && byKey["regions"].Default[0] == "eu",
		"zones":   byKey["zones"].Required,
		"team":    byKey["team"].Name && byKey["team"].DefaultTemplate == "{{ .name }}-team" && byKey["team"].Check("a b") != nil,
		"key":     byKey["key"].Secret && !byKey["key"].Name && cmp.Equal(byKey["key"].When, map[string][]string{"regions": {"us"}}),
	} {
		if !check {
			t.Errorf("%s: %+v", key, byKey[key])
		}
	}
	if !l.Rules.Excluded("deep/x.bak") || l.Rules.Excluded("x.txt") {
		t.Error("exclude does not match as it should")
	}
	if left, _ := l.Rules.DelimitersOf("charts/c.yaml"); left != "[[" {
		t.Errorf("delimiters of the chart: %s", left)
	}
	if err := l.CheckVersion("0.4.0"); err == nil || l.CheckVersion("0.10.0") != nil || l.CheckVersion("dev") != nil {
		t.Errorf("versions are not compared: %v", err)
	}
}

// Every fault has its place, and the kind that a pack's faults have.
func TestFaultsOfManifests(t *testing.T) {
	for text, want := range map[string]string{
		"verify: {}": "3:9: verify is for stackinit's own layers", "secrets: [a]": "secrets is for stackinit's own layers",
		"needs: []": "for stackinit's own", "features: []": "for stackinit's own", "runtime: node": "for stackinit's own", "parts: []": "for stackinit's own",
		"extend: x": `did you mean "extends"?`, "extends: Bad Name": "3:10: \"Bad Name\" is no name of a built-in stack",
		"extends: {pack: gh:a/b}": "named by pack and digest", "min_stackinit: newest": "is no version",
		"criteria: ../x.yaml": "criteria is a file of the pack", "tasks: [npm run x]": "3:9: expected a list",
		"tasks: [[]]":      "a task is a program",
		"exclude: [\"[\"]": "is no glob", "exclude: [/x]": "is no glob", "exclude: [nothing.txt]": `3:10: exclude names "nothing.txt", which is not in template/`,
		"merge: [a.json]\nfiles: [{path: b, when: {ci: [none]}}]": "4:8: files names \"b\", which is not in template/",
		"files: [{path: x}]":                               "needs a path, and when or each",
		"delimiters: [{path: x, left: a, right: b}]":       "two different signs",
		"questions: {Bad: {}}":                             `3:13: "Bad" is not a name`,
		"questions: {a-b: {}}":                             `"a-b" is not a name`,
		"questions: {name: {}}":                            "is what stackinit itself calls something",
		"questions: {a: {type: strr}}":                     `did you mean "str"?`,
		"questions: {a: {typ: str}}":                       `did you mean "type"?`,
		"questions: {a: {type: bool, choices: [x]}}":       "its choices are true and false",
		"questions: {a: {multiselect: true}}":              "but has none",
		"questions: {a: {choices: []}}":                    "nothing to choose from",
		"questions: {a: {choices: [x, x]}}":                `the choice "x" is there twice`,
		"questions: {a: {choices: [\"x,y\"]}}":             "without commas",
		"questions: {a: {choices: [x], default: y}}":       "3:40: the default of a is none of its choices\n  one of: x",
		"questions: {a: {type: bool, default: yes}}":       "the default of a is none of its choices\n  one of: true, false",
		"questions: {a: {choices: [x], default: [x]}}":     "exactly if several can be chosen",
		"questions: {a: {choices: [x], secret: true}}":     "for texts and numbers",
		"questions: {a: {type: int, choices: [x]}}":        "is no whole number",
		"questions: {a: {type: int, default: x}}":          "the default of a: is no whole number",
		"questions: {a: {type: int, secret: true}}":        "are for texts",
		"questions: {a: {validate: {match: \"(\"}}}":       "match is no regular expression",
		"questions: {a: {validate: {min: x}}}":             "is no number",
		"questions: {a: {validate: {min: 3, max: 2}}}":     "min is above max",
		"questions: {a: {default: 3, validate: {min: 2}}}": "must have at least 2 characters",
		"computed: {year: x}":                              "is what stackinit itself calls something",
		"name: again":                                      `"name" is given twice`,
		"extends: {digest: \"sha256:00\"}":                 "named by pack and digest", "extends: [a, B]": `"B" is not a name`,
		"criteria: /x.yaml": "criteria is a file of the pack", "criteria: a/../x.yaml": "criteria is a file of the pack",
		"criteria: a.yaml": "criteria names a.yaml, which is not in the pack", `tasks: [["", x]]`: "a task is a program",
		`exclude: [""]`: "is no glob",
		"exclude: [" + strings.Repeat("a", 1001) + "]":    "is too long, or stands for too much",
		`exclude: ["` + strings.Repeat("{a,b}", 9) + `"]`: "is too long, or stands for too much",
		`exclude: ["` + strings.Repeat(`\\{`, 9) + `a"]`:  "which is not in template/", // of these no brace counts
		`exclude: ["` + strings.Repeat("[ab]", 60) + `"]`: "is too long, or stands for too much",
		`exclude: ["a\nb"]`: "has to be one line", `next: ["a\tb"]`: "has to be one line",
		"questions: {a: {choices: [" + many("c%d", maxChoices+1) + "]}}": "there are 1001 choices; 1000 are the most",
		`description: "a\u202eb"`:                                                "3:14: the text holds the control or invisible character U+202E",
		`description: "a\nb"`:                                                    "3:14: the text has to be one line",
		"files: [{path: x, when: {a-b: [c]}}]":                                   `"a-b" is not a name`,
		"delimiters: [{path: a, left: a, right: b}]":                             "two different signs",
		"delimiters: [{left: '[[', right: ']]'}]":                                "two different signs",
		"delimiters: [{path: a, left: '[x', right: ']]'}]":                       "two different signs",
		"delimiters: [{path: a, left: '[[', right: 'x]'}]":                       "two different signs",
		"delimiters: [{path: a, left: '%%', right: '%%'}]":                       "two different signs",
		"delimiters: [{path: a, left: '%', right: '%%'}]":                        "two different signs",
		"delimiters: [{path: a, left: ((((((((( , right: ))}]":                   "two different signs",
		"delimiters: [{path: a, left: '/*', right: '%%'}]":                       "two different signs",
		"delimiters: [{path: a, left: '%%', right: '*/'}]":                       "two different signs",
		"questions: {a: {choices: [\"\", x]}}":                                   `the choice "" is not a printable text`,
		"questions: {a: {choices: [\"x\\ty\"]}}":                                 "is not a printable text",
		"questions: {a: {validate: {match: " + strings.Repeat("a", 1001) + "}}}": "match is too long, or repeats too much",
		"questions: {" + many("a%d: {}", maxQuestions+1) + "}":                   "3:12: there are 501 questions; 500 are the most",
		"computed: {a-b: x}":                                                     `3:12: "a-b" is not a name`,
	} {
		_, err := FromTree(tree(t, text+"\n", map[string]string{"template/a": ""}))
		var e *diag.Error
		if !errors.As(err, &e) || e.Kind != diag.Refused || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "acme/stackinit.yaml") {
			t.Errorf("%s: %v\nwant %s", text, err, want)
		}
	}
}

// many gives a mapping's entries, numbered.
func many(format string, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(all, ", ")
}

func TestFaultsOfTrees(t *testing.T) {
	for name, want := range map[string]string{"template/a\u202eb": "control or invisible", "template/\xff": "not UTF-8", "template/large": "1048577 bytes", "partials/large": "1048577 bytes"} {
		body := ""
		if strings.HasSuffix(name, "large") {
			body = strings.Repeat("x", MaxFile+1)
		}
		_, err := FromTree(tree(t, "", map[string]string{name: body}))
		var e *diag.Error
		if !errors.As(err, &e) || e.Kind != diag.Refused || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", name, err)
		}
	}
	none, err := NewTree("./none", "", []SourceFile{{"README.md", nil}, {"z", nil}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := FromTree(none); err == nil || !strings.Contains(err.Error(), "none/stackinit.yaml is not there") {
		t.Errorf("a tree without a manifest: %v", err)
	}
}

// Answers are held against type, bounds and length, each by its own rule.
func TestChecksOfAnswers(t *testing.T) {
	l, err := FromTree(tree(t, `questions:
  int: {type: int}
  float: {type: float}
  line: {}
  lines: {multiline: true}
  key: {secret: true}
  needed: {validate: {required: true, message: say who}}
  short: {validate: {max: 3}}
  code: {validate: {match: "[A-Z]+", min: 2}}
`, nil))
	if err != nil {
		t.Fatal(err)
	}
	ask := map[string]interview.Question{}
	for _, q := range l.Questions {
		ask[q.Key] = q
	}
	for _, c := range [][3]string{
		{"int", "-5", ""}, {"int", "9007199254740992", ""}, {"int", "-9007199254740992", ""}, {"int", "9007199254740993", "no whole number"}, {"int", "-9007199254740993", "no whole number"},
		{"int", "007", "no whole number"}, {"int", "+5", "no whole number"}, {"int", "x", "no whole number"}, {"int", "", "no whole number"}, {"int", "99999999999999999999", "no whole number"},
		{"float", "1e300", ""}, {"float", "-1e300", ""}, {"float", "1e301", "no number"}, {"float", "-1e301", "no number"}, {"float", "Inf", "no number"}, {"float", "nan", "no number"},
		{"float", "1_0", "no number"}, {"float", "x", "no number"}, {"float", "1.2.3", "no number"},
		{"line", "", ""}, {"line", "a\nb", "must be one line"}, {"line", "a\x1bb", "control or invisible"}, {"line", strings.Repeat("é", 201), "201 characters"},
		{"lines", "a\n\tb", ""}, {"lines", strings.Repeat("é", maxMultiline), ""}, {"lines", "a\n\x1b", "control or invisible"}, {"lines", strings.Repeat("é", maxMultiline+1), "more than 4000"},
		{"key", "12345678", ""}, {"key", "1234567", "shorter than the 8"}, {"key", "", ""},
		{"needed", "x", ""}, {"needed", "", "say who"},
		{"short", "äöü", ""}, {"short", "äöüß", "at most 3 characters"},
		{"code", "AB", ""}, {"code", "A", "at least 2 characters"}, {"code", "ab", "must match [A-Z]+"}, {"code", "AB\n", "must be one line"},
	} {
		if err := ask[c[0]].Check(c[1]); (err == nil) != (c[2] == "") || err != nil && !strings.Contains(err.Error(), c[2]) {
			t.Errorf("%s %.40q: %v; want %q", c[0], c[1], err, c[2])
		}
	}
}

// A text needs no encoder only if its pattern lets nothing else through than what
// means the same in every file.
func TestPatternsOfNames(t *testing.T) {
	for pattern, want := range map[string]bool{
		"[a-z]+": true, "^[a-z][a-z0-9_]*$": true, "CC-[0-9]{4}": true, `\d+`: true, `\w*`: true, "(a|b|)": true, `v[0-9]\.[0-9_-]`: true,
		".*": false, "[^/]+": false, `[a-z ]+`: false, `a"b`: false, `\S+`: false, `\W`: false, "(?i)k": false, "(?i)[a-z]": false, "x|.": false, `[a-zé]`: false, "(": false,
	} {
		if onlyNames(pattern) != want {
			t.Errorf("%s: %v", pattern, !want)
		}
	}
}

func TestPolicy(t *testing.T) {
	asked := []interview.Question{
		{Key: "ci", Options: []interview.Option{{Key: "github"}, {Key: "none"}}, Default: []string{"none"}},
		{Key: "title", Kind: interview.Text},
	}
	pile := func(manifest string) Pile {
		l, err := FromTree(tree(t, manifest, nil))
		if err != nil {
			t.Fatal(err)
		}
		return Pile{l}
	}
	got, err := pile("policy: {never: {ci: [none]}}").Reshape(asked)
	if err != nil || len(got[0].Options) != 1 || got[0].Default[0] != "github" {
		t.Errorf("%+v %v", got, err)
	}
	if got, err = pile("policy: {only: {ci: [github]}}").Reshape(asked); err != nil || len(got[0].Options) != 1 || got[0].Options[0].Key != "github" {
		t.Errorf("%+v %v", got, err)
	}
	if got, err = pile("questions: {ci: {choices: {gitlab: GitLab, github: GitHub}, default: gitlab}}").Reshape(asked); err != nil || got[0].Default[0] != "gitlab" {
		t.Errorf("%+v %v", got, err)
	}
	for text, want := range map[string]string{
		"policy: {never: {ci: [github, none]}}": "acme/stackinit.yaml:3:18: the policy of the pack acme leaves no choice of ci",
		"questions: {title: {choices: [x, y]}}": "which stackinit asks itself",
		"questions: {title: {}}":                "which stackinit asks itself",
		"questions: {ci: {}}":                   "which stackinit asks itself",
	} {
		if _, err := pile(text).Reshape(asked); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	own := pile("questions: {tier: {choices: [a, b]}}\npolicy: {never: {tier: [a, b]}}")
	if _, err := own.Own(asked); err == nil || !strings.Contains(err.Error(), "leaves no choice of tier") {
		t.Errorf("a pack that forbids all choices of its own question: %v", err)
	}
	// What an upper pack asks in its own way keeps to the policies below.
	below := pile("policy: {never: {ci: [none], tier: [free]}}\nquestions: {tier: {choices: [gold, free]}}")
	upper := pile("questions: {ci: {choices: [none, gitlab]}, tier: {choices: [free, silver], default: free}}")
	if got, err := append(below, upper...).Reshape(asked); err != nil || len(got[0].Options) != 1 || got[0].Options[0].Key != "gitlab" {
		t.Errorf("asked anew: %+v %v", got, err)
	}
	if got, err := append(below, upper...).Own(asked); err != nil || len(got) != 1 || len(got[0].Options) != 1 || got[0].Default[0] != "silver" {
		t.Errorf("a pack's question asked anew: %+v %v", got, err)
	}
	if _, err := append(below, pile("questions: {tier: {default: free}}")...).Own(asked); err == nil || !strings.Contains(err.Error(), "about tier, which has none here") {
		t.Errorf("asked anew as a text: %v", err)
	}
	if got[0].Denied != nil {
		t.Errorf("denied: %v", got[0].Denied)
	}
	for text, want := range map[string]string{
		"policy: {never: {cii: [none]}}":          `did you mean "ci"?`,
		"policy: {never: {ci: [nonne]}}":          "acme/stackinit.yaml:3:18: the policy of the pack acme is about ci, which has no choice \"nonne\"\n  did you mean \"none\"?",
		"policy: {only: {title: [x]}}":            "which has no choices",
		"policy: {only: {stack: [node-express]}}": "under extends",
		"policy: {only: {cii: [a], title: [b]}}":  "acme/stackinit.yaml:3:27: the policy",
		"policy: {only: {ci: [github]}}":          "",
	} {
		if err := pile(text).CheckPolicy(asked); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
