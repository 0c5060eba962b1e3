package recommend

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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

func publicCases(t testing.TB) []Case {
	if len(Cases()) != 40 {
		t.Fatalf("%d public cases, want 40", len(Cases()))
	}
	return Cases()
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

// TestPublicCases holds the 40 rows, and shows that a row can fail.
func TestPublicCases(t *testing.T) {
	for _, row := range publicCases(t) {
		r := Embedded().Recommend(row.Answers)
		if fields := row.differs(r); len(fields) > 0 {
			t.Errorf("%s %s: %v differ: %+v", row.ID, row.Title, fields, r)
		}
		for key := range row.Expect {
			other := Case{Expect: map[string]any{key: []any{"something else"}}}
			if fields := other.differs(r); !slices.Equal(fields, []string{key}) {
				t.Errorf("%s: a wrong %s goes unnoticed", row.ID, key)
			}
		}
	}
	if changed := Embedded().ChangedCases(); len(changed) > 0 {
		t.Errorf("%+v", changed)
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

// TestPublicTable holds what the specification's table adds to the rows: margin,
// confidence and what decided.
func TestPublicTable(t *testing.T) {
	want := map[string][3]string{
		"C01": {"60", "high", "score"},
		"C02": {"32", "high", "score"},
		"C03": {"22", "high", "score"},
		"C04": {"28", "high", "score"},
		"C05": {"-36", "high", "core_needs"},
		"C06": {"-12", "medium", "score"},
		"C07": {"-20", "medium", "core_needs"},
		"C08": {"-9", "medium", "score"},
		"C09": {"19", "medium", "score"},
		"C10": {"-12", "medium", "score"},
		"C11": {"16", "medium", "score"},
		"C12": {"-19", "medium", "score"},
		"C13": {"-22", "high", "score"},
		"C14": {"-26", "high", "score"},
		"C15": {"19", "medium", "score"},
		"C16": {"-4", "medium", "core_needs"},
		"C17": {"-1", "close_call", "score"},
		"C18": {"4", "medium", "core_needs"},
		"C19": {"12", "high", "core_needs"},
		"C20": {"10", "forced", "constraint"},
		"C21": {"0", "close_call", "tie_break"},
		"C22": {"20", "forced", "constraint"},
		"C23": {"-20", "forced", "constraint"},
		"C25": {"-14", "medium", "score"},
		"C26": {"20", "medium", "score"},
		"C27": {"-2", "close_call", "score"},
		"C28": {"4", "close_call", "score"},
		"C29": {"4", "close_call", "score"},
		"C30": {"0", "close_call", "tie_break"},
		"C31": {"1", "close_call", "score"},
		"C32": {"-3", "close_call", "score"},
		"C33": {"-6", "close_call", "score"},
		"C34": {"41", "high", "score"},
		"C35": {"-8", "close_call", "score"},
		"C36": {"22", "medium", "core_needs"},
		"C37": {"20", "medium", "core_needs"},
		"C38": {"-25", "medium", "constraint"},
		"C39": {"-8", "close_call", "score"},
		"C40": {"-8", "close_call", "score"},
	}
	for _, tc := range publicCases(t) {
		r := Embedded().Recommend(tc.Answers)
		if r.Runtime == Conflict {
			continue
		}
		got := [3]string{strconv.Itoa(r.Margin), string(r.Confidence), r.DecidedBy}
		if got != want[tc.ID] {
			t.Errorf("%s: %v, want %v", tc.ID, got, want[tc.ID])
		}
	}
}

// TestContradictionCapsConfidence: the same answers are high without it.
func TestContradictionCapsConfidence(t *testing.T) {
	a := Answers{"project_kind": {"realtime_app"}, "load_profile": {"many_connections"}}
	if r := Embedded().Recommend(a); r.Confidence != High {
		t.Fatalf("confidence %s", r.Confidence)
	}
	if r := Embedded().Recommend(with(a, "live_updates", "none")); r.Confidence != Medium || len(r.Contradictions) != 1 {
		t.Errorf("confidence %s with %v", r.Confidence, r.Contradictions)
	}
}
