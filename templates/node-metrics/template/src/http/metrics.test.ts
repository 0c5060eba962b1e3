import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { route } from "#app/http/route.ts";
import type { Resource } from "#app/services.ts";
import { serve } from "#app/testing.ts";

const waiting: Resource = () => [
  route({
    method: "get",
    path: "/wait/:ms",
    operationId: "wait",
    summary: "Answer later",
    params: z.object({ ms: z.coerce.number().int() }),
    handle: ({ params }) => pause(params.ms),
  }),
];

/** The samples of a page of figures: what stands before and behind the last space of a line. */
async function figures(url: string): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`);
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain; .*version=0\.0\.4/);
  const lines = (await response.text()).split("\n").filter((line) => line && line[0] !== "#");
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ""), Number(line.split(" ").at(-1))]));
}

const count = (route: string, status: number | string) =>
  `http_request_duration_seconds_count{method="GET",route="${route}",status="${status}"}`;

test("requests are counted by route and status, whatever clients ask for", async (t) => {
  const url = await serve(t, { resources: [waiting] });
  for (const path of ["/wait/1", "/wait/2", "/wait/never", "/nope", "/s3cret?s3cret=s3cret"]) {
    await fetch(url + path);
  }
  const seen = await figures(url);
  assert.equal(seen.get(count("/wait/:ms", 204)), 2);
  assert.equal(seen.get(count("/wait/:ms", 422)), 1);
  assert.equal(seen.get(count("none", 404)), 2);
  assert.doesNotMatch([...seen.keys()].join("\n"), /s3cret|never/);
});

test("an answer that nobody waited for is none of the good ones", {
  timeout: 20_000,
}, async (t) => {
  const url = await serve(t, { resources: [waiting] });
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write("GET /wait/200 HTTP/1.1\r\nHost: test\r\n\r\n");
  await pause(50);
  socket.destroy();
  const aborted = count("/wait/:ms", "aborted");
  while (!(await figures(url)).has(aborted) && !t.signal.aborted) await pause(10);
});

test("the process tells about itself", async (t) => {
  const seen = await figures(await serve(t));
  assert.ok((seen.get("process_resident_memory_bytes") ?? 0) > 1e6);
  assert.ok(seen.has("nodejs_eventloop_lag_p99_seconds"));
});
