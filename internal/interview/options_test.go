package interview

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stackinit/stackinit/internal/diag"
)

var testOptions = []Question{
	{Key: "database", Prompt: "Which database?", Default: []string{"sqlite"}, Options: []Option{{"sqlite", "SQLite"}, {"postgres", "PostgreSQL"}}},
	{Key: "auth", Prompt: "Log-in?", Default: []string{"none"}, Options: []Option{{"none", "None"}, {"tokens", "Tokens"}}},
	{Key: "redis", Prompt: "Redis?", Default: []string{"none"}, Options: []Option{{"none", "No"}, {"redis", "Yes"}}, When: map[string][]string{"auth": {"tokens"}}},
}

func TestAskOptions(t *testing.T) {
	for _, tt := range []struct {
		name    string
		stack   string
		answers map[string][]string
		given   Answers
		asked   string
		redis   string
	}{
		{"a stack without options", "python-flask", nil, Answers{}, "", ""},
		{"one Enter is enough", "node-express", nil, Answers{}, "extras", ""},
		{"what depends on an answer is left out", "node-express", map[string][]string{"extras": {"yes"}}, Answers{}, "extras database auth", ""},
		{"and asked where it fits", "node-express", map[string][]string{"extras": {"yes"}, "auth": {"tokens"}, "redis": {"redis"}}, Answers{}, "extras database auth redis", "redis"},
		{"what is given is not asked", "node-express", map[string][]string{"extras": {"yes"}},
			Answers{"database": {[]string{"postgres"}, FromFlag}, "auth": {[]string{"tokens"}, FromFlag}}, "extras redis", "none"},
		{"what is open cannot apply", "node-express", nil, Answers{"database": {[]string{"sqlite"}, FromFlag}, "auth": {[]string{"none"}, FromFlag}}, "", ""},
		{"what is open applies once another is answered", "node-express", nil, Answers{"database": {[]string{"sqlite"}, FromFlag}}, "extras", ""},
		{"nothing is open", "node-express", nil, Answers{"database": {[]string{"sqlite"}, FromFlag}, "auth": {[]string{"none"}, FromFlag},
			"redis": {[]string{"none"}, FromFlag}}, "", "none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			iv, s := newInterview(t, tt.answers)
			if err := iv.AskOptions(tt.stack, tt.given); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(s.asked, " "); got != tt.asked {
				t.Errorf("asked %q, want %q", got, tt.asked)
			}
			if got := tt.given.Text("redis"); got != tt.redis {
				t.Errorf("redis is %q, want %q", got, tt.redis)
			}
		})
	}
}

func TestAskOptionsEndsOnCtrlC(t *testing.T) {
	for _, at := range []string{"extras", "auth"} {
		iv, s := newInterview(t, map[string][]string{"extras": {"yes"}})
		s.breakAt = at
		var e *diag.Error
		if err := iv.AskOptions("node-express", Answers{}); !errors.As(err, &e) || e.Kind != diag.Interrupted {
			t.Errorf("at %s: %v", at, err)
		}
	}
}

func TestCheckOptions(t *testing.T) {
	iv, _ := newInterview(t, nil)
	flask := Question{Key: "database", Default: []string{"sqlite"}, Options: []Option{{"sqlite", "SQLite"}}}
	iv.Starters[1].Options = []Question{flask}
	for _, tt := range []struct {
		stack, set, want string
	}{
		{"node-express", "database=postgres", ""},
		{"node-express", "auth=tokens redis=redis", ""},
		{"node-express", "redis=none", ""},
		{"python-flask", "database=postgres", "no such choice"},
		{"python-flask", "auth=none", "python-flask has no option auth"},
		{"node-express", "redis=redis", "it needs auth=tokens"},
	} {
		answers := Answers{}
		for _, s := range strings.Fields(tt.set) {
			key, value, _ := strings.Cut(s, "=")
			answers[key] = Answer{[]string{value}, FromFlag}
		}
		err := iv.CheckOptions(tt.stack, answers)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s with %s: %v, want %q", tt.stack, tt.set, err, tt.want)
		}
	}
}

// The options of all stacks are one list for those who read a file before the
// stack is known.
func TestAllOptions(t *testing.T) {
	more := Question{Key: "auth", Options: []Option{{"none", ""}, {"sessions", ""}}}
	all := AllOptions([]Starter{{Stack: "a", Options: testOptions}, {Stack: "b", Options: []Question{more}}})
	if len(all) != 3 || !slices.Equal(all[1].choices(), []string{"none", "tokens", "sessions"}) || all[1].Help != "Of a, b." {
		t.Errorf("got %+v", all)
	}
	if len(testOptions[1].Options) != 2 {
		t.Error("the starter's own question grew")
	}
}
