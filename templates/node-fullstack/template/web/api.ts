import type { ProblemDocument } from "#app/http/schema.ts";

/** Asks the API of this origin. Throws an Error with a message for people if that fails. */
export async function api<Answer>(path: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(path, init).catch(() => {
    throw new Error("The service cannot be reached.");
  });
  if (!response.ok) throw new Error(await reason(response));
  return response.json();
}

/** The request that sends a body as JSON. */
export const json = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

async function reason(response: Response): Promise<string> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/problem+json"))
    return `The service answered ${response.status}.`;
  const { title, detail = title, errors = [] }: ProblemDocument = await response.json();
  return errors.map((fault) => `${fault.field}: ${fault.detail}`).join("; ") || detail;
}
