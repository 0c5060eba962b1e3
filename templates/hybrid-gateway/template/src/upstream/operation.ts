import type { z } from "zod";

type Fields = z.ZodObject | undefined;
type Schema = z.ZodType | undefined;
type Value<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;

/** An operation of the service behind, in the words of its contract, `service/openapi.json`. */
export interface Operation<
  P extends Fields = Fields,
  Q extends Fields = Fields,
  B extends Schema = Schema,
  R extends Schema = Schema,
> {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** As in the contract, such as /orders/{id} */
  path: string;
  params?: P;
  query?: Q;
  body?: B;
  /** What comes back; without it the answer has no body. */
  response?: R;
  /** Status of a good answer: 200 with a body and 204 without, unless said. */
  status?: number;
}

export type Input<O> =
  O extends Operation<infer P, infer Q, infer B>
    ? Given<"params", P> & Given<"query", Q> & Given<"body", B>
    : never;
type Given<K extends string, S extends Schema> = S extends z.ZodType
  ? Record<K, z.output<S>>
  : unknown;
export type Output<O> = O extends Operation<Fields, Fields, Schema, infer R> ? Value<R> : never;

/** All that this gateway calls; contract.test.ts holds each of them against the contract. */
export const operations: Operation[] = [];

/** Declares an operation, once, at the top of a module. */
export function operation<
  P extends Fields = undefined,
  Q extends Fields = undefined,
  B extends Schema = undefined,
  R extends Schema = undefined,
>(declaration: Operation<P, Q, B, R>): Operation<P, Q, B, R> {
  operations.push(declaration);
  return declaration;
}

export const goodStatus = ({ status, response }: Operation) => status ?? (response ? 200 : 204);
