import { createHash } from "node:crypto";
import { globSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
// The only file that knows node:sqlite, so that another driver is a change in one place.
import { DatabaseSync } from "node:sqlite";
import { StartError } from "#app/start-error.ts";

export type Database = DatabaseSync;

const BUSY_TIMEOUT_MS = 5000;

/** Opens the database, makes the file where it is missing, and brings the schema up to date. */
export function openDatabase(path: string, migrations = import.meta.dirname): Database {
  let database: Database | undefined;
  try {
    if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
    database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    // A power cut may cost the last writes, not more; FULL would hold up every write for the disk.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    migrate(database, migrations);
    return database;
  } catch (error) {
    database?.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`The database ${path} cannot be used: ${reason}`, { cause: error });
  }
}

/**
 * Runs the new `*.sql` files below `folder` in the order of their names, all or none.
 * A migration lives with its resource; the number in its name gives the order.
 * Applied ones whose file is gone are left alone: the resource was removed, or a newer release
 * was here before this one.
 */
function migrate(database: Database, folder: string): void {
  database.exec("BEGIN IMMEDIATE"); // A second process that starts now waits here.
  try {
    database.exec(
      "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT",
    );
    const find = database.prepare("SELECT sha256 FROM migrations WHERE name = ?");
    const remember = database.prepare("INSERT INTO migrations VALUES (?, ?, datetime())");
    for (const file of migrationFiles(folder)) {
      const sql = readFileSync(file, "utf8");
      const sha256 = createHash("sha256").update(sql).digest("hex");
      const applied = find.get(basename(file));
      if (!applied) {
        database.exec(sql);
        remember.run(basename(file), sha256);
      } else if (applied.sha256 !== sha256) {
        throw new Error(`${basename(file)} was changed after it had been applied; add a new file`);
      }
    }
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function migrationFiles(folder: string): string[] {
  const files = globSync("**/*.sql", { cwd: folder }).map((file) => join(folder, file));
  return files.sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

/** Why the database cannot serve right now, or undefined when it can. */
export function databaseFault(database: Database): string | undefined {
  try {
    database.prepare("SELECT count(*) FROM migrations").get();
    // SQLite goes on happily with a file that was moved away, until the next restart loses it.
    const path = database.location();
    if (path && !statSync(path, { throwIfNoEntry: false })) return "the database file is gone";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
