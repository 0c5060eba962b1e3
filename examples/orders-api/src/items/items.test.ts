import assert from "node:assert/strict";
import { test } from "node:test";
import { items } from "#app/items/routes.ts";
import type { Item, ItemPage } from "#app/items/schema.ts";
import { json, serve } from "#app/testing.ts";

test("an item is created, read, changed and deleted", async (t) => {
  const url = await serve(t, { resources: [items] });

  const created = await fetch(`${url}/items`, json("POST", { name: " tea ", quantity: 2 }));
  assert.equal(created.status, 201);
  const item = (await created.json()) as Item;
  assert.equal(item.name, "tea");
  const place = url + created.headers.get("location");

  assert.deepEqual(await (await fetch(place)).json(), item);
  const changed = await fetch(place, json("PATCH", { quantity: 3 }));
  assert.deepEqual(await changed.json(), { ...item, quantity: 3 });

  assert.equal((await fetch(place, { method: "DELETE" })).status, 204);
  for (const init of [{}, json("PATCH", {}), { method: "DELETE" }]) {
    assert.equal((await fetch(place, init)).status, 404);
  }
});

test("a list goes by pages", async (t) => {
  const url = await serve(t, { resources: [items] });
  for (const name of ["tea", "rice", "salt"]) {
    await fetch(`${url}/items`, json("POST", { name, quantity: 1 }));
  }
  const page = async (query: string) => {
    const { items, next } = (await (await fetch(`${url}/items?${query}`)).json()) as ItemPage;
    return [items.map((item) => item.name), next];
  };
  assert.deepEqual(await page("limit=2"), [["tea", "rice"], 2]);
  assert.deepEqual(await page("limit=2&after=2"), [["salt"], null]);
});

test("an item that breaks a rule is refused", async (t) => {
  const url = await serve(t, { resources: [items] });
  for (const body of [{ name: "tea" }, { name: " ", quantity: 1 }, { name: "tea", quantity: -1 }]) {
    assert.equal((await fetch(`${url}/items`, json("POST", body))).status, 422);
  }
});
