import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { loadConfig } from "#app/config.ts";
import { createLogger } from "#app/http/log.ts";
import { lineTo } from "#app/line/testing.ts";
import { openAdapter } from "#app/live/adapter.ts";
import type { Ask } from "#app/live/events.ts";
import { connect, transports } from "#app/live/testing.ts";
import type { Resource } from "#app/services.ts";
import { StartError } from "#app/start-error.ts";
import { serve, testRedis } from "#app/testing.ts";

declare module "#app/live/events.ts" {
  interface ClientToServer {
    "test:whisper": Ask<string>;
  }
  interface ServerToClient {
    "test:whispered": (text: string) => void;
  }
}

const whispering: Resource = ({ live }) => {
  live.on("test:whisper", z.string(), (text) => {
    live.io.emit("test:whispered", text);
  });
  return [];
};

const within = { timeout: 20_000 };

/** Two instances of the service, and a client of each. */
async function twoInstances(
  t: TestContext,
  over: (typeof transports)[number],
  lines: string[] = [],
) {
  const resources = [whispering];
  const environment = testRedis();
  const line = await lineTo(t, environment.REDIS_URL);
  const far = await serve(t, { resources, environment });
  const near = await serve(t, {
    resources,
    environment: { ...environment, REDIS_URL: line.url },
    log: { write: (text) => void lines.push(text) },
  });
  const ada = await connect(t, near, { transports: [over] });
  const bob = await connect(t, far, { transports: [over] });
  const heard: string[] = [];
  bob.on("test:whispered", (text) => heard.push(text));
  return { line, near, ada, bob, heard };
}

for (const transport of transports) {
  test(
    `over ${transport}: what one instance sends reaches the clients of another`,
    within,
    async (t) => {
      const { ada, bob, heard } = await twoInstances(t, transport);
      const whispered = new Promise((resolve) => bob.once("test:whispered", resolve));
      await ada.emitWithAck("test:whisper", "hey");
      await whispered;
      assert.deepEqual(heard, ["hey"]);
    },
  );
}

test(
  "while Redis is away an instance serves its own clients, says so, and goes on later",
  within,
  async (t) => {
    const lines: string[] = [];
    const { line, near, ada, heard } = await twoInstances(t, "websocket", lines);
    const ready = async () => (await (await fetch(`${near}/health/ready`)).json()) as object;
    const until = async (so: () => unknown) => {
      while (!(await so()) && !t.signal.aborted) await pause(10);
    };
    assert.deepEqual(await ready(), { status: "ok" });

    line.cut();
    await until(async () => "degraded" in (await ready()));
    const own = new Promise((resolve) => ada.once("test:whispered", resolve));
    assert.ok((await ada.emitWithAck("test:whisper", "lost")).ok);
    assert.equal(await own, "lost");
    const told = () => lines.filter((text) => JSON.parse(text).msg === "Redis is away").length;
    await until(() => told() === 2); // One for each connection.

    await line.mend();
    await until(async () => !("degraded" in (await ready())));
    await until(async () => {
      await ada.emitWithAck("test:whisper", "again");
      return heard.includes("again");
    });
    assert.ok(!heard.includes("lost"));
    assert.equal(told(), 2);
  },
);

test("a Redis that cannot be reached is one sentence without the password", async (t) => {
  const line = await lineTo(t, testRedis().REDIS_URL);
  line.cut();
  const url = new URL(line.url);
  url.password = "s3cret";
  const environment = { ...process.env, REDIS_URL: url.href };
  const adapter = openAdapter(loadConfig(environment), createLogger("silent"));
  await assert.rejects(adapter.connect(), (error) => {
    assert.ok(error instanceof StartError);
    assert.match(error.message, /^Redis at 127\.0\.0\.1:\d+ cannot be used: .*REFUSED.*REDIS_URL/);
    assert.doesNotMatch(error.message, /s3cret|\n/);
    return true;
  });
  adapter.close();
});
