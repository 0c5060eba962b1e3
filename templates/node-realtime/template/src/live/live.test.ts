import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { Problem } from "#app/http/problem.ts";
import type { Ask } from "#app/live/events.ts";
import { connect, transports } from "#app/live/testing.ts";
import type { Resource } from "#app/services.ts";
import { serve } from "#app/testing.ts";

declare module "#app/live/events.ts" {
  interface ClientToServer {
    "test:shout": Ask<{ text: string }, string>;
    "test:break": Ask<{ how: "fault" | "problem" }>;
  }
  interface ServerToClient {
    "test:shouted": (text: string, by: string) => void;
  }
}

const KIB = 1024;

/** A resource of its own, so that these tests do not depend on any of the service. */
const shouting: Resource = ({ live, log }) => {
  live.on("test:shout", z.strictObject({ text: z.string().trim() }), ({ text }, client) => {
    log.info("shouting");
    const shout = text.toUpperCase();
    client.broadcast.emit("test:shouted", shout, client.data.name);
    return shout;
  });
  live.on("test:break", z.object({ how: z.enum(["fault", "problem"]) }), ({ how }) => {
    throw how === "fault" ? new Error("the secret plan failed") : new Problem(409, "not twice");
  });
  return [];
};

const serveShouting = (t: TestContext, lines: string[] = []) =>
  serve(t, { resources: [shouting], log: { write: (line) => void lines.push(line) } });

const within = { timeout: 20_000 };

for (const transport of transports) {
  const over = { transports: [transport] };

  test(`over ${transport}: an event is answered and reaches others`, within, async (t) => {
    const url = await serveShouting(t);
    const ada = await connect(t, url, over);
    const bob = await connect(t, url, { ...over, auth: { name: " Bob " } });
    const heard = new Promise((resolve) => ada.once("test:shouted", (...all) => resolve(all)));
    const answer = await bob.emitWithAck("test:shout", { text: " hey " });
    assert.deepEqual(answer, { ok: true, data: "HEY" });
    assert.deepEqual(await heard, ["HEY", "Bob"]);
  });

  test(
    `over ${transport}: a message that is too large ends its connection only`,
    within,
    async (t) => {
      const url = await serveShouting(t);
      const [ada, bob] = [await connect(t, url, over), await connect(t, url, over)];
      const fits = await bob.emitWithAck("test:shout", { text: "x".repeat(63 * KIB) });
      assert.equal(fits.ok, true);
      const ended = new Promise((resolve) => ada.once("disconnect", resolve));
      ada.emit("test:shout", { text: "x".repeat(65 * KIB) }, () => assert.fail("it was taken"));
      assert.match(String(await ended), /^transport/);
      assert.equal((await bob.emitWithAck("test:shout", { text: "hey" })).ok, true);
    },
  );

  test(`over ${transport}: a client without a name is refused`, within, async (t) => {
    const url = await serveShouting(t);
    for (const auth of [{}, { name: " " }, { name: "x".repeat(41) }, { name: ["Ada"] }]) {
      await assert.rejects(
        connect(t, url, { ...over, auth }),
        ({ data }: Error & { data: Problem }) => {
          assert.equal(data.status, 401);
          assert.equal(data.errors?.[0]?.field, "name");
          return true;
        },
      );
    }
  });

  test(`over ${transport}: a page from elsewhere is refused`, within, async (t) => {
    const url = await serve(t, { environment: { CORS_ORIGINS: "https://app.example" } });
    const from = (origin: string) => connect(t, url, { ...over, extraHeaders: { origin } });
    for (const origin of ["https://app.example", url]) assert.ok((await from(origin)).connected);
    for (const origin of ["https://evil.example", "http://app.example", "null"]) {
      await assert.rejects(from(origin));
    }
  });
}

test("a refused origin is told so, and no CORS header lets it read anything", async (t) => {
  const handshake = `${await serve(t)}/socket.io/?EIO=4&transport=polling`;
  const refused = await fetch(handshake, { headers: { origin: "https://evil.example" } });
  assert.equal(refused.status, 403);
  assert.equal(refused.headers.get("access-control-allow-origin"), null);
});

