import { type Route, route } from "#app/http/route.ts";
import { Item, ItemId, ItemPage, NewItem, Page } from "#app/items/schema.ts";
import type { Services } from "#app/services.ts";
import { operation } from "#app/upstream/operation.ts";

const list = operation({ method: "get", path: "/items", query: Page, response: ItemPage });
const create = operation({
  method: "post",
  path: "/items",
  body: NewItem,
  response: Item,
  status: 201,
});
const read = operation({ method: "get", path: "/items/{id}", params: ItemId, response: Item });
const remove = operation({ method: "delete", path: "/items/{id}", params: ItemId });

/** The service keeps the items; this is who may see and change which of them, once that matters. */
export function items({ upstream }: Services): Route[] {
  return [
    route({
      method: "get",
      path: "/items",
      operationId: "listItems",
      summary: "List the items, oldest first",
      query: Page,
      response: ItemPage,
      handle: ({ query }, answer) => upstream.call(list, { query }, answer),
    }),
    route({
      method: "post",
      path: "/items",
      operationId: "createItem",
      summary: "Create an item",
      body: NewItem,
      status: 201,
      response: Item,
      async handle({ body }, answer) {
        const item = await upstream.call(create, { body }, answer);
        answer.location(`/items/${item.id}`);
        return item;
      },
    }),
    route({
      method: "get",
      path: "/items/:id",
      operationId: "readItem",
      summary: "Read an item",
      params: ItemId,
      response: Item,
      handle: ({ params }, answer) => upstream.call(read, { params }, answer),
    }),
    route({
      method: "delete",
      path: "/items/:id",
      operationId: "deleteItem",
      summary: "Delete an item",
      params: ItemId,
      handle: ({ params }, answer) => upstream.call(remove, { params }, answer),
    }),
  ];
}
