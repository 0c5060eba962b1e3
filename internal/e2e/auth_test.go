//go:build unix

package e2e

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const passphrase = "correct horse battery staple"

// with is the same kit with other answers: KEY=VALUE.
func (k *kit) with(answers ...string) *kit {
	q := *k
	for _, a := range answers {
		q.options = append(q.options[:len(q.options):len(q.options)], "--set", a)
	}
	return &q
}

// logsIn tells whether the projects of a kit have users.
func (k *kit) logsIn() bool {
	return slices.ContainsFunc(k.options, func(o string) bool { return strings.HasPrefix(o, "auth=") && o != "auth=none" })
}

// TestNodeAuth makes the Node starters with users who log in.
func TestNodeAuth(t *testing.T) {
	slow(t)
	tool(t, "npm")
	m := onNode(t, 24)
	t.Parallel()
	t.Run("node-express tokens", func(t *testing.T) {
		t.Parallel()
		p := installed(t, nodeExpress.with("auth=tokens"), m)
		users(t, p)
		t.Run("12 OpenAPI is valid and the committed one", func(t *testing.T) { openapiIsTrue(t, p) })
		t.Run("25 the example can go", func(t *testing.T) { exampleCanGo(t, p) })
		t.Run("29 the README's commands", func(t *testing.T) { readme(t, p) })
	})
	t.Run("node-realtime tokens", func(t *testing.T) {
		t.Parallel()
		p := installed(t, nodeRealtime.with("auth=tokens"), m)
		users(t, p)
		t.Run("the handshake asks for a token", func(t *testing.T) { watchesAsUser(t, p) })
	})
	for _, k := range []*kit{nodeFullstack, nodeFullstackReact} {
		t.Run("node-fullstack sessions "+k.page(), func(t *testing.T) {
			t.Parallel()
			p := installed(t, k.with("auth=sessions"), m)
			users(t, p)
			if k == nodeFullstack {
				t.Run("12 OpenAPI is valid and the committed one", func(t *testing.T) { openapiIsTrue(t, p) })
				t.Run("25 the example can go", func(t *testing.T) { exampleCanGo(t, p) })
			}
			t.Run("a person logs in and uses the page", func(t *testing.T) { usePage(t, p, p.serve...) })
			t.Run("a person logs in and uses the page in development", func(t *testing.T) { usePage(t, p, "node", "src/main.ts", "--dev") })
		})
	}
	t.Run("node-express tokens, counted in Redis", func(t *testing.T) {
		t.Parallel()
		p := installedOn(t, nodeExpress.with("auth=tokens", "redis=redis"), m, "REDIS_URL="+redis(t))
		t.Run("checks and tests are green", func(t *testing.T) { p.green(t) })
		t.Run("instances count together", func(t *testing.T) { guessesTogether(t, p) })
	})
	t.Run("node-express tokens in PostgreSQL", func(t *testing.T) {
		t.Parallel()
		p := installedOn(t, nodeExpress.onPostgres("--set", "auth=tokens"), m, "DATABASE_URL="+postgres(t))
		users(t, p)
	})
}

// users tries what every project with users has to do.
func users(t *testing.T, p *project) {
	t.Run("checks and tests are green", func(t *testing.T) { p.green(t) })
	t.Run("02 nothing of the template is left", func(t *testing.T) { noResidue(t, p) })
	t.Run("20 secrets stay out of git", func(t *testing.T) { noSecrets(t, p) })
	t.Run("23 the limit of log-ins cannot be dodged", func(t *testing.T) { guesses(t, p) })
	t.Run("log in, write, log out", func(t *testing.T) { logInAndOut(t, p) })
}

// register makes the user ada and gives the header by which their requests are known.
func (s *service) register(t *testing.T) string {
	t.Helper()
	return s.proof(t, s.do(t, "POST", "/users", credentials("ada", passphrase)), 201)
}

func credentials(name, password string) string {
	return fmt.Sprintf(`{"name": %q, "password": %q}`, name, password)
}

// proof is the header that an answer to a log-in gives to its user.
func (s *service) proof(t *testing.T, a answer, status int) string {
	t.Helper()
	if a.status != status {
		t.Fatalf("the log-in is answered with %d: %s", a.status, a.body)
	}
	if cookie := a.header.Get("Set-Cookie"); cookie != "" {
		if !regexp.MustCompile(`^session=[\w-]{43}; Path=/; Expires=.* GMT; HttpOnly; SameSite=Lax$`).MatchString(cookie) {
			t.Errorf("the cookie is %q", cookie)
		}
		cookie, _, _ = strings.Cut(cookie, ";")
		return "Cookie: " + cookie
	}
	return fmt.Sprintf("Authorization: Bearer %s", a.json(t, "token"))
}

