import assert from "node:assert/strict";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { databaseFault, openDatabase } from "#app/database.ts";

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "database-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test("migrations run once, in order of their numbers, and data outlives a restart", (t) => {
  const at = folder(t);
  writeFileSync(join(at, "0002-second.sql"), "ALTER TABLE words ADD COLUMN language TEXT;");
  writeFileSync(join(at, "0001-first.sql"), "CREATE TABLE words (word TEXT);");
  const path = join(at, "new", "test.db");

  const before = openDatabase(path, at);
  before.exec("INSERT INTO words VALUES ('tea', 'en')");
  before.close();
  const after = openDatabase(path, at);
  t.after(() => after.close());

  assert.equal(after.prepare("SELECT word FROM words").get()?.word, "tea");
  assert.equal(after.prepare("SELECT count(*) AS n FROM migrations").get()?.n, 2);
});

test("a migration that fails leaves nothing behind", (t) => {
  const at = folder(t);
  const path = join(at, "test.db");
  writeFileSync(join(at, "0001-broken.sql"), "CREATE TABLE words (word TEXT); NO SQL;");
  assert.throws(() => openDatabase(path, at), /cannot be used: near "NO"/);
  writeFileSync(join(at, "0001-broken.sql"), "CREATE TABLE words (word TEXT);");
  openDatabase(path, at).close();
});

test("a migration that was changed after it was applied is refused", (t) => {
  const at = folder(t);
  const path = join(at, "test.db");
  const file = join(at, "0001-first.sql");
  writeFileSync(file, "CREATE TABLE words (word TEXT);");
  openDatabase(path, at).close();
  writeFileSync(file, "CREATE TABLE words (word TEXT, language TEXT);");
  assert.throws(() => openDatabase(path, at), /0001-first\.sql was changed/);
});

test("a database file that was moved away is a fault until it is back", {
  skip: process.platform === "win32" && "Windows does not move open files",
}, (t) => {
  const path = join(folder(t), "test.db");
  const database = openDatabase(path);
  assert.equal(databaseFault(database), undefined);
  renameSync(path, `${path}.away`);
  assert.match(databaseFault(database) ?? "", /gone/);
  renameSync(`${path}.away`, path);
  assert.equal(databaseFault(database), undefined);
  database.close();
  assert.match(databaseFault(database) ?? "", /not open/);
});
