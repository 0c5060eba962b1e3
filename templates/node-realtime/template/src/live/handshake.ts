import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { Problem } from "#app/http/problem.ts";
import { faultsIn } from "#app/http/schema.ts";

/** What a client says about itself, as `auth` of its connect options. */
const Introduction = z.object({ name: z.string().trim().min(1).max(40) });

/** What is known about a client while it is connected: `socket.data`. */
export type SocketData = z.output<typeof Introduction>;

/**
 * Lets a client in, or throws. A name proves nothing: once it matters who somebody is, ask for a
 * token here instead, check it, and return what it proves.
 */
export function introduce(auth: unknown): SocketData {
  const result = Introduction.safeParse(auth);
  if (result.success) return result.data;
  throw new Problem(401, "auth is not valid", faultsIn("body", result.error));
}

/**
 * Whether the page that connects, if it is one, may do so: browsers hold back WebSockets to other
 * origins from nobody, so CORS headers are not enough.
 */
export function originMayConnect({ headers }: IncomingMessage, listed: string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || listed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
