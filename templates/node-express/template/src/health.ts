import { databaseFault } from "#app/database.ts";
import { Problem } from "#app/http/problem.ts";
import { type Route, route } from "#app/http/route.ts";
import { Health } from "#app/http/schema.ts";
import type { Services } from "#app/services.ts";

const ok = { status: "ok" as const };

/** `live` fails when only a restart helps; `ready` fails while requests should go elsewhere. */
export function health({ database }: Services): Route[] {
  return [
    route({
      method: "get",
      path: "/health/live",
      operationId: "live",
      summary: "The process answers",
      response: Health,
      handle: () => ok,
    }),
    route({
      method: "get",
      path: "/health/ready",
      operationId: "ready",
      summary: "Everything that the service needs is there",
      response: Health,
      handle() {
        const fault = databaseFault(database);
        if (fault) throw new Problem(503, fault);
        return ok;
      },
    }),
  ];
}
