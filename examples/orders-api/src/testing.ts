import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { RequestListener } from "node:http";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { TestContext } from "node:test";
import type { DestinationStream } from "pino";
import { createApp, createRoutes } from "#app/app.ts";
import { loadConfig } from "#app/config.ts";
import { createLogger } from "#app/http/log.ts";
import { listen } from "#app/http/server.ts";
import { openServices, type Resource, type Services } from "#app/services.ts";

type Service = ChildProcessByStdio<null, Readable, Readable>;

interface Options {
  environment?: Record<string, string>;
  resources?: Resource[];
  /** Where the log goes; by default nowhere. */
  log?: DestinationStream;
}

/** Services with a database of their own in memory. */
export function testServices({ environment = {}, log }: Options = {}): Services {
  const config = loadConfig({ DATABASE_PATH: ":memory:", ...environment });
  return openServices(config, createLogger(log ? "info" : "silent", log));
}

/** Serves the service's app on a free port until the test is over and gives its address. */
export async function serve(t: TestContext, options: Options = {}): Promise<string> {
  const services = testServices(options);
  const app = createApp(services, createRoutes(services, options.resources));
  const url = await serveApp(t, app);
  t.after(() => services.database.close());
  return url;
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

/** Runs the service as a process of its own. */
export function start(t: TestContext, environment: Record<string, string> = {}): Service {
  const service = spawn(process.execPath, ["src/main.ts"], {
    cwd: new URL("..", import.meta.url),
    env: {
      ...process.env,
      PORT: "0",
      HOST: "127.0.0.1",
      DATABASE_PATH: ":memory:",
      LOG_LEVEL: "info",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => service.kill("SIGKILL"));
  return service;
}

/** Reads the log up to the line with this message. */
export async function logged(service: Service, message: string): Promise<Record<string, unknown>> {
  for await (const line of createInterface(service.stdout)) {
    const entry = JSON.parse(line);
    if (entry.msg === message) return entry;
  }
  throw new Error(`the service ended without logging "${message}"`);
}

export const unix = { skip: process.platform === "win32" && "Windows has no signals" };

/** A request with a JSON body. */
export const json = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
