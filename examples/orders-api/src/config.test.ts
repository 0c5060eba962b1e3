import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig } from "#app/config.ts";

test("an empty environment gives the defaults", () => {
  assert.deepEqual(loadConfig({ PORT: "" }), {
    HOST: "127.0.0.1",
    PORT: 3000,
    LOG_LEVEL: "info",
    DATABASE_PATH: "data/service.db",
    CORS_ORIGINS: [],
    TRUST_PROXY: 0,
  });
});

test("all bad variables are named at once, without their values", () => {
  const environment = { PORT: "s3cret", LOG_LEVEL: "loud", CORS_ORIGINS: "https://a.example/path" };
  assert.throws(
    () => loadConfig(environment),
    ({ message }: Error) => {
      for (const name of Object.keys(environment)) assert.match(message, new RegExp(`${name}: `));
      assert.doesNotMatch(message, /s3cret/);
      return true;
    },
  );
});
