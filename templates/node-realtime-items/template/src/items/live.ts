import { z } from "zod";
import type { Route } from "#app/http/route.ts";
import { items } from "#app/items/routes.ts";
import { type Item, NewItem } from "#app/items/schema.ts";
import { type ItemStore, itemStore } from "#app/items/store.ts";
import type { Ask } from "#app/live/events.ts";
import type { Services } from "#app/services.ts";

declare module "#app/live/events.ts" {
  interface ClientToServer {
    /** From now on the client gets what happens to items. Join, then list: nothing is missed. */
    "items:join": Ask<Record<string, never>>;
    "items:leave": Ask<Record<string, never>>;
    "items:create": Ask<NewItem, Item>;
  }
  interface ServerToClient {
    /** The item as it is now, or null where it was deleted. */
    "items:changed": (change: { id: number; item: Item | null }) => void;
    /** Somebody else joined. */
    "items:joined": (who: { name: string }) => void;
  }
}

const ROOM = "items";
const Nothing = z.strictObject({});

/** Items over REST and as events. Whoever changes one, everybody who joined gets to see it. */
export function liveItems(services: Services): Route[] {
  const { live } = services;
  const store = announcing(services);

  live.on("items:join", Nothing, async (_, client) => {
    await client.join(ROOM);
    client.to(ROOM).emit("items:joined", { name: client.data.name });
  });
  live.on("items:leave", Nothing, (_, client) => client.leave(ROOM));
  live.on("items:create", NewItem, (item) => store.create(item));

  return items(services, store);
}

/** The store of items, which tells of each change. */
function announcing({ database, live }: Services): ItemStore {
  const store = itemStore(database);
  const changed = (id: number, item: Item | null) => {
    live.io.to(ROOM).emit("items:changed", { id, item });
  };
  return {
    ...store,
    create(fields) {
      const item = store.create(fields);
      changed(item.id, item);
      return item;
    },
    change(id, fields) {
      const item = store.change(id, fields);
      if (item) changed(id, item);
      return item;
    },
    remove(id) {
      const removed = store.remove(id);
      if (removed) changed(id, null);
      return removed;
    },
  };
}
