/** `createConnection` and `createUnixConnection`: a protocol of yours, connected. */
import { statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { runInScope } from "#async-context";
import { copyContext } from "../contextvars.ts";
import { describe } from "../describe.ts";
import type { EventLoop } from "../events.ts";
import { ExceptionGroup } from "../exceptions.ts";
import { getRunningLoop } from "../running.ts";
import type { Seconds } from "../scheduler.ts";
import { checkPath, codeOf, explain, hostPort, reword } from "./io-errors.ts";
import { type ProtocolFactory, started } from "./loop-transport.ts";
import { Operation } from "./operation.ts";
import type { BaseProtocol } from "./protocols.ts";
import { hold, letGo, type Resource } from "./resources.ts";
import { SocketTransport, type UnixNames } from "./socket-transport.ts";
import { checkClientSsl, checkHandshakeTimeout, type ClientSsl, secureClient } from "./tls.ts";
import type { Transport } from "./transports.ts";

/** TLS, for a connection of any kind. */
export interface ClientTlsOptions {
  /** TLS: true, Node's options for it (`ca`, `cert`, ...), or a `SecureContext` of Node's. By default none. */
  readonly ssl?: ClientSsl | undefined;
  /** The name that the server's certificate must be for; by default the host. asyncio's `server_hostname`. */
  readonly serverHostname?: string | undefined;
  /** How long the TLS handshake may take; by default 60 s. asyncio's `ssl_handshake_timeout`. */
  readonly sslHandshakeTimeout?: Seconds | undefined;
}

/** Whom to connect to where no host is given, as in asyncio. */
const THIS_MACHINE = "localhost";

/** Where {@link createConnection} connects to, and how. */
export interface ConnectionOptions extends ClientTlsOptions {
  /** A name or an address; by default this machine. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** 4 or 6: only addresses of this family. By default both. */
  readonly family?: 0 | 4 | 6 | undefined;
  /** Where to connect from: asyncio's `local_addr`. */
  readonly localAddr?: { readonly host: string; readonly port?: number | undefined } | undefined;
  /**
   * How long an address may take before the next one of the host is tried: asyncio's `happy_eyeballs_delay`. At least
   * 0.01; by default Node's.
   */
  readonly happyEyeballsDelay?: Seconds | undefined;
  /** If several addresses failed, throw an ExceptionGroup of all their errors: asyncio's `all_errors`. */
  readonly allErrors?: boolean | undefined;
  /** A socket of Node's that is connected, in place of `host` and `port`. It is the transport's from now on. */
  readonly sock?: Socket | undefined;
}

/**
 * Connects to `host` and `port`, and gives the transport and the protocol: asyncio's `create_connection`.
 *
 * The protocol's `connectionMade` has been called then. With TLS the handshake is over. TCP_NODELAY is set.
 *
 * Cancelling the task that waits drops the connection. @throws TypeError and RangeError for bad arguments; Node's
 * error, with its `code` and a message that says what to do, if there is no connection; TimeoutError if the handshake
 * takes too long.
 */
export async function createConnection<P extends BaseProtocol>(
  protocolFactory: ProtocolFactory<P>,
  options: ConnectionOptions,
): Promise<[transport: Transport, protocol: P]> {
  checkOptions(options);
  const loop = getRunningLoop();
  const { host = THIS_MACHINE, port, sock } = options;
  if (sock !== undefined) return await connected(loop, sock, null, protocolFactory, options);
  const where = hostPort(host, port as number);
  const family = options.family ?? 0;
  const { happyEyeballsDelay: delay, localAddr } = options;
  // Outside of the task: what Node calls for it later is not the task's code.
  const socket = runInScope(undefined, () =>
    connect({
      host,
      port: port as number,
      family,
      autoSelectFamily: family === 0,
      ...(delay !== undefined && { autoSelectFamilyAttemptTimeout: Math.max(10, delay * 1000) }),
      ...(localAddr !== undefined && { localAddress: localAddr.host, localPort: localAddr.port ?? 0 }),
      noDelay: true,
      allowHalfOpen: true,
    }),
  );
  try {
    return await connected(loop, socket, where, protocolFactory, { ...options, host });
  } catch (thrown) {
    throw thrown instanceof AggregateError ? severalFailed(thrown, where, options.allErrors === true) : thrown;
  }
}

/**
 * {@link createConnection} to the Unix socket `path`: asyncio's `create_unix_connection`. For TLS, `serverHostname` must
 * be given.
 */
export async function createUnixConnection<P extends BaseProtocol>(
  protocolFactory: ProtocolFactory<P>,
  path: string,
  options: ClientTlsOptions = {},
): Promise<[transport: Transport, protocol: P]> {
  if (typeof path !== "string" || path === "") throw new TypeError(`path must be a string, got ${describe(path)}`);
  checkPath(path, "connect");
  checkTls(options, undefined);
  const loop = getRunningLoop();
  const socket = runInScope(undefined, () => connect({ path, allowHalfOpen: true }));
  try {
    return await connected(loop, socket, path, protocolFactory, options, { peername: path, sockname: "" });
  } catch (thrown) {
    // The system says of a file that is no socket what it says of one that nobody serves.
    if (codeOf(thrown) !== "ECONNREFUSED" || statSync(path, { throwIfNoEntry: false })?.isSocket() !== false)
      throw thrown;
    throw reword(thrown as Error, `${path} is not a socket: is the path right? (ECONNREFUSED)`);
  }
}

/**
 * Waits until the socket is connected, makes the protocol and its transport, and lets the loop call `connectionMade`.
 * However it fails, the socket is destroyed. @param where - null if it is connected already.
 */
async function connected<P extends BaseProtocol>(
  loop: EventLoop,
  socket: Socket,
  where: string | null,
  protocolFactory: ProtocolFactory<P>,
  { ssl, serverHostname, host, sslHandshakeTimeout }: ConnectionOptions,
  names: UnixNames | null = null,
): Promise<[Transport, P]> {
  const unclaimed: Resource = { loopClosed: () => socket.destroy() };
  hold(loop, unclaimed);
  try {
    if (where !== null) await connecting(loop, socket, where);
    const secured =
      ssl === undefined
        ? socket
        : await secureClient(loop, socket, ssl, serverHostname ?? host ?? "", sslHandshakeTimeout);
    const protocol = protocolFactory();
    const transport = new SocketTransport(loop, secured, protocol, copyContext(), names);
    if (where !== null && ssl === undefined) transport._readDirectly();
    await started(transport);
    return [transport, protocol];
  } catch (thrown) {
    socket.destroy();
    throw thrown;
  } finally {
    letGo(loop, unclaimed);
  }
}

function connecting(loop: EventLoop, socket: Socket, where: string): Operation<void> {
  const operation = new Operation<void>(loop, `a connection to ${where}`);
  socket.once("connect", () => operation.finish());
  // It stays: a socket without one that fails before its transport listens would end the process.
  socket.on("error", (error) => operation.fail(explain(error, "connect", where)));
  return operation;
}

/** All addresses of a host failed. */
function severalFailed(error: AggregateError, where: string, all: boolean): unknown {
  const errors = error.errors as Error[];
  if (all) return new ExceptionGroup(`no connection to ${where}`, errors);
  const messages = new Set(errors.map(({ message }) => message));
  if (messages.size === 1) return errors[0];
  const one = new Error(`no connection to ${where}: ${[...messages].join("; ")}`, { cause: error });
  return Object.assign(one, { code: (error as { code?: string }).code });
}

function checkOptions(options: ConnectionOptions): void {
  checkIsObject(options, "{ host, port }");
  const { host, port, sock, localAddr, happyEyeballsDelay } = options;
  if (sock !== undefined) {
    if (host !== undefined || port !== undefined) {
      throw new TypeError("host/port and sock can not be specified at the same time");
    }
    const { destroyed, pending } = (sock ?? {}) as Partial<Socket>;
    if (destroyed !== false || pending !== false) {
      throw new TypeError(`sock must be a socket of Node's that is connected, got ${describe(sock)}`);
    }
  } else if (port === undefined) {
    throw new TypeError("host and port was not specified and no sock specified");
  } else checkAddress(host ?? THIS_MACHINE, port);
  if (localAddr !== undefined) checkAddress(localAddr.host, localAddr.port ?? 0);
  if (happyEyeballsDelay !== undefined && !(happyEyeballsDelay > 0)) {
    throw new RangeError(`happyEyeballsDelay must be a number of seconds above 0, got ${describe(happyEyeballsDelay)}`);
  }
  checkTls(options, sock === undefined ? (host ?? THIS_MACHINE) : host);
}

/** @throws TypeError if the options are missing. @param example - what they may be. */
export function checkIsObject(options: unknown, example: string): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`options were expected, as ${example}; got ${describe(options)}`);
  }
}

/** @throws TypeError if `host` is not a name or an address; RangeError if `port` is not one. */
export function checkAddress(host: unknown, port: unknown): void {
  if (typeof host !== "string" || host === "") throw new TypeError(`host must be a string, got ${describe(host)}`);
  if (!Number.isInteger(port) || (port as number) < 0 || (port as number) > 65535) {
    throw new RangeError(`port must be a whole number from 0 to 65535, got ${describe(port)}`);
  }
}

function checkTls({ ssl, serverHostname, sslHandshakeTimeout }: ClientTlsOptions, host: string | undefined): void {
  if (ssl === undefined) {
    if (serverHostname !== undefined) throw new TypeError("serverHostname is only meaningful with ssl");
    if (sslHandshakeTimeout !== undefined) throw new TypeError("sslHandshakeTimeout is only meaningful with ssl");
    return;
  }
  checkClientSsl(ssl);
  checkHandshakeTimeout(sslHandshakeTimeout);
  if (host === undefined && serverHostname === undefined) {
    throw new TypeError("You must set serverHostname when using ssl without a host");
  }
}
