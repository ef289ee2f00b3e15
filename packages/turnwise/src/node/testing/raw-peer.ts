/** Sockets of plain Node for tests: the other end of a transport. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { runInScope } from "#async-context";

/** Connects plain Node to `port` of the loopback. It neither reads nor answers unless it is told to. */
export async function rawClient(port: number): Promise<Socket> {
  const socket = runInScope(undefined, () => connect({ port, host: "127.0.0.1", allowHalfOpen: true }));
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** A server of plain Node on a free port, which calls `handler` for each who connects. */
export async function rawServer(handler: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = runInScope(undefined, () => createServer({ allowHalfOpen: true }, handler).listen(0, "127.0.0.1"));
  await once(server, "listening");
  return { server, port: (server.address() as { port: number }).port };
}

/** Waits until the other side sends no more, or has reset the connection. */
export async function ended(socket: Socket): Promise<void> {
  socket.resume();
  if (!socket.readableEnded && !socket.closed) {
    await new Promise((resolve) => socket.once("end", resolve).once("close", resolve));
  }
}
