import type { Database } from "#app/database.ts";
import type { Item, ItemChange, ItemPage, NewItem, Page } from "#app/items/schema.ts";

const COLUMNS = 'id, name, quantity, created_at AS "createdAt"';

export type ItemStore = ReturnType<typeof itemStore>;

/** All SQL about items. `undefined` stands for an item that is not there. */
export function itemStore({ query }: Database) {
  const one = async (text: string, values: unknown[]) => (await query<Item>(text, values))[0];

  return {
    async list({ limit, after }: Page): Promise<ItemPage> {
      // One more than asked for shows whether there is a next page.
      const rows = await query<Item>(
        `SELECT ${COLUMNS} FROM items WHERE id > $1 ORDER BY id LIMIT $2`,
        [after, limit + 1],
      );
      const items = rows.slice(0, limit);
      return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
    find: (id: number) => one(`SELECT ${COLUMNS} FROM items WHERE id = $1`, [id]),
    create: async ({ name, quantity }: NewItem) =>
      (await one(`INSERT INTO items (name, quantity) VALUES ($1, $2) RETURNING ${COLUMNS}`, [
        name,
        quantity,
      ])) as Item,
    change: (id: number, { name, quantity }: ItemChange) =>
      one(
        `UPDATE items SET name = coalesce($1, name), quantity = coalesce($2, quantity) WHERE id = $3 RETURNING ${COLUMNS}`,
        [name, quantity, id],
      ),
    remove: async (id: number) =>
      (await query("DELETE FROM items WHERE id = $1 RETURNING id", [id])).length === 1,
  };
}
