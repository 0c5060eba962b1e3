//go:build unix

package e2e

import (
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
)

func testsExist(t *testing.T, p *project) {
	t.Logf("%s tests", p.tests(t))
}

func testsNeedNothing(t *testing.T, p *project) {
	tool(t, "unshare")
	tool(t, "ip")
	_, err := p.try(t, "unshare", "-rn", "ip", "link", "set", "lo", "up")
	need(t, "the right to make a network namespace", err == nil)
	offline := append([]string{"unshare", "-rn", "sh", "-c", `ip link set lo up && exec "$@"`, "sh"}, p.test...)
	p.counted(t, p.run(t, offline...))
	testsTwiceAtOnce(t, p)
}

func testsTwiceAtOnce(t *testing.T, p *project) {
	var twice sync.WaitGroup
	for range 2 {
		twice.Go(func() {
			if out, err := p.try(t, p.test...); err != nil {
				t.Errorf("two runs at once: %v\n%s", err, out)
			}
		})
	}
	twice.Wait()
}

func coverageBites(t *testing.T, p *project) {
	q := p.clone(t)
	q.counted(t, q.run(t, q.coverage...))
	for _, name := range q.cutSuite {
		if err := os.Remove(q.path(name)); err != nil {
			t.Fatal(err)
		}
	}
	out := q.fails(t, q.coverage...)
	q.counted(t, out)
	if !regexp.MustCompile(`(?i)coverage.*(threshold|not reached)`).MatchString(out) {
		t.Errorf("it is not the coverage that fails:\n%s", out)
	}
}

func checksBite(t *testing.T, p *project) {
	for _, args := range p.checks {
		p.run(t, args...)
	}
	for _, fault := range [][2]string{p.typeFault, p.lintFault} {
		q := p.clone(t)
		write(t, q.path(fault[0]), read(t, q.path(fault[0]))+fault[1])
		caught := 0
		for _, args := range q.checks {
			if _, err := q.try(t, args...); err != nil {
				caught++
			}
		}
		if caught == 0 {
			t.Errorf("no check sees %q in %s", fault[1], fault[0])
		}
	}
}

func openapiIsTrue(t *testing.T, p *project) {
	s := p.start(t)
	if served, committed := s.get(t, "/openapi.json"), read(t, p.path("openapi.json")); !sameJSON(t, served.body, committed) {
		t.Errorf("the service serves another document than the committed one:\n%s", served.body)
	}
	s.stop(t)

	q := p.clone(t)
	q.run(t, q.openapi...)
	q.run(t, "git", "diff", "--exit-code", "openapi.json")
	q.validOpenAPI(t)
}

// validOpenAPI checks the committed document by the rules of OpenAPI 3.1.
func (p *project) validOpenAPI(t *testing.T) {
	t.Helper()
	tool(t, "openapi-spec-validator")
	if out := p.run(t, "openapi-spec-validator", "--schema", "3.1", "openapi.json"); !strings.Contains(out, "OK") {
		t.Error(out)
	}
}

// exampleCanGo deletes the example as the README says.
func exampleCanGo(t *testing.T, p *project) {
	q := p.clone(t)
	if err := os.RemoveAll(q.path(q.example)); err != nil {
		t.Fatal(err)
	}
	for _, file := range q.elsewhere {
		if err := os.Remove(q.path(file)); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range q.registered {
		q.edit(t, line[0], line[1], "")
	}
	q.run(t, q.openapi...)
	q.green(t)
	q.validOpenAPI(t)
	s := q.start(t)
	if a := s.get(t, p.resource.write); a.status != 404 {
		t.Errorf("%s still answers %d", p.resource.write, a.status)
	}
	s.stop(t)
}
