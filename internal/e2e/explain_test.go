//go:build unix

package e2e

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
)

// What explain writes for a pull request is Markdown that markdownlint has nothing
// to say about, with long lines and repeated headings allowed, as MADR allows them.
func TestExplainIsCleanMarkdown(t *testing.T) {
	tool(t, "markdownlint-cli2")
	dir := t.TempDir()
	write(t, filepath.Join(dir, ".markdownlint.json"), `{"default": true, "MD013": false, "MD024": false}`)
	for i, set := range [][]string{
		{"project_kind=rest_api", "load_profile=many_connections"}, // clear
		{"project_kind=rest_api", "load_profile=heavy_compute"},    // a close call
		{"priority=not_sure"}, // a tie
		{"project_kind=realtime_app", "data_work=core", "team_skills=both"},     // a hybrid
		{"project_kind=realtime_app", "already_fixed=team_only_python"},         // fixed
		{"project_kind=realtime_app", "live_updates=none"},                      // a contradiction
		{"already_fixed=team_only_javascript,team_only_python"},                 // a conflict
		{"project_kind=data_ml", "live_updates=core", "team_skills=javascript"}, // core needs
	} {
		args := []string{"explain", "--format", "markdown", "--full"}
		for _, s := range set {
			args = append(args, "--set", s)
		}
		out, err := exec.Command(program(t), args...).Output()
		if len(out) == 0 {
			t.Fatalf("%v: %v", set, err)
		}
		write(t, filepath.Join(dir, fmt.Sprintf("%d.md", i)), string(out))
	}
	run(t, dir, environment(t), "markdownlint-cli2", "*.md")
}
