package lockfile_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// environment holds the values of marker variables on one machine.
type environment map[string]string

// environments are the machines that the closure of a Python lock is checked on.
func environments() map[string]environment {
	all := map[string]environment{}
	for _, system := range []environment{
		{"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
		{"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
		{"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
	} {
		for _, version := range []string{"3.11", "3.13", "3.14"} {
			env := environment{
				"python_version": version, "python_full_version": version + ".2",
				"implementation_name": "cpython", "platform_python_implementation": "CPython",
			}
			for k, v := range system {
				env[k] = v
			}
			all[system["sys_platform"]+" "+version] = env
		}
	}
	return all
}

// evaluate says whether a marker of PEP 508 holds, reading the text from left
// to right; it fails the test on anything that is not one.
func (env environment) evaluate(tb testing.TB, marker string) bool {
	tb.Helper()
	if marker == "" {
		return true
	}
	p := &markerParser{env: env, tokens: markerToken.FindAllString(marker, -1)}
	if strings.Join(p.tokens, "") != strings.ReplaceAll(marker, " ", "") {
		tb.Fatalf("the marker %q has other signs than tokens: %q", marker, p.tokens)
	}
	holds := p.or()
	if p.err != nil || len(p.tokens) > 0 {
		tb.Fatalf("the marker %q: %v, left: %q", marker, p.err, p.tokens)
	}
	return holds
}

var markerToken = regexp.MustCompile(`'[^' ]*'|"[^" ]*"|[A-Za-z_]+|[<>=!~]=?=?|[()]`)

type markerParser struct {
	env    environment
	tokens []string
	err    error
}

// take removes the next token if it is one of those wanted; without any, it
// removes whatever comes.
func (p *markerParser) take(wanted ...string) string {
	if len(p.tokens) == 0 || len(wanted) > 0 && !slices.Contains(wanted, p.tokens[0]) {
		return ""
	}
	t := p.tokens[0]
	p.tokens = p.tokens[1:]
	return t
}

func (p *markerParser) or() bool {
	holds := p.and()
	for p.take("or") != "" {
		holds = p.and() || holds
	}
	return holds
}

func (p *markerParser) and() bool {
	holds := p.comparison()
	for p.take("and") != "" {
		holds = p.comparison() && holds
	}
	return holds
}

func (p *markerParser) comparison() bool {
	if p.take("(") != "" {
		holds := p.or()
		if p.take(")") == "" {
			p.err = fmt.Errorf("a bracket is not closed")
		}
		return holds
	}
	left, op, right := p.take(), p.take("<", "<=", ">", ">=", "==", "!="), p.take()
	a, known := p.env[left]
	b := strings.Trim(right, `'"`)
	if !known || op == "" || len(right) != len(b)+2 {
		p.err = fmt.Errorf("no comparison: %s %s %s", left, op, right)
		return false
	}
	order := strings.Compare(a, b)
	if strings.HasPrefix(left, "python_") {
		order = slices.Compare(release(a), release(b))
	}
	switch op {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "==":
		return order == 0
	}
	return order != 0
}

// release gives the numbers of a version without zeros at the end, as 3.13 is 3.13.0.
func release(version string) (numbers []int) {
	for part := range strings.SplitSeq(version, ".") {
		n, _ := strconv.Atoi(part)
		numbers = append(numbers, n)
	}
	for len(numbers) > 0 && numbers[len(numbers)-1] == 0 {
		numbers = numbers[:len(numbers)-1]
	}
	return numbers
}

func TestMarkerEvaluator(t *testing.T) {
	env := environments()["win32 3.13"]
	for marker, want := range map[string]bool{
		"":                            true,
		"sys_platform == 'win32'":     true,
		"python_full_version < '3.9'": false, // 3.13 is more than 3.9
		"python_version == '3.13.0'":  true,
		"os_name == 'nt' or os_name == 'nt' and os_name == 'x'":   true,
		"(os_name == 'nt' or os_name == 'nt') and os_name == 'x'": false,
	} {
		if got := env.evaluate(t, marker); got != want {
			t.Errorf("%s: %v", marker, got)
		}
	}
}
