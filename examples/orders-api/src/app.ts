import cors from "cors";
import express, { type Express } from "express";
import helmet from "helmet";
import { health } from "#app/health.ts";
import { accessLog } from "#app/http/log.ts";
import { openapiDocument } from "#app/http/openapi.ts";
import { errorHandler, notFound } from "#app/http/problem.ts";
import { mount, type Route } from "#app/http/route.ts";
import * as registered from "#app/resources.ts";
import type { Resource, Services } from "#app/services.ts";

// An API has no pages: browsers may load nothing. HSTS belongs to whatever ends TLS in front.
const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { "default-src": ["'none'"], "frame-ancestors": ["'none'"] },
  },
  strictTransportSecurity: false,
});

/** All routes of the service; tests may bring resources of their own. */
export function createRoutes(
  services: Services,
  resources: Resource[] = Object.values(registered),
): Route[] {
  return [health, ...resources].flatMap((resource) => resource(services));
}

/** The whole HTTP side, without a port: `main.ts` and the tests each bring their own. */
export function createApp({ config, log }: Services, routes: Route[]): Express {
  const document = openapiDocument(routes);

  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false); // A hash over every answer; worth it only for clients that revalidate.
  app.set("trust proxy", config.TRUST_PROXY);
  app.use(accessLog(log));
  app.use(securityHeaders);
  if (config.CORS_ORIGINS.length > 0) app.use(cors({ origin: config.CORS_ORIGINS }));
  app.get("/openapi.json", (_request, response) => void response.json(document));
  mount(app, routes);
  app.use(notFound);
  app.use(errorHandler(log));
  return app;
}
