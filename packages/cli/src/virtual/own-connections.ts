/** TCP connections of a process with itself: a server and its clients in one program. */
import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

/** Tells whether such connections are all there is. Nothing comes from outside through them, and nothing takes long. */
export class OwnConnections {
  readonly #sockets = new Set<Socket>();
  #bytes = 0;

  constructor() {
    const add = (message: unknown): void => {
      this.#forgetClosed();
      this.#sockets.add((message as { socket: Socket }).socket);
    };
    subscribe("net.client.socket", add);
    subscribe("net.server.socket", add);
  }

  /**
   * @param count - how many connections keep the process alive.
   * @returns whether all are with itself, and no byte moved since the last call.
   */
  areQuiet(count: number): boolean {
    this.#forgetClosed();
    const sockets = [...this.#sockets];
    const bytes = sockets.reduce((sum, socket) => sum + socket.bytesRead + socket.bytesWritten, 0);
    const hasMoved = bytes !== this.#bytes;
    this.#bytes = bytes;
    if (hasMoved || sockets.length < count) return false;
    const ends = new Set(sockets.map((socket) => `${socket.localPort}-${socket.remotePort}`));
    return sockets.every((socket) => ends.has(`${socket.remotePort}-${socket.localPort}`));
  }

  #forgetClosed(): void {
    for (const socket of this.#sockets) if (socket.destroyed) this.#sockets.delete(socket);
  }
}
