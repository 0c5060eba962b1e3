import type { Request } from "express";

/** How requests show who they are from, in the words of OpenAPI. */
export const LOGIN_SCHEME = { type: "http", scheme: "bearer" };

/** The token that a request carries. */
export function tokenOf(request: Request): string | undefined {
  return /^Bearer ([\w-]+)$/i.exec(request.get("authorization") ?? "")?.[1];
}
