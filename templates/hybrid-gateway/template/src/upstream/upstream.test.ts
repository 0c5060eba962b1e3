import assert from "node:assert/strict";
import type { IncomingHttpHeaders, RequestListener } from "node:http";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { route } from "#app/http/route.ts";
import type { ProblemDocument } from "#app/http/schema.ts";
import type { Resource } from "#app/services.ts";
import { json, serve, serveApp } from "#app/testing.ts";
import { operation } from "#app/upstream/operation.ts";

const Params = z.object({ id: z.string() });
const Query = z.object({ loud: z.string().optional() });
const Word = z.object({ word: z.string() });

const read = operation({
  method: "get",
  path: "/words/{id}",
  params: Params,
  query: Query,
  response: Word,
});
const write = operation({
  method: "post",
  path: "/words",
  body: Word,
  response: Word,
  status: 201,
});
const drop = operation({ method: "delete", path: "/words/{id}", params: Params });

/** A resource of its own, so that these tests do not depend on any of the gateway. */
const words: Resource = ({ upstream }) => [
  route({
    method: "get",
    path: "/words/:id",
    operationId: "readWord",
    summary: "Read",
    params: Params,
    query: Query,
    response: Word,
    handle: (input, answer) => upstream.call(read, input, answer),
  }),
  route({
    method: "post",
    path: "/words",
    operationId: "writeWord",
    summary: "Write",
    body: Word,
    status: 201,
    response: Word,
    handle: ({ body }, answer) => upstream.call(write, { body }, answer),
  }),
  route({
    method: "delete",
    path: "/words/:id",
    operationId: "dropWord",
    summary: "Drop",
    params: Params,
    handle: ({ params }, answer) => upstream.call(drop, { params }, answer),
  }),
];

/** The gateway in front of a service that answers like this. */
async function before(t: TestContext, service: RequestListener, lines: string[] = []) {
  return serve(t, {
    environment: { SERVICE_URL: await serveApp(t, service), SERVICE_TIMEOUT_MS: "200" },
    resources: [words],
    log: { write: (line) => void lines.push(line) },
  });
}

const send =
  (status: number, body: unknown): RequestListener =>
  (_request, response) =>
    void response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));

async function problem(response: Response, status: number): Promise<ProblemDocument> {
  assert.equal(response.status, status);
  assert.match(response.headers.get("content-type") ?? "", /^application\/problem\+json/);
  return (await response.json()) as ProblemDocument;
}

test("path, query and body arrive, with the id and the trace of the request", async (t) => {
  const seen: [string | undefined, string | undefined, IncomingHttpHeaders][] = [];
  const url = await before(t, (request, response) => {
    seen.push([request.method, request.url, request.headers]);
    if (request.method === "DELETE") response.writeHead(204).end();
    else response.writeHead(request.method === "POST" ? 201 : 200).end('{"word":"tea"}');
  });
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const headers = { "x-request-id": "abc-123", traceparent };
  const found = await fetch(`${url}/words/a%2Fb?loud=yes`, { headers });
  assert.deepEqual(await found.json(), { word: "tea" });
  assert.equal((await fetch(`${url}/words`, json("POST", { word: "tea" }))).status, 201);
  const odd = { method: "DELETE", headers: { traceparent: "odd" } };
  assert.equal((await fetch(`${url}/words/a`, odd)).status, 204);

  const [get, post, drop] = seen;
  assert.deepEqual(get?.slice(0, 2), ["GET", "/words/a%2Fb?loud=yes"]);
  assert.equal(get?.[2]["x-request-id"], "abc-123");
  assert.equal(get?.[2].traceparent, traceparent);
  assert.equal(post?.[2]["content-type"], "application/json");
  assert.match(String(post?.[2]["x-request-id"]), /^[\da-f-]{36}$/);
  assert.equal(drop?.[2].traceparent, undefined);
});

test("what the service says about a request reaches the client", async (t) => {
  const errors = [{ in: "body", field: "word", detail: "too rude" }];
  const said = { type: "about:blank", title: "Unprocessable", status: 422, detail: "no", errors };
  const url = await before(t, send(422, said));
  const { detail, errors: told } = await problem(await fetch(`${url}/words/a`), 422);
  assert.deepEqual([detail, told], ["no", errors]);
});

for (const { title, answer, status } of [
  { title: "a failure", answer: send(500, { detail: "the secret plan failed" }), status: 502 },
  { title: "no JSON", answer: send(200, "<html>"), status: 502 },
  { title: "something outside of the contract", answer: send(200, { wort: "tea" }), status: 502 },
  { title: "a redirect", answer: send(302, ""), status: 502 },
  { title: "more than 1 MiB", answer: send(200, `"${"x".repeat(2 ** 20)}"`), status: 502 },
  { title: "that it is not ready", answer: send(503, ""), status: 503 },
]) {
  test(`a service that answers with ${title} is a problem, status ${status}`, async (t) => {
    const lines: string[] = [];
    const url = await before(t, answer, lines);
    const { detail } = await problem(await fetch(`${url}/words/a`), status);
    assert.match(detail ?? "", /the service behind/);
    assert.equal(JSON.parse(lines[0] ?? "").level, "error");
  });
}

test("a service that does not answer in time is a problem, status 504", async (t) => {
  const url = await before(t, () => {});
  const started = performance.now();
  await problem(await fetch(`${url}/words/a`), 504);
  assert.ok(performance.now() - started < 1000);
});

test("a service that is not there is a problem, status 502, and its cause is logged", async (t) => {
  const lines: string[] = [];
  const environment = { SERVICE_URL: "http://127.0.0.1:9" }; // The port of "discard" is never taken.
  const log = { write: (line: string) => void lines.push(line) };
  const url = await serve(t, { environment, resources: [words], log });
  await problem(await fetch(`${url}/words/a`), 502);
  assert.match(lines[0] ?? "", /fetch failed/);
});

test("a GET that breaks off is tried once more, and nothing else is", async (t) => {
  let calls = 0;
  const url = await before(t, (request, response) => {
    calls += 1;
    if (calls === 1 || request.method === "POST") request.socket.destroy();
    else response.end('{"word":"tea"}');
  });
  assert.equal((await fetch(`${url}/words/a`)).status, 200);
  assert.equal(calls, 2);
  await problem(await fetch(`${url}/words`, json("POST", { word: "tea" })), 502);
  assert.equal(calls, 3);
});

test("the gateway is ready while the service is, which it asks once a second at most", async (t) => {
  let [calls, status] = [0, 503];
  const url = await before(t, (_request, response) => {
    calls += 1;
    response.writeHead(status).end('{"status":"ok"}');
  });
  const ready = () => fetch(`${url}/health/ready`);
  await Promise.all([problem(await ready(), 503), problem(await ready(), 503)]);
  assert.equal(calls, 1);
  status = 200;
  await pause(1050);
  assert.deepEqual(await (await ready()).json(), { status: "ok" });
  assert.equal(calls, 2);
});

test("a service that hangs is not ready within half a second", async (t) => {
  const url = await before(t, () => {});
  const started = performance.now();
  const { detail } = await problem(await fetch(`${url}/health/ready`), 503);
  assert.match(detail ?? "", /in time/);
  assert.ok(performance.now() - started < 900);
});
