//go:build unix

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/stackinit/stackinit/internal/testterm"
)

// records are a project's decision records, and how they have to be read.
type records struct {
	dir    string
	status []string // of each record
}

// recordRows are rows of the criteria's conformance table, so chosen that every runtime
// comes up, recommended clearly or closely, accepted, proposed, and taken instead.
var recordRows = []struct {
	id       string
	terminal bool   // a person accepts it
	database bool   // and chooses the database
	stack    string // taken instead
	records  int
}{
	{id: "C01", terminal: true, database: true, records: 3},
	{id: "C04", records: 3},
	{id: "C05", terminal: true, records: 2},
	{id: "C13", terminal: true, database: true, records: 3},
	{id: "C14", records: 3},
	{id: "C18", terminal: true, records: 3}, // a hybrid is not asked for a database
	{id: "C21", records: 3},
	{id: "C22", records: 3},
	{id: "C09", records: 3, stack: "python-flask"},
	{id: "C12", records: 3, stack: "node-fullstack"},
}

// Records are for people, and other people have other programs to read them with.
func TestRecordsHaveReaders(t *testing.T) {
	slow(t)
	tool(t, "node")
	answers := publicAnswers(t)
	for form, reader := range map[string]func(*testing.T, records){"madr": readByLog4brains, "nygard": readByADRTools} {
		t.Run(form, func(t *testing.T) {
			for _, row := range recordRows {
				t.Run(row.id, func(t *testing.T) {
					l := records{dir: filepath.Join(t.TempDir(), "orders"), status: []string{"proposed", "proposed", "proposed"}[:row.records]}
					args := []string{program(t), "new", "orders", "--dir", filepath.Dir(l.dir), "--answers", answers[row.id], "--set", "adr_format=" + form}
					if row.stack != "" {
						args = append(args, "--stack", row.stack, "--reason", "the *platform* team | runs it")
					}
					if row.terminal {
						accept(t, args)
						l.status[0], l.status[1] = "accepted", "accepted"
					} else {
						run(t, "", recordDay(t), args...)
					}
					if row.database {
						l.status[2] = "accepted"
					}
					lintMarkdown(t, l.dir)
					reader(t, l)
				})
			}
		})
	}
}

// publicAnswers are the answers of all rows as files, in which nothing is left to ask.
func publicAnswers(t *testing.T) map[string]string {
	t.Helper()
	var table struct {
		Cases []struct {
			ID      string
			Answers map[string]any
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, "../recommend/public_cases.yaml")), &table); err != nil {
		t.Fatal(err)
	}
	files, dir := map[string]string{}, t.TempDir()
	for _, c := range table.Cases {
		all := map[string]any{
			"project_kind": "not_sure", "already_fixed": []string{}, "live_updates": "not_sure", "data_work": "not_sure", "team_skills": "not_sure",
			"frontend": "not_sure", "load_profile": "not_sure", "priority": "not_sure",
			"title": "Orders", "description": "", "author": "Ada Lovelace <ada@example.com>", "license": "MIT", "ci": "none", "example": "none",
		}
		for k, v := range c.Answers {
			all[k] = v
		}
		text, err := yaml.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		files[c.ID] = filepath.Join(dir, c.ID+".yaml")
		write(t, files[c.ID], string(text))
	}
	return files
}

// recordDay is the environment of a person on 2026-11-23.
func recordDay(t *testing.T) []string { return append(home(t, ada), "SOURCE_DATE_EPOCH=1795392000") }

// accept takes what is recommended, in a terminal, and the default of each option,
// which counts as chosen.
func accept(t *testing.T, args []string) {
	t.Helper()
	cmd := exec.Command(args[0], append(args[1:], "--plain")...)
	cmd.Env = append(recordDay(t), "TERM=xterm")
	term := testterm.Start(t, cmd, 80, 50)
	term.Expect("What now?")
	term.Type("1" + testterm.Enter)
	term.Expect("Anything to add?")
	term.Type("2" + strings.Repeat(testterm.Enter, 10))
	term.Expect("Next:")
	if code := term.Wait(); code != 0 {
		t.Fatalf("exit code %d\n%s", code, strings.Join(term.Screen(), "\n"))
	}
}

// lintMarkdown holds all records and their index against markdownlint's rules with
// the settings of MADR's own repository: long lines and repeated headings are fine.
func lintMarkdown(t *testing.T, dir string) {
	t.Helper()
	tool(t, "markdownlint-cli2")
	config := filepath.Join(t.TempDir(), ".markdownlint.json")
	write(t, config, `{"default": true, "MD013": false, "MD024": false}`)
	run(t, dir, environment(t), "markdownlint-cli2", "--config", config, "docs/adr/*.md")
}

