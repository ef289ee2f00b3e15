/** `HostStream`: a connection, or one end of a pipe, as a non-blocking socket of Python's sees it. */
import type { CipherNameAndProtocol, TLSSocket } from "node:tls";
import type { EventLoop } from "turnwise";
import {
  type BaseTransport,
  type ClientSsl,
  type Protocol,
  type ServerSsl,
  startTls,
  type Transport,
} from "turnwise/node";
import { codeOf, Endpoint, READABLE, type Owner, WRITABLE } from "./endpoint.ts";

/** So many bytes may wait to be read; then the other side has to wait. */
const MOST_UNREAD = 128 * 1024;

/** An address as Python has it: `[host, port]`, or the path of a Unix socket. */
export type Name = readonly [host: string, port: number] | string;

/** A connection's TLS. */
export interface TlsDescription {
  readonly version: string | undefined;
  readonly alpn: string | undefined;
  readonly cipher: readonly [name: string, version: string];
  /** What Node tells of the other side's certificate, if it showed one. */
  readonly peercert: object | undefined;
}

/** Keeps what comes until it is read, and says when more can be written. */
export class HostStream extends Endpoint implements Protocol {
  #transport: Transport | undefined;
  #chunks: Buffer[] = [];
  #unread = 0;
  #hasEnded = false;
  #isFull = false;
  #made: (stream: HostStream) => void;
  #sockname: Name | undefined;
  #peername: Name | undefined;

  /** @param made - is called once it is connected. */
  constructor(owner: Owner, made: (stream: HostStream) => void = () => {}) {
    super(owner);
    this.#made = made;
  }

  /** Connects. That it is, or why not, is seen as on a socket of the system's: it becomes writable. */
  connect(loop: EventLoop, name: string, open: () => Promise<unknown>): void {
    const task = loop.createTask(open, { name });
    this.opening = task;
    task.addDoneCallback(() => {
      if (task.cancelled()) return;
      const error = task.exception();
      if (error === null) return;
      this.fail(codeOf(error));
    });
  }

  /** Begins TLS, with what came and was not read. */
  async startTls(ssl: ClientSsl | ServerSsl, serverHostname: string | undefined, timeout: number): Promise<void> {
    const _early = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#unread = 0;
    const serverSide = serverHostname === undefined;
    // `_early` is not in the types of `turnwise/node`: only who has taken bytes from a transport needs to give them back.
    const options = { serverSide, serverHostname, sslHandshakeTimeout: timeout, _early };
    this.#transport = await startTls(this.#transport as Transport, this, ssl, options);
  }

  // ---- What Python asks.

  override readiness(): number {
    if (this.#transport === undefined) return this.hasFailed ? READABLE | WRITABLE : 0;
    const reads = this.#unread > 0 || this.#hasEnded ? READABLE : 0;
    return reads | (this.#isFull && !this.hasFailed ? 0 : WRITABLE);
  }

  /** @returns at most so many bytes; none at the end; undefined if there is nothing yet, or an error. */
  read(most: number): Uint8Array | undefined {
    const first = this.#chunks[0];
    if (first === undefined) return this.#hasEnded && !this.hasFailed ? new Uint8Array(0) : undefined;
    const part = first.subarray(0, most);
    if (part.length === first.length) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(part.length);
    this.#unread -= part.length;
    if (this.#unread < MOST_UNREAD) this.#transport?.resumeReading();
    return bytesOf(part);
  }

  /** @returns how many bytes it took: all or none. */
  write(bytes: Uint8Array): number {
    if (this.#transport === undefined || this.#isFull || this.hasFailed) return 0;
    this.#transport.write(bytes);
    return bytes.length;
  }

  /** Whether what is written is lost. */
  isBroken(): boolean {
    return this.#transport === undefined || this.#transport.isClosing();
  }

  shutdownWrite(): void {
    if (this.#transport?.canWriteEof() === true) this.#transport.writeEof();
  }

  override sockname(): Name | undefined {
    return this.#sockname;
  }

  override peername(): Name | undefined {
    return this.#peername;
  }

  /** What Python is told of its TLS. */
  tls(): TlsDescription {
    const socket = this.#transport?.getExtraInfo("sslObject") as TLSSocket;
    const { standardName, version, name } = socket.getCipher() as CipherNameAndProtocol & { standardName?: string };
    const { subject, issuer, serialNumber, valid_from, valid_to, subjectaltname } = socket.getPeerCertificate();
    const peercert = { subject, issuer, serialNumber, valid_from, valid_to, subjectaltname };
    return {
      version: socket.getProtocol() ?? undefined,
      alpn: socket.alpnProtocol || undefined,
      cipher: [standardName ?? name, version],
      peercert: subject === undefined ? undefined : peercert,
    };
  }

  override close(): void {
    super.close();
    this.#transport?.close();
  }

  override abort(): void {
    super.close();
    this.#transport?.abort();
  }

  // ---- What the transport tells.

  connectionMade(transport: BaseTransport): void {
    this.#transport = transport as Transport;
    if (this.isClosed) {
      this.#transport.abort();
      return;
    }
    this.#take(this.#transport);
    this.#made(this);
    this.changed();
  }

  dataReceived(data: Buffer): void {
    this.#chunks.push(data);
    this.#unread += data.length;
    if (this.#unread >= MOST_UNREAD) this.#transport?.pauseReading();
    this.changed();
  }

  eofReceived(): boolean {
    this.#hasEnded = true;
    this.changed();
    return true;
  }

  connectionLost(error: unknown): void {
    this.#hasEnded = true;
    if (error === null) this.changed();
    else this.fail(codeOf(error));
  }

  pauseWriting(): void {
    this.#isFull = true;
  }

  resumeWriting(): void {
    this.#isFull = false;
    this.changed();
  }

  #take(transport: Transport): void {
    this.#sockname = nameOf(transport.getExtraInfo("sockname"));
    this.#peername = nameOf(transport.getExtraInfo("peername"));
  }
}

/** The same bytes as an array that Python knows: a `Buffer` it does not. */
export function bytesOf({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/** An address of `turnwise/node`'s as Python has it. */
export function nameOf(address: unknown): Name | undefined {
  if (typeof address === "string") return address;
  if (typeof address !== "object" || address === null) return undefined;
  const { host, port } = address as { host: string; port: number };
  return [host, port];
}
