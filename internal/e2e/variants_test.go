//go:build unix

package e2e

import (
	"os"
	"strings"
	"testing"
)

// hostile are texts that break out of formats which are put together carelessly.
var hostile = []struct {
	name string
	args []string
}{
	{"quotes and template syntax", []string{
		"--set", `title=O'Neil's "best" \ service \n`,
		"--set", "description=${HOME} $(id) `id` %s {{ .Name }} {% raw %} #{x} </script> ''' \"\"\"",
		"--author", `O'Brien "Bob" \ ${x} {{y}} <bob@example.com>`,
	}},
	{"markup", []string{
		"--set", "title=<script>alert(1)</script> | **a** [b](c) # -- *",
		"--set", "description=- [ ] <!-- x --> : & * ! % @ | > ? [] {} , ~ null true 0x10 1e3",
		"--set", "license=none",
	}},
	{"long and far from ASCII", []string{
		"--set", "title=" + strings.Repeat("ü", 200),
		"--set", "description=" + strings.Repeat("🚀日", 100),
		"--author", "José 日本 🚀 <jose@example.com>",
	}},
}

// variants makes the same starter with other answers; all of them are green.
func variants(t *testing.T, p *project) {
	t.Run("example=none", func(t *testing.T) {
		q := p.sibling(t, made(t, p.kit, "--set", "example=none"))
		if _, err := os.Stat(q.path(q.example)); err == nil {
			t.Errorf("%s is there", q.example)
		}
		q.green(t)
		q.validOpenAPI(t)
		s := q.start(t)
		if a := s.get(t, "/items"); a.status != 404 {
			t.Errorf("/items answers %d", a.status)
		}
		s.stop(t)
	})
	t.Run("ci=none", func(t *testing.T) {
		q := p.sibling(t, made(t, p.kit, "--set", "ci=none"))
		if _, err := os.Stat(q.path(".github/workflows")); err == nil {
			t.Error("there is a workflow")
		}
		q.green(t)
	})
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			q := p.sibling(t, made(t, p.kit, h.args...))
			q.green(t)
			q.validOpenAPI(t)
			s := q.start(t)
			s.create(t, "tea")
			s.stop(t)
		})
	}
}
