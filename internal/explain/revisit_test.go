package explain

import (
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/recommend"
)

func TestRevisited(t *testing.T) {
	embedded := recommend.Embedded().Identity()
	other := recommend.Identity{ID: "team", Version: 3, SHA256: "00"}
	api := recommend.Answers{"project_kind": {"rest_api"}, "load_profile": {"many_connections"}}
	ml := recommend.Answers{"project_kind": {"data_ml"}}
	both := recommend.Answers{"project_kind": {"realtime_app"}, "data_work": {"core"}, "team_skills": {"both"}}
	badly := recommend.Answers{"already_fixed": {"team_only_python", "team_only_javascript"}}
	for _, tt := range []struct {
		name string
		then Then
		now  recommend.Answers
		ok   bool
		says string
	}{
		{"nothing changed", Then{"node-express", "node-express", nil, api, embedded}, api, true, "Answers and criteria are those of the record."},
		{"an answer that is open now as then", Then{"node-express", "node-express", nil, api, embedded}, with(api, recommend.Flip{Question: "priority", Answer: "not_sure"}), true, "are those of the record"},
		{"another answer, the same stack", Then{"node-express", "node-express", nil, api, embedded}, with(api, recommend.Flip{Question: "priority", Answer: "scale_out"}), true, "The answer to priority was open and is scale_out."},
		{"another stack", Then{"node-express", "node-express", nil, api, embedded}, ml, false, "Python data and ML service is recommended now"},
		{"other criteria", Then{"node-express", "node-express", nil, api, other}, api, true, "The criteria differ: team, version 3 (sha256 00) then"},
		{"other criteria, another stack", Then{"python-flask", "python-flask", nil, api, other}, api, false, "it was Python with Flask"},
		{"an override that was taken knowingly", Then{"node-express", "python-flask", nil, api, embedded}, api, true, "taken knowingly against NodeJS with Express"},
		{"an override that is right now", Then{"node-express", "python-data", nil, api, embedded}, ml, true, "against the recommendation of that day and is recommended now"},
		{"an override against something else now", Then{"node-express", "python-django", nil, api, embedded}, ml, false, "does not hold"},
		{"the same hybrid", Then{"hybrid", "hybrid", nil, both, embedded}, both, true, "still recommended"},
		{"a hybrid of other parts", Then{"hybrid", "hybrid", nil, both, embedded}, recommend.Answers{"project_kind": {"rest_api"}, "data_work": {"core"}, "team_skills": {"javascript"}, "load_profile": {"many_connections"}}, false, "parts of the hybrid are now"},
		{"a conflict", Then{"node-express", "node-express", nil, api, embedded}, badly, false, "cannot hold together"},
		{"a close call", Then{"python-flask", "python-flask", nil, nil, embedded}, nil, true, "it is a close call"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.then.Taken == recommend.Hybrid {
				tt.then.Parts = []string{"node-realtime", "python-data"}
			}
			v := Revisited(tt.then, recommended(tt.now))
			if text := strings.Join(v.Text, "\n"); v.Holds != tt.ok || !strings.Contains(text, tt.says) {
				t.Errorf("holds %t, want %t; %q is wanted in\n%s", v.Holds, tt.ok, tt.says, text)
			}
		})
	}
}
