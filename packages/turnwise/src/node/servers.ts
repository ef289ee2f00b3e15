/** `createServer` and `createUnixServer`: a protocol of yours for each who connects. */
import type { ListenOptions } from "node:net";
import { describe } from "../describe.ts";
import { getRunningLoop } from "../running.ts";
import { checkAddress, checkIsObject } from "./connections.ts";
import { listenOnHosts, listenOnPath } from "./listen.ts";
import type { ProtocolFactory } from "./loop-transport.ts";
import { Server, type SocketAddress, type UnixServerOptions } from "./server.ts";

export { Server, type SocketAddress, type UnixServerOptions } from "./server.ts";

/** Where {@link createServer} listens, and how. */
export interface ServerOptions extends UnixServerOptions {
  /**
   * The address to listen on, a name for several, or a list of both. By default only the loopback, `127.0.0.1` and
   * `::1`: nobody from another machine can connect. `"0.0.0.0"` and `"::"` are all addresses of this machine.
   */
  readonly host?: string | readonly string[] | undefined;
  /** 0 for any that is free, the same for all addresses: {@link Server.sockets} tells which. */
  readonly port: number;
  /** Several processes may listen on the port, and share what comes: asyncio's `reuse_port`. Not on all systems. */
  readonly reusePort?: boolean | undefined;
  /** Asks quiet peers now and then whether they are still there: asyncio's `keep_alive`. */
  readonly keepAlive?: boolean | undefined;
}

/**
 * Listens on `port`, and makes a protocol for each connection: asyncio's `create_server`.
 *
 * Unlike asyncio's it listens only on the loopback where no `host` is given.
 *
 * Cancelling the task that waits leaves nothing open. @throws TypeError and RangeError for bad arguments; Node's error,
 * with its `code` and a message that says what to do, if it can't listen.
 */
export async function createServer(
  protocolFactory: ProtocolFactory,
  options: ServerOptions,
): Promise<Server<SocketAddress>> {
  checkIsObject(options, "{ port }");
  const { host, port, reusePort, keepAlive } = options;
  for (const one of Array.isArray(host) ? (host as readonly unknown[]) : [host ?? "localhost"]) checkAddress(one, port);
  if (Array.isArray(host) && host.length === 0) throw new TypeError("host must not be an empty list");
  const loop = getRunningLoop();
  const server = new Server<SocketAddress>(
    loop,
    protocolFactory,
    options,
    { keepAlive: keepAlive ?? false },
    (make) => {
      const listenOptions = { ...listenOptionsOf(options), ...(reusePort === true && { reusePort }) };
      return listenOnHosts(loop, { host, port }, listenOptions, make);
    },
  );
  if (options.startServing !== false) await server.startServing();
  return server;
}

/**
 * {@link createServer} on the Unix socket `path`: asyncio's `create_unix_server`. A socket that a dead server left there
 * is removed; one that is served is not. The path is removed when the server is closed.
 */
export async function createUnixServer(
  protocolFactory: ProtocolFactory,
  path: string,
  options: UnixServerOptions = {},
): Promise<Server<string>> {
  if (typeof path !== "string" || path === "") throw new TypeError(`path must be a string, got ${describe(path)}`);
  const loop = getRunningLoop();
  const server = new Server<string>(
    loop,
    protocolFactory,
    options,
    {},
    (make) => listenOnPath(loop, path, listenOptionsOf(options), make),
    { peername: "", sockname: path },
  );
  if (options.startServing !== false) await server.startServing();
  return server;
}

function listenOptionsOf({ backlog = 100 }: UnixServerOptions): ListenOptions {
  if (!Number.isInteger(backlog) || backlog < 1) {
    throw new RangeError(`backlog must be a whole number from 1, got ${describe(backlog)}`);
  }
  return { backlog };
}
