import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import { type DestinationStream, type Logger, pino } from "pino";

/** What is being served, wherever in its handling; undefined outside of that. */
const context = new AsyncLocalStorage<{ id: string }>();

/** JSON lines on stdout. What is logged while a request is served carries its id. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => ({ ...context.getStore() }),
    },
    destination ?? pino.destination(1),
  );
}

/** What `run` logs carries this id, also where it goes on later. */
export const withId = <T>(id: string, run: () => T): T => context.run({ id }, run);

/** Ids from outside are taken over only in a form that is safe in logs and headers. */
const SANE_ID = /^[\w.-]{1,64}$/;

/** Gives each request an id and logs one line when it is over: no headers, no query, no body. */
export function accessLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const given = request.get("x-request-id");
    const id = given && SANE_ID.test(given) ? given : randomUUID();
    response.set("X-Request-Id", id);
    response.once("close", () => {
      log.info({
        id,
        method: request.method,
        route: request.route?.path ?? null,
        status: response.statusCode,
        ms: Math.round((performance.now() - started) * 10) / 10,
        ...(!response.writableFinished && { aborted: true }),
      });
    });
    withId(id, next);
  };
}
