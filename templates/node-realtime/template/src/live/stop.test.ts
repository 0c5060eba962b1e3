import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { test } from "node:test";
import { connect, transports } from "#app/live/testing.ts";
import { logged, start, unix } from "#app/testing.ts";

const UPGRADE = [
  "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
  "Host: test",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "\r\n",
].join("\r\n");

test("SIGTERM disconnects the clients and ends the service well before it would be killed", {
  ...unix,
  timeout: 30_000,
}, async (t) => {
  const service = start(t);
  const { port } = await logged(service, "listening");
  const url = `http://127.0.0.1:${port}`;
  const ended: Promise<string>[] = [];
  for (const transport of transports) {
    const client = await connect(t, url, { transports: [transport] });
    ended.push(new Promise((resolve) => client.once("disconnect", resolve)));
  }
  const asleep = connectTcp(Number(port), "127.0.0.1"); // It will not answer a goodbye.
  asleep.write(UPGRADE);
  assert.match(String(await once(asleep, "data")), /^HTTP\/1\.1 101 /);
  asleep.pause();

  const exit = once(service, "exit");
  const signalled = performance.now();
  service.kill("SIGTERM");
  // Not "io server disconnect": after that, clients would not connect anew by themselves.
  for (const reason of await Promise.all(ended)) assert.match(reason, /^transport/);
  assert.deepEqual(await exit, [0, null]);
  assert.ok(performance.now() - signalled < 4000, "it waited for the clients");
  await assert.rejects(connect(t, url));
});
