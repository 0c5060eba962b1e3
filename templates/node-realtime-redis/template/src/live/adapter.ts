import { createAdapter } from "@socket.io/redis-adapter";
import type { Logger } from "pino";
import type { Config } from "#app/config.ts";
import { connectRedis, type RedisClient, redisClient } from "#app/redis.ts";

/** Takes what is sent to rooms to the other instances of the service, through Redis. */
export function openAdapter({ REDIS_URL, REDIS_PREFIX }: Config, log: Logger) {
  // A connection that listens can do nothing else, so there are two. What cannot be sent at once is
  // dropped: later it would be stale.
  const sending = redisClient(REDIS_URL, log.child({ redis: "sending" }), {
    disableOfflineQueue: true,
  });
  const listening = redisClient(REDIS_URL, log.child({ redis: "listening" }));
  const clients = [sending, listening];
  for (const client of clients) forgive(client);

  return {
    create: createAdapter(sending, listening, { key: REDIS_PREFIX }),

    async connect(): Promise<void> {
      for (const client of clients) await connectRedis(client, REDIS_URL);
    },

    /** Why the other instances get nothing right now, or undefined when they do. */
    fault: (): string | undefined =>
      clients.every((client) => client.isReady)
        ? undefined
        : "Redis is away: events reach the clients of one instance only",

    close(): void {
      for (const client of clients) if (client.isOpen) client.destroy();
    },
  };
}

/** The adapter awaits none of its commands, and an error that nobody awaits would end the process. */
function forgive(client: RedisClient): void {
  for (const name of [
    "publish",
    "subscribe",
    "pSubscribe",
    "unsubscribe",
    "pUnsubscribe",
  ] as const) {
    const command = client[name].bind(client) as (...all: unknown[]) => Promise<unknown>;
    Object.assign(client, { [name]: (...all: unknown[]) => command(...all).catch(() => {}) });
  }
}
