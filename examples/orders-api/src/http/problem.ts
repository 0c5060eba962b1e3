import { STATUS_CODES } from "node:http";
import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Logger } from "pino";
import type { Fault, ProblemDocument } from "#app/http/schema.ts";

/** Throw one anywhere in a handler to answer with its status; `detail` is shown to the client. */
export class Problem extends Error {
  readonly status: number;
  readonly detail: string | undefined;
  readonly errors: Fault[] | undefined;

  constructor(status: number, detail?: string, errors?: Fault[]) {
    super(detail ?? STATUS_CODES[status]);
    this.status = status;
    this.detail = detail;
    this.errors = errors;
  }

  toJSON(): ProblemDocument {
    const { status, detail, errors } = this;
    return { type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, detail, errors };
  }
}

export const notFound: RequestHandler = (request) => {
  throw new Problem(404, `there is nothing at ${request.path}`);
};

/** The last middleware: turns whatever was thrown into a problem document. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error, _request, response, next) => {
    if (response.headersSent) return next(error); // Too late for an answer: Express hangs up.
    const problem = toProblem(error);
    if (problem.status >= 500) log.error({ err: error }, "request failed");
    response.status(problem.status).type("application/problem+json").json(problem);
  };
}

/** What a client is told about something that was thrown. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  // Express and its body parser throw errors with a status; those below 500 are the client's.
  const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
  return status >= 400 && status < 500
    ? new Problem(status, (error as Error).message)
    : new Problem(500); // Nothing more: messages and stacks of our own faults are for the log.
}
