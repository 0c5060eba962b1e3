import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
// The only file that knows pg, so that another driver is a change in one place.
import { Client, DatabaseError, Pool, type PoolClient, type QueryResultRow, types } from "pg";
import type { Logger } from "pino";
import { Problem } from "#app/http/problem.ts";
import { StartError } from "#app/start-error.ts";

/** Of one instance; a PostgreSQL takes 100 in all unless it is told otherwise. */
const MAX_CONNECTIONS = 10;
/** How long to wait for a connection, be it new or one that others use. */
const CONNECT_MS = 2000;
/** The server ends a statement after that, so that no lock outlives its request for long. */
const STATEMENT_MS = 5000;
/** A server that went away without a word answers nothing at all. */
const ANSWER_MS = STATEMENT_MS + 1000;
/** How long `ready` waits for the database. */
const READY_MS = 1000;

// As they go into JSON. The numbers of this API are safe integers, which BIGINT holds.
types.setTypeParser(types.builtins.INT8, Number);
types.setTypeParser(types.builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString());

/** Runs one statement, with values for its $1, $2 and so on, and gives the rows. */
export type Query = <R extends QueryResultRow>(text: string, values?: unknown[]) => Promise<R[]>;

export interface Database {
  query: Query;
  /** Runs all that `work` does by the query it is given, or nothing if it throws. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** Rejects unless the database answers at once. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Connects when a connection is needed, and anew when one was lost. */
export function openDatabase(url: string, log: Logger): Database {
  const pool = new Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: STATEMENT_MS,
    query_timeout: ANSWER_MS,
  });
  pool.on("error", (error) => log.warn({ err: error }, "a database connection was lost"));
  const ready = { text: "SELECT FROM migrations LIMIT 1", query_timeout: READY_MS };

  return {
    query: queryOn(pool),
    async transaction(work) {
      const client = await pool.connect().catch((error) => {
        throw answerFor(error);
      });
      client.on("error", ignore); // The next statement tells.
      const query = queryOn(client);
      try {
        await query("BEGIN");
        const result = await work(query);
        await query("COMMIT");
        client.off("error", ignore).release();
        return result;
      } catch (error) {
        const lost = await client.query("ROLLBACK").then(
          () => false,
          () => true,
        );
        client.off("error", ignore).release(lost);
        throw error;
      }
    },
    async ping() {
      await pool.query(ready);
    },
    close: () => pool.end(),
  };
}

const ignore = () => {};

const queryOn =
  (connection: Pool | PoolClient): Query =>
  async (text, values) => {
    try {
      return (await connection.query(text, values)).rows;
    } catch (error) {
      throw answerFor(error);
    }
  };

/** What clients are told: 503 while there is no database, and what only they can put right. */
function answerFor(error: unknown): unknown {
  const code = error instanceof DatabaseError ? (error.code ?? "") : undefined;
  // Of a connection, of resources, of an operator: https://www.postgresql.org/docs/current/errcodes-appendix.html
  if (code === undefined || /^(08|53|57P)/.test(code)) {
    return Object.assign(new Problem(503, "the database is away"), { cause: error });
  }
  if (code === "22021") return new Problem(422, "a text holds a character that cannot be stored");
  return error;
}

/** Why the database cannot serve right now, or undefined when it can. */
export const databaseFault = (database: Database): Promise<string | undefined> =>
  database.ping().then(() => undefined, reason);

/** A connection of its own, without limits of time; throws a StartError if there is none. */
export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  client.on("error", ignore); // The next statement tells.
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw unusable(url, reason(error), advice(error));
  }
}

/**
 * Brings the schema up to date: runs the new `*.sql` files below `folder` in the order of their
 * names, all or none. A migration lives with its resource; the number in its name gives the order.
 * Applied ones whose file is gone are left alone: the resource was removed, or a newer release
 * was here before this one.
 */
export async function migrate(url: string, folder = import.meta.dirname): Promise<void> {
  const client = await connect(url);
  try {
    await client.query("BEGIN");
    // A second process that starts now waits here. The number means nothing to others.
    await client.query("SELECT pg_advisory_xact_lock(4839201)");
    await client.query(
      "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())",
    );
    for (const file of migrationFiles(folder)) await apply(client, file);
    await client.query("COMMIT");
  } catch (error) {
    throw unusable(url, reason(error));
  } finally {
    await client.end(); // What was not committed is undone by that.
  }
}

async function apply(client: Client, file: string): Promise<void> {
  const name = basename(file);
  const sql = readFileSync(file, "utf8");
  const sha256 = createHash("sha256").update(sql).digest("hex");
  const { rows } = await client.query("SELECT sha256 FROM migrations WHERE name = $1", [name]);
  if (rows.length === 0) {
    await client.query(sql).catch((error) => {
      throw new Error(`${name}: ${reason(error)}`, { cause: error });
    });
    await client.query("INSERT INTO migrations VALUES ($1, $2)", [name, sha256]);
  } else if (rows[0].sha256 !== sha256) {
    throw new Error(`${name} was changed after it had been applied; add a new file`);
  }
}

function migrationFiles(folder: string): string[] {
  const files = globSync("**/*.sql", { cwd: folder }).map((file) => join(folder, file));
  return files.sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

/** The address stands in the sentence, the password does not. */
function unusable(url: string, why: string, advice = ""): StartError {
  const { host, pathname } = new URL(url);
  return new StartError(`The database ${host}${pathname} cannot be used: ${why}${advice}`);
}

function advice(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "28P01") {
    return "; a volume of Compose keeps its first password (docker compose down --volumes deletes it with all data)";
  }
  return error instanceof DatabaseError
    ? ""
    : "; start it by docker compose up --wait, or set DATABASE_URL to another one";
}

function reason(error: unknown): string {
  // A host name with several addresses, none of which answers.
  if (error instanceof AggregateError) return reason(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
