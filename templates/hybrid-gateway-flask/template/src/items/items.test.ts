import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { items } from "#app/items/routes.ts";
import type { Item, ItemPage } from "#app/items/schema.ts";
import { json, serve, serveApp } from "#app/testing.ts";

test("items come from the service and go there, if they are valid", async (t) => {
  const item: Item = { id: 7, name: "tea", quantity: 2, createdAt: "2026-01-01T00:00:00Z" };
  const page: ItemPage = { items: [item], next: null };
  const asked: string[] = [];
  const SERVICE_URL = await serveApp(t, async (request, response) => {
    asked.push(`${request.method} ${request.url} ${await text(request)}`);
    if (request.method === "DELETE") response.writeHead(204).end();
    else if (request.method === "POST") response.writeHead(201).end(JSON.stringify(item));
    else response.end(JSON.stringify(request.url?.includes("?limit") ? page : item));
  });
  const url = await serve(t, { environment: { SERVICE_URL }, resources: [items] });

  const created = await fetch(`${url}/items`, json("POST", { name: "tea", quantity: 2 }));
  assert.equal(created.status, 201);
  const place = url + created.headers.get("location");
  assert.deepEqual(await (await fetch(place)).json(), item);
  assert.deepEqual(await (await fetch(`${url}/items?limit=5`)).json(), page);
  assert.equal((await fetch(place, { method: "DELETE" })).status, 204);
  for (const body of [{ name: "tea" }, { name: "", quantity: 1 }, { name: "tea", quantity: -1 }]) {
    assert.equal((await fetch(`${url}/items`, json("POST", body))).status, 422);
  }
  assert.deepEqual(asked, [
    'POST /items {"name":"tea","quantity":2}',
    "GET /items/7 ",
    "GET /items?limit=5&after=0 ",
    "DELETE /items/7 ",
  ]);
});
