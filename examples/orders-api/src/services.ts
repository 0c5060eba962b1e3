import type { Logger } from "pino";
import type { Config } from "#app/config.ts";
import { type Database, openDatabase } from "#app/database.ts";
import type { Route } from "#app/http/route.ts";

/** What a resource may use; made once at the start and handed in, so tests can bring their own. */
export interface Services {
  config: Config;
  database: Database;
  log: Logger;
}

/** Opens everything, or throws a StartError that says what cannot be had. */
export function openServices(config: Config, log: Logger): Services {
  return {
    config,
    database: openDatabase(config.DATABASE_PATH),
    log,
  };
}

/** A part of the API: its routes, bound to the services they need. */
export type Resource = (services: Services) => Route[];
