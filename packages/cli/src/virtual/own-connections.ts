/** TCP connections of a process with itself: a server and its clients in one program. */
import { Socket } from "node:net";

/** Tells whether such connections are all there is. Nothing comes from outside through them, and nothing takes long. */
export class OwnConnections {
  #bytes = 0;

  /** @returns whether the process has `count` connections, each with itself, and no byte moved since the last call. */
  areQuiet(count: number): boolean {
    const sockets = openSockets();
    const bytes = sockets.reduce((sum, socket) => sum + socket.bytesRead + socket.bytesWritten, 0);
    const hasMoved = bytes !== this.#bytes;
    this.#bytes = bytes;
    if (hasMoved || sockets.length !== count) return false;
    const ends = new Set(sockets.map((socket) => `${socket.localPort}-${socket.remotePort}`));
    return sockets.every((socket) => ends.has(`${socket.remotePort}-${socket.localPort}`));
  }
}

/** Node has no documented way to list them. */
function openSockets(): Socket[] {
  const handles = (process as unknown as { _getActiveHandles?: () => unknown[] })._getActiveHandles?.() ?? [];
  return handles.filter((handle) => handle instanceof Socket && handle.remotePort !== undefined) as Socket[];
}
