import type { RequestHandler } from "express";
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";

/** Figures for Prometheus: `measure` takes them of every request, `show` answers with them. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from a request to the end of its answer",
    labelNames: ["method", "route", "status"],
    registers: [registry],
  });

  const measure: RequestHandler = (request, response, next) => {
    const stop = duration.startTimer();
    response.once("close", () => {
      // The pattern of the path, never the path: each new value of a label costs memory for ever.
      const route = request.route?.path ?? "none";
      const status = response.writableFinished ? response.statusCode : "aborted";
      stop({ method: request.method, route, status });
    });
    next();
  };

  const show: RequestHandler = async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  };

  return { measure, show };
}
