//go:build unix

package e2e

import (
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

var (
	shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```")
	inlineCode = regexp.MustCompile("`([a-z][^`]*)`")
	comment    = regexp.MustCompile(`(?m)^#.*\n|\s+#.*$`)
	runnable   = regexp.MustCompile(`^(npm test -- |pytest [^-]|ruff |mypy |alembic |python -m app openapi|python -m ml)`)
	serves     = regexp.MustCompile(`[ /](dev|start|src/main\.ts|-m app( --reload)?)$`)
	defaults   = regexp.MustCompile(`127\.0\.0\.1:\d+`)
)

// readme does what README.md and AGENTS.md tell people to type: what is in blocks
// is run in a fresh clone, what is named in the text is there.
func readme(t *testing.T, p *project) {
	q := p.unpacked(t)
	for _, name := range []string{"README.md", "AGENTS.md"} {
		text := read(t, q.path(name))
		blocks := shellBlock.FindAllStringSubmatch(text, -1)
		if len(blocks) == 0 {
			t.Errorf("%s shows no command", name)
		}
		for _, block := range blocks {
			q.block(t, comment.ReplaceAllString(block[1], ""))
		}
		for _, code := range inlineCode.FindAllStringSubmatch(shellBlock.ReplaceAllString(text, ""), -1) {
			q.named(t, name, code[1])
		}
	}
}

// block runs the lines of one block in one shell, as somebody who copies it does,
// and asks a service that it starts what the README asks it.
func (p *project) block(t *testing.T, text string) {
	t.Helper()
	var script []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch word, _, _ := strings.Cut(line, " "); {
		case line == "":
		case word == "docker": // no engine here: item 27 tries what the Dockerfile says
		case word == "curl":
			p.curl(t, line)
		case serves.MatchString(line):
			script = append(script, "exec "+strings.TrimPrefix(line, "exec "))
			p.serving(t, script, func(*service) {})
		default:
			script = append(script, line)
		}
	}
	if len(script) > 0 && !strings.HasPrefix(script[len(script)-1], "exec ") {
		out := p.run(t, "sh", "-ec", strings.Join(script, "\n"))
		t.Logf("done: %s (%d lines of output)", strings.Join(script, "; "), strings.Count(out, "\n"))
	}
	// The next block begins with what was committed, and what was installed.
	p.run(t, "git", "checkout", "--quiet", ".")
	p.run(t, "git", "clean", "--quiet", "-fd")
}

// serving runs a script that ends in a service, and ends it by Ctrl-C.
func (p *project) serving(t *testing.T, script []string, during func(*service)) {
	t.Helper()
	port := freePort(t)
	s := p.launch(t, "", []string{"sh", "-ec", strings.Join(script, "\n")}, "PORT="+port)
	s.port, s.url = port, "http://127.0.0.1:"+port
	within(t, 5*time.Minute, s, "answer", func() bool { // the script may install first
		select {
		case <-s.exited:
			t.Fatalf("%s ends:\n%s", script, s.log)
		default:
		}
		a, err := s.ask("GET", "/health/ready", "")
		return err == nil && a.status == 200
	})
	during(s)
	if err := syscall.Kill(-s.cmd.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	s.wait(t)
	s.gone(t)
	t.Logf("served: %s", strings.Join(script, "; "))
}

func (p *project) curl(t *testing.T, line string) {
	t.Helper()
	tool(t, "curl")
	p.serving(t, []string{"exec " + strings.Join(p.serve, " ")}, func(s *service) {
		if !defaults.MatchString(line) {
			t.Errorf("not asked of this machine: %s", line)
			return
		}
		out := p.run(t, "sh", "-ec", defaults.ReplaceAllString(line, "127.0.0.1:"+s.port))
		if !regexp.MustCompile(`(?m)^HTTP/1\.1 20\d`).MatchString(out) {
			t.Errorf("%s gives:\n%s", line, out)
		}
	})
}

// named checks that a command or file named in the text exists; where that cannot
// be read off a file, the command is run.
func (p *project) named(t *testing.T, file, code string) {
	t.Helper()
	words := strings.Fields(code)
	switch {
	case runnable.MatchString(code):
		p.run(t, "sh", "-ec", code)
	case words[0] == "npm" && len(words) > 2 && words[1] == "run", words[0] == "npm" && len(words) == 2 && (words[1] == "test" || words[1] == "start"):
		script := words[len(words)-1]
		if words[1] == "run" {
			script = words[2]
		}
		if !strings.Contains(read(t, p.path("package.json")), `"`+script+`": "`) {
			t.Errorf("%s names %s, which package.json does not have", file, code)
		}
	case words[0] == "make" && len(words) > 1:
		p.run(t, "make", "--dry-run", words[1])
	case strings.HasPrefix(code, "src/"), strings.HasPrefix(code, "app/"), strings.HasPrefix(code, "ml/"), strings.HasPrefix(code, "data/"), strings.HasPrefix(code, "docs/"), strings.HasPrefix(code, "scripts/"):
		if _, err := os.Stat(p.path(code)); err != nil {
			t.Errorf("%s names %s, which is not there", file, code)
		}
	}
}
