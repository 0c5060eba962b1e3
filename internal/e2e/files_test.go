//go:build unix

package e2e

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func noSecrets(t *testing.T, p *project) {
	p.run(t, "git", "check-ignore", "--quiet", ".env")
	p.run(t, "git", "ls-files", "--error-unmatch", ".env.example")
	if out, err := p.try(t, "git", "grep", "-nE", "(SECRET|PASSWORD|TOKEN)=[^ $]{12,}"); err == nil {
		t.Errorf("this looks like a secret: %s", out)
	}
}

// action is a step that runs somebody else's code: pinned to a commit, with its
// version beside it.
var action = regexp.MustCompile(`uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)

func workflow(t *testing.T, p *project) {
	files, err := filepath.Glob(p.path(".github/workflows/*.yml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no workflow: %v", err)
	}
	calls := false
	for _, file := range files {
		text := read(t, file)
		var doc struct {
			Permissions map[string]string
			Jobs        map[string]struct {
				Timeout int `yaml:"timeout-minutes"`
				Steps   []struct{ Uses, Run string }
			}
		}
		if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if len(doc.Permissions) != 1 || doc.Permissions["contents"] != "read" {
			t.Errorf("%s: permissions are %v", file, doc.Permissions)
		}
		for name, job := range doc.Jobs {
			if job.Timeout == 0 || job.Timeout > 30 {
				t.Errorf("%s: job %s has a time-out of %d minutes", file, name, job.Timeout)
			}
			for _, step := range job.Steps {
				calls = calls || step.Run == "make ci"
			}
		}
		for line := range strings.Lines(text) {
			if strings.Contains(line, "uses:") && !action.MatchString(strings.TrimRight(line, "\n")) {
				t.Errorf("%s: not pinned to a commit: %s", file, line)
			}
		}
	}
	if !calls {
		t.Error("no job runs make ci")
	}
	q := p.clone(t)
	q.green(t)
	if out := q.run(t, "git", "status", "--porcelain"); out != "" {
		t.Errorf("make ci changes files:\n%s", out)
	}
}

// upkeepFiles are what people and bots look for first.
var upkeepFiles = []string{
	"LICENSE", "SECURITY.md", "AGENTS.md", "README.md", ".editorconfig", ".gitattributes", ".github/dependabot.yml",
	"docs/adr/README.md", "docs/adr/answers.yaml", ".stackinit.yaml", "openapi.json", "Makefile",
}

func upkeep(t *testing.T, p *project) {
	for _, name := range upkeepFiles {
		p.run(t, "git", "ls-files", "--error-unmatch", name)
	}
	if out := p.run(t, "git", "ls-files", "--eol"); regexp.MustCompile(`(?m)^[iw]/(crlf|mixed)|w/(crlf|mixed)`).MatchString(out) {
		t.Errorf("not all lines end in LF:\n%s", out)
	}
	var bot struct {
		Updates []struct{ Cooldown map[string]int }
	}
	if err := yaml.Unmarshal([]byte(read(t, p.path(".github/dependabot.yml"))), &bot); err != nil {
		t.Fatal(err)
	}
	for _, u := range bot.Updates {
		if u.Cooldown["default-days"] < 7 {
			t.Errorf("the update bot waits %d days", u.Cooldown["default-days"])
		}
	}
	if !p.npm() {
		tool(t, "cyclonedx-py")
	}
	var bom struct{ Components []any }
	if err := json.Unmarshal([]byte(p.stdout(t, p.sbom...)), &bom); err != nil || len(bom.Components) == 0 {
		t.Errorf("the list of what is in it has %d components: %v", len(bom.Components), err)
	}
	t.Logf("%d components at run time", len(bom.Components))
	t.Run("README", func(t *testing.T) { readme(t, p) })
}

// dockerfile is what item 27 reads off a Dockerfile: its last stage.
type dockerfile struct {
	images      []string   // from elsewhere
	stages      []string   // by name
	copies      [][]string // sources and, last, the target
	made        []string   // folders that an earlier stage built
	user        string
	command     []string
	env         []string
	healthcheck bool
}

func readDockerfile(t *testing.T, text string) (d dockerfile) {
	t.Helper()
	text = strings.ReplaceAll(text, "\\\n", "")
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		switch f[0] {
		case "FROM":
			if !slices.Contains(d.stages, f[1]) {
				d.images = append(d.images, f[1])
			}
			d = dockerfile{images: d.images, stages: append(d.stages, f[len(f)-1])}
		case "COPY":
			made, inStage := strings.CutPrefix(f[2], "/app/")
			switch {
			case !strings.HasPrefix(f[1], "--from"):
				d.copies = append(d.copies, f[1:])
			case inStage && made != "node_modules":
				d.made = append(d.made, made)
			}
		case "USER":
			d.user = f[1]
		case "ENV":
			d.env = append(d.env, f[1:]...)
		case "HEALTHCHECK":
			d.healthcheck = true
		case "CMD":
			if err := json.Unmarshal([]byte(strings.TrimPrefix(line, "CMD ")), &d.command); err != nil {
				t.Errorf("CMD is not in exec form: %s", line)
			}
		}
	}
	return d
}

// container checks the Dockerfile as far as that goes without an engine: the files
// that it copies, with what it installs, are put into a folder and started there.
func container(t *testing.T, p *project) {
	d := readDockerfile(t, read(t, p.path("Dockerfile")))
	for _, image := range d.images {
		if !regexp.MustCompile(`:\d+\.\d+(\.\d+)?(-[a-z0-9-]+)?(@sha256:\w+)?$`).MatchString(image) {
			t.Errorf("the image %s is not pinned to a release", image)
		}
	}
	if d.user == "" || d.user == "root" || d.user == "0" {
		t.Errorf("it runs as %q", d.user)
	}
	if !d.healthcheck {
		t.Error("no HEALTHCHECK")
	}
	if len(d.command) == 0 || slices.Contains([]string{"npm", "npx", "sh", "make", "uv"}, d.command[0]) {
		t.Fatalf("CMD %q would not pass signals on", d.command)
	}
	ignored := strings.Fields(regexp.MustCompile(`(?m)^#.*`).ReplaceAllString(read(t, p.path(".dockerignore")), ""))
	for _, name := range []string{".git", ".env"} {
		if !slices.Contains(ignored, name) {
			t.Errorf(".dockerignore lets %s into the image", name)
		}
	}

	q := p.unpacked(t)
	for _, args := range q.production {
		q.run(t, args...)
	}
	image := filepath.Join(t.TempDir(), "app")
	for _, args := range d.copies {
		target := args[len(args)-1]
		for _, source := range args[:len(args)-1] {
			copyInto(t, q.dir, source, filepath.Join(image, target), ignored)
		}
	}
	for _, folder := range append(d.made, q.packages) {
		if err := os.Rename(q.path(folder), filepath.Join(image, folder)); err != nil {
			t.Fatal(err)
		}
	}
	q.settle(image)
	for _, e := range d.env {
		if !strings.HasPrefix(e, "PATH=") { // names places of the image
			q.env = append(q.env, e)
		}
	}
	s := q.startOn(t, q.fresh(t), d.command, "HOST=127.0.0.1")
	s.works(t)
	s.stop(t)
}

