import assert from "node:assert/strict";
import { test } from "node:test";
import { lineTo } from "#app/line/testing.ts";
import { json, serve, testRedis } from "#app/testing.ts";

const guess = (url: string, name: string) =>
  fetch(`${url}/login`, json("POST", { name, password: "wrong horse battery" }));

test("instances count wrong passwords together", async (t) => {
  const environment = testRedis();
  const [one, other] = [await serve(t, { environment }), await serve(t, { environment })];
  const guesses = Array.from({ length: 10 }, (_, n) => guess(n % 2 ? one : other, "ada"));
  for (const { status } of await Promise.all(guesses)) assert.equal(status, 401);
  for (const url of [one, other]) {
    const response = await guess(url, "ada");
    assert.equal(response.status, 429);
    assert.ok(Number(response.headers.get("retry-after")) > 0);
  }
});

test("while Redis is away nobody guesses, and all else goes on", async (t) => {
  const environment = testRedis();
  const line = await lineTo(t, environment.REDIS_URL);
  const url = await serve(t, { environment: { ...environment, REDIS_URL: line.url } });
  assert.equal((await guess(url, "ada")).status, 401);
  line.cut();
  const response = await guess(url, "ada");
  assert.equal(response.status, 503);
  assert.match(response.headers.get("content-type") ?? "", /^application\/problem\+json/);
  assert.equal((await fetch(`${url}/health/ready`)).status, 200);
  await line.mend();
  while ((await guess(url, "ada")).status === 503 && !t.signal.aborted);
});
