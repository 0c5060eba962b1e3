package pack

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/stackinit/stackinit/internal/diag"
)

func TestFeaturesThatFit(t *testing.T) {
	packs := layers(map[string]string{"low": "", "high": "extends: low\nfeatures: [{layer: ci, when: {host: [gh, gl], tests: [\"true\"]}}, {layer: all}]\n", "ci": "", "all": ""})
	for answers, want := range map[[2]string]string{{"gl", "true"}: "low high ci all", {"gl", "false"}: "low high all", {"none", "true"}: "low high all"} {
		pile, err := Stack(packs, "high", map[string]string{"host": answers[0], "tests": answers[1]})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, l := range pile {
			names = append(names, l.Name)
		}
		if d := cmp.Diff(want, strings.Join(names, " ")); d != "" {
			t.Errorf("%v: %s", answers, d)
		}
	}
}

func TestLayersThatAreNone(t *testing.T) {
	chain := map[string]string{"l0": ""}
	for i := range maxLayers {
		chain[fmt.Sprintf("l%d", i+1)] = fmt.Sprintf("extends: l%d\n", i)
	}
	with := func(file string, f fstest.MapFile) fstest.MapFS {
		packs := layers(map[string]string{"x": ""})
		packs[file] = &f
		return packs
	}
	for want, packs := range map[string]fstest.MapFS{
		`there is no layer "x"`:                 {},
		`the name is "y", the folder's is "x"`:  {"x/stackinit.yaml": {Data: []byte("schema: stackinit.pack/v1\nname: y\n")}},
		"x/template/pipe is not a regular file": with("x/template/pipe", fstest.MapFile{Mode: fs.ModeNamedPipe}),
		"x/partials/large has 1048577 bytes":    with("x/partials/large", fstest.MapFile{Data: make([]byte, MaxFile+1)}),
		"x extends more than 16 layers":         layers(map[string]string{"x": "extends: l15\n"}),
	} {
		for name, text := range chain {
			if strings.Contains(want, "extends") {
				packs[name+"/"+ManifestFile] = layers(map[string]string{name: text})[name+"/"+ManifestFile]
			}
		}
		_, err := Stack(packs, "x", nil)
		var e *diag.Error
		if !errors.As(err, &e) || e.Kind != diag.Refused || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s", err, want)
		}
	}
	if _, err := Stack(layers(chain), "l15", nil); err != nil {
		t.Errorf("a chain of %d layers: %v", maxLayers, err)
	}
	part := func(stacks map[string]string) error {
		_, err := Pile{}.Part(layers(chain), Part{Dir: "web"}, nil, stacks)
		return err
	}
	if err := part(map[string]string{"api": "l0"}); err == nil || !strings.Contains(err.Error(), "which stack the part web is") {
		t.Errorf("a part without a stack: %v", err)
	}
	if err := part(map[string]string{"web": "gone"}); err == nil || !strings.Contains(err.Error(), `there is no layer "gone"`) {
		t.Errorf("a part of a stack that is not there: %v", err)
	}
}

// A fault anywhere among the layers is told by all that read them.
func TestFaultsAmongLayers(t *testing.T) {
	packs := layers(map[string]string{"feature": "features: [{layer: gone}]\n", "upper": "extends: gone\n"})
	_, stack := Stack(packs, "feature", nil)
	_, questions := Questions(packs, "upper")
	for name, err := range map[string]error{"Stack": stack, "Questions": questions} {
		if err == nil || !strings.Contains(err.Error(), `there is no layer "gone"`) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Stacks(layers(map[string]string{"a": "", "b": "bad: x\n"})); err == nil || !strings.Contains(err.Error(), "b/stackinit.yaml:3:1") {
		t.Errorf("Stacks: %v", err)
	}
}
