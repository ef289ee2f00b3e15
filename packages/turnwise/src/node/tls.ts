/** TLS over a connection: what `ssl` means, the handshake, `startTls`. */
import { isIP, type Socket } from "node:net";
import * as tls from "node:tls";
import { runInScope } from "#async-context";
import { copyContext } from "../contextvars.ts";
import { describe } from "../describe.ts";
import type { EventLoop } from "../events.ts";
import { asCancellation, TimeoutError } from "../exceptions.ts";
import { getRunningLoop } from "../running.ts";
import type { Seconds } from "../scheduler.ts";
import { Operation } from "./operation.ts";
import type { BaseProtocol } from "./protocols.ts";
import { SocketTransport } from "./socket-transport.ts";
import { connectionLost } from "./stream-errors.ts";
import { closedEarly, explainTls } from "./tls-errors.ts";
import type { BaseTransport, Transport } from "./transports.ts";

/** TLS of a client: true for Node's defaults, Node's options (`ca`, `cert`, `key`, ...), or a `SecureContext`. */
export type ClientSsl = true | tls.ConnectionOptions | tls.SecureContext;

/** TLS of a server: Node's options (`cert` and `key`, ...), or a `SecureContext`. */
export type ServerSsl = tls.TlsOptions | tls.SecureContext;

/** asyncio's `SSL_HANDSHAKE_TIMEOUT`. */
export const HANDSHAKE_TIMEOUT: Seconds = 60;

/** How {@link startTls} is to go on. */
export interface StartTlsOptions {
  /** Whether this end is the server: asyncio's `server_side`. */
  readonly serverSide?: boolean | undefined;
  /** For a client, which must give it: the name that the server's certificate must be for. Any, if it is empty. */
  readonly serverHostname?: string | undefined;
  /** How long the handshake may take; by default 60 s. */
  readonly sslHandshakeTimeout?: Seconds | undefined;
  /** @internal What the protocol was given already, and belongs to TLS. */
  readonly _early?: Buffer | undefined;
}

/**
 * Begins TLS over a connection that is there: asyncio's `start_tls`. The transport that was is over; use the new one,
 * which calls `protocol`. Its `connectionMade` is not called again.
 *
 * What was read and not yet delivered is taken for TLS. If it fails, or the task that waits is cancelled, the
 * connection is dropped, and `protocol` hears of it by `connectionLost`.
 *
 * @throws TypeError for another kind of transport, and for bad options; an error with the code ECONNRESET if the
 * connection is closed; an error that says what is wrong with the
 * certificate, or with the other side; TimeoutError if the handshake takes too long.
 */
export async function startTls(
  transport: BaseTransport,
  protocol: BaseProtocol,
  ssl: ClientSsl | ServerSsl,
  options: StartTlsOptions = {},
): Promise<Transport> {
  const loop = getRunningLoop();
  if (!(transport instanceof SocketTransport) || !transport.canWriteEof()) {
    throw new TypeError(`transport ${String(transport)} is not supported by startTls()`);
  }
  if (options.serverSide === true) checkServerSsl(ssl);
  else {
    checkClientSsl(ssl);
    if (options.serverHostname === undefined) throw new TypeError("You must set serverHostname, or serverSide: true");
  }
  checkHandshakeTimeout(options.sslHandshakeTimeout);
  if (transport.isClosing()) throw connectionLost();
  transport.setProtocol(protocol);
  const socket = transport._release(options._early);
  let secured: tls.TLSSocket;
  try {
    await written(loop, socket);
    secured =
      options.serverSide === true
        ? await secureServer(loop, socket, ssl as ServerSsl, options.sslHandshakeTimeout)
        : await secureClient(loop, socket, ssl as ClientSsl, options.serverHostname ?? "", options.sslHandshakeTimeout);
  } catch (thrown) {
    transport._fail(asCancellation(thrown) === null ? thrown : null);
    throw thrown;
  }
  return transport._succeededBy(secured, protocol, copyContext());
}

/**
 * Makes TLS of a client over `socket`. However it fails, the socket is destroyed.
 * @param host - whose certificate is expected; empty for none in particular.
 */
export function secureClient(
  loop: EventLoop,
  socket: Socket,
  ssl: ClientSsl,
  host: string,
  timeout?: Seconds,
): Promise<tls.TLSSocket> {
  const options: tls.ConnectionOptions = {
    ...(ssl === true ? {} : isSecureContext(ssl) ? { secureContext: ssl } : ssl),
    socket,
    host,
    // A server can't choose its certificate by an address.
    ...(host !== "" && isIP(host) === 0 && { servername: host }),
    ...(host === "" && { checkServerIdentity: () => undefined }),
  };
  return handshake(loop, socket, host, timeout, (done, failed) => {
    const secured = tls.connect(options);
    let certificate: tls.PeerCertificate | undefined;
    // Before Node looks at it: where it rejects a certificate, it can't be asked for it any more.
    secured.prependOnceListener("secure", () => (certificate = secured.getPeerCertificate()));
    secured.once("secureConnect", () => done(secured));
    secured.on("error", (error) => failed(explainTls(error, host, certificate)));
  });
}

