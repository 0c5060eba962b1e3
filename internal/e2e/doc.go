// Package e2e holds nothing but tests: they build the program, make projects with
// it and use these as their owners would, from the install to the last signal.
// The checklist of checklist_test.go is what a starter promises.
//
// The tests take minutes and are skipped with -short. They run on Linux and
// macOS; what they need beyond Go they take from PATH, and from these variables
// where one machine has several versions:
//
//	STACKINIT_TEST_NODE24    the node of Node 24; else the one in PATH if it is 24 or 25
//	STACKINIT_TEST_NODE26    the node of Node 26; else the one in PATH if it is 26 or newer
//	STACKINIT_TEST_OLD_NODE  a node before 24, which has to be refused; else the one in PATH if it is
//
// From PATH come npm 11.16 or newer, python3 3.11 or newer with venv, uv, git, make,
// curl, unshare and ip (Linux), redis-server, openapi-spec-validator and cyclonedx-py,
// and PostgreSQL, also from where Debian puts it. A test that misses one of them skips
// and names it; with CI=true it fails. The script .ci/tools installs them all.
//
// Packages come from the registries that npm, pip and uv are set up for on the machine.
package e2e