func logInAndOut(t *testing.T, p *project) {
	database := p.fresh(t)
	s := p.startOn(t, database, p.serve)
	const item = `{"name": "tea", "quantity": 1}`
	isProblem(t, "writing without a log-in", s.do(t, "POST", "/items", item), 401)
	isProblem(t, "writing with another token", s.do(t, "POST", "/items", item, "Authorization: Bearer "+strings.Repeat("x", 43), "Cookie: session="+strings.Repeat("x", 43)), 401)
	s.register(t)
	wrong := s.do(t, "POST", "/login", credentials("ada", "wrong horse battery staple"))
	unknown := s.do(t, "POST", "/login", credentials("bob", "wrong horse battery staple"))
	isProblem(t, "a wrong password", wrong, 401)
	if wrong.body != unknown.body {
		t.Errorf("an unknown name is answered with %s, a wrong password with %s", unknown.body, wrong.body)
	}
	proof := s.proof(t, s.do(t, "POST", "/login", credentials("ada", passphrase)), 200)
	s.create(t, "tea", proof)
	s.stop(t)

	s = p.startOn(t, database, p.serve) // A log-in outlives a restart.
	place := s.create(t, "rice", proof)
	isProblem(t, "deleting without a log-in", s.do(t, "DELETE", place, ""), 401)
	if a := s.get(t, place); a.status != 200 {
		t.Errorf("reading without a log-in gives %d", a.status)
	}
	if a := s.do(t, "POST", "/logout", "", proof); a.status != 204 {
		t.Errorf("the log-out is answered with %d: %s", a.status, a.body)
	}
	isProblem(t, "writing after the log-out", s.do(t, "POST", "/items", item, proof), 401)
	s.stop(t)
	for _, secret := range []string{passphrase, strings.TrimPrefix(strings.TrimPrefix(proof, "Authorization: Bearer "), "Cookie: session=")} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

// guesses are log-ins with wrong passwords, as if each came from another address.
func guesses(t *testing.T, p *project) {
	for _, c := range []struct {
		what  string
		name  func(n int) string
		after int
	}{
		{"one name", func(int) string { return "ada" }, 10},
		{"many names", func(n int) string { return fmt.Sprintf("user-%d", n) }, 20},
	} {
		s := p.start(t)
		s.register(t)
		from := func(n int) string { return fmt.Sprintf("X-Forwarded-For: 192.0.2.%d", n) }
		for n := range 20 {
			a := s.do(t, "POST", "/login", credentials(c.name(n), "wrong horse battery staple"), from(n))
			want := 401
			if n >= c.after {
				want = 429
			}
			isProblem(t, fmt.Sprintf("guess %d at %s", n+1, c.what), a, want)
		}
		a := s.do(t, "POST", "/login", credentials("ada", passphrase), from(99))
		isProblem(t, "even the right password after 20 guesses at "+c.what, a, 429)
		if a.header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		s.stop(t)
		if out := s.said.String(); out != "" {
			t.Errorf("the limit speaks to stderr: %s", out)
		}
	}
}

// guessesTogether guesses by turns at two instances.
func guessesTogether(t *testing.T, p *project) {
	one, other := p.start(t), p.start(t)
	for n := range 12 {
		s, want := one, 401
		if n%2 == 1 {
			s = other
		}
		if n >= 10 {
			want = 429
		}
		isProblem(t, fmt.Sprintf("guess %d", n+1), s.do(t, "POST", "/login", credentials("ada", "wrong horse battery staple")), want)
	}
	one.stop(t)
	other.stop(t)
}

// watchesAsUser runs the README's client, which logs in, and one that does not.
func watchesAsUser(t *testing.T, p *project) {
	q := p.clone(t)
	block := regexp.MustCompile("(?ms)^```js\n(.*?)^```").FindStringSubmatch(read(t, q.path("README.md")))
	if block == nil || !defaults.MatchString(block[1]) {
		t.Fatal("the README shows no client")
	}
	s := q.start(t)
	proof := s.register(t)
	text := defaults.ReplaceAllString(block[1], "127.0.0.1:"+s.port)
	write(t, q.path("watch.mjs"), text)
	client := q.launch(t, "", []string{"node", "watch.mjs"})
	eventually(t, client, "join", func() bool { return strings.Contains(client.log.String(), "joined") })
	s.create(t, "tea", proof)
	eventually(t, client, "see the change", func() bool { return strings.Contains(client.log.String(), "name: 'tea'") })

	write(t, q.path("intrude.mjs"), strings.ReplaceAll(text, "auth: { token }", `auth: { token: "guessed" }`))
	intruder := q.launch(t, "", []string{"node", "intrude.mjs"})
	eventually(t, intruder, "be refused", func() bool { return strings.Contains(intruder.log.String(), "refused log in first") })
	s.stop(t)
}
