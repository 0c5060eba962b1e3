import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { databaseFault, migrate, openDatabase } from "#app/database.ts";
import { createLogger } from "#app/http/log.ts";
import { lineTo } from "#app/line/testing.ts";
import { StartError } from "#app/start-error.ts";
import { testDatabase } from "#app/testing.ts";

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "migrations-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function open(t: TestContext, url: string) {
  const database = openDatabase(url, createLogger("silent"));
  t.after(() => database.close());
  return database;
}

test("migrations run once, in order of their numbers, also by two processes at once", async (t) => {
  const at = folder(t);
  writeFileSync(join(at, "0002-second.sql"), "ALTER TABLE words ADD COLUMN language TEXT;");
  writeFileSync(
    join(at, "0001-first.sql"),
    "CREATE TABLE words (word TEXT); SELECT pg_sleep(0.1);",
  );
  const url = await testDatabase(t);
  await Promise.all([migrate(url, at), migrate(url, at)]);

  const { query } = open(t, url);
  await query("INSERT INTO words VALUES ('tea', 'en')");
  await migrate(url, at);
  assert.deepEqual(await query("SELECT * FROM words"), [{ word: "tea", language: "en" }]);
  assert.deepEqual(await query("SELECT count(*) FROM migrations"), [{ count: 2 }]);
});

test("a migration that fails leaves nothing behind", async (t) => {
  const at = folder(t);
  const url = await testDatabase(t);
  writeFileSync(join(at, "0001-broken.sql"), "CREATE TABLE words (word TEXT); NO SQL;");
  await assert.rejects(migrate(url, at), /cannot be used: 0001-broken\.sql: .*"NO"/);
  writeFileSync(join(at, "0001-broken.sql"), "CREATE TABLE words (word TEXT);");
  await migrate(url, at);
});

test("a migration that was changed after it was applied is refused", async (t) => {
  const at = folder(t);
  const url = await testDatabase(t);
  const file = join(at, "0001-first.sql");
  writeFileSync(file, "CREATE TABLE words (word TEXT);");
  await migrate(url, at);
  writeFileSync(file, "CREATE TABLE words (word TEXT, language TEXT);");
  await assert.rejects(migrate(url, at), /0001-first\.sql was changed/);
});

test("a database that cannot be reached is one sentence without the password", async (t) => {
  const line = await lineTo(t, await testDatabase(t));
  line.cut();
  const url = new URL(line.url);
  url.password = "s3cret";
  await assert.rejects(migrate(url.href), (error) => {
    assert.ok(error instanceof StartError);
    assert.match(
      error.message,
      /^The database 127\.0\.0\.1:\d+\/.* cannot be used: .*REFUSED.*DATABASE_URL/,
    );
    assert.doesNotMatch(error.message, /s3cret|\n/);
    return true;
  });
});

test("while the database is away there is a fault and 503, and then it goes on", async (t) => {
  const line = await lineTo(t, await testDatabase(t));
  await migrate(line.url);
  const database = open(t, line.url);
  assert.equal(await databaseFault(database), undefined);

  line.cut();
  await pause(50); // Idle connections notice it on their own.
  assert.match((await databaseFault(database)) ?? "", /REFUSED|terminated/);
  await assert.rejects(database.query("SELECT 1"), { status: 503 });
  await assert.rejects(
    database.transaction((query) => query("SELECT 1")),
    { status: 503 },
  );

  await line.mend();
  assert.equal(await databaseFault(database), undefined);
  assert.deepEqual(await database.query("SELECT 1 AS one"), [{ one: 1 }]);
});

test("a database that says nothing more is a fault within seconds", async (t) => {
  const line = await lineTo(t, await testDatabase(t));
  await migrate(line.url);
  const database = open(t, line.url);
  await database.query("SELECT 1");
  line.silence();
  const asked = performance.now();
  assert.match((await databaseFault(database)) ?? "", /timeout/);
  assert.ok(performance.now() - asked < 3000);
  line.cut();
});

test("a transaction is done as a whole or not at all", async (t) => {
  const database = open(t, await testDatabase(t));
  await database.query("CREATE TABLE words (word TEXT)");
  await database.transaction(async (query) => {
    await query("INSERT INTO words VALUES ($1)", ["tea"]);
    await query("INSERT INTO words VALUES ($1)", ["rice"]);
  });
  const broken = database.transaction(async (query) => {
    await query("DELETE FROM words");
    throw new Error("not this way");
  });
  await assert.rejects(broken, /not this way/);
  const lost = database.transaction(async (query) => {
    await query("DELETE FROM words");
    await query("SELECT pg_terminate_backend(pg_backend_pid())");
  });
  await assert.rejects(lost, { status: 503 });
  assert.deepEqual(await database.query("SELECT * FROM words"), [
    { word: "tea" },
    { word: "rice" },
  ]);
});

test("values come as they go into JSON, and what takes too long is ended", async (t) => {
  const { query } = open(t, await testDatabase(t));
  const [row] = await query(
    "SELECT 9007199254740991::bigint AS number, '2026-01-02 03:04:05+01'::timestamptz AS time, current_setting('statement_timeout') AS limit",
  );
  assert.deepEqual(row, {
    number: Number.MAX_SAFE_INTEGER,
    time: "2026-01-02T02:04:05.000Z",
    limit: "5s",
  });
  await assert.rejects(query("SELECT $1", ["\0"]), { status: 422 });
});
