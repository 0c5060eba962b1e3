package cli

import "github.com/stackinit/stackinit/internal/diag"

// exitCodes is the one table of exit codes; the help topic is made from it.
var exitCodes = []struct {
	kind diag.Kind
	code int
	text string
}{
	{diag.Bug, 1, "a bug in stackinit"},
	{diag.Usage, 2, "bad input or wrong usage"},
	{diag.InTheWay, 3, "something at the destination is in the way, or constraints conflict"},
	{diag.Refused, 4, "a template pack is refused or not trusted"},
	{diag.Environment, 5, "the environment: disk, permission, network, git, a missing tool, a broken output"},
	{diag.Findings, 6, "findings left to you: by verify, adr lint, adr revisit, criteria check, --fail-on"},
	{diag.Interrupted, 130, "interrupted (Ctrl-C, SIGINT)"},
	{diag.Terminated, 143, "terminated (SIGTERM)"},
}

func exitCode(kind diag.Kind) int {
	for _, e := range exitCodes {
		if e.kind == kind {
			return e.code
		}
	}
	return 1
}
