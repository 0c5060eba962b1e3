package recommend

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// given is the answers of a file, where a single answer need not be a list.
type given Answers

func (g *given) UnmarshalYAML(n *yaml.Node) error {
	raw := map[string]yaml.Node{}
	if err := n.Decode(&raw); err != nil {
		return err
	}
	*g = given{}
	for key, v := range raw {
		list := []string{v.Value}
		if v.Kind == yaml.SequenceNode {
			if err := v.Decode(&list); err != nil {
				return err
			}
		}
		(*g)[key] = list
	}
	return nil
}

type publicCase struct {
	ID      string
	Title   string
	Answers given
	Expect  map[string]any
	Trace   []int
}

func readYAML(t testing.TB, name string, into any) {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(src, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func publicCases(t testing.TB) []publicCase {
	var file struct{ Cases []publicCase }
	readYAML(t, "public_cases.yaml", &file)
	if len(file.Cases) != 40 {
		t.Fatalf("%d public cases, want 40", len(file.Cases))
	}
	return file.Cases
}

// asJSON gives a value as its JSON says it.
func asJSON(t testing.TB, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestPublicCases holds the 40 rows: lists of contradictions and tensions name
// what must be among those found; every other value is exact.
func TestPublicCases(t *testing.T) {
	for _, tc := range publicCases(t) {
		t.Run(tc.ID, func(t *testing.T) {
			got := asJSON(t, Embedded().Recommend(Answers(tc.Answers))).(map[string]any)
			for key, want := range asJSON(t, tc.Expect).(map[string]any) {
				if key == "contradictions" || key == "tensions" {
					for _, w := range want.([]any) {
						if !slices.Contains(got[key].([]any), w) {
							t.Errorf("%s: %s lacks %v: %v", tc.Title, key, w, got[key])
						}
					}
					continue
				}
				if diff := cmp.Diff(want, got[key]); diff != "" {
					t.Errorf("%s: %s (-want +got)\n%s", tc.Title, key, diff)
				}
			}
		})
	}
}

// TestGoldens holds every field of the exact explanations; their flips are the
// first three.
func TestGoldens(t *testing.T) {
	var file struct{ Goldens []map[string]any }
	readYAML(t, "explain_goldens.yaml", &file)
	var answers struct{ Goldens []struct{ Answers given } }
	readYAML(t, "explain_goldens.yaml", &answers)
	if len(file.Goldens) != 10 {
		t.Fatalf("%d goldens, want 10", len(file.Goldens))
	}
	for i, golden := range file.Goldens {
		t.Run(golden["id"].(string), func(t *testing.T) {
			got := asJSON(t, Embedded().Recommend(Answers(answers.Goldens[i].Answers))).(map[string]any)
			got["flips"] = got["flips"].([]any)[:3]
			for key, want := range asJSON(t, golden).(map[string]any) {
				if key == "id" || key == "answers" {
					continue
				}
				if diff := cmp.Diff(want, got[key]); diff != "" {
					t.Errorf("%s (-want +got)\n%s", key, diff)
				}
			}
		})
	}
}
