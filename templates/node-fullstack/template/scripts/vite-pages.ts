// The pages of `npm run dev`: straight from web/, and the browser follows each change.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import { join } from "node:path";
import type { RequestHandler } from "express";
import { createServer, type ViteDevServer } from "vite";
import { PAGE_POLICY, type Pages, wantsPage } from "#app/http/pages.ts";
import config from "../vite.config.ts";

/** As in production, but for the styles and the worker by which Vite shows errors and reconnects. */
const POLICY = `${PAGE_POLICY};style-src 'self' 'unsafe-inline';worker-src 'self' blob:`;

/** Runs Vite inside the service: one process to stop, one port, the same origin as the API. */
export function vitePages(): Pages {
  const starting = Promise.withResolvers<ViteDevServer>();

  const files: RequestHandler = async (request, response, next) => {
    response.set("Content-Security-Policy", POLICY);
    (await starting.promise).middlewares(request, response, next);
  };

  const pages: RequestHandler = async (request, response, next) => {
    if (!wantsPage(request)) return next();
    const vite = await starting.promise;
    const [, name = "404"] = /^\/([\w-]*)$/.exec(request.path) ?? [];
    const asked = join(vite.config.root, `${name || "index"}.html`);
    const found = existsSync(asked);
    const html = await readFile(found ? asked : join(vite.config.root, "404.html"), "utf8");
    const text = await vite.transformIndexHtml(request.originalUrl, html);
    response
      .status(found ? 200 : 404)
      .type("html")
      .send(text);
  };

  function attach(server: Server) {
    const options = { middlewareMode: true, hmr: { server }, cors: false };
    starting.resolve(
      createServer({ ...config, configFile: false, appType: "custom", server: options }),
    );
    // The connections to its pages would hold up the stop.
    const close = async () => (await starting.promise).close();
    process.once("SIGTERM", close).once("SIGINT", close);
  }

  return { handler: [files, pages], attach };
}
