//go:build unix

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// nodeFullstack is nodeExpress with pages.
var nodeFullstack = func() *kit {
	k := *nodeExpress
	k.stack = "node-fullstack"
	k.build = []string{"npm", "run", "build"}
	k.elsewhere = []string{"web/items.ts"}
	k.registered = append(k.registered[:1:1],
		[2]string{"web/main.ts", "import { showItems } from \"./items.ts\";\n"},
		[2]string{"web/main.ts", "showItems();\n"},
	)
	k.cutSuite = []string{"src/app.test.ts", "src/http/pages.test.ts", "src/items/items.test.ts"}
	k.production = [][]string{{"npm", "ci", "--prefer-offline"}, {"npm", "run", "build"}, {"npm", "prune", "--omit=dev"}}
	return &k
}()

// nodeFullstackReact has pages made with React.
var nodeFullstackReact = func() *kit {
	k := *nodeFullstack
	k.options = []string{"--set", "frontend_kit=react"}
	k.elsewhere = []string{"web/items.tsx"}
	k.registered = append(k.registered[:1:1],
		[2]string{"web/app.tsx", "import { Items } from \"./items.tsx\";\n"},
		[2]string{"web/app.tsx", "\n        <Items />\n      "},
	)
	return &k
}()

// page is the script of a kit's page.
func (k *kit) page() string {
	if slices.Contains(k.options, "frontend_kit=react") {
		return "main.tsx"
	}
	return "main.ts"
}

func TestNodeFullstack(t *testing.T) {
	slow(t)
	tool(t, "npm")
	t.Parallel()
	t.Run("node24", func(t *testing.T) {
		m := onNode(t, 24)
		t.Parallel()
		p := installed(t, nodeFullstack, m)
		t.Run("a person uses the page", func(t *testing.T) { usePage(t, p, p.serve...) })
		t.Run("a person uses the page in development", func(t *testing.T) { usePage(t, p, "node", "src/main.ts", "--dev") })
		t.Run("development", func(t *testing.T) { develop(t, p) })
		t.Run("types of pages", func(t *testing.T) { pageTypes(t, p) })
		everything(t, p)
	})
	t.Run("node26", func(t *testing.T) {
		m := onNode(t, 26)
		t.Parallel()
		p := installed(t, nodeFullstack, m)
		t.Run("development", func(t *testing.T) { develop(t, p) })
		promises(t, p, false)
	})
	t.Run("react", func(t *testing.T) {
		m := onNode(t, 24)
		t.Parallel()
		p := installed(t, nodeFullstackReact, m)
		t.Run("a person uses the page", func(t *testing.T) { usePage(t, p, p.serve...) })
		t.Run("a person uses the page in development", func(t *testing.T) { usePage(t, p, "node", "src/main.ts", "--dev") })
		t.Run("development", func(t *testing.T) { develop(t, p) })
		t.Run("types of pages", func(t *testing.T) { pageTypes(t, p) })
		t.Run("no other kit", func(t *testing.T) { onlyReact(t, p) })
		promises(t, p, true)
		t.Run("example=none", func(t *testing.T) { p.sibling(t, made(t, p.kit, "--set", "example=none")).green(t) })
	})
}

// onlyReact shows that neither kit leaves a trace in a project with the other.
func onlyReact(t *testing.T, p *project) {
	plain := made(t, nodeFullstack)
	for name, text := range tree(t, plain) {
		if strings.Contains(strings.ToLower(text), "react") {
			t.Errorf("%s of the plain pages speaks of React", name)
		}
	}
	for name := range tree(t, filepath.Join(plain, "web")) {
		if _, err := os.Stat(p.path("web" + name)); err == nil && strings.HasSuffix(name, ".ts") && name != "/api.ts" {
			t.Errorf("web%s of the plain pages is there beside React", name)
		}
	}
}

