import { z } from "zod";

// As in the service's contract; src/upstream/contract.test.ts compares them.

const fields = {
  name: z.string().min(1).max(200),
  quantity: z.int().min(0),
};

export const Item = z
  .object({
    id: z.int(),
    name: z.string(),
    quantity: z.int(),
    createdAt: z.string().meta({ format: "date-time" }),
  })
  .meta({ id: "Item" });

export const NewItem = z.strictObject(fields).meta({ id: "NewItem" });

/** Pages go by the last id seen: unlike an offset, that stays right while items come and go. */
export const Page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.coerce.number().int().min(0).default(0),
});

export const ItemPage = z
  .object({
    items: z.array(Item),
    /** The `after` of the next page, or null on the last one. */
    next: z.int().nullable(),
  })
  .meta({ id: "ItemPage" });

export const ItemId = z.object({ id: z.coerce.number().int().min(1) });

export type Item = z.output<typeof Item>;
export type ItemPage = z.output<typeof ItemPage>;
