import assert from "node:assert/strict";
import { json } from "#app/testing.ts";

export const PASSWORD = "correct horse battery staple";

/** Makes a user, and gives the headers that their requests have to carry. */
export async function register(url: string, name = "ada"): Promise<Record<string, string>> {
  const response = await fetch(`${url}/users`, json("POST", { name, password: PASSWORD }));
  assert.equal(response.status, 201);
  return proofIn(response);
}

/** The headers of who is logged in by this answer. */
export async function proofIn(response: Response): Promise<Record<string, string>> {
  const [cookie = ""] = response.headers.getSetCookie();
  return { cookie: cookie.split(";", 1)[0] ?? "" };
}