// titles are those of the records, and names their files without extension.
func (l records) titles(t *testing.T) (titles, names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(l.dir, "docs/adr/0*.md"))
	if err != nil || len(files) != len(l.status) {
		t.Fatalf("records %q, %v; want %d", files, err, len(l.status))
	}
	for _, f := range files {
		titles = append(titles, regexp.MustCompile(`(?m)^# (.+)$`).FindStringSubmatch(read(t, f))[1])
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".md"))
	}
	return titles, names
}

// readByLog4brains asks log4brains for title, status, date and deciders of every
// record, and whether it knows the records that one links to.
func readByLog4brains(t *testing.T, l records) {
	modules := os.Getenv("STACKINIT_TEST_LOG4BRAINS")
	need(t, "@log4brains/core, by STACKINIT_TEST_LOG4BRAINS", modules != "")
	write(t, filepath.Join(l.dir, ".log4brains.yml"), "project:\n  name: Orders\n  tz: Etc/UTC\n  adrFolder: ./docs/adr\n")
	script, err := filepath.Abs("testdata/log4brains.cjs")
	if err != nil {
		t.Fatal(err)
	}
	var shown []struct {
		Slug, Title, Status, Published, Text string
		Deciders                             []string
	}
	if err := json.Unmarshal([]byte(run(t, l.dir, environment(t, "NODE_PATH="+modules), "node", script)), &shown); err != nil {
		t.Fatal(err)
	}
	titles, names := l.titles(t)
	if len(shown) != len(names) {
		t.Fatalf("%d records are shown, want %d", len(shown), len(names))
	}
	for i, s := range shown {
		got := []string{s.Slug, s.Title, s.Status, fmt.Sprintf("%.10s", s.Published), strings.Join(s.Deciders, ", ")}
		if want := []string{names[i], titles[i], l.status[i], "2026-11-23", "Ada Lovelace"}; !slices.Equal(got, want) {
			t.Errorf("shown %q, want %q", got, want)
		}
		links := strings.Count(read(t, filepath.Join(l.dir, "docs/adr", names[i]+".md")), ".md)")
		if known := strings.Count(s.Text, "<AdrLink slug="); links == 0 || known != links {
			t.Errorf("%s has %d links to records, of which log4brains knows %d", s.Slug, links, known)
		}
	}
}

// readByADRTools lets adr-tools list the records, add one and supersede one.
func readByADRTools(t *testing.T, l records) {
	tool(t, "adr")
	env := environment(t, "VISUAL=true", "ADR_DATE=2026-12-24")
	titles, names := l.titles(t)
	toc := run(t, l.dir, env, "adr", "generate", "toc")
	for i, name := range names {
		if line := fmt.Sprintf("* [%s](%s.md)\n", titles[i], name); !strings.Contains(toc, line) || !strings.HasPrefix(titles[i], fmt.Sprintf("%d. ", i+1)) {
			t.Errorf("the table of contents lacks %q:\n%s", line, toc)
		}
	}
	added := strings.TrimSpace(run(t, l.dir, env, "adr", "new", "-s", "2", "Write", "it", "by", "hand"))
	number := len(names) + 1
	if want := fmt.Sprintf("docs/adr/%04d-write-it-by-hand.md", number); added != want {
		t.Fatalf("adr new made %s, want %s", added, want)
	}
	list := strings.Fields(run(t, l.dir, env, "adr", "list"))
	if len(list) != number || list[number-1] != added || filepath.Base(list[0]) != names[0]+".md" {
		t.Errorf("adr list gives %q", list)
	}
	old := section(t, read(t, filepath.Join(l.dir, "docs/adr", names[1]+".md")), "Status")
	link := fmt.Sprintf("Superseded by [%d. Write it by hand](%s)", number, filepath.Base(added))
	if !strings.Contains(old, link) || strings.Contains(old, "Accepted") {
		t.Errorf("the status of the superseded record is %q, want %q in it", old, link)
	}
	if new := section(t, read(t, filepath.Join(l.dir, added)), "Status"); !strings.Contains(new, fmt.Sprintf("Supersedes [%s](%s.md)", titles[1], names[1])) {
		t.Errorf("the status of the new record is %q", new)
	}
	run(t, l.dir, environment(t), "git", "diff", "--exit-code", "--", "docs/adr/"+names[0]+".md")
}

// section is the text below a heading of the second level.
func section(t *testing.T, page, heading string) string {
	t.Helper()
	_, after, ok := strings.Cut(page, "\n## "+heading+"\n")
	if !ok {
		t.Fatalf("no section %s:\n%s", heading, page)
	}
	text, _, _ := strings.Cut(after, "\n## ")
	return text
}
