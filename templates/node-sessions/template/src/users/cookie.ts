import type { Request, RequestHandler, Response } from "express";
import type { Config } from "#app/config.ts";
import { Problem } from "#app/http/problem.ts";

const NAME = "session";

/** How requests show who they are from, in the words of OpenAPI. */
export const LOGIN_SCHEME = { type: "apiKey", in: "cookie", name: NAME };

/** The token that a request carries. */
export function tokenOf(request: Request): string | undefined {
  const cookies = request.get("cookie")?.split(/; */) ?? [];
  return cookies.find((cookie) => cookie.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
}

/** Lets the browser carry a token, out of reach of the page's scripts; without one it forgets it. */
export function setToken(response: Response, config: Config, token = "", expires = new Date(0)) {
  // On http, browsers would not keep a cookie that is for https alone.
  const secure = response.req.secure || config.PUBLIC_URL?.startsWith("https:") === true;
  response.cookie(NAME, token, { expires, httpOnly: true, sameSite: "lax", secure });
}

/**
 * Browsers send the cookie along whatever page makes them ask. So pages of other origins, but for
 * the listed ones, may make them read at most: what they read stays hidden from those pages.
 */
export function refuseForeignPages({ CORS_ORIGINS, PUBLIC_URL }: Config): RequestHandler {
  const listed = [...CORS_ORIGINS, PUBLIC_URL];
  return (request, _response, next) => {
    const origin = request.get("origin");
    const site = request.get("sec-fetch-site");
    const reads = /^(GET|HEAD|OPTIONS)$/.test(request.method);
    if (reads || listed.includes(origin ?? "") || isOwn(site, origin, request.host)) return next();
    throw new Problem(403, "pages of other origins may not do this");
  };
}

/** Old browsers do not say the site; what says neither is none, and so carries no cookie unasked. */
function isOwn(site: string | undefined, origin: string | undefined, host: string): boolean {
  if (site) return site === "same-origin" || site === "none";
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
