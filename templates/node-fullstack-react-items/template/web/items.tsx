import { startTransition, useActionState, useEffect } from "react";
import type { Item, ItemPage, NewItem } from "#app/items/schema.ts";
import { api, json } from "./api.ts";

interface Shown {
  items: Item[];
  /** Whether there are more than these. */
  more: boolean;
  message: string;
  failed: boolean;
  /** What the form holds; React takes it back to this after each action. */
  draft: NewItem;
}

const empty: NewItem = { name: "", quantity: 1 };
const nothing: Shown = { items: [], more: false, message: "", failed: false, draft: empty };

/** The list of items, and the form that adds to it. */
export function Items() {
  // React runs the actions one after the other: two at once would show the same items twice.
  const [shown, act] = useActionState(next, nothing);
  const showMore = () => startTransition(() => act("show more"));
  // biome-ignore lint/correctness/useExhaustiveDependencies: only once, when the page opens
  useEffect(showMore, []);

  return (
    <section id="items">
      <h2>Items</h2>
      <form action={act}>
        <label>
          Name{" "}
          <input
            name="name"
            required
            maxLength={200}
            autoComplete="off"
            defaultValue={shown.draft.name}
          />
        </label>
        <label>
          Quantity{" "}
          <input
            name="quantity"
            type="number"
            min="0"
            required
            defaultValue={shown.draft.quantity}
          />
        </label>
        <button type="submit">Add</button>
      </form>
      <p className={shown.failed ? "message failed" : "message"} role="status">
        {shown.message}
      </p>
      <ul>
        {shown.items.map(({ id, name, quantity }) => (
          <li key={id}>
            {name}
            <span>× {quantity}</span>
          </li>
        ))}
      </ul>
      <p className="none">No items yet.</p>
      {shown.more && (
        <button className="more" type="button" onClick={showMore}>
          Show more
        </button>
      )}
    </section>
  );
}

/** What is shown after an action: the next page of the list, or the form's item and what follows. */
async function next(shown: Shown, action: "show more" | FormData): Promise<Shown> {
  const draft = action instanceof FormData ? itemOf(action) : undefined;
  try {
    const added = draft && (await api<Item>("/items", json("POST", draft)));
    const last = shown.items.at(-1)?.id ?? 0;
    const page = await api<ItemPage>(`/items?after=${last}`);
    return {
      items: [...shown.items, ...page.items],
      more: page.next !== null,
      message: added ? `Added ${added.name}.` : "",
      failed: false,
      draft: empty,
    };
  } catch (error) {
    return { ...shown, message: (error as Error).message, failed: true, draft: draft ?? empty };
  }
}

const itemOf = (fields: FormData): NewItem => ({
  name: String(fields.get("name")),
  quantity: Number(fields.get("quantity")),
});
