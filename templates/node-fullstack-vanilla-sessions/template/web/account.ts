import type { User } from "#app/users/schema.ts";
import { api, json } from "./api.ts";
import { find } from "./dom.ts";

const unknown = find("#unknown", HTMLElement);
const known = find("#known", HTMLElement);
const credentials = find("#unknown form", HTMLFormElement);
const message = find(".message", HTMLElement);

/** Shows who is logged in, and else the form to log in by. */
function show(user: User | undefined): void {
  unknown.hidden = user !== undefined;
  known.hidden = user === undefined;
  find("#known output", HTMLOutputElement).textContent = user?.name ?? "";
}

async function attempt(action: () => Promise<void>): Promise<void> {
  const failure = await action().then(
    () => "",
    (error: Error) => error.message,
  );
  message.textContent = failure;
  message.classList.toggle("failed", failure !== "");
}

credentials.addEventListener("submit", (event) => {
  event.preventDefault();
  const path = (event.submitter as HTMLButtonElement).value;
  const { name, password } = Object.fromEntries(new FormData(credentials));
  attempt(async () => {
    await api<User>(path, json("POST", { name, password }));
    location.assign("/");
  });
});

find("#known form", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    await api("/logout", { method: "POST" });
    show(undefined);
  });
});

// Nobody is logged in where this fails.
api<User>("/me").then(show, () => show(undefined));
