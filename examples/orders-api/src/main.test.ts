import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { logged, start, unix } from "#app/testing.ts";

/** Opens a connection with one request answered and the next one begun: its last line is missing. */
async function beginRequest(port: number): Promise<Socket> {
  const head = "GET /health/live HTTP/1.1\r\nHost: test\r\n";
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  socket.write(`${head}\r\n${head}`);
  await once(socket, "data");
  return socket;
}

test("a bad environment stops the start with one sentence for each variable", async (t) => {
  const service = start(t, { PORT: "abc", LOG_LEVEL: "loud" });
  const [[code], errors] = await Promise.all([once(service, "exit"), text(service.stderr)]);
  assert.equal(code, 1);
  assert.match(errors, /PORT: .*\n.*LOG_LEVEL: /);
  assert.doesNotMatch(errors, /\.ts:/);
});

test("a port that is taken stops the start with a sentence", async (t) => {
  const other = createServer().listen(0, "127.0.0.1");
  t.after(() => other.close());
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const service = start(t, { PORT: String(port) });
  const [[code], errors] = await Promise.all([once(service, "exit"), text(service.stderr)]);
  assert.equal(code, 1);
  assert.match(errors, new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken.*\n$`));
});

test("SIGTERM lets a request finish that was begun, and takes no new one", unix, async (t) => {
  const service = start(t);
  const { port } = await logged(service, "listening");
  const silent = connect(Number(port), "127.0.0.1"); // Opened in advance; holds nothing up.
  await once(silent, "connect");
  const socket = await beginRequest(Number(port));
  service.kill("SIGTERM");
  await logged(service, "stopping");

  await assert.rejects(fetch(`http://127.0.0.1:${port}/health/live`));
  const exit = once(service, "exit");
  socket.write("\r\n");
  assert.match(await text(socket), /^HTTP\/1\.1 200 /);
  assert.deepEqual(await exit, [0, null]);
});

test("a second signal ends the service at once", unix, async (t) => {
  const service = start(t);
  const { port } = await logged(service, "listening");
  const socket = await beginRequest(Number(port));
  t.after(() => socket.destroy());
  service.kill("SIGTERM");
  await logged(service, "stopping");
  service.kill("SIGINT");
  const signalled = performance.now();
  assert.deepEqual(await once(service, "exit"), [1, null]);
  assert.ok(performance.now() - signalled < 4000, "it waited for the request");
});
