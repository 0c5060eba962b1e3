import assert from "node:assert/strict";
import { scryptSync } from "node:crypto";
import { test } from "node:test";
import { hashPassword, isPassword } from "#app/users/password.ts";

test("a password fits its own hash, however its letters are written, and no other fits", async () => {
  const kept = await hashPassword("caf\u00e9 at noon");
  assert.ok(await isPassword("cafe\u0301 at noon", kept));
  assert.ok(!(await isPassword("cafe at noon", kept)));
  assert.notEqual(await hashPassword("caf\u00e9 at noon"), kept); // Its salt is its own.
});

test("where nothing is kept no password fits, and finding out takes as long", async () => {
  const kept = await hashPassword("correct horse");
  const took = async (hash?: string) => {
    const began = performance.now();
    assert.equal(await isPassword("wrong horse", hash), false);
    return performance.now() - began;
  };
  const [known, unknown] = [await took(kept), await took()];
  assert.ok(unknown > known / 3, `${unknown} ms instead of ${known}`);
});

test("a hash that was made at another cost stays good", async () => {
  const hash = scryptSync("old password", "salt", 32, { N: 16, r: 1, p: 1 }).toString("hex");
  assert.ok(await isPassword("old password", `scrypt$16$1$1$73616c74$${hash}`));
});
