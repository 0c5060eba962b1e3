//go:build unix

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// refusal is a request that is refused, and how.
type refusal struct {
	what, method, path, body string
	headers                  []string
	status                   int
	faults                   string // "in field" of every fault, in order
}

// everywhere are refusals that do not depend on what the path is for.
func everywhere(path string) []refusal {
	return []refusal{
		{"a path that does not exist", "GET", "/nope", "", nil, 404, ""},
		{"a method that the path does not have", "PUT", path, "", nil, 405, ""},
		{"broken JSON", "POST", path, `{"name": `, nil, 400, ""},
		{"another type than JSON", "POST", path, "<a/>", []string{"Content-Type: text/xml"}, 415, ""},
	}
}

func errorsAreProblems(t *testing.T, p *project) {
	s := p.start(t)
	for _, w := range append(everywhere(p.resource.write), p.resource.refused...) {
		a := s.do(t, w.method, w.path, w.body, w.headers...)
		isProblem(t, w.what, a, w.status)
		if got := faults(t, a); !matches(got, w.faults) {
			t.Errorf("%s: faults %q, want %q in %s", w.what, got, w.faults, a.body)
		}
		if w.status == 405 && !strings.Contains(a.header.Get("Allow"), "POST") {
			t.Errorf("%s: Allow is %q", w.what, a.header.Get("Allow"))
		}
	}
	s.stop(t)
	p.ownFault(t, p)
}

// tableGone is a fault of a service's own.
func tableGone(t *testing.T, p *project) {
	s := p.start(t)
	p.query(t, s.database, "DROP TABLE items")
	s.hides(t, s.get(t, "/items"), `no such table|relation \S+ does not exist`)
	s.stop(t)
}

// hides checks that the reason of a fault is in the log and not in the answer.
func (s *service) hides(t *testing.T, a answer, reason string) {
	t.Helper()
	isProblem(t, "a fault of the service", a, 500)
	if regexp.MustCompile(`(?i)at .*\.ts:|traceback|sqlite|` + reason).MatchString(a.body) {
		t.Errorf("the answer tells about the inside: %s", a.body)
	}
	// The line is written after the answer.
	eventually(t, s, "log the reason", func() bool { return regexp.MustCompile(reason).MatchString(s.log.String()) })
}

func isProblem(t *testing.T, what string, a answer, status int) {
	t.Helper()
	if a.status != status || !strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json") {
		t.Errorf("%s: %d %s, want %d and a problem document", what, a.status, a.header.Get("Content-Type"), status)
		return
	}
	if a.json(t, "status") != float64(status) || a.json(t, "title") == nil || a.json(t, "title") == "" {
		t.Errorf("%s: status or title missing in %s", what, a.body)
	}
}

// faults gives the places of all faults in a problem document.
func faults(t *testing.T, a answer) string {
	t.Helper()
	var doc struct {
		Errors []struct{ In, Field, Detail string }
	}
	if err := json.Unmarshal([]byte(a.body), &doc); err != nil {
		t.Errorf("%v in %s", err, a.body)
	}
	var all []string
	for _, f := range doc.Errors {
		all = append(all, f.In+" "+f.Field)
		if f.Detail == "" {
			t.Errorf("a fault without a detail: %s", a.body)
		}
	}
	return strings.Join(all, ",")
}

// matches compares faults; a field * stands for any, as libraries differ in whether
// an unknown field is a fault of itself or of the object around it.
func matches(got, want string) bool {
	if place, ok := strings.CutSuffix(want, "*"); ok {
		return strings.HasPrefix(got, place) && !strings.Contains(got, ",")
	}
	return got == want
}

func requestIDs(t *testing.T, p *project) {
	s := p.start(t)
	read := p.resource.read
	a := s.get(t, read+"?secret=QU3RY", "X-Request-Id: abc-123", "Authorization: Bearer S3CRET", "Cookie: session=S3CRET")
	if got := a.header.Get("X-Request-Id"); got != "abc-123" {
		t.Errorf("the request id comes back as %q", got)
	}
	for _, id := range []string{strings.Repeat("x", 300), "two words", `"}{"`, "<b>"} {
		if got := s.get(t, read, "X-Request-Id: "+id).header.Get("X-Request-Id"); got == id || len(got) < 16 {
			t.Errorf("the request id %.20q is answered with %q", id, got)
		}
	}
	s.stop(t)

	found := 0
	for line := range strings.Lines(s.log.String()) {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Errorf("a log line is not JSON: %s", line)
		}
		if entry["id"] == "abc-123" {
			found++
			if entry["method"] != "GET" || entry["route"] != read || entry["status"] != 200.0 || entry["ms"] == nil {
				t.Errorf("the line of a request lacks something: %s", line)
			}
		}
	}
	if found != 1 {
		t.Errorf("%d lines for one request", found)
	}
	if strings.Contains(s.log.String(), "S3CRET") || strings.Contains(s.log.String(), "QU3RY") {
		t.Errorf("the log holds what belongs to the client:\n%s", s.log)
	}
}

func headers(t *testing.T, p *project) {
	s := p.start(t)
	evil := []string{"Origin: http://evil.example"}
	for _, path := range []string{p.resource.read, "/nope", "/health/live"} {
		h := s.get(t, path, evil...).header
		if !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s lacks security headers: %v", path, h)
		}
		if h.Get("X-Powered-By") != "" || h.Get("Strict-Transport-Security") != "" || strings.Contains(fmt.Sprint(h), "upgrade-insecure-requests") {
			t.Errorf("%s has headers that are wrong on plain http: %v", path, h)
		}
		if got := h.Get("Access-Control-Allow-Origin"); got != "" {
			t.Errorf("%s lets %s in though no origin is allowed", path, got)
		}
	}
	s.stop(t)

	s = p.start(t, "CORS_ORIGINS=https://a.example,https://b.example")
	if got := s.get(t, p.resource.read, "Origin: https://b.example").header.Get("Access-Control-Allow-Origin"); got != "https://b.example" {
		t.Errorf("an allowed origin gets %q", got)
	}
	if got := s.get(t, p.resource.read, evil...).header.Get("Access-Control-Allow-Origin"); got != "" {
		t.Errorf("another origin gets %q", got)
	}
	s.stop(t)
}

func bodyLimit(t *testing.T, p *project) {
	s := p.start(t)
	r := p.resource
	body := fmt.Sprintf(`{"name": %q, "quantity": 1}`, strings.Repeat("x", 1_100_000))
	// The header makes the client wait for a word before it sends so much, as curl does.
	isProblem(t, "a body of 1.1 MB", s.do(t, "POST", r.write, body, "Expect: 100-continue"), http.StatusRequestEntityTooLarge)
	isProblem(t, "a body over the limit", s.do(t, "POST", r.write, body[:r.limit+1]), http.StatusRequestEntityTooLarge)
	longest := r.body + strings.Repeat(" ", r.limit-len(r.body))
	if a := s.do(t, "POST", r.write, longest); a.status != r.status {
		t.Errorf("a body of just %d bytes is answered with %d: %s", r.limit, a.status, a.body)
	}
	if a := s.get(t, "/health/live"); a.status != 200 {
		t.Errorf("after that the service answers %d", a.status)
	}
	s.stop(t)
}

// sameJSON compares two documents by their values.
func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal([]byte(a), &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		t.Fatal(err)
	}
	return cmp.Equal(x, y)
}
