//go:build unix

package e2e

import (
	"strings"
	"testing"
)

// joiner is a client that prints what it sees of the items.
const joiner = `import { io } from "socket.io-client";

const [url, transport] = process.argv.slice(2);
const socket = io(url, { auth: { name: "Ada" }, transports: [transport] });
socket.on("connect", async () => console.log("joined", await socket.emitWithAck("items:join", {})));
socket.on("items:changed", ({ item }) => console.log("saw", item.name));
`

// twoDeliver runs two processes of the service with a client each, and takes Redis away
// from one of them for a while.
func twoDeliver(t *testing.T, p *project, transport string) {
	q := p.clone(t)
	write(t, q.path("joiner.mjs"), joiner)
	line := lineTo(t, value(q.env, "REDIS_URL"))
	database := q.fresh(t)
	far := q.startOn(t, database, q.serve)
	near := q.startOn(t, database, q.serve, "REDIS_URL="+line.url)
	join := func(s *service) *service {
		c := q.launch(t, "", []string{"node", "joiner.mjs", s.url, transport})
		eventually(t, c, "join", func() bool { return strings.Contains(c.log.String(), "joined") })
		return c
	}
	saw := func(c *service, name string) bool { return strings.Contains(c.log.String(), "saw "+name) }
	atNear, atFar := join(near), join(far)

	near.create(t, "tea")
	far.create(t, "rice")
	for _, c := range []*service{atNear, atFar} {
		for _, name := range []string{"tea", "rice"} {
			eventually(t, c, "see "+name, func() bool { return saw(c, name) })
		}
	}

	line.cut(t)
	eventually(t, near, "say that Redis is away", func() bool {
		a := near.get(t, "/health/ready")
		if a.status != 200 {
			t.Fatalf("ready answers %d though the service goes on: %s", a.status, a.body)
		}
		return a.json(t, "degraded") != nil
	})
	if !strings.Contains(near.log.String(), "Redis is away") {
		t.Errorf("the log does not tell that Redis is away:\n%s", near.log)
	}
	near.create(t, "lost")
	eventually(t, atNear, "see what its own process sends", func() bool { return saw(atNear, "lost") })

	line.mend(t)
	eventually(t, near, "recover", func() bool { return near.get(t, "/health/ready").json(t, "degraded") == nil })
	near.create(t, "salt")
	eventually(t, atFar, "see salt", func() bool { return saw(atFar, "salt") })
	far.create(t, "mint")
	eventually(t, atNear, "see mint", func() bool { return saw(atNear, "mint") })
	if saw(atFar, "lost") {
		t.Error("what was sent while Redis was away comes late")
	}

	line.cut(t)
	near.stop(t) // also without Redis
	far.stop(t)
}

func redisRefused(t *testing.T, p *project) {
	s := p.launch(t, p.fresh(t), p.serve, "REDIS_URL=redis://:s3cret@127.0.0.1:"+freePort(t))
	code, said := s.wait(t), s.said.String()
	if code != 1 || strings.Count(said, "\n") != 1 || !strings.Contains(said, "REDIS_URL") || strings.Contains(said, "s3cret") {
		t.Errorf("exit code %d, want 1 and one sentence:\n%s", code, said)
	}
}

// showsFigures asks for what Prometheus would ask for.
func showsFigures(t *testing.T, p *project) {
	s := p.start(t)
	place := s.create(t, "tea")
	for _, path := range []string{place, place, "/items/99", "/s3cret", "/items?limit=s3cret"} {
		s.get(t, path)
	}
	a := s.get(t, "/metrics")
	for _, sample := range []string{
		`http_request_duration_seconds_count{method="POST",route="/items",status="201"} 1`,
		`http_request_duration_seconds_count{method="GET",route="/items/:id",status="200"} 2`,
		`http_request_duration_seconds_count{method="GET",route="/items/:id",status="404"} 1`,
		`http_request_duration_seconds_count{method="GET",route="none",status="404"} 1`,
		`process_cpu_seconds_total `,
	} {
		if !strings.Contains(a.body, sample) {
			t.Errorf("no %s in:\n%s", sample, a.body)
		}
	}
	if strings.Contains(a.body, "s3cret") {
		t.Errorf("what clients make up becomes a label:\n%s", a.body)
	}
	if readme := read(t, p.path("README.md")); !strings.Contains(readme, "`/metrics`") {
		t.Error("the README does not speak of /metrics")
	}
	s.stop(t)
}
