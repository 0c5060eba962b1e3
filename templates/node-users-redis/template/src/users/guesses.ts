import type { Logger } from "pino";
import { RedisStore } from "rate-limit-redis";
import type { Config } from "#app/config.ts";
import { Problem } from "#app/http/problem.ts";
import { connectRedis, redisClient } from "#app/redis.ts";

export type Guesses = ReturnType<typeof openGuesses>;

/** Where all instances together count wrong passwords. */
export function openGuesses({ REDIS_URL, REDIS_PREFIX }: Config, log: Logger) {
  const client = redisClient(REDIS_URL, log.child({ redis: "guesses" }), {
    disableOfflineQueue: true,
  });

  async function send(...command: string[]) {
    // Nobody waits for it: openapi.json, say, is written without a Redis.
    if (!client.isOpen) return new Promise<never>(() => {});
    // Who cannot count must not let anybody guess.
    if (!client.isReady) throw new Problem(503, "log-ins are not possible right now");
    return client.sendCommand<string>(command);
  }

  return {
    connect: () => connectRedis(client, REDIS_URL),
    store: (name: string) =>
      new RedisStore({ prefix: `${REDIS_PREFIX}:guesses:${name}:`, sendCommand: send }),
    close(): void {
      if (client.isOpen) client.destroy();
    },
  };
}
