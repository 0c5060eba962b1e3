//go:build unix

package e2e

import (
	"strings"
	"testing"
)

// item is one promise that every starter makes.
type item struct {
	name string
	try  func(t *testing.T, p *project)
	once bool // where the project's own tests pass, it depends neither on the runtime's version nor on the installer
}

// checklist is what a first-class starter has to do, by the numbers of the
// project's checklist. Not here are 19 and 23 (django_test.go: secrets and log-ins) and 26
// (overhead, measured when a starter changes). That a record renders the same files again,
// which is half of 30, is tested with the examples.
var checklist = []item{
	{"01 same answers, same bytes", sameBytes, true},
	{"02 nothing of the template is left", noResidue, true},
	{"03 clean install from the lock changes nothing", installChangesNothing, false},
	{"04 lock holds every platform's binaries", lockIsWhole, true},
	{"05 no dependency runs code at install", noInstallScripts, true},
	{"06 first answer after an install with empty caches", firstAnswer, false},
	{"07 wrong runtime is refused in one sentence", wrongRuntime, true},
	{"08 tests are green and exist", testsExist, false},
	{"09 tests need no network, no server, no fixed port", testsNeedNothing, true},
	{"10 coverage limits bite", coverageBites, true},
	{"11 types and lint are clean, and can fail", checksBite, true},
	{"12 OpenAPI is valid and the committed one", openapiIsTrue, true},
	{"12 the service is what OpenAPI says", fuzzed, true},
	{"13 errors are RFC 9457 documents", errorsAreProblems, true},
	{"14 request ids go round, logs are JSON without headers", requestIDs, true},
	{"15 live and ready differ", liveAndReady, true},
	{"16 SIGTERM drains, a second signal ends at once", drains, false},
	{"17 nothing is orphaned", noOrphans, true},
	{"18 bad settings stop the start, all named; so does a taken port", refusesToStart, true},
	{"20 secrets stay out of git", noSecrets, true},
	{"21 security headers and CORS", headers, true},
	{"22 body limit", bodyLimit, true},
	{"24 migrations run once, data outlive a restart", dataStay, true},
	{"25 the example can go", exampleCanGo, true},
	{"27 container, as far as its files tell", container, true},
	{"28 the workflow is safe and runs what a person runs", workflow, true},
	{"29 upkeep files and the README's commands", upkeep, true},
	{"30 stackinit verify is green, and finds what is not", verifies, true},
}

// promises tries the checklist on a project of a kit, or only what depends on the
// machine where another machine tries all of it.
func promises(t *testing.T, p *project, all bool) {
	for _, i := range checklist {
		number, _, _ := strings.Cut(i.name, " ")
		switch {
		case i.once && !all:
		case p.none[number] != "":
			t.Logf("%s: does not apply: %s", i.name, p.none[number])
		case p.instead[number] != nil:
			t.Run(i.name, func(t *testing.T) { p.instead[number](t, p) })
		default:
			t.Run(i.name, func(t *testing.T) { i.try(t, p) })
		}
	}
}

// everything tries the checklist and the variants, side by side.
func everything(t *testing.T, p *project) {
	t.Run("checklist", func(t *testing.T) {
		t.Parallel()
		promises(t, p, true)
	})
	t.Run("variants", func(t *testing.T) {
		t.Parallel()
		variants(t, p)
	})
}

func TestNodeExpress(t *testing.T) {
	slow(t)
	tool(t, "npm")
	t.Parallel()
	t.Run("node24", func(t *testing.T) {
		m := onNode(t, 24)
		t.Parallel()
		everything(t, installed(t, nodeExpress, m))
	})
	t.Run("node26", func(t *testing.T) {
		m := onNode(t, 26)
		t.Parallel()
		promises(t, installed(t, nodeExpress, m), false)
	})
}

func TestNodeRealtime(t *testing.T) {
	slow(t)
	tool(t, "npm")
	t.Parallel()
	t.Run("node24", func(t *testing.T) {
		m := onNode(t, 24)
		t.Parallel()
		p := installed(t, nodeRealtime, m)
		live(t, p)
		everything(t, p)
	})
	t.Run("node26", func(t *testing.T) {
		m := onNode(t, 26)
		t.Parallel()
		p := installed(t, nodeRealtime, m)
		live(t, p)
		promises(t, p, false)
	})
}

func TestPythonFlask(t *testing.T) {
	slow(t)
	t.Parallel()
	t.Run("pip", func(t *testing.T) {
		m := withPip(t)
		t.Parallel()
		everything(t, installed(t, pythonFlask, m))
	})
	t.Run("uv", func(t *testing.T) {
		m := withUv(t)
		t.Parallel()
		promises(t, installed(t, pythonFlask, m), false)
	})
}

func TestPythonDjango(t *testing.T) {
	slow(t)
	t.Run("pip", func(t *testing.T) {
		m := withPip(t)
		t.Parallel()
		p := installed(t, pythonDjango, m)
		everything(t, p)
		t.Run("19 production refuses a missing, short or example secret", func(t *testing.T) { secretRefused(t, p) })
		t.Run("23 the limit of log-ins cannot be dodged", func(t *testing.T) { guessing(t, p, logIn) })
		t.Run("fit for production by Django's own check", func(t *testing.T) { deployable(t, p) })
	})
	t.Run("uv", func(t *testing.T) {
		m := withUv(t)
		t.Parallel()
		promises(t, installed(t, pythonDjango, m), false)
	})
}
