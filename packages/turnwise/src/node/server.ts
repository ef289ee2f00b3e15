/** `Server`: what listens, and its connections. */
import { createServer as createNodeServer, type Server as NodeServer, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { runInScope } from "#async-context";
import { copyContext } from "../contextvars.ts";
import type { EventLoop } from "../events.ts";
import { CancelledError, RuntimeError } from "../exceptions.ts";
import type { Future } from "../futures.ts";
import type { Seconds } from "../scheduler.ts";
import { waiterFor } from "../waiter.ts";
import { hostPort } from "./io-errors.ts";
import type { ProtocolFactory } from "./loop-transport.ts";
import { hold, letGo, type Resource } from "./resources.ts";
import { type Owner, SocketTransport, type UnixNames } from "./socket-transport.ts";
import {
  checkHandshakeTimeout,
  checkServerSsl,
  HANDSHAKE_TIMEOUT,
  isSecureContext,
  secureServer,
  type ServerSsl,
} from "./tls.ts";

/** A TCP address. */
export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

/** How a server is made, of any kind. */
export interface UnixServerOptions {
  /** How many connections may wait to be accepted; by default 100. */
  readonly backlog?: number | undefined;
  /** TLS: Node's options for it (`cert` and `key`, ...), or a `SecureContext` of Node's. By default none. */
  readonly ssl?: ServerSsl | undefined;
  /** How long a TLS handshake may take; by default 60 s. */
  readonly sslHandshakeTimeout?: Seconds | undefined;
  /** Whether to listen at once; by default true. Otherwise {@link Server.startServing} does. */
  readonly startServing?: boolean | undefined;
}

/** Listens. @param make - makes a server of Node's. */
export type Listen = (make: () => NodeServer) => Promise<NodeServer[]>;

const SERVER: unique symbol = Symbol("server");
interface Attached {
  [SERVER]?: Server;
}

function onConnection(this: Attached, socket: Socket): void {
  this[SERVER]?._connected(socket);
}

function onSecureConnection(this: Attached, socket: TLSSocket): void {
  socket.allowHalfOpen = true;
  this[SERVER]?._accept(socket, (socket as { _parent?: Socket })._parent);
}

/** So many seconds, at the end of a server's scope, its handlers and connections have to end. */
const TIME_TO_END: Seconds = 5;

/**
 * What listens, and its connections: `asyncio.Server`. {@link createServer} and `startServer` make one.
 *
 * With `await using`, at the end of the block it is closed, the tasks of its handlers are cancelled, its connections
 * closed once what was written is sent, and all that awaited. What is left after five seconds, because a peer does not
 * read, is dropped.
 */
export class Server<A extends SocketAddress | string = SocketAddress | string>
  implements AsyncDisposable, Owner, Resource
{
  /** @internal Ends the tasks that serve its connections, where there are such, and waits for them. */
  _endHandlers: (() => Promise<void>) | null = null;
  readonly #loop: EventLoop;
  readonly #factory: ProtocolFactory;
  readonly #context = copyContext();
  readonly #options: UnixServerOptions;
  readonly #keepAlive: { keepAlive?: boolean };
  readonly #listen: Listen;
  readonly #names: UnixNames | null;
  readonly #clients = new Set<SocketTransport>();
  /** The sockets on which TLS is being made. */
  readonly #handshaking = new Set<Socket>();
  #starting: Future<void> | null = null;
  #listeners: NodeServer[] = [];
  #isClosed = false;
  #forever: Future<void> | null = null;
  #waiters: Future<void>[] = [];

  /** @internal */
  constructor(
    loop: EventLoop,
    factory: ProtocolFactory,
    options: UnixServerOptions,
    socketOptions: { keepAlive?: boolean },
    listen: Listen,
    names: UnixNames | null = null,
  ) {
    if (options.ssl !== undefined) checkServerSsl(options.ssl);
    else if (options.sslHandshakeTimeout !== undefined) {
      throw new TypeError("sslHandshakeTimeout is only meaningful with ssl");
    }
    checkHandshakeTimeout(options.sslHandshakeTimeout);
    this.#loop = loop;
    this.#factory = factory;
    this.#options = options;
    this.#keepAlive = socketOptions;
    this.#listen = listen;
    this.#names = names;
  }

  /** The addresses on which it listens; none before it does, and once it is closed. */
  get sockets(): readonly A[] {
    return this.#listeners.flatMap((listener) => {
      const address = listener.address();
      if (address === null) return [];
      return [(typeof address === "string" ? address : { host: address.address, port: address.port }) as A];
    });
  }

  /** Whether it accepts connections: asyncio's `is_serving`. */
  isServing(): boolean {
    return this.#listeners.length > 0;
  }

  /** The loop that it belongs to. */
  getLoop(): EventLoop {
    return this.#loop;
  }

  /**
   * Listens, if it does not yet: asyncio's `start_serving`. (asyncio binds the address before; Node can't.)
   * @throws RuntimeError if it is closed; an error that says what to do if it can't listen.
   */
  async startServing(): Promise<void> {
    this.#checkOpen();
    if (this.#starting !== null) return await this.#starting;
    const starting = (this.#starting = waiterFor(this, this.#loop));
    const made: NodeServer[] = [];
    const unfinished: Resource = { loopClosed: () => made.forEach((listener) => listener.close()) };
    hold(this.#loop, unfinished);
    try {
      const listeners = await this.#listen(() => {
        made.push(this.#make());
        return made.at(-1) as NodeServer;
      });
      if (this.#isClosed) for (const listener of listeners) listener.close();
      else {
        this.#listeners = listeners;
        hold(this.#loop, this);
      }
      starting.setResult();
    } catch (thrown) {
      this.#starting = null;
      starting.cancel();
      throw thrown;
    } finally {
      letGo(this.#loop, unfinished);
    }
  }

  /**
   * Listens until it is closed, or the task that waits is cancelled: that closes it, as {@link close} does. Unlike
   * asyncio's it does not wait then for the connections, of which one could hold it up for ever.
   */
  async serveForever(): Promise<void> {
    if (this.#forever !== null) {
      throw new RuntimeError(`server ${String(this)} is already being awaited on serveForever()`);
    }
    await this.startServing();
    this.#forever = waiterFor(`the end of ${String(this)}`, this.#loop);
    try {
      await this.#forever;
    } catch (thrown) {
      if (thrown instanceof CancelledError) this.close();
      throw thrown;
    } finally {
      this.#forever = null;
    }
  }

  /** Accepts no more connections. Those that there are stay. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopListening();
    this.#letGoIfEmpty();
    this.#forever?.cancel();
    this.#wakeIfOver();
  }

  /** Closes the connections, each once what was written is sent: asyncio's `close_clients`. */
  closeClients(): void {
    for (const client of this.#clients) client.close();
    for (const socket of this.#handshaking) socket.destroy();
  }

  /** Drops the connections: asyncio's `abort_clients`. */
  abortClients(): void {
    for (const client of this.#clients) client.abort();
    for (const socket of this.#handshaking) socket.destroy();
  }

  /** Waits until it is closed and all its connections are gone: asyncio's `wait_closed`. */
  async waitClosed(): Promise<void> {
    if (this.#isOver()) return;
    const waiter = waiterFor(`the end of ${String(this)}`, this.#loop);
    this.#waiters.push(waiter);
    try {
      await waiter;
    } finally {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
    }
  }

  /** See {@link Server}. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    const timer = this.#loop.callLater(TIME_TO_END, () => this.abortClients());
    try {
      await this._endHandlers?.();
      this.closeClients();
      await this.waitClosed();
    } catch (thrown) {
      this.abortClients();
      throw thrown;
    } finally {
      timer.cancel();
    }
  }

  toString(): string {
    return `<${this.constructor.name} sockets=[${this._where()}]>`;
  }

  /** @internal */
  _where(): string {
    const where = this.sockets.map((address) =>
      typeof address === "string" ? address : hostPort(address.host, address.port),
    );
    return where.join(", ");
  }

  /** The loop is closed. */
  loopClosed(): void {
    this.#isClosed = true;
    this.#stopListening();
    for (const client of this.#clients) client.loopClosed();
    for (const socket of this.#handshaking) socket.destroy();
  }

  /** @internal Somebody connected. Node's callback does nothing else: an idle loop goes on in here. */
  _connected(socket: Socket): void {
    const isIdle = this.#loop._wakeHere();
    try {
      this._accept(socket);
    } finally {
      if (isIdle) this.#loop._goOnHere();
    }
  }

  /** @internal Somebody connected. @param below - the socket on which the TLS of the other was made. */
  _accept(socket: Socket, below?: Socket): void {
    if (below !== undefined) this.#handshaking.delete(below);
    if (this.#isClosed) socket.destroy();
    else {
      const client = new SocketTransport(this.#loop, socket, this.#factory, this.#context, this.#names, this);
      if (below === undefined) client._readDirectly();
      if (this.#clients.size === 0) hold(this.#loop, this);
      this.#clients.add(client);
    }
  }

  /** @internal */
  _detached(transport: SocketTransport): void {
    this.#clients.delete(transport);
    if (this.#isClosed) this.#letGoIfEmpty();
    this.#wakeIfOver();
  }

  /** @internal */
  _replaced(transport: SocketTransport, by: SocketTransport): void {
    this.#clients.delete(transport);
    this.#clients.add(by);
  }

  /** A server of Node's, whose connections come to {@link _accept}. */
  #make(): NodeServer {
    const { ssl, sslHandshakeTimeout = HANDSHAKE_TIMEOUT } = this.#options;
    const options = { ...this.#keepAlive, noDelay: true, allowHalfOpen: true };
    const server = runInScope(undefined, (): NodeServer => {
      if (ssl === undefined) return createNodeServer(options).on("connection", onConnection);
      if (isSecureContext(ssl)) return createNodeServer(options, (socket) => this.#secure(socket, ssl));
      // Who ends his half amid the handshake is gone: Node is to see that, and not to wait for more.
      const handshake = { handshakeTimeout: sslHandshakeTimeout * 1000, allowHalfOpen: false };
      return createTlsServer({ ...ssl, ...options, ...handshake })
        .on("connection", (socket: Socket) => this.#track(socket))
        .on("secureConnection", onSecureConnection)
        .on("tlsClientError", (error, socket) => {
          socket.destroy(); // Where its time was up, Node does not.
          this.#noteHandshake(error);
        });
    });
    (server as Attached)[SERVER] = this;
    server.on("error", (exception) => {
      // Before it listens, an error is for those who wait for that.
      if (!server.listening) return;
      this.#loop._report({ message: "socket.accept() out of system resource", exception });
    });
    return server;
  }

  /** Notes a socket on which TLS is being made. */
  #track(socket: Socket): void {
    this.#handshaking.add(socket);
    socket.once("close", () => {
      this.#handshaking.delete(socket);
      this.#wakeIfOver();
    });
  }

  #secure(socket: Socket, ssl: ServerSsl): void {
    this.#track(socket);
    secureServer(this.#loop, socket, ssl, this.#options.sslHandshakeTimeout).then(
      (secured) => this._accept(secured, socket),
      (error: unknown) => this.#noteHandshake(error),
    );
  }

  /** A handshake failed. Anybody can cause that at will: it is told in debug mode only. */
  #noteHandshake(exception: unknown): void {
    if (this.#loop.getDebug()) this.#loop._report({ message: "SSL handshake failed", exception });
  }

  #stopListening(): void {
    for (const listener of this.#listeners) listener.close();
    this.#listeners = [];
  }

  /** It ends its connections with the loop, also when it is closed. */
  #letGoIfEmpty(): void {
    if (this.#clients.size === 0) letGo(this.#loop, this);
  }

  #isOver(): boolean {
    return this.#isClosed && this.#clients.size === 0 && this.#handshaking.size === 0;
  }

  #wakeIfOver(): void {
    if (!this.#isOver()) return;
    for (const waiter of this.#waiters) if (!waiter.done()) waiter.setResult();
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new RuntimeError(`server ${String(this)} is closed`);
  }
}
