import { existsSync } from "node:fs";
import type { Server } from "node:http";
import { join, sep } from "node:path";
import express, { type Request, type RequestHandler } from "express";
import { StartError } from "#app/start-error.ts";

/** What answers where the API has no route. */
export interface Pages {
  handler: RequestHandler[];
  /** Is told the server once it listens. */
  attach(server: Server): void;
}

const DIST = join(import.meta.dirname, "../../dist");

/** A page may load what this service serves, and nothing else. */
export const PAGE_POLICY =
  "default-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none';object-src 'none'";

/** The pages as they were built; in development as they are in web/ right now, by way of Vite. */
export async function openPages(development: boolean): Promise<Pages> {
  if (!development) return { handler: builtPages(DIST), attach() {} };
  // Production has neither Vite nor scripts/.
  const { vitePages } = await import("../../scripts/vite-pages.ts");
  return vitePages();
}

/** Serves a folder that `npm run build` wrote; where it has no file, people get its 404.html. */
export function builtPages(folder: string): RequestHandler[] {
  if (!existsSync(join(folder, "index.html"))) {
    throw new StartError(`There are no pages in ${folder}: make them by \`npm run build\`.`);
  }
  // Vite puts a hash of the content into the names of these files.
  const hashed = join(folder, "assets") + sep;
  const files = express.static(folder, {
    extensions: ["html"],
    redirect: false,
    cacheControl: false,
    setHeaders(response, path) {
      const lasting = path.startsWith(hashed);
      response.set("Cache-Control", lasting ? "public, max-age=31536000, immutable" : "no-cache");
      response.set("Content-Security-Policy", PAGE_POLICY);
    },
  });
  const nothingThere: RequestHandler = (request, response, next) => {
    if (!wantsPage(request)) return next();
    const headers = { "Cache-Control": "no-cache", "Content-Security-Policy": PAGE_POLICY };
    response.status(404).vary("Accept");
    response.sendFile("404.html", { root: folder, headers }, (error) => {
      if (error && !response.headersSent) next();
    });
  };
  return [files, nothingThere];
}

/** Whether it is a person who asks and can do more with a page than with a problem document. */
export function wantsPage(request: Request): boolean {
  return /^(GET|HEAD)$/.test(request.method) && request.accepts(["json", "html"]) === "html";
}