// unpacked is a copy of what git has, with nothing installed.
func (p *project) unpacked(t *testing.T) *project {
	t.Helper()
	q := *p
	q.settle(filepath.Join(t.TempDir(), "orders"))
	p.run(t, "git", "clone", "--quiet", p.dir, q.dir)
	return &q
}

// copyInto copies a file or folder as COPY does, without what is ignored. The
// target of a folder is what becomes of its content.
func copyInto(t *testing.T, dir, source, target string, ignored []string) {
	t.Helper()
	for name, text := range tree(t, dir) {
		name = strings.TrimPrefix(name, "/")
		rest, inside := strings.CutPrefix(name, strings.Trim(source, "./")+"/")
		if strings.Trim(source, "/") == "." {
			rest, inside = name, true
		}
		if name == source {
			rest, inside = path.Base(name), true
		}
		mode, body, _ := strings.Cut(text, "\n")
		if !inside || mode[0] != '-' || isIgnored(name, ignored) {
			continue
		}
		file := filepath.Join(target, rest)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		write(t, file, body)
	}
}

// isIgnored tells whether a line of .dockerignore takes in this file or one of its
// folders. Only the forms that the starters use: names, *, **/ in front.
func isIgnored(name string, ignored []string) bool {
	for _, pattern := range ignored {
		base, anywhere := strings.CutPrefix(pattern, "**/")
		for at := name; at != "."; at = path.Dir(at) {
			whole, _ := path.Match(pattern, at)
			last, _ := path.Match(base, path.Base(at))
			if whole || anywhere && last {
				return true
			}
		}
	}
	return false
}