/** Makes TLS of a server over `socket`. However it fails, the socket is destroyed. */
export function secureServer(
  loop: EventLoop,
  socket: Socket,
  ssl: ServerSsl,
  timeout?: Seconds,
): Promise<tls.TLSSocket> {
  // Who ends his half amid the handshake is gone: Node is to see that, and not to wait for more.
  socket.allowHalfOpen = false;
  return handshake(loop, socket, "", timeout, (done, failed) => {
    if (isSecureContext(ssl)) {
      const secured = new tls.TLSSocket(socket, { isServer: true, secureContext: ssl });
      secured.once("secure", () => done(secured));
      secured.on("error", (error) => failed(explainTls(error, "")));
    } else {
      // Node looks at the certificates of clients, and at all else that the options say, in its server.
      const server = tls.createServer(ssl);
      server.once("secureConnection", done);
      server.once("tlsClientError", (error) => failed(explainTls(error, "")));
      server.emit("connection", socket);
    }
  });
}

type Begin = (done: (secured: tls.TLSSocket) => void, failed: (error: unknown) => void) => void;

async function handshake(
  loop: EventLoop,
  socket: Socket,
  host: string,
  timeout: Seconds = HANDSHAKE_TIMEOUT,
  begin: Begin,
): Promise<tls.TLSSocket> {
  const who = host === "" ? "the other side" : host;
  const operation = new Operation<tls.TLSSocket>(loop, `the TLS handshake with ${who}`);
  const failed = operation.fail.bind(operation);
  const timer = loop.callLater(timeout, () =>
    failed(new TimeoutError(`SSL handshake is taking longer than ${timeout} seconds: aborting the connection`)),
  );
  let secured: tls.TLSSocket | null = null;
  try {
    socket.on("error", failed);
    socket.once("close", () => failed(explainTls(closedEarly(), host)));
    runInScope(undefined, () => {
      begin((socket) => {
        secured = socket;
        secured.allowHalfOpen = true;
        operation.finish(secured);
      }, failed);
    });
    return await operation;
  } catch (thrown) {
    operation.cancel(); // What happens to the socket from here on is nobody's concern.
    (secured as tls.TLSSocket | null)?.destroy();
    socket.destroy();
    throw thrown;
  } finally {
    timer.cancel();
    socket.off("error", failed);
  }
}

/** Waits until all that was written to `socket` is sent: TLS must not begin before. */
function written(loop: EventLoop, socket: Socket): Operation<void> {
  const operation = new Operation<void>(loop, "what is sent before TLS");
  if (socket.writableLength === 0) operation.finish();
  else {
    socket.on("error", (error) => operation.fail(error));
    socket.write("", () => operation.finish());
  }
  return operation;
}

/** @throws TypeError if it is nothing that `ssl` may be for a client. */
export function checkClientSsl(ssl: unknown): void {
  if (ssl === true) return;
  if (typeof ssl !== "object" || ssl === null) {
    throw new TypeError(`ssl must be true, Node's options for TLS or a SecureContext, got ${describe(ssl)}`);
  }
  checkCertificates(ssl);
}

/** @throws TypeError if it is nothing that `ssl` may be for a server. */
export function checkServerSsl(ssl: unknown): void {
  if (typeof ssl !== "object" || ssl === null) {
    throw new TypeError(`ssl of a server must be { cert, key, ... } or a SecureContext, got ${describe(ssl)}`);
  }
  const { cert, pfx, secureContext, SNICallback } = ssl as Partial<tls.TlsOptions> & { secureContext?: unknown };
  if (!isSecureContext(ssl as ServerSsl) && !(cert ?? pfx ?? secureContext ?? SNICallback)) {
    throw new TypeError("ssl of a server needs a certificate: { cert, key } or { pfx }");
  }
  checkCertificates(ssl);
}

/** @throws TypeError if what should be certificates and keys is none. */
function checkCertificates(ssl: object): void {
  if (isSecureContext(ssl as ClientSsl)) return;
  try {
    tls.createSecureContext(ssl);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new TypeError(
      `ssl can't be used (${reason}): cert, key and ca are the contents of PEM files that fit together`,
      {
        cause: thrown,
      },
    );
  }
}

/** @throws RangeError if it is no time. */
export function checkHandshakeTimeout(timeout: unknown): void {
  if (timeout === undefined || (typeof timeout === "number" && timeout > 0)) return;
  throw new RangeError(`sslHandshakeTimeout should be a positive number, got ${describe(timeout)}`);
}

/** Whether `ssl` was made by `tls.createSecureContext`. */
export function isSecureContext(ssl: ClientSsl | ServerSsl): ssl is tls.SecureContext {
  return typeof ssl === "object" && typeof (ssl as Partial<tls.SecureContext>).context === "object";
}
