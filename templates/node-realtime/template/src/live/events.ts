import type { z } from "zod";
import type { ProblemDocument } from "#app/http/schema.ts";

/**
 * The events that clients send, and those that the server sends. A resource adds its own:
 * `declare module "#app/live/events.ts" { interface ClientToServer { ... } }`
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled from elsewhere
export interface ClientToServer {}
// biome-ignore lint/suspicious/noEmptyInterface: it is filled from elsewhere
export interface ServerToClient {}

/** An event with a payload, to which the server always replies. */
export type Ask<Payload, Reply = void> = (
  payload: Payload,
  reply: (answer: Answer<Reply>) => void,
) => void;

export type Answer<Reply> =
  | { ok: true; data: Reply }
  | { ok: false; problem: z.output<typeof ProblemDocument> };

type Asked<E extends keyof ClientToServer> =
  ClientToServer[E] extends Ask<infer Payload, infer Reply> ? [Payload, Reply] : never;
export type PayloadOf<E extends keyof ClientToServer> = Asked<E>[0];
export type ReplyOf<E extends keyof ClientToServer> = Asked<E>[1];
