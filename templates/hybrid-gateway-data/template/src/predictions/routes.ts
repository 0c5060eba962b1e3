import { type Route, route } from "#app/http/route.ts";
import { Batch, Durations } from "#app/predictions/schema.ts";
import type { Services } from "#app/services.ts";
import { operation } from "#app/upstream/operation.ts";

const predict = operation({ method: "post", path: "/predict", body: Batch, response: Durations });

export function predictions({ upstream }: Services): Route[] {
  return [
    route({
      method: "post",
      path: "/predictions",
      operationId: "predict",
      summary: "Predict how long some deliveries take",
      body: Batch,
      response: Durations,
      handle: ({ body }, answer) => upstream.call(predict, { body }, answer),
    }),
  ];
}
