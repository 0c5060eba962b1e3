package cli

import "github.com/stackinit/stackinit/internal/diag"

// exitCodes is the one table of exit codes; the help topic is made from it.
var exitCodes = []struct {
	kind diag.Kind
	code int
	name string // in JSON
	text string
}{
	{diag.Bug, 1, "bug", "a bug in stackinit"},
	{diag.Usage, 2, "usage", "bad input or wrong usage"},
	{diag.InTheWay, 3, "in_the_way", "something at the destination is in the way, or constraints conflict"},
	{diag.Refused, 4, "refused", "a template pack or a plan is refused or not trusted"},
	{diag.Environment, 5, "environment", "the environment: disk, permission, network, git, a missing tool, a broken output"},
	{diag.Findings, 6, "findings", "findings left to you: by verify, adr lint, adr revisit, criteria check, --fail-on"},
	{diag.Interrupted, 130, "interrupted", "interrupted (Ctrl-C, SIGINT)"},
	{diag.Terminated, 143, "terminated", "terminated (SIGTERM)"},
}

func exitCode(kind diag.Kind) int {
	code, _ := exitOf(kind)
	return code
}

// exitOf gives the code and the name of a kind.
func exitOf(kind diag.Kind) (code int, name string) {
	for _, e := range exitCodes {
		if e.kind == kind {
			return e.code, e.name
		}
	}
	return exitCodes[0].code, exitCodes[0].name
}
