//go:build unix

package e2e

import (
	"path/filepath"
	"strings"
	"testing"
)

// secretRefused tries the secrets that people leave in by mistake.
func secretRefused(t *testing.T, p *project) {
	if example := read(t, p.path(".env.example")); !strings.Contains(example, "SECRET_KEY=\n") {
		t.Errorf(".env.example holds a secret:\n%s", example)
	}
	for _, secret := range []string{"", "short", strings.Repeat("x", 80), "django-insecure-" + testKey} {
		s := p.launch(t, filepath.Join(t.TempDir(), "service.db"), p.serve, "SECRET_KEY="+secret)
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
