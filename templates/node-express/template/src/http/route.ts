import express, { type Express, type Request, type RequestHandler, type Response } from "express";
import type { z } from "zod";
import { Problem } from "#app/http/problem.ts";
import { type Fault, faultsIn } from "#app/http/schema.ts";

type Fields = z.ZodObject | undefined;
type Schema = z.ZodType | undefined;
type Parsed<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;
type Result<S extends Schema> = S extends z.ZodType ? z.output<S> : unknown;

/** A route declared once: Express, the validation and the OpenAPI document all come from it. */
interface Declaration<P extends Fields, Q extends Fields, B extends Schema, R extends Schema> {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** In Express' form, such as /orders/:id */
  path: string;
  operationId: string;
  summary: string;
  params?: P;
  query?: Q;
  body?: B;
  /** What `handle` returns, sent as JSON; without it the answer has no body. */
  response?: R;
  /** Status of a good answer: 200 with a body and 204 without, unless said. */
  status?: number;
  handle(input: Input<P, Q, B>, response: Response): NoInfer<Result<R> | Promise<Result<R>>>;
}

interface Input<P extends Fields, Q extends Fields, B extends Schema> {
  params: Parsed<P>;
  query: Parsed<Q>;
  body: Parsed<B>;
}

export type Route = Declaration<Fields, Fields, Schema, Schema>;

/** Lets TypeScript check `handle` against the schemas beside it. */
export function route<
  P extends Fields = undefined,
  Q extends Fields = undefined,
  B extends Schema = undefined,
  R extends Schema = undefined,
>(declaration: Declaration<P, Q, B, R>): Route {
  return declaration;
}

export const successStatus = (route: Route) => route.status ?? (route.response ? 200 : 204);

/** Adds the routes to the app, and 405 for the methods that their paths do not have. */
export function mount(app: Express, routes: Route[]): void {
  for (const route of routes) {
    app[route.method](route.path, ...(route.body ? readJson : []), handler(route));
  }
  for (const [path, sharing] of Map.groupBy(routes, (route) => route.path)) {
    const methods = sharing.map((route) => route.method.toUpperCase());
    if (methods.includes("GET")) methods.push("HEAD"); // Express answers HEAD through GET.
    app.all(path, (_request, response) => {
      response.set("Allow", methods.join(", "));
      throw new Problem(405);
    });
  }
}

const readJson: RequestHandler[] = [
  (request, _response, next) => {
    if (request.is("application/json") === false) {
      throw new Problem(415, "send the body as application/json");
    }
    next();
  },
  express.json({ limit: "100kb" }),
];

function handler(route: Route): RequestHandler {
  const status = successStatus(route);
  return async (request, response) => {
    const result = await route.handle(parseInput(route, request), response);
    response.status(status);
    if (route.response) response.json(result);
    else response.end();
  };
}

function parseInput(route: Route, request: Request) {
  const faults: Fault[] = [];
  const parse = (where: Fault["in"], schema: Schema, value: unknown) => {
    const result = schema?.safeParse(value);
    faults.push(...faultsIn(where, result?.error));
    return result?.data;
  };
  const input = {
    params: parse("path", route.params, request.params),
    query: parse("query", route.query, request.query),
    body: parse("body", route.body, request.body),
  };
  if (faults.length > 0) throw new Problem(422, "the request is not valid", faults);
  return input as Input<Fields, Fields, Schema>;
}
