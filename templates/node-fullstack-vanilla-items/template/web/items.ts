import type { Item, ItemPage, NewItem } from "#app/items/schema.ts";
import { api, json } from "./api.ts";
import { find } from "./dom.ts";

/** Brings the page's section of items to life: the list, and the form that adds to it. */
export function showItems(): void {
  const form = find("#items form", HTMLFormElement);
  const message = find("#items .message", HTMLElement);
  const list = find("#items ul", HTMLUListElement);
  const more = find("#items .more", HTMLButtonElement);
  let lastShown = 0;

  async function showMore(): Promise<string> {
    const { items, next } = await api<ItemPage>(`/items?after=${lastShown}`);
    list.append(...items.map(listItem));
    lastShown = items.at(-1)?.id ?? lastShown;
    more.hidden = next === null;
    return "";
  }

  async function add(): Promise<string> {
    const fields = new FormData(form);
    const item: NewItem = {
      name: String(fields.get("name")),
      quantity: Number(fields.get("quantity")),
    };
    const { name } = await api<Item>("/items", json("POST", item));
    form.reset();
    await showMore(); // It is the newest and so in what comes after the ones shown.
    return `Added ${name}.`;
  }

  // One after the other: two at once would show the same items twice.
  let turn = Promise.resolve();
  function inTurn(action: () => Promise<string>): void {
    turn = turn.then(async () => {
      const failure = (error: Error) => error;
      const outcome = await action().catch(failure);
      message.textContent = outcome instanceof Error ? outcome.message : outcome;
      message.classList.toggle("failed", outcome instanceof Error);
    });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    inTurn(add);
  });
  more.addEventListener("click", () => inTurn(showMore));
  inTurn(showMore);
}

function listItem({ name, quantity }: Item): HTMLLIElement {
  const entry = document.createElement("li");
  const count = document.createElement("span");
  count.textContent = `× ${quantity}`;
  entry.append(name, count);
  return entry;
}
