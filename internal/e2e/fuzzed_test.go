//go:build unix

package e2e

import (
	"regexp"
	"strconv"
	"testing"
)

var fuzzCases = regexp.MustCompile(`(\d+) generated, (\d+) passed`)

// fewestCases is how many requests a fuzzed service has to have answered in all.
const fewestCases = 1000

// fuzzed lets schemathesis send what OpenAPI allows and what it does not: the service
// answers as its document says, never with a 500, and refuses only what is refused there.
func fuzzed(t *testing.T, p *project) {
	s := p.start(t)
	s.fuzz(t, p.env)
	s.stop(t)
}

func (s *service) fuzz(t *testing.T, env []string) {
	t.Helper()
	tool(t, "schemathesis")
	cases := 0
	// The document has few operations, and a round ends when its examples are used up.
	for seed := 1; cases < fewestCases; seed++ {
		if seed > 10 {
			t.Fatalf("only %d cases", cases)
		}
		out := run(t, t.TempDir(), env, "schemathesis", "--no-color", "run", s.url+"/openapi.json", "--checks", "all",
			"--seed", strconv.Itoa(seed), "--max-examples", "200", "--no-shrink", "--warnings", "off")
		found := fuzzCases.FindStringSubmatch(out)
		if found == nil || found[1] != found[2] {
			t.Fatalf("not every case passed:\n%s", out)
		}
		n, err := strconv.Atoi(found[1])
		if err != nil {
			t.Fatal(err)
		}
		cases += n
	}
	t.Logf("%d cases", cases)
}
