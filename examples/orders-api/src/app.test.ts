import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { z } from "zod";
import { route } from "#app/http/route.ts";
import type { Resource } from "#app/services.ts";
import { json, serve } from "#app/testing.ts";

/** A resource of its own, so that these tests do not depend on any of the service. */
const echo: Resource = ({ log }) => [
  route({
    method: "post",
    path: "/echo/:times",
    operationId: "echo",
    summary: "Say it again",
    params: z.object({ times: z.coerce.number().int().max(9) }),
    query: z.object({ loud: z.stringbool().default(false) }),
    body: z.strictObject({ text: z.string() }),
    response: z.object({ text: z.string() }),
    handle({ params, query, body }) {
      log.info("echoing");
      const text = body.text.repeat(params.times);
      return { text: query.loud ? text.toUpperCase() : text };
    },
  }),
  route({
    method: "get",
    path: "/broken",
    operationId: "broken",
    summary: "Fails",
    handle() {
      throw new Error("the secret plan failed");
    },
  }),
];

const serveEcho = (t: TestContext, lines: string[] = []) =>
  serve(t, { resources: [echo], log: { write: (line) => void lines.push(line) } });

test("params, query and body arrive parsed", async (t) => {
  const url = await serveEcho(t);
  const response = await fetch(`${url}/echo/2?loud=yes`, json("POST", { text: "ho" }));
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { text: "HOHO" });
});

test("everything that is wrong with a request is told at once", async (t) => {
  const url = await serveEcho(t);
  const response = await fetch(`${url}/echo/10?loud=perhaps`, json("POST", { txt: "ho" }));
  assert.equal(response.status, 422);
  const { errors } = (await response.json()) as { errors: { in: string; field: string }[] };
  assert.deepEqual(
    errors.map((fault) => [fault.in, fault.field]),
    [
      ["path", "times"],
      ["query", "loud"],
      ["body", "text"],
      ["body", ""],
    ],
  );
});

const json415 = { method: "POST", body: "<text/>", headers: { "content-type": "text/xml" } };
const notJson = { ...json("POST", {}), body: "{" };
const tooLarge = json("POST", { text: "x".repeat(200_000) });

for (const { title, path, init, status } of [
  { title: "an unknown path", path: "/nope", init: {}, status: 404 },
  { title: "a method that the path does not have", path: "/echo/1", init: {}, status: 405 },
  { title: "a body that is too large", path: "/echo/1", init: tooLarge, status: 413 },
  { title: "a body that is not JSON by its type", path: "/echo/1", init: json415, status: 415 },
  { title: "a body that is not JSON by its text", path: "/echo/1", init: notJson, status: 400 },
  { title: "a fault of our own", path: "/broken", init: {}, status: 500 },
]) {
  test(`${title} is answered with a problem document, status ${status}`, async (t) => {
    const url = await serveEcho(t);
    const response = await fetch(url + path, init);
    assert.equal(response.status, status);
    assert.match(response.headers.get("content-type") ?? "", /^application\/problem\+json/);
    const text = await response.text();
    assert.equal(JSON.parse(text).status, status);
    assert.ok(JSON.parse(text).title);
    assert.doesNotMatch(text, /secret|\.ts:/);
    if (status === 405) assert.equal(response.headers.get("allow"), "POST");
  });
}

test("the log has one line for a request, with its id and without its headers", async (t) => {
  const lines: string[] = [];
  const url = await serveEcho(t, lines);
  const init = json("POST", { text: "ho" });
  const headers = { ...init.headers, "x-request-id": "abc-123", authorization: "Bearer S3CRET" };
  const response = await fetch(`${url}/echo/1`, { ...init, headers });
  assert.equal(response.headers.get("x-request-id"), "abc-123");

  const [own, access] = lines.map((line) => JSON.parse(line));
  assert.equal(own.id, "abc-123"); // Logged by the handler, found by the same id.
  const { time: _, ms, ...rest } = access;
  assert.equal(typeof ms, "number");
  assert.deepEqual(rest, {
    level: "info",
    id: "abc-123",
    method: "POST",
    route: "/echo/:times",
    status: 200,
  });
  assert.doesNotMatch(lines.join(), /S3CRET/);
});

test("a fault of our own is logged with its stack", async (t) => {
  const lines: string[] = [];
  const url = await serveEcho(t, lines);
  await fetch(`${url}/broken`);
  const { level, err } = JSON.parse(lines[0] ?? "");
  assert.equal(level, "error");
  assert.match(err.stack, /the secret plan failed.*app\.test\.ts/s);
});

test("a request id that is not safe to repeat is replaced", async (t) => {
  const url = await serveEcho(t);
  for (const id of ["x".repeat(300), "two words", '"}{"']) {
    const response = await fetch(url, { headers: { "x-request-id": id } });
    assert.match(response.headers.get("x-request-id") ?? "", /^[\da-f-]{36}$/);
  }
});

test("answers carry security headers that are right on plain http, too", async (t) => {
  const { headers } = await fetch(await serve(t));
  assert.equal(headers.get("content-security-policy"), "default-src 'none';frame-ancestors 'none'");
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.equal(headers.get("strict-transport-security"), null);
  assert.equal(headers.get("x-powered-by"), null);
});

test("only listed origins may call from a browser, and none by default", async (t) => {
  const listed = { CORS_ORIGINS: "https://a.example, https://b.example" };
  const open = await serve(t, { environment: listed });
  const closed = await serve(t);
  const allowed = async (url: string, origin: string) =>
    (await fetch(url, { headers: { origin } })).headers.get("access-control-allow-origin");
  assert.equal(await allowed(open, "https://b.example"), "https://b.example");
  assert.equal(await allowed(open, "https://evil.example"), null);
  assert.equal(await allowed(closed, "https://b.example"), null);
});

test("health and the OpenAPI document answer", async (t) => {
  const url = await serve(t);
  for (const path of ["/health/live", "/health/ready"]) {
    assert.deepEqual(await (await fetch(url + path)).json(), { status: "ok" });
  }
  const response = await fetch(`${url}/openapi.json`);
  const document = (await response.json()) as { openapi: string; paths: object };
  assert.equal(document.openapi, "3.1.0");
  assert.ok("/health/live" in document.paths);
});
