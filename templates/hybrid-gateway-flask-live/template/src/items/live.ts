import { z } from "zod";
import type { Route } from "#app/http/route.ts";
import { items } from "#app/items/routes.ts";
import type { Item } from "#app/items/schema.ts";
import type { Ask } from "#app/live/events.ts";
import type { Services } from "#app/services.ts";

declare module "#app/live/events.ts" {
  interface ClientToServer {
    /** From now on the client gets every new item. Join, then list: nothing is missed. */
    "items:join": Ask<Record<string, never>>;
  }
  interface ServerToClient {
    "items:created": (item: Item) => void;
  }
}

const ROOM = "items";

/** Items over REST; everybody who joined gets to see a new one. */
export function liveItems(services: Services): Route[] {
  const { live } = services;
  live.on("items:join", z.strictObject({}), (_, client) => client.join(ROOM));
  return items(services).map((route) => {
    if (route.method !== "post") return route;
    return {
      ...route,
      async handle(input, answer) {
        const item = (await route.handle(input, answer)) as Item;
        live.io.to(ROOM).emit("items:created", item);
        return item;
      },
    };
  });
}
