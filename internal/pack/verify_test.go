package pack

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func layers(files map[string]string) fstest.MapFS {
	fs := fstest.MapFS{}
	for name, text := range files {
		fs[name+"/stackinit.yaml"] = &fstest.MapFile{Data: []byte("schema: stackinit.pack/v1\nname: " + name + "\n" + text)}
	}
	return fs
}

func TestVerifyOfAPile(t *testing.T) {
	pile, err := Stack(layers(map[string]string{
		"low": `needs: [{tool: git, optional: true}, {tool: node, oldest: "22"}]
verify:
  env: {A: "1", B: "", C: $secret}
  path: [bin]
  install: [{run: [npm, ci]}]
  check: [{run: [a]}, {run: [b], rather: [c], creates: d}]
  serve: {run: [node, low], env: {PORT: $port, DATABASE: $temp/x, URL: "http://127.0.0.1:$port_other/"}, live: /live, ready: /ready}
`,
		"high": `extends: low
needs: [{tool: node, oldest: "24", bring: 24.21.0}]
verify:
  env: {A: "2"}
  check: [{run: [e]}]
  serve: {run: [node, high], env: {DATABASE: null}, ready: /up}
`,
	}), "high", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := Verify{
		Env: map[string]string{"A": "2", "B": "", "C": "$secret"}, Path: []string{"bin"},
		Install: []Task{{Run: []string{"npm", "ci"}}}, Check: []Task{{Run: []string{"e"}}},
		Serve: Serve{
			Run: []string{"node", "high"}, Env: map[string]string{"PORT": "$port", "URL": "http://127.0.0.1:$port_other/"},
			Live: "/live", Ready: "/up",
		},
	}
	if d := cmp.Diff(want, pile.Verify()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]Need{{Tool: "git", Optional: true}, {Tool: "node", Oldest: "24", Bring: "24.21.0"}}, pile.Needs()); d != "" {
		t.Error(d)
	}
}

func TestFaultsOfLayers(t *testing.T) {
	for text, want := range map[string]string{
		"needs: [{tool: ruby}]":                         `cannot look for the tool "ruby"`,
		"needs: [{tool: nod}]":                          `did you mean "node"?`,
		"needs: [{tool: git, optional: perhaps}]":       "expected true or false",
		"verify: {tests: []}":                           `did you mean "test"?`,
		"verify: {test: [{rather: [x]}]}":               "run is missing",
		"verify: {test: [npm test]}":                    "expected keys and values",
		"verify: {test: [{run: [sh, -c, echo $HOME]}]}": `"echo $HOME" holds a $ that stands for nothing`,
		"verify: {serve: {env: {A: $portal}}}":          `"$portal" holds a $ that stands for nothing`,
		"verify: {serve: {env: {A: [x]}}}":              "expected a text",
		"verify: {serve: {environment: {A: x}}}":        `unknown key "environment"`,
		"features: [{when: {a: [b]}}]":                  "a feature needs a layer",
		"features: [{layer: x, when: {a-b: [c]}}]":      `"a-b" is not a name`,
		"secrets: [a, B]":                               `"B" is not a name`,
		"parts: [{set: {a: b}}]":                        "a part needs a dir",
	} {
		_, err := Load(layers(map[string]string{"x": text}), "x")
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "x/stackinit.yaml:3:") {
			t.Errorf("%s: %v\nwant %s", text, err, want)
		}
	}
}
