import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "#app/live/testing.ts";
import { livePredictions } from "#app/predictions/live.ts";
import { json, serve, serveApp } from "#app/testing.ts";

test("everybody who joined sees a prediction", { timeout: 20_000 }, async (t) => {
  const durations = { sha256: "abc", minutes: [42.5] };
  const SERVICE_URL = await serveApp(t, (_, response) => {
    response.end(JSON.stringify(durations));
  });
  const url = await serve(t, { environment: { SERVICE_URL }, resources: [livePredictions] });
  const ada = await connect(t, url);
  const seen = new Promise((resolve) => ada.once("predictions:made", resolve));
  await ada.emitWithAck("predictions:join", {});
  const rows = [{ distance_km: 12.5, parcels: 3, hour: 17, weather: "rain" }];
  await fetch(`${url}/predictions`, json("POST", { rows }));
  assert.deepEqual(await seen, durations);
});
