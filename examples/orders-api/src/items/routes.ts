import { Problem } from "#app/http/problem.ts";
import { type Route, route } from "#app/http/route.ts";
import { Item, ItemChange, ItemId, ItemPage, NewItem, Page } from "#app/items/schema.ts";
import { itemStore } from "#app/items/store.ts";
import type { Services } from "#app/services.ts";

export function items({ database }: Services, store = itemStore(database)): Route[] {
  const orNotFound = (item: Item | undefined, id: number) => {
    if (!item) throw new Problem(404, `there is no item ${id}`);
    return item;
  };

  return [
    route({
      method: "get",
      path: "/items",
      operationId: "listItems",
      summary: "List the items, oldest first",
      query: Page,
      response: ItemPage,
      handle: ({ query }) => store.list(query),
    }),
    route({
      method: "post",
      path: "/items",
      operationId: "createItem",
      summary: "Create an item",
      body: NewItem,
      status: 201,
      response: Item,
      handle({ body }, response) {
        const item = store.create(body);
        response.location(`/items/${item.id}`);
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
      handle: ({ params: { id } }) => orNotFound(store.find(id), id),
    }),
    route({
      method: "patch",
      path: "/items/:id",
      operationId: "changeItem",
      summary: "Change some fields of an item",
      params: ItemId,
      body: ItemChange,
      response: Item,
      handle: ({ params: { id }, body }) => orNotFound(store.change(id, body), id),
    }),
    route({
      method: "delete",
      path: "/items/:id",
      operationId: "deleteItem",
      summary: "Delete an item",
      params: ItemId,
      handle({ params: { id } }) {
        if (!store.remove(id)) throw new Problem(404, `there is no item ${id}`);
      },
    }),
  ];
}