test("a payload that breaks a rule is answered with what is wrong", within, async (t) => {
  const client = await connect(t, await serveShouting(t));
  for (const [payload, fields] of [
    [{ txt: "hey" }, ["text", ""]],
    ["hey", [""]],
    [undefined, [""]],
  ] as const) {
    const answer = await client.emitWithAck("test:shout", payload as never);
    assert.ok(!answer.ok);
    assert.equal(answer.problem.status, 422);
    assert.deepEqual(
      answer.problem.errors?.map((fault) => fault.field),
      fields,
    );
  }
});

test("an event that nobody declared is answered, too", within, async (t) => {
  const client = await connect(t, await serveShouting(t));
  const answer = await client.emitWithAck("test:nope" as "test:shout", { text: "hey" });
  assert.ok(!answer.ok);
  assert.equal(answer.problem.status, 404);
});

test("an event without a reply function is handled all the same", within, async (t) => {
  const url = await serveShouting(t);
  const [ada, bob] = [await connect(t, url), await connect(t, url)];
  const heard = new Promise((resolve) => ada.once("test:shouted", resolve));
  (bob as { emit(...all: unknown[]): unknown }).emit("test:shout", { text: "hey" });
  assert.equal(await heard, "HEY");
});

test("a problem is told, a fault of our own is only logged", within, async (t) => {
  const lines: string[] = [];
  const client = await connect(t, await serveShouting(t, lines));
  const problem = await client.emitWithAck("test:break", { how: "problem" });
  assert.ok(!problem.ok);
  assert.deepEqual([problem.problem.status, problem.problem.detail], [409, "not twice"]);
  const fault = await client.emitWithAck("test:break", { how: "fault" });
  assert.deepEqual(fault, {
    ok: false,
    problem: { type: "about:blank", title: "Internal Server Error", status: 500 },
  });
  const logged = lines.map((line) => JSON.parse(line)).find(({ level }) => level === "error");
  assert.equal(logged.id, client.id);
  assert.match(logged.err.stack, /the secret plan failed.*live\.test\.ts/s);
});

test(
  "the log has a line for each event, with the client's id and without what it said",
  within,
  async (t) => {
    const lines: string[] = [];
    const client = await connect(t, await serveShouting(t, lines), { auth: { name: "S3CRET" } });
    const { id } = client;
    await client.emitWithAck("test:shout", { text: "S3CRET" });
    await client.emitWithAck("S3CRET" as "test:shout", { text: "hey" });
    client.disconnect();
    while (lines.length < 5 && !t.signal.aborted) await pause(5);
    const entries = lines.map((line) => {
      const { time: _, ms: __, level: ___, ...rest } = JSON.parse(line);
      return rest;
    });
    assert.deepEqual(entries, [
      { id, transport: "polling", msg: "connected" },
      { id, msg: "shouting" }, // Logged by the handler, found by the same id.
      { id, event: "test:shout", status: 200 },
      { id, event: null, status: 404 },
      { id, reason: "client namespace disconnect", msg: "disconnected" },
    ]);
    assert.doesNotMatch(lines.join(), /S3CRET/);
  },
);

test("what was begun is answered before the service closes, nothing after", within, async (t) => {
  const began = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  t.after(() => held.resolve());
  let close = async () => {};
  const holding: Resource = ({ live }) => {
    close = live.close;
    live.on("test:shout", z.object({ text: z.string() }), async ({ text }) => {
      began.resolve();
      await held.promise;
      return text;
    });
    return [];
  };
  const url = await serve(t, { resources: [holding] });
  const client = await connect(t, url, { transports: ["websocket"] });
  const order: string[] = [];
  const ended = new Promise<void>((resolve) => {
    client.once("disconnect", (reason) => {
      order.push(reason);
      resolve();
    });
  });
  const answered = client.emitWithAck("test:shout", { text: "hey" }).then(({ ok }) => {
    order.push(`answered: ${ok}`);
  });
  await began.promise;
  const closed = close();
  const late = await client.emitWithAck("test:shout", { text: "late" });
  assert.equal(late.ok || late.problem.status, 503);
  await assert.rejects(connect(t, url));
  held.resolve();
  await Promise.all([answered, closed, ended]);
  // Not "io server disconnect": after that, clients would not connect anew by themselves.
  assert.deepEqual(order, ["answered: true", "transport close"]);
});
