import type { RequestListener } from "node:http";
import type { TestContext } from "node:test";
import type { DestinationStream } from "pino";
import { createApp, createRoutes } from "#app/app.ts";
import { loadConfig } from "#app/config.ts";
import { openDatabase } from "#app/database.ts";
import { createLogger } from "#app/http/log.ts";
import { listen } from "#app/http/server.ts";
import type { Resource, Services } from "#app/services.ts";

interface Options {
  environment?: Record<string, string>;
  resources?: Resource[];
  /** Where the log goes; by default nowhere. */
  log?: DestinationStream;
}

/** Services with a database of their own in memory. */
export function testServices({ environment = {}, log }: Options = {}): Services {
  return {
    config: loadConfig(environment),
    database: openDatabase(":memory:"),
    log: createLogger(log ? "info" : "silent", log),
  };
}

/** Serves the service's app on a free port until the test is over and gives its address. */
export async function serve(t: TestContext, options: Options = {}): Promise<string> {
  const services = testServices(options);
  t.after(() => services.database.close());
  return serveApp(t, createApp(services, createRoutes(services, options.resources)));
}

/** The same for any app. */
export async function serveApp(t: TestContext, app: RequestListener): Promise<string> {
  const server = await listen(app, 0, "127.0.0.1");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

/** A request with a JSON body. */
export const json = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
