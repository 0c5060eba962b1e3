import assert from "node:assert/strict";
import { json } from "#app/testing.ts";

export const PASSWORD = "correct horse battery staple";

/** Makes a user, and gives their token. */
export async function tokenFor(url: string, name: string): Promise<string> {
  const response = await fetch(`${url}/users`, json("POST", { name, password: PASSWORD }));
  assert.equal(response.status, 201);
  return tokenIn(response);
}

/** The same as the headers that their requests have to carry. */
export async function register(url: string, name = "ada"): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await tokenFor(url, name)}` };
}

/** The headers of who is logged in by this answer. */
export async function proofIn(response: Response): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await tokenIn(response)}` };
}

async function tokenIn(response: Response): Promise<string> {
  const { token } = (await response.json()) as { token: string };
  return token;
}
