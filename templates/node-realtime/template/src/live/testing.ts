import type { TestContext } from "node:test";
import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import type { ClientToServer, ServerToClient } from "#app/live/events.ts";

type Options = Partial<ManagerOptions & SocketOptions>;

export const transports = ["websocket", "polling"] as const;

/** A client that is let in, until the test is over; rejects with what the server says against it. */
export async function connect(t: TestContext, url: string, options: Options = {}) {
  const client: Socket<ServerToClient, ClientToServer> = io(url, {
    forceNew: true,
    reconnection: false,
    auth: { name: "Ada" },
    ...options,
  });
  t.after(() => client.disconnect());
  await new Promise<void>((resolve, reject) => {
    client.once("connect", resolve).once("connect_error", reject);
  });
  return client;
}
