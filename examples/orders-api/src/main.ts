import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createApp, createRoutes } from "#app/app.ts";
import { loadConfig } from "#app/config.ts";
import { createLogger } from "#app/http/log.ts";
import { listen, stopOnSignal } from "#app/http/server.ts";
import { openServices } from "#app/services.ts";
import { StartError } from "#app/start-error.ts";

try {
  // Not by --env-file-if-exists: together with --watch it makes Node crash on Ctrl-C without a .env.
  if (existsSync(".env")) process.loadEnvFile();
  const config = loadConfig(process.env);
  const log = createLogger(config.LOG_LEVEL);
  const services = openServices(config, log);
  const app = createApp(services, createRoutes(services));
  const server = await listen(app, config.PORT, config.HOST);
  stopOnSignal(server, log, () => services.database.close());
  const { address, port } = server.address() as AddressInfo;
  log.info({ address, port }, "listening");
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exit(1);
}
