//go:build unix

package e2e

import (
	"os"
	"testing"
)

// hostile are texts that break out of formats which are put together carelessly,
// some kinds in each place; the plan's own tests try every kind in every place.
var hostile = []string{
	"--set", `title=O'Neil's "best" \ service \n <script>alert(1)</script> | **a** [b](c) # -- * üüüüüüüüüüüüüüüüüüüüüüüü`,
	"--set", "description=- [ ] <!-- x --> : & * ! % @ | > ? ${HOME} $(id) `id` %s {{ .Name }} {% raw %} #{x} ''' \"\"\" ~ null 0x10 1e3 🚀日",
	"--author", `José 日本 O'Brien "Bob" \ ${x} {{y}} <bob@example.com>`,
}

// variants makes the same starter with other answers; all of them are green.
func variants(t *testing.T, p *project) {
	t.Run("as little as can be", func(t *testing.T) {
		q := p.sibling(t, made(t, p.kit, "--set", "example=none", "--set", "ci=none", "--set", "license=none"))
		for _, gone := range []string{q.example, ".github"} {
			if _, err := os.Stat(q.path(gone)); err == nil {
				t.Errorf("%s is there", gone)
			}
		}
		q.green(t)
		q.validOpenAPI(t)
		s := q.start(t)
		if a := s.get(t, p.resource.write); a.status != 404 {
			t.Errorf("%s answers %d", p.resource.write, a.status)
		}
		s.stop(t)
	})
	t.Run("hostile texts", func(t *testing.T) {
		q := p.sibling(t, made(t, p.kit, hostile...))
		q.green(t)
		q.validOpenAPI(t)
		s := q.start(t)
		s.works(t)
		s.stop(t)
	})
}
