import type { Logger } from "pino";
import { createClient, type RedisClientOptions } from "redis";
import { StartError } from "#app/start-error.ts";

export type RedisClient = ReturnType<typeof redisClient>;

const CONNECT_MS = 2000;

/** The longest pause between two attempts to connect anew. */
const PAUSE_MS = 2000;

/** A client that is still to be connected; from then on it connects anew by itself. */
export function redisClient(url: string, log: Logger, options: RedisClientOptions = {}) {
  let connected = false;
  let away = false;
  const client = createClient({
    ...options,
    url,
    socket: {
      connectTimeout: CONNECT_MS,
      reconnectStrategy: (tries, cause) =>
        connected ? Math.min(100 * 2 ** tries, PAUSE_MS) : cause,
    },
  });
  client.on("ready", () => {
    if (away) log.info("Redis is back");
    connected = true;
    away = false;
  });
  // It comes with each attempt; one line tells enough.
  client.on("error", (err) => {
    if (connected && !away) log.error({ err }, "Redis is away");
    away = true;
  });
  return client;
}

/** Connects for the first time, or throws a StartError that says what to do. */
export async function connectRedis(client: RedisClient, url: string): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    const why = error instanceof AggregateError ? error.errors[0] : error;
    throw new StartError(
      `Redis at ${new URL(url).host} cannot be used: ${why.message}; start it by docker compose up --wait, or set REDIS_URL to another one`,
    );
  }
}
