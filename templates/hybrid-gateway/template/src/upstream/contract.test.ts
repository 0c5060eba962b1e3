// The service's contract is one file, `service/openapi.json`, which the service's own tests compare
// with what it does. These compare it with what the gateway expects.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { z } from "zod";
// What these load declares every operation.
import "#app/app.ts";
import "#app/services.ts";
import { goodStatus, operations } from "#app/upstream/operation.ts";

type Json = { [key: string]: Json } & Json[];

const file = new URL("../../../service/openapi.json", import.meta.url);
const contract = JSON.parse(readFileSync(file, "utf8")) as Json;

/** Words for people, and limits that only say what a JSON number is to JavaScript. */
const ASIDE = ["title", "description", "default", "$schema", "$defs", "id"];
const isAside = (key: string, value: unknown) =>
  ASIDE.includes(key) || Math.abs(value as number) === Number.MAX_SAFE_INTEGER;

const at = (reference: string, root: Json) =>
  reference
    .split("/")
    .slice(1)
    .reduce<Json>((place, key) => place[key] as Json, root);

/** A schema in a form that does not depend on who wrote it down. */
function plain(schema: unknown, root: Json): unknown {
  if (Array.isArray(schema)) return schema.map((one) => plain(one, root));
  if (typeof schema !== "object" || schema === null) return schema;
  const { $ref } = schema as { $ref?: string };
  if ($ref) return plain(at($ref, root), root);
  const rest = Object.entries(schema).filter(([key, value]) => !isAside(key, value));
  return Object.fromEntries(rest.map(([key, value]) => [key, inner(key, value, root)]));
}

/** The names of properties are nobody's words, and the order of required ones means nothing. */
function inner(key: string, value: object, root: Json): unknown {
  if (key === "required") return (value as string[]).toSorted();
  if (key !== "properties") return plain(value, root);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one, root)]));
}

const theirs = (schema: unknown) => plain(schema, contract);
const ours = (schema: z.ZodType) => {
  const written = z.toJSONSchema(schema, { io: "input" });
  return plain(written, written as unknown as Json);
};
const body = (place: Json | undefined) => theirs(place?.content?.["application/json"]?.schema);

test("there is something to compare", () => assert.notEqual(operations.length, 0));

for (const operation of operations) {
  const { method, path } = operation;
  test(`${method} ${path} is what the contract says`, () => {
    const there = contract.paths?.[path]?.[method];
    assert.ok(there, "the contract does not have it");
    const answer = there.responses?.[goodStatus(operation)];
    assert.ok(answer, `the contract does not have an answer ${goodStatus(operation)}`);
    if (operation.response) assert.deepEqual(ours(operation.response), body(answer));
    assert.deepEqual(operation.body && ours(operation.body), body(there.requestBody));
    for (const [place, fields] of [
      ["path", operation.params],
      ["query", operation.query],
    ] as const) {
      const listed: Json[] = there.parameters?.filter((one) => String(one.in) === place) ?? [];
      assert.deepEqual(
        Object.fromEntries(Object.entries(fields?.shape ?? {}).map(([k, v]) => [k, ours(v)])),
        Object.fromEntries(listed.map((one) => [one.name, theirs(one.schema)])),
      );
    }
  });
}
