import type { Database } from "#app/database.ts";
import type { Item, ItemChange, ItemPage, NewItem, Page } from "#app/items/schema.ts";

const COLUMNS = "id, name, quantity, created_at AS createdAt";

export type ItemStore = ReturnType<typeof itemStore>;

/** All SQL about items. `undefined` stands for an item that is not there. */
export function itemStore(database: Database) {
  const page = database.prepare(`SELECT ${COLUMNS} FROM items WHERE id > ? ORDER BY id LIMIT ?`);
  const one = database.prepare(`SELECT ${COLUMNS} FROM items WHERE id = ?`);
  const insert = database.prepare(
    `INSERT INTO items (name, quantity, created_at) VALUES (?, ?, ?) RETURNING ${COLUMNS}`,
  );
  const update = database.prepare(
    `UPDATE items SET name = coalesce(?, name), quantity = coalesce(?, quantity) WHERE id = ? RETURNING ${COLUMNS}`,
  );
  const remove = database.prepare("DELETE FROM items WHERE id = ?");

  return {
    list({ limit, after }: Page): ItemPage {
      // One more than asked for shows whether there is a next page.
      const rows = page.all(after, limit + 1) as unknown as Item[];
      const items = rows.slice(0, limit);
      return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
    find: (id: number) => one.get(id) as Item | undefined,
    create: ({ name, quantity }: NewItem) =>
      insert.get(name, quantity, new Date().toISOString()) as unknown as Item,
    change: (id: number, { name, quantity }: ItemChange) =>
      update.get(name ?? null, quantity ?? null, id) as Item | undefined,
    remove: (id: number) => remove.run(id).changes === 1,
  };
}