// usePage lets a browser look at the list and add to it: what the service itself
// serves, under its content security policy, on a narrow screen.
func usePage(t *testing.T, p *project, serve ...string) {
	tool(t, "chromium")
	s := p.startOn(t, p.fresh(t), serve)
	arguments := []string{"chromium", s.url}
	if p.logsIn() {
		s.create(t, "tea", s.register(t))
		arguments = append(arguments, "ada", passphrase)
	} else {
		s.create(t, "tea")
	}
	script, err := filepath.Abs("testdata/page.mjs")
	if err != nil {
		t.Fatal(err)
	}
	var seen struct {
		Before, After []string
		Title, Health string
		Cookie        string
		Width         int
		Colour        string
		Complaints    []string
	}
	out := p.stdout(t, append([]string{"node", script}, arguments...)...)
	if err := json.Unmarshal([]byte(out), &seen); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	s.stop(t)
	if len(seen.Before) != 1 || !strings.HasPrefix(seen.Before[0], "tea") {
		t.Errorf("the list shows %q", seen.Before)
	}
	if len(seen.After) != 2 || !strings.HasPrefix(seen.After[1], "<b>rice</b>") {
		t.Errorf("after one was added the list shows %q", seen.After)
	}
	if seen.Title != "Orders" || seen.Health != "ok" || seen.Width != 320 {
		t.Errorf("the page is not as it should be: %+v", seen)
	}
	if seen.Cookie != "" {
		t.Errorf("scripts see the cookie %s", seen.Cookie)
	}
	if seen.Colour != "rgb(11, 110, 79)" {
		t.Errorf("the styles do not apply: a button is %s", seen.Colour)
	}
	if d := cmp.Diff([]string{}, seen.Complaints); d != "" {
		t.Errorf("the browser complains: %s", d)
	}
}

// develop runs the pages from their sources and ends all by one signal.
func develop(t *testing.T, p *project) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		s := p.startOn(t, p.fresh(t), []string{"node", "--watch", "src/main.ts", "--dev"})
		if a := s.get(t, "/", "Accept: text/html"); a.status != 200 || !strings.Contains(a.body, `src="/`+p.page()+`"`) {
			t.Errorf("the page is not the one in web/: %d %s", a.status, a.body)
		}
		// Vite's client reconnects after a restart from a worker that it makes itself.
		if policy := s.get(t, "/", "Accept: text/html").header.Get("Content-Security-Policy"); !strings.Contains(policy, "worker-src 'self' blob:") {
			t.Errorf("the page could not follow restarts of the service: %s", policy)
		}
		if a := s.get(t, "/"+p.page()); a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/javascript") {
			t.Errorf("/%s: %d %s", p.page(), a.status, a.header.Get("Content-Type"))
		}
		isProblem(t, "a path that does not exist", s.get(t, "/nope"), 404)
		pid := s.cmd.Process.Pid
		if sig == syscall.SIGINT {
			pid = -pid // as a terminal sends it: to the whole group
		}
		if err := syscall.Kill(pid, sig); err != nil {
			t.Fatal(err)
		}
		s.wait(t)
		s.gone(t)
	}
	q := p.clone(t)
	q.run(t, "rm", "-r", "dist")
	if out := q.fails(t, "node", "src/main.ts"); !regexp.MustCompile("^There are no pages in .*npm run build.*\n$").MatchString(out) {
		t.Errorf("without a build: %s", out)
	}
}

// pageTypes shows that the checks see the browser's types in web/ and only there,
// and the API's types in both.
func pageTypes(t *testing.T, p *project) {
	for _, fault := range [][3]string{
		{"src/config.ts", "\nexport const wrong = document.title;\n", "document"},
		{"web/" + p.page(), "\nexport const wrong = process.env;\n", "process"},
		{p.elsewhere[0], "\nexport const wrong: NewItem = { name: 1, quantity: 1 };\n", "number"},
	} {
		q := p.clone(t)
		write(t, q.path(fault[0]), read(t, q.path(fault[0]))+fault[1])
		if out := q.fails(t, "npm", "run", "check"); !strings.Contains(out, fault[0]) || !strings.Contains(out, fault[2]) {
			t.Errorf("%s: %s", fault[0], out)
		}
	}
}
