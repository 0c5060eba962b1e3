package plan

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stackinit/stackinit/internal/diag"
	"github.com/stackinit/stackinit/templates"
)

// hooked are the files of a part that are not its stack's byte for byte: what it
// says about itself, and where the whole puts something in.
var hooked = map[string][]string{
	"service": {"README.md", "AGENTS.md", ".gitignore"},
	"gateway": {
		"README.md", "AGENTS.md", ".gitignore", ".env.example", "openapi.json", "src/resources.ts", "src/config.ts",
		"src/config.test.ts", "src/services.ts", "src/health.ts", "src/app.test.ts",
	},
}

// A hybrid is the stacks that it is put together from, whichever they are, each
// in its folder and without what the repository has once, at its top.
func TestHybridIsItsParts(t *testing.T) {
	for _, gateway := range []string{"node-express", "node-realtime"} {
		for _, service := range []string{"python-data", "python-flask"} {
			for _, set := range []map[string]string{{}, {"example": "none"}, {"ci": "none"}} {
				name := fmt.Sprint(gateway, " ", service, " ", set)
				in := input(templates.FS, "hybrid", set)
				in.Decision.Choice.Components = []string{gateway, service}
				p, err := Build(in)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				files := byPath(p)
				checkLocks(t, name, files)
				for _, f := range p.Files {
					if left := leftOver(f); left != "" {
						t.Errorf("%s: %s still has %q", name, f.Path, left)
					}
				}
				checkPart(t, name, files, "gateway", gateway, map[string]string{"example": "none", "ci": "none"})
				checkPart(t, name, files, "service", service, set)
				if _, ok := files[".github/workflows/ci.yml"]; ok == (set["ci"] == "none") {
					t.Errorf("%s: there is a workflow: %v", name, ok)
				}
			}
		}
	}
}

// checkPart compares a part with its stack planned alone under the part's name.
func checkPart(t *testing.T, name string, files map[string]File, dir, stack string, set map[string]string) {
	t.Helper()
	same := 0
	for _, f := range alone(t, stack, dir, set).Files {
		got, inPart := files[dir+"/"+f.Path]
		_, atTop := files[f.Path]
		switch {
		case !inPart && !atTop && f.Path != ".github/workflows/ci.yml" && f.Path != ".github/dependabot.yml" && !strings.HasPrefix(f.Path, "docs/adr/"):
			t.Errorf("%s: %s of %s is nowhere", name, f.Path, stack)
		case inPart && slices.Contains(hooked[dir], f.Path):
		case inPart && !bytes.Equal(got.Body, f.Body):
			t.Errorf("%s: %s/%s is not what %s has", name, dir, f.Path, stack)
		case inPart:
			same++
		}
	}
	if same < 15 {
		t.Errorf("%s: only %d files of %s are those of %s", name, same, dir, stack)
	}
	for _, top := range []string{"LICENSE", "SECURITY.md", ".editorconfig", ".gitattributes", ".stackinit.yaml", ".github/dependabot.yml", "docs/adr/README.md"} {
		if _, ok := files[dir+"/"+top]; ok {
			t.Errorf("%s: %s is in %s; the repository has it at its top", name, top, dir)
		}
	}
}

// alone plans a stack by itself under a part's name; many pairs share it.
func alone(t *testing.T, stack, dir string, set map[string]string) *Plan {
	t.Helper()
	key := fmt.Sprint(stack, dir, set)
	if planned[key] == nil {
		in := input(templates.FS, stack, set)
		in.Name += "-" + dir
		p, err := Build(in)
		if err != nil {
			t.Fatal(err)
		}
		planned[key] = p
	}
	return planned[key]
}

var planned = map[string]*Plan{}

func byPath(p *Plan) map[string]File {
	files := map[string]File{}
	for _, f := range p.Files {
		files[f.Path] = f
	}
	return files
}

