import assert from "node:assert/strict";
import { test } from "node:test";
import { liveItems } from "#app/items/live.ts";
import type { Item } from "#app/items/schema.ts";
import { connect } from "#app/live/testing.ts";
import { json, serve, serveApp } from "#app/testing.ts";

test("everybody who joined sees a new item", { timeout: 20_000 }, async (t) => {
  const item: Item = { id: 7, name: "tea", quantity: 2, createdAt: "2026-01-01T00:00:00Z" };
  const SERVICE_URL = await serveApp(t, (_, response) => {
    response.writeHead(201).end(JSON.stringify(item));
  });
  const url = await serve(t, { environment: { SERVICE_URL }, resources: [liveItems] });
  const ada = await connect(t, url);
  const seen = new Promise((resolve) => ada.once("items:created", resolve));
  await ada.emitWithAck("items:join", {});
  await fetch(`${url}/items`, json("POST", { name: "tea", quantity: 2 }));
  assert.deepEqual(await seen, item);
});
