//go:build unix

package e2e

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// secretRefused tries the secrets that people leave in by mistake.
func secretRefused(t *testing.T, p *project) {
	if example := read(t, p.path(".env.example")); !strings.Contains(example, "SECRET_KEY=\n") {
		t.Errorf(".env.example holds a secret:\n%s", example)
	}
	q := p.clone(t) // without the .env that some projects are made with
	for _, secret := range []string{"", "short", strings.Repeat("x", 80), "django-insecure-" + testKey} {
		s := q.launch(t, p.fresh(t), q.serve, "SECRET_KEY="+secret)
		if code := s.wait(t); code != 1 || !strings.Contains(s.log.String(), "SECRET_KEY") {
			t.Errorf("the secret %q: exit code %d\n%s", secret, code, s.log)
		}
	}
}

// deployable runs Django's check with the settings of a public site, and sees it
// fail without https.
func deployable(t *testing.T, p *project) {
	check := []string{"python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"}
	q := *p
	q.env = append(p.env[:len(p.env):len(p.env)], "PUBLIC_URL=https://orders.example", "TRUST_PROXY=1")
	q.run(t, check...)
	if out := p.fails(t, check...); !strings.Contains(out, "SECURE_SSL_REDIRECT") {
		t.Errorf("without https:\n%s", out)
	}
}

var csrfToken = regexp.MustCompile(`name="csrfmiddlewaretoken" value="(\w+)"`)

// logIn tries a password on Django's page, each time with another forwarded address.
func logIn(t *testing.T, s *service, account string, attempt int) answer {
	t.Helper()
	page := s.get(t, "/accounts/login/", "Accept: text/html")
	token := csrfToken.FindStringSubmatch(page.body)
	if token == nil {
		t.Fatalf("no form: %d %s", page.status, page.body)
	}
	cookie, _, _ := strings.Cut(page.header.Get("Set-Cookie"), ";")
	return s.do(t, "POST", "/accounts/login/", "csrfmiddlewaretoken="+token[1]+"&username="+account+"&password=wrong",
		"Content-Type: application/x-www-form-urlencoded", "Cookie: "+cookie, fmt.Sprintf("X-Forwarded-For: 198.51.100.%d", attempt))
}

// guessing sees that passwords cannot be guessed at: those of one account, nor those
// of many from one address; nor by turning to another process.
func guessing(t *testing.T, p *project, logIn func(t *testing.T, s *service, account string, attempt int) answer) {
	for _, account := range []string{"ada", "account-%d"} {
		var env []string
		if value(p.env, "REDIS_URL") != "" {
			env = []string{"REDIS_URL=" + redis(t)} // which knows of no attempt yet
		}
		s := p.start(t, env...)
		var last answer
		for i := range 21 {
			name := account
			if strings.Contains(account, "%") {
				name = fmt.Sprintf(account, i)
			}
			last = logIn(t, s, name, i)
			if i == 0 && last.status == 429 {
				t.Error("the first attempt is refused")
			}
		}
		isProblem(t, "guessing at "+account, last, 429)
		if after, err := strconv.Atoi(last.header.Get("Retry-After")); err != nil || after < 1 {
			t.Errorf("Retry-After is %q", last.header.Get("Retry-After"))
		}
		other := p.startOn(t, s.database, p.serve, env...)
		isProblem(t, "guessing with another process", logIn(t, other, "ada", 99), 429)
		other.stop(t)
		s.stop(t)
	}
}
