/** Connections of a process with itself: a server and its clients in one program. */
import { subscribe } from "node:diagnostics_channel";
import { Socket, type Server } from "node:net";
import { resolve, sep } from "node:path";

/** One end. */
interface End {
  readonly socket: Socket;
  readonly isAccepted: boolean;
  /** Both its ports, the accepting end's first; or the path of a Unix socket. Null until it is connected. */
  connection: string | null;
}

/** How many ends of a connection there were; of all that were made to a path, where it is a Unix socket's. */
interface Seen {
  accepted: number;
  connected: number;
  open: number;
}

/**
 * Tells whether such connections are all there is. Nothing comes from outside through them, and nothing takes long.
 *
 * The other end of one may be closed, and this one not know, or not care. So an end is remembered until both are closed.
 */
export class OwnConnections {
  readonly #ends = new Set<End>();
  readonly #seen = new Map<string, Seen>();
  /** Those that listen on Unix sockets: Node lists them as connections. */
  readonly #servers = new Set<Server>();
  #bytes = 0;

  constructor() {
    const paths = notePaths();
    subscribe("tracing:net.server.listen:asyncEnd", (message) => {
      const { server } = message as { server: Server };
      if (typeof server.address() !== "string") return;
      this.#servers.add(server);
      server.once("close", () => this.#servers.delete(server));
    });
    subscribe("net.client.socket", (message) => {
      const { socket } = message as { socket: Socket };
      const end = this.#add(socket, false);
      socket.once("connect", () => {
        const path = paths.get(socket);
        this.#connected(end, path === undefined ? `${socket.remotePort}-${socket.localPort}` : resolve(path));
      });
    });
    subscribe("net.server.socket", (message) => {
      const { socket } = message as { socket: Socket & { server?: Server } };
      const address = socket.server?.address();
      const end = this.#add(socket, true);
      this.#connected(end, typeof address === "string" ? resolve(address) : `${socket.localPort}-${socket.remotePort}`);
    });
  }

  /** Whether there is a Unix socket among them, or a server on one. */
  haveUnix(): boolean {
    if (this.#servers.size > 0) return true;
    for (const { connection } of this.#ends) if (isPath(connection)) return true;
    return false;
  }

  /**
   * @param tcp - how many TCP connections keep the process alive.
   * @param unix - how many of Unix sockets do, with the servers there.
   * @returns whether all are with itself, and no byte moved since the last call.
   */
  areQuiet(tcp: number, unix: number): boolean {
    this.#forgetClosed();
    let bytes = 0;
    const found = { tcp: 0, unix: 0 };
    for (const { listening } of this.#servers) if (listening) found.unix++;
    let areOwn = true;
    for (const { socket, connection } of this.#ends) {
      bytes += socket.bytesRead + socket.bytesWritten;
      const seen = connection === null ? undefined : this.#seen.get(connection);
      if (seen === undefined || seen.accepted !== seen.connected) areOwn = false;
      else found[isPath(connection) ? "unix" : "tcp"]++;
    }
    const hasMoved = bytes !== this.#bytes;
    this.#bytes = bytes;
    return areOwn && !hasMoved && found.tcp >= tcp && found.unix >= unix;
  }

  #add(socket: Socket, isAccepted: boolean): End {
    this.#forgetClosed();
    const end: End = { socket, isAccepted, connection: null };
    this.#ends.add(end);
    return end;
  }

  #connected(end: End, connection: string): void {
    end.connection = connection;
    const seen = this.#seen.get(connection) ?? { accepted: 0, connected: 0, open: 0 };
    this.#seen.set(connection, seen);
    seen[end.isAccepted ? "accepted" : "connected"]++;
    seen.open++;
  }

  #forgetClosed(): void {
    for (const end of this.#ends) {
      if (!end.socket.destroyed) continue;
      this.#ends.delete(end);
      const seen = end.connection === null ? undefined : this.#seen.get(end.connection);
      // Its ports may be another connection's from now on, and the path another server's.
      if (seen !== undefined && --seen.open === 0) this.#seen.delete(end.connection as string);
    }
  }
}

function isPath(connection: string | null): boolean {
  return connection?.includes(sep) === true;
}

/** Notes the path that each socket connects to, which Node does not tell afterwards. */
function notePaths(): WeakMap<Socket, string> {
  const paths = new WeakMap<Socket, string>();
  const methods = Socket.prototype as { connect: (this: Socket, ...args: unknown[]) => Socket };
  const { connect } = methods;
  methods.connect = function (this: Socket, ...args: unknown[]): Socket {
    // Node itself calls it with all arguments in one list.
    const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
    const path = typeof first === "string" ? first : (first as { path?: unknown } | null | undefined)?.path;
    if (typeof path === "string" && Number.isNaN(Number(path))) paths.set(this, path);
    return connect.apply(this, args);
  };
  return paths;
}
