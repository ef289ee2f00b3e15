/** `SocketTransport`: a TCP connection, a Unix socket's, or TLS over either. */
import type { Socket } from "node:net";
import type { Context } from "../contextvars.ts";
import type { EventLoop } from "../events.ts";
import { explain, hostPort } from "./io-errors.ts";
import type { ProtocolFactory } from "./loop-transport.ts";
import type { BaseProtocol } from "./protocols.ts";
import { StreamTransport } from "./stream-transport.ts";
import { isTls, tlsInfo } from "./tls-info.ts";

/** Whose connection it is: a server's. */
export interface Owner {
  /** @internal The transport is over. */
  _detached(transport: SocketTransport): void;
  /** @internal Where it listens, in words. */
  _where(): string;
  /** @internal It was replaced: by TLS over it. */
  _replaced(transport: SocketTransport, by: SocketTransport): void;
}

/** The names of a Unix socket's ends: Node does not know them. */
export interface UnixNames {
  readonly peername: string;
  readonly sockname: string;
}

/** A transport over a socket of Node's that is connected, and was made with `allowHalfOpen`. */
export class SocketTransport extends StreamTransport {
  declare protected readonly stream: Socket;
  /** @internal */
  readonly _owner: Owner | null;
  /** @internal */
  readonly _names: UnixNames | null;

  constructor(
    loop: EventLoop,
    socket: Socket,
    protocol: BaseProtocol | ProtocolFactory,
    context: Context,
    names: UnixNames | null = null,
    owner: Owner | null = null,
  ) {
    super(loop, socket, protocol, context, owner !== null);
    this._owner = owner;
    this._names = names;
    // Node remembers it from now on: asked for the first time when the connection is over, it could not tell. A server
    // does without, which is a system call less for each who connects.
    if (owner === null) void socket.remotePort;
  }

  override getExtraInfo(name: string, fallback: unknown = null): unknown {
    const { stream } = this;
    switch (name) {
      case "socket":
        return stream;
      case "peername":
        return this._names?.peername ?? address(stream.remoteAddress, stream.remotePort) ?? fallback;
      case "sockname":
        return this._names?.sockname ?? address(stream.localAddress, stream.localPort) ?? fallback;
      default:
        return (isTls(stream) ? tlsInfo(stream, name) : null) ?? fallback;
    }
  }

  /** @internal Nobody else reads from the socket, which speaks no TLS. */
  _readDirectly(): void {
    this.readDirectly();
  }

  /** TLS has no half-closed connections. */
  override canWriteEof(): boolean {
    return !isTls(this.stream);
  }

  /** @internal For TLS over it: gives the socket away, with `early`, and what was read and not delivered. */
  _release(early?: Buffer): Socket {
    this.detach(early);
    return this.stream;
  }

  /** @internal What was to be made of the released socket could not be. */
  _fail(error: unknown): void {
    this.forceClose(error);
    this.over();
  }

  /** @internal Another transport goes on with the connection, and with the protocol: this one is over, without a word. */
  _succeededBy(socket: Socket, protocol: BaseProtocol, context: Context): SocketTransport {
    this.closing = true;
    this.end();
    const next = new SocketTransport(this.loop, socket, protocol, context, this._names, this._owner);
    next.goOn();
    this._owner?._replaced(this, next);
    return next;
  }

  protected override get reads(): boolean {
    return true;
  }

  protected override lost(): void {
    this._owner?._detached(this);
  }

  protected override explain(error: Error): unknown {
    return explain(error, "connection", this.describe()[0] ?? "the other side");
  }

  protected override describe(): string[] {
    const { remoteAddress, remotePort } = this.stream;
    if (this._names !== null) return [this._names.peername || this._names.sockname];
    if (remoteAddress !== undefined) return [hostPort(remoteAddress, remotePort as number)];
    return this._owner === null ? [] : [`a client of ${this._owner._where()}`];
  }
}

function address(host: string | undefined, port: number | undefined): { host: string; port: number } | null {
  return host === undefined || port === undefined ? null : { host, port };
}
