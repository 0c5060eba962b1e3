import type { Response as Answer } from "express";
import type { Config } from "#app/config.ts";
import { Problem } from "#app/http/problem.ts";
import { ProblemDocument } from "#app/http/schema.ts";
import {
  goodStatus,
  type Input,
  type Operation,
  type Output,
  operation,
} from "#app/upstream/operation.ts";

/** In bytes; more than that from the service behind is a fault of it. */
const MAX_ANSWER = 1024 * 1024;
/** How long the service may take to say that it is ready, and how long that is believed. */
const READY_MS = 500;
const READY_KEPT_MS = 1000;

const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

const ready = operation({ method: "get", path: "/health/ready", status: 200 });

/** The service behind this gateway. */
export interface Upstream {
  /**
   * Calls an operation for the request that is answered by `answer`, whose id goes along; undefined
   * for what is no request. Whatever goes wrong is thrown as a Problem that the client may see.
   */
  call<O extends Operation>(
    operation: O,
    input: Input<O>,
    answer: Answer | undefined,
  ): Promise<Output<O>>;
  /** Why the service cannot be used now; undefined when it can. */
  fault(): Promise<string | undefined>;
}

interface Request {
  method: string;
  headers: Record<string, string>;
  body?: string | null;
  signal: AbortSignal;
}

export function createUpstream({ SERVICE_URL, SERVICE_TIMEOUT_MS }: Config): Upstream {
  async function fault(): Promise<string | undefined> {
    try {
      const signal = AbortSignal.timeout(READY_MS);
      const { status, text } = await ask(SERVICE_URL + ready.path, {
        method: "GET",
        headers: {},
        signal,
      });
      return status === 200
        ? undefined
        : (problemIn(text)?.detail ?? "the service behind is not ready");
    } catch (error) {
      return (error as Error).message;
    }
  }

  // Kept for a moment, so that many who ask this gateway are one who asks the service.
  let asked = {
    at: Number.NEGATIVE_INFINITY,
    fault: Promise.resolve<string | undefined>(undefined),
  };

  return {
    async call(operation, input, answer) {
      const { body, ...place } = input as Values;
      const { status, text } = await ask(urlOf(SERVICE_URL + operation.path, place), {
        method: operation.method.toUpperCase(),
        headers: { ...passedOn(answer), "content-type": "application/json" },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(SERVICE_TIMEOUT_MS),
      });
      if (status !== goodStatus(operation)) throw refusal(status, text);
      return parsed(operation, text);
    },
    fault() {
      const now = performance.now();
      if (now - asked.at > READY_KEPT_MS) asked = { at: now, fault: fault() };
      return asked.fault;
    },
  };
}

interface Values {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

function urlOf(pattern: string, { params = {}, query = {} }: Values): URL {
  const fill = (_: string, name: string) => encodeURIComponent(String(params[name]));
  const url = new URL(pattern.replace(/\{(\w+)\}/g, fill));
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.append(name, String(value));
  }
  return url;
}

/** The headers by which logs and traces of both sides are found together. */
function passedOn(answer: Answer | undefined): Record<string, string> {
  const traceparent = answer?.req.get("traceparent");
  return {
    ...(answer && { "x-request-id": String(answer.get("x-request-id")) }),
    ...(traceparent && TRACEPARENT.test(traceparent) && { traceparent }),
  };
}

/** One exchange. A GET that breaks off is tried once more: it changes nothing, however often it comes. */
async function ask(url: string | URL, request: Request, tries = request.method === "GET" ? 2 : 1) {
  try {
    const response = await fetch(url, { ...request, redirect: "error" });
    return { status: response.status, text: await readLimited(response) };
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (request.signal.aborted) {
      throw because(error, new Problem(504, "the service behind does not answer in time"));
    }
    if (tries > 1) return ask(url, request, tries - 1);
    throw because(error, new Problem(502, "the service behind cannot be reached"));
  }
}

async function readLimited(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_ANSWER) throw new Problem(502, "the answer of the service behind is too long");
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

/** The log shows the cause; the client does not. */
const because = (cause: unknown, problem: Problem) => Object.assign(problem, { cause });

/** What the client is told when the service did not do what it was asked for. */
function refusal(status: number, text: string): Problem {
  const problem = problemIn(text);
  // What is wrong with the request, the client has to know; our own faults and the service's, not.
  if (status >= 400 && status < 500) return new Problem(status, problem?.detail, problem?.errors);
  if (status === 503) return new Problem(503, problem?.detail ?? "the service behind is not ready");
  return because(`it answered ${status}`, new Problem(502, "the service behind failed"));
}

function problemIn(text: string): ProblemDocument | undefined {
  return ProblemDocument.safeParse(json(text)).data;
}

function parsed<O extends Operation>({ response }: O, text: string): Output<O> {
  if (!response) return undefined as Output<O>;
  const result = response.safeParse(json(text));
  if (result.success) return result.data as Output<O>;
  throw because(
    result.error,
    new Problem(502, "the service behind answers with something else than its contract says"),
  );
}

/** Undefined, which no schema takes, for what is not JSON. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
