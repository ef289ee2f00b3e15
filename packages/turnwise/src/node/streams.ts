/** Streams: connections and servers for tasks that read and write, on top of transports and protocols. */
import { describe } from "../describe.ts";
import { getRunningLoop } from "../running.ts";
import {
  type ClientTlsOptions,
  type ConnectionOptions,
  checkIsObject,
  createConnection,
  createUnixConnection,
} from "./connections.ts";
import type { ProtocolFactory } from "./loop-transport.ts";
import {
  type UnixServerOptions,
  createServer,
  createUnixServer,
  type Server,
  type ServerOptions,
  type SocketAddress,
} from "./servers.ts";
import { type StreamHandler, StreamHandlers } from "./stream-handlers.ts";
import { StreamReaderProtocol } from "./stream-protocol.ts";
import { StreamReader } from "./stream-reader.ts";
import type { StreamWriter } from "./stream-writer.ts";

/** How both ends of a stream are made. */
export interface StreamLimit {
  /** See `StreamReaderOptions`: the longest line, and half of what is buffered. By default 65536 bytes. */
  readonly limit?: number | undefined;
}

/** The two ends of a connection, for who has it. */
export type StreamPair = [reader: StreamReader, writer: StreamWriter];

/**
 * Connects to `host` and `port`: `asyncio.open_connection`.
 *
 * ```ts
 * const [reader, writer] = await openConnection({ host: "localhost", port: 8888 });
 * await using _ = writer; // Closes the connection at the end of the block.
 * writer.write("hello\n");
 * await writer.drain();
 * console.log(String(await reader.readline()));
 * ```
 *
 * @throws what `createConnection` throws.
 */
export function openConnection(options: ConnectionOptions & StreamLimit): Promise<StreamPair> {
  return open(options, (factory) => createConnection(factory, options));
}

/** {@link openConnection} to the Unix socket `path`: `asyncio.open_unix_connection`. */
export function openUnixConnection(path: string, options: ClientTlsOptions & StreamLimit = {}): Promise<StreamPair> {
  return open(options, (factory) => createUnixConnection(factory, path, options));
}

/**
 * Starts a server that calls `handler(reader, writer)` for each connection, in a task of its own:
 * `asyncio.start_server`. Without a `host` it listens on this machine's loopback only.
 *
 * ```ts
 * await using server = await startServer(
 *   async (reader, writer) => {
 *     for await (const line of reader) {
 *       writer.write(line);
 *       await writer.drain();
 *     }
 *   },
 *   { port: 8888 },
 * );
 * await server.serveForever();
 * ```
 *
 * When the handler is over, however it ends, the connection is closed. Its error goes to the loop's exception handler.
 * `server.close()` lets the handlers go on; the end of `await using` cancels them, and waits for them.
 *
 * @throws what `createServer` throws.
 */
export function startServer(
  handler: StreamHandler,
  options: ServerOptions & StreamLimit,
): Promise<Server<SocketAddress>> {
  return start(handler, options, (factory) => createServer(factory, options));
}

/** {@link startServer} at the Unix socket `path`: `asyncio.start_unix_server`. */
export function startUnixServer(
  handler: StreamHandler,
  path: string,
  options: UnixServerOptions & StreamLimit = {},
): Promise<Server<string>> {
  return start(handler, options, (factory) => createUnixServer(factory, path, options));
}

async function open(
  options: StreamLimit,
  connect: (factory: ProtocolFactory<StreamReaderProtocol>) => Promise<unknown>,
): Promise<StreamPair> {
  checkIsObject(options, "{ host, port }");
  const reader = new StreamReader({ limit: options.limit });
  const protocol = new StreamReaderProtocol(reader);
  await connect(() => protocol);
  return [reader, protocol.writer()];
}

async function start<S extends Server>(
  handler: StreamHandler,
  streamOptions: StreamLimit,
  serve: (factory: ProtocolFactory) => Promise<S>,
): Promise<S> {
  checkIsObject(streamOptions, "{ port }");
  if (typeof handler !== "function") {
    throw new TypeError(`a function (reader, writer) was expected, got ${describe(handler)}`);
  }
  const loop = getRunningLoop();
  const handlers = new StreamHandlers(loop, handler);
  const options = { limit: streamOptions.limit, loop };
  void new StreamReader(options); // A bad limit is found before anything is opened.
  const server = await serve(() => new StreamReaderProtocol(new StreamReader(options), handlers));
  server._endHandlers = () => handlers.end();
  return server;
}
