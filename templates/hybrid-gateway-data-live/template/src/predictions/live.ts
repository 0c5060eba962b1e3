import { z } from "zod";
import type { Route } from "#app/http/route.ts";
import type { Ask } from "#app/live/events.ts";
import { predictions } from "#app/predictions/routes.ts";
import type { Durations } from "#app/predictions/schema.ts";
import type { Services } from "#app/services.ts";

declare module "#app/live/events.ts" {
  interface ClientToServer {
    /** From now on the client gets every prediction that somebody asks for. */
    "predictions:join": Ask<Record<string, never>>;
  }
  interface ServerToClient {
    "predictions:made": (durations: Durations) => void;
  }
}

const ROOM = "predictions";

/** Predictions over REST, which everybody who joined gets to see. */
export function livePredictions(services: Services): Route[] {
  const { live } = services;
  live.on("predictions:join", z.strictObject({}), (_, client) => client.join(ROOM));
  return predictions(services).map((route) => ({
    ...route,
    async handle(input, answer) {
      const made = (await route.handle(input, answer)) as Durations;
      live.io.to(ROOM).emit("predictions:made", made);
      return made;
    },
  }));
}
