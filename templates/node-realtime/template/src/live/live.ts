import type { Server as HttpServer } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { type DefaultEventsMap, Server, type Socket } from "socket.io";
import type { z } from "zod";
import type { Config } from "#app/config.ts";
import { withId } from "#app/http/log.ts";
import { Problem, toProblem } from "#app/http/problem.ts";
import { faultsIn } from "#app/http/schema.ts";
import type {
  Answer,
  ClientToServer,
  PayloadOf,
  ReplyOf,
  ServerToClient,
} from "#app/live/events.ts";
import { introduce, originMayConnect, type SocketData } from "#app/live/handshake.ts";

/** The largest message that a client may send; a connection with a larger one is ended. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** How long clients have to confirm the end of their WebSocket. */
const GOODBYE_MS = 1000;

export type Io = Server<ClientToServer, ServerToClient, DefaultEventsMap, SocketData>;
export type Client = Socket<ClientToServer, ServerToClient, DefaultEventsMap, SocketData>;

interface Handler {
  payload: z.ZodType;
  handle(payload: unknown, client: Client): unknown;
}

export type Live = ReturnType<typeof createLive>;

/** Socket.IO with checked events, still without a port. */
export function createLive(config: Config, log: Logger) {
  const handlers = new Map<string, Handler>();
  const inHand = new Set<Promise<void>>();
  const webSockets = new Set<Duplex>();
  let closing = false;

  const io: Io = new Server({
    serveClient: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    cors: { origin: config.CORS_ORIGINS },
    allowRequest: (request, decide) =>
      decide(null, !closing && originMayConnect(request, config.CORS_ORIGINS)),
  });

  io.use((socket, next) => {
    try {
      socket.data = introduce(socket.handshake.auth);
      next();
    } catch (error) {
      const problem = toProblem(error);
      next(Object.assign(new Error(problem.message), { data: problem.toJSON() }));
    }
  });

  io.on("connection", (client) => {
    const { id } = client;
    log.info({ id, transport: client.conn.transport.name }, "connected");
    client.on("disconnect", (reason) => log.info({ id, reason }, "disconnected"));
    client.onAny((event: string, ...args: unknown[]) => {
      const answered = withId(id, () => answer(client, event, args));
      inHand.add(answered);
      answered.finally(() => inHand.delete(answered));
    });
  });

  /** Replies to one event, whatever comes of it, and logs one line: never its payload. */
  async function answer(client: Client, event: string, args: unknown[]): Promise<void> {
    const started = performance.now();
    const reply = args.at(-1);
    const send = (sent: Answer<unknown>) => typeof reply === "function" && reply(sent);
    let status = 200;
    try {
      send({ ok: true, data: await run(client, event, args[0]) });
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status >= 500) log.error({ err: error }, "event failed");
      send({ ok: false, problem: problem.toJSON() });
      status = problem.status;
    }
    const ms = Math.round((performance.now() - started) * 10) / 10;
    log.info({ event: handlers.has(event) ? event : null, status, ms });
  }

  async function run(client: Client, event: string, sent: unknown): Promise<unknown> {
    if (closing) throw new Problem(503, "the service is stopping");
    const handler = handlers.get(event);
    if (!handler) throw new Problem(404, "there is no such event");
    const payload = handler.payload.safeParse(sent);
    if (payload.success) return await handler.handle(payload.data, client);
    throw new Problem(422, "the payload is not valid", faultsIn("body", payload.error));
  }

  return {
    /** For sending: `io.to(room).emit(...)`. */
    io,

    /** Declares an event: what `handle` returns is the reply, and so is a `Problem` it throws. */
    on<E extends keyof ClientToServer, P extends z.ZodType<unknown, PayloadOf<E>>>(
      event: E,
      payload: P,
      handle: (payload: z.output<P>, client: Client) => ReplyOf<E> | Promise<ReplyOf<E>>,
    ): void {
      handlers.set(event, { payload, handle: handle as Handler["handle"] });
    },

    attach(server: HttpServer): void {
      io.attach(server);
      server.on("upgrade", (_request, socket) => {
        webSockets.add(socket);
        socket.once("close", () => webSockets.delete(socket));
      });
    },

    /** Replies to what was begun, then disconnects everyone; clients connect anew by themselves. */
    async close(): Promise<void> {
      closing = true;
      await Promise.all(inHand);
      // Phones that sleep confirm nothing, and would hold the service up until it is killed.
      setTimeout(() => {
        for (const socket of webSockets) socket.destroy();
      }, GOODBYE_MS).unref();
      await io.close();
    },
  };
}
