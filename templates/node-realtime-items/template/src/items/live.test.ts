import assert from "node:assert/strict";
import { test } from "node:test";
import { liveItems } from "#app/items/live.ts";
import type { Item } from "#app/items/schema.ts";
import { connect, transports } from "#app/live/testing.ts";
import { json, serve } from "#app/testing.ts";

const within = { timeout: 20_000 };

for (const transport of transports) {
  test(
    `over ${transport}: everybody who joined sees every change, whoever made it`,
    within,
    async (t) => {
      const url = await serve(t, { resources: [liveItems] });
      const ada = await connect(t, url, { transports: [transport] });
      const bob = await connect(t, url, { auth: { name: "Bob" } });
      const seen: unknown[] = [];
      ada.on("items:changed", (change) => seen.push(change));
      await ada.emitWithAck("items:join", {});

      const created = await bob.emitWithAck("items:create", { name: " tea ", quantity: 2 });
      assert.ok(created.ok);
      const { id } = created.data;
      const place = `${url}/items/${id}`;
      const changed = (await (await fetch(place, json("PATCH", { quantity: 3 }))).json()) as Item;
      await fetch(place, { method: "DELETE" });
      const rice = await fetch(`${url}/items`, json("POST", { name: "rice", quantity: 1 }));
      const item = (await rice.json()) as Item;
      await ada.emitWithAck("items:leave", {});

      assert.deepEqual(seen, [
        { id, item: created.data },
        { id, item: changed },
        { id, item: null },
        { id: item.id, item },
      ]);
      await fetch(`${url}/items`, json("POST", { name: "salt", quantity: 1 }));
      await ada.emitWithAck("items:leave", {}); // Whatever was sent before has come by now.
      assert.equal(seen.length, 4);
    },
  );
}

test("who joins is announced to the others", within, async (t) => {
  const url = await serve(t, { resources: [liveItems] });
  const ada = await connect(t, url);
  const bob = await connect(t, url, { auth: { name: "Bob" } });
  await ada.emitWithAck("items:join", {});
  const heard = new Promise((resolve) => ada.once("items:joined", resolve));
  bob.on("items:joined", () => assert.fail("Bob heard of himself"));
  await bob.emitWithAck("items:join", {});
  assert.deepEqual(await heard, { name: "Bob" });
});

test("an item that breaks a rule is refused, and nobody hears of it", within, async (t) => {
  const url = await serve(t, { resources: [liveItems] });
  const ada = await connect(t, url);
  ada.on("items:changed", () => assert.fail("nothing has changed"));
  await ada.emitWithAck("items:join", {});
  const answer = await ada.emitWithAck("items:create", { name: "", quantity: -1 });
  assert.ok(!answer.ok);
  assert.deepEqual(
    answer.problem.errors?.map(({ field }) => field),
    ["name", "quantity"],
  );
  for (const init of [json("PATCH", { quantity: 1 }), { method: "DELETE" }]) {
    assert.equal((await fetch(`${url}/items/1`, init)).status, 404);
  }
  await ada.emitWithAck("items:leave", {});
});
