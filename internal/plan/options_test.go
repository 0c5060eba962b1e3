package plan

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stackinit/stackinit/internal/diag"
)

// optional is a pack with a question below, which the stack asks with other
// choices, one of its own, and a secret.
func optional() fstest.MapFS {
	return fstest.MapFS{
		"base/stackinit.yaml": {Data: []byte(`schema: stackinit.pack/v1
name: base
questions:
  store:
    prompt: Which?
    choices: {file: a file}
    default: file
  log:
    prompt: Where to?
    choices: {out: out, disk: disk}
    default: out
secrets: [key]
`)},
		"base/template/.env.tmpl": {Data: []byte("KEY={{ .secrets.key }}\n")},
		"svc/stackinit.yaml": {Data: []byte(`schema: stackinit.pack/v1
name: svc
runtime: node
extends: base
questions:
  store:
    prompt: Which?
    choices: {memory: memory, server: a server}
    default: memory
  pool:
    prompt: How many?
    choices: {one: "1", many: "9"}
    default: one
    when: {store: [server]}
features:
  - {layer: server, when: {store: [server]}}
`)},
		"svc/template/store.txt.tmpl": {Data: []byte("{{ .store }} {{ .pool }} {{ .log }}\n")},
		"server/stackinit.yaml":       {Data: []byte("schema: stackinit.pack/v1\nname: server\nmerge: [.env]\n")},
		"server/template/.env.tmpl":   {Data: []byte("URL=//x:{{ .secrets.key }}@host\n")},
		"server/template/server.txt":  {Data: []byte("here\n")},
	}
}

func TestOptionsChooseLayers(t *testing.T) {
	for _, tt := range []struct {
		set         map[string]string
		store, env  string
		serverThere bool
	}{
		{nil, "memory one out\n", "KEY=" + strings.Repeat("secret", 9) + "\n", false},
		{map[string]string{"store": "server", "pool": "many"}, "server many out\n",
			"KEY=" + strings.Repeat("secret", 9) + "\nURL=//x:" + strings.Repeat("secret", 9) + "@host\n", true},
	} {
		p, err := Build(input(optional(), "svc", tt.set))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]File{}
		for _, f := range p.Files {
			got[f.Path] = f
		}
		if s := string(got["store.txt"].Body); s != tt.store {
			t.Errorf("%v: store.txt is %q", tt.set, s)
		}
		if f := got[".env"]; string(f.Body) != tt.env || !f.Secret || f.Mode != fs.FileMode(0o600) {
			t.Errorf("%v: .env is %q, secret %v, mode %o", tt.set, f.Body, f.Secret, f.Mode)
		}
		if _, there := got["server.txt"]; there != tt.serverThere {
			t.Errorf("%v: server.txt is there: %v", tt.set, there)
		}
		if got["store.txt"].Secret {
			t.Error("store.txt counts as secret")
		}
	}
}

// A secret that would be committed is refused, wherever a layer hides it.
func TestSecretsStayInTheirFile(t *testing.T) {
	for _, key := range []string{
		`x{{ .secrets.key }}`, `{{ upper .secrets.key }}`, `{{ substr 0 9 .secrets.key }}`, `{{ if lt .secrets.key "t" }}1{{ end }}`,
		`{{ join "-" (values .secrets) | lower }}`, `{{ range values .secrets }}{{ . }}{{ end }}`, `{{ index .secrets "key" | len }}`,
	} {
		packs := optional()
		packs["svc/template/config.json.tmpl"] = &fstest.MapFile{Data: []byte(`{"key": "` + key + `"}`)}
		_, err := Build(input(packs, "svc", nil))
		if e, ok := err.(*diag.Error); !ok || e.Kind != diag.Refused || !strings.Contains(err.Error(), "config.json.tmpl: a secret goes into it") {
			t.Errorf("%s: got %v", key, err)
		}
	}
}

// A layer that merges into what cannot be merged is named with the one below.
func TestMergeThatFailsNamesBoth(t *testing.T) {
	packs := optional()
	packs["server/stackinit.yaml"] = &fstest.MapFile{Data: []byte("schema: stackinit.pack/v1\nname: server\nmerge: [a.json]\n")}
	packs["base/template/a.json"], packs["server/template/a.json"] = &fstest.MapFile{Data: []byte("{")}, &fstest.MapFile{Data: []byte("{}")}
	_, err := Build(input(packs, "svc", map[string]string{"store": "server"}))
	if e, ok := err.(*diag.Error); !ok || e.Kind != diag.Refused || !strings.Contains(err.Error(), "server/template/a.json cannot be merged into base/template/a.json: ") {
		t.Errorf("got %v", err)
	}
}
