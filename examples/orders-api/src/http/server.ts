import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "pino";
import { StartError } from "#app/start-error.ts";

/** Docker kills ten seconds after its first signal; be done before. */
const DRAIN_MS = 8000;

export async function listen(app: RequestListener, port: number, host: string): Promise<Server> {
  const server = createServer(app).listen(port, host);
  try {
    await once(server, "listening");
    return server;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StartError(
      code === "EADDRINUSE"
        ? `Port ${port} on ${host} is taken: stop what uses it, or set PORT to another one.`
        : `Cannot listen on ${host}, port ${port}: ${message}`,
    );
  }
}

/** On the first signal finishes what was begun, then calls `release`; on the second gives up at once. */
export function stopOnSignal(server: Server, log: Logger, release: () => void): void {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, "stopping");
    setTimeout(() => {
      log.error("open requests were cut off");
      process.exit(1);
    }, DRAIN_MS).unref();
    server.close(() => {
      release();
      log.info("stopped");
    });
    // Connections that proxies and browsers open in advance count as busy; nothing has come on them.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    // A connection whose last request is done would otherwise be kept for some seconds more.
    setInterval(() => server.closeIdleConnections(), 100).unref();
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
}
