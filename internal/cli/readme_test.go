package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

// teamExample is the team's criteria that docs/criteria.md shows.
func teamExample(t *testing.T) []byte {
	t.Helper()
	m := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindStringSubmatch(readText(t, "docs/criteria.md"))
	if m == nil {
		t.Fatal("docs/criteria.md has no example")
	}
	return []byte(m[1])
}

// Every command that the README shows is run, or is proven to exist where running
// it would take minutes.
func TestReadmeCommands(t *testing.T) {
	readme, makefile := readText(t, "README.md"), readText(t, "Makefile")
	work := filepath.Join(t.TempDir(), "clone")
	if err := os.MkdirAll(work, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(work, "answers.yaml"), []byte("project_kind: rest_api\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(work, "team.yaml"), teamExample(t), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(work, "examples", "packs"), os.DirFS(filepath.Join(root, "examples", "packs"))); err != nil {
		t.Fatal(err)
	}
	commands := 0
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(readme, -1) {
		for line := range strings.Lines(block[1]) {
			line, _, _ = strings.Cut(line, "  #")
			words := strings.Fields(line)
			commands++
			switch {
			case words[0] == "make":
				if !regexp.MustCompile(`(?m)^` + words[1] + `:`).MatchString(makefile) {
					t.Errorf("the Makefile has no target %q", words[1])
				}
			case strings.HasPrefix(line, "go install ./cmd/stackinit"):
			case strings.HasPrefix(line, "stackinit verify "):
				if out, err := exec.Command("sh", "-c", strings.TrimSpace(line)+" --help").CombinedOutput(); err != nil {
					t.Errorf("%s: %v\n%s", line, err, out)
				}
			default:
				line = strings.Replace(line, "go run ./cmd/stackinit", "stackinit", 1)
				cmd := exec.Command("sh", "-c", line)
				cmd.Dir = work
				if out, err := cmd.CombinedOutput(); err != nil || !strings.HasPrefix(line, "stackinit ") {
					t.Errorf("%s: %v\n%s", line, err, out)
				}
			}
		}
	}
	if commands < 7 {
		t.Errorf("only %d commands were found", commands)
	}
	for _, m := range regexp.MustCompile("`make ([a-z-]+)`").FindAllStringSubmatch(readme, -1) {
		if !regexp.MustCompile(`(?m)^` + m[1] + `:`).MatchString(makefile) {
			t.Errorf("the Makefile has no target %q", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(readme, -1) {
		if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
			t.Errorf("the README links to %s: %v", m[1], err)
		}
	}
}

// The table of options is what the layers ask.
func TestReadmeOptions(t *testing.T) {
	out, err := exec.Command("stackinit", "recommend", "--schema").Output()
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties map[string]struct {
			Description string
			OneOf       []struct{ Const string }
		}
	}
	if err := json.Unmarshal(out, &schema); err != nil {
		t.Fatal(err)
	}
	readme, options := readText(t, "README.md"), 0
	for key, p := range schema.Properties {
		stacks, isOption := strings.CutPrefix(p.Description, "Of ")
		if !isOption {
			continue
		}
		options++
		var choices []string
		for _, o := range p.OneOf {
			choices = append(choices, o.Const)
		}
		row := fmt.Sprintf("| `%s` | %s | %s |\n", key, strings.Join(choices, ", "), strings.TrimSuffix(stacks, "."))
		if !strings.Contains(readme, row) {
			t.Errorf("the README lacks the row\n%s", row)
		}
	}
	if options == 0 {
		t.Error("no option was found")
	}
}

// The tour shows what the program prints today.
func TestReadmeTour(t *testing.T) {
	out, err := exec.Command("stackinit", "recommend", "--set", "project_kind=rest_api", "--set", "live_updates=none", "--set", "load_profile=many_connections").Output()
	if err != nil {
		t.Fatal(err)
	}
	if readme := readText(t, "README.md"); !strings.Contains(readme, string(out)) {
		t.Errorf("the README's tour does not show this verdict:\n%s", out)
	}
}

// Every command that the topic for scripts shows works, one after the other.
func TestScriptsTopic(t *testing.T) {
	topic, err := exec.Command("stackinit", "help", "scripts").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir, commands := t.TempDir(), 0
	for _, m := range regexp.MustCompile(`(?m)^  (stackinit .*)$`).FindAllStringSubmatch(string(topic), -1) {
		cmd := exec.Command("sh", "-c", m[1])
		cmd.Dir = dir
		out, err := cmd.Output()
		if err != nil {
			t.Errorf("%s: %v\n%s", m[1], err, out)
		}
		if commands++; strings.HasSuffix(m[1], "--json") && !json.Valid(out) {
			t.Errorf("%s prints no JSON:\n%s", m[1], out)
		}
	}
	if commands < 7 {
		t.Errorf("only %d commands were found", commands)
	}
}

func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
