import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { predictions } from "#app/predictions/routes.ts";
import type { Durations } from "#app/predictions/schema.ts";
import { json, serve, serveApp } from "#app/testing.ts";

const delivery = { distance_km: 12.5, parcels: 3, hour: 17, weather: "rain" };

test("the service predicts what the client asks for, if it is valid", async (t) => {
  const asked: unknown[] = [];
  const durations: Durations = { sha256: "abc", minutes: [42.5] };
  const SERVICE_URL = await serveApp(t, async (request, response) => {
    asked.push([request.method, request.url, JSON.parse(await text(request))]);
    response.end(JSON.stringify(durations));
  });
  const url = await serve(t, { environment: { SERVICE_URL }, resources: [predictions] });

  const good = await fetch(`${url}/predictions`, json("POST", { rows: [delivery] }));
  assert.deepEqual(await good.json(), durations);
  for (const wrong of [{ weather: "fog" }, { parcels: 1.5 }, { distance_km: 0 }]) {
    const body = { rows: [{ ...delivery, ...wrong }] };
    assert.equal((await fetch(`${url}/predictions`, json("POST", body))).status, 422);
  }
  assert.deepEqual(asked, [["POST", "/predict", { rows: [delivery] }]]);
});