// What is wrong with parts is found before anything is written, and named.
func TestPartsAreRefused(t *testing.T) {
	manifest := "schema: stackinit.pack/v1\nname: hybrid\nruntime: hybrid\n"
	part := "schema: stackinit.pack/v1\nname: node-express\nruntime: node\n"
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"no value", map[string]string{"hybrid/stackinit.yaml": manifest + "parts: [{dir: middle}]\n"}, `no value "middle"`},
		{"no dir", map[string]string{"hybrid/stackinit.yaml": manifest + "parts: [{set: {a: b}}]\n"}, "a part needs a dir"},
		{"unknown stack", map[string]string{"hybrid/stackinit.yaml": manifest + "parts: [{dir: service}]\n"}, `no layer "python-data"`},
		{"unknown feature", map[string]string{"hybrid/stackinit.yaml": manifest + "parts: [{dir: gateway, features: [{layer: nothing}]}]\n"}, `no layer "nothing"`},
		{"a file twice", map[string]string{
			"hybrid/stackinit.yaml": manifest + "parts: [{dir: gateway}]\n", "hybrid/template/gateway/a.txt": "", "node-express/template/a.txt": "",
		}, "are both gateway/a.txt"},
		{"a fault in a part", map[string]string{
			"hybrid/stackinit.yaml": manifest + "parts: [{dir: gateway}]\n", "node-express/template/a.json.tmpl": `{"a": "{{ .title | text }}"}`,
		}, "structure of a.json"},
		{"a path in a part", map[string]string{
			"hybrid/stackinit.yaml": manifest + "parts: [{dir: gateway}]\n", "node-express/template/aux.js": "",
		}, "device"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			packs := fstest.MapFS{"node-express/stackinit.yaml": {Data: []byte(part)}}
			for p, body := range tt.files {
				packs[p] = &fstest.MapFile{Data: []byte(body)}
			}
			_, err := Build(input(packs, "hybrid", map[string]string{"title": `a", "b": "c: d`}))
			if e, ok := err.(*diag.Error); !ok || e.Kind != diag.Refused || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v\nwant an error of kind Refused with %q", err, tt.want)
			}
		})
	}
}

// Questions of a part's stack that the whole does not ask have their defaults, and
// its secrets are its own.
func TestPartsHaveDefaultsAndSecrets(t *testing.T) {
	packs := fstest.MapFS{
		"hybrid/stackinit.yaml": {Data: []byte("schema: stackinit.pack/v1\nname: hybrid\nruntime: hybrid\nparts: [{dir: gateway, set: {example: none}}]\n")},
		"node-express/stackinit.yaml": {Data: []byte("schema: stackinit.pack/v1\nname: node-express\nruntime: node\nsecrets: [key]\n" +
			"questions: {database: {prompt: Which, choices: {sqlite: A, postgres: B}, default: sqlite}}\n")},
		"node-express/template/a.txt.tmpl": {Data: []byte("{{ .name }} {{ .database }} {{ .example }} {{ .stack }}\n")},
		"node-express/template/.env.tmpl":  {Data: []byte("KEY={{ .secrets.key }}\n")},
	}
	p, err := Build(input(fs.FS(packs), "hybrid", nil))
	if err != nil {
		t.Fatal(err)
	}
	files := byPath(p)
	if got := string(files["gateway/a.txt"].Body); got != "my-service-gateway sqlite none node-express\n" {
		t.Errorf("got %q", got)
	}
	if env := files["gateway/.env"]; !env.Secret || !strings.HasPrefix(string(env.Body), "KEY=secret") {
		t.Errorf("gateway/.env is %v %q", env.Secret, env.Body)
	}
}

// Every stack says how it is verified, whole, or its parts do.
func TestEveryStackCanBeVerified(t *testing.T) {
	for _, stack := range stacks {
		parts, err := Parts(input(templates.FS, stack, nil))
		if err != nil {
			t.Fatal(err)
		}
		served, needs := 0, 0
		for _, p := range parts {
			needs += len(p.Pile.Needs())
			v := p.Pile.Verify()
			if len(v.Serve.Run) == 0 && len(parts) > 1 && p.Dir == "." {
				continue // its parts do
			}
			served++
			if len(v.Install) == 0 || len(v.Check) == 0 || len(v.Test) == 0 || len(v.Serve.Run) == 0 || v.Serve.Live == "" || v.Serve.Ready == "" || v.Serve.Env["PORT"] != "$port" {
				t.Errorf("%s, %s: %+v", stack, p.Dir, v)
			}
		}
		if served == 0 || needs < 2 {
			t.Errorf("%s: %d services, %d needs", stack, served, needs)
		}
	}
}
