//go:build unix

package e2e

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// live is what the realtime starter promises beyond the checklist; its own tests
// have the rest: both transports, wrong payloads, large messages, foreign origins.
func live(t *testing.T, p *project) {
	t.Run("the README's client sees a change, and the service stops under it", func(t *testing.T) { watches(t, p) })
	t.Run("polling needs sticky sessions, and the README says so", func(t *testing.T) { needsSticky(t, p) })
}

func watches(t *testing.T, p *project) {
	q := p.clone(t)
	block := regexp.MustCompile("(?ms)^```js\n(.*?)^```").FindStringSubmatch(read(t, q.path("README.md")))
	if block == nil || !defaults.MatchString(block[1]) {
		t.Fatal("the README shows no client")
	}
	s := q.start(t)
	write(t, q.path("watch.mjs"), defaults.ReplaceAllString(block[1], "127.0.0.1:"+s.port))
	client := q.launch(t, "", []string{"node", "watch.mjs"})
	eventually(t, client, "join", func() bool { return strings.Contains(client.log.String(), "joined") })
	s.create(t, "tea")
	eventually(t, client, "see the change", func() bool { return strings.Contains(client.log.String(), "name: 'tea'") })
	s.stop(t)
}

func needsSticky(t *testing.T, p *project) {
	one, other := p.start(t), p.start(t)
	const path = "/socket.io/?EIO=4&transport=polling"
	opened := one.get(t, path)
	var handshake struct{ Sid string }
	if err := json.Unmarshal([]byte(strings.TrimPrefix(opened.body, "0")), &handshake); err != nil || handshake.Sid == "" {
		t.Fatalf("no handshake: %d %s", opened.status, opened.body)
	}
	for _, c := range []struct {
		s      *service
		status int
	}{{other, 400}, {one, 200}} {
		a := c.s.do(t, "POST", path+"&sid="+handshake.Sid, `40{"name": "Ada"}`, "Content-Type: text/plain")
		if a.status != c.status {
			t.Errorf("the second request is answered with %d %s, want %d", a.status, a.body, c.status)
		}
	}
	readme := read(t, p.path("README.md"))
	for _, word := range []string{"sticky sessions", `transports: ["websocket"]`, "adapter"} {
		if !strings.Contains(readme, word) {
			t.Errorf("the README does not say %q", word)
		}
	}
	one.stop(t)
	other.stop(t)
}
