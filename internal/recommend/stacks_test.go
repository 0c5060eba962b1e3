package recommend

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The first rule that holds is the one that Choices takes, and the answers named
// are the ones that it needs.
func TestStackRules(t *testing.T) {
	c := Embedded()
	for _, tc := range []struct {
		a       Answers
		runtime string
		stack   string
		because []Given
	}{
		{nil, Node, "node-express", nil},
		{Answers{"live_updates": {"core"}, "frontend": {"js_same_team"}}, Node, "node-realtime", []Given{{"live_updates", "core"}}},
		{Answers{"project_kind": {"crud_admin"}, "frontend": {"js_same_team"}}, Node, "node-fullstack", []Given{{"project_kind", "crud_admin"}, {"frontend", "js_same_team"}}},
		{Answers{"already_fixed": {"python_data_library", "node_library"}}, Python, "python-data", []Given{{"already_fixed", "python_data_library"}}},
		{Answers{"load_profile": {"heavy_compute"}}, Python, "python-data", []Given{{"load_profile", "heavy_compute"}, {"project_kind", NotSure}}},
		{Answers{"load_profile": {"heavy_compute"}, "project_kind": {"web_app"}}, Python, "python-django", []Given{{"project_kind", "web_app"}}},
	} {
		rules := c.StackRules(tc.a, tc.runtime)
		for i, r := range rules {
			if !r.Holds {
				continue
			}
			if r.Stack != tc.stack || r.Always != (i == len(rules)-1) {
				t.Errorf("%v: rule %d picks %s, always %v; want %s", tc.a, i, r.Stack, r.Always, tc.stack)
			}
			if diff := cmp.Diff(tc.because, r.Because); diff != "" {
				t.Errorf("%v (-want +got):\n%s", tc.a, diff)
			}
			break
		}
	}
	if got := c.PartRules(Answers{"live_updates": {"core"}}, Node)[0]; !got.Holds || got.Stack != "node-realtime" {
		t.Errorf("the gateway of a live project: %+v", got)
	}
	if diff := cmp.Diff([]string{"project_kind", "live_updates"}, c.StackRules(nil, Node)[0].Tests); diff != "" {
		t.Error(diff)
	}
}
