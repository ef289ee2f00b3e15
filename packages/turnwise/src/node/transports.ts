/** Transports: what a protocol is given to write to and to close. Turnwise makes them. */
import type { BaseProtocol, DatagramAddress } from "./protocols.ts";

/** Bytes to send. A string is sent as UTF-8. */
export type Bytes = Uint8Array | string;

/** Between which sizes of its buffer, in bytes, a transport asks its protocol to pause and to go on. */
export interface WriteBufferLimits {
  readonly high?: number | undefined;
  readonly low?: number | undefined;
}

/** What all transports can do: `asyncio.BaseTransport`. */
export abstract class BaseTransport {
  /**
   * What is known of the connection: asyncio's `get_extra_info`. `"peername"`, `"sockname"` (`{ host, port }`, or the
   * path of a Unix socket), `"socket"` (Node's, for its options: it emits no `data`, since the transport reads past it),
   * `"sslObject"` (Node's TLS socket), `"peercert"`, `"cipher"`, `"pipe"`, `"subprocess"`; `fallback` where it is not
   * known. A server's connection that is over does not know its addresses, unless somebody asked before.
   */
  abstract getExtraInfo(name: string, fallback?: unknown): unknown;
  /** Whether it is closed, or about to be. */
  abstract isClosing(): boolean;
  /** Sends what is in the buffer, then closes; `connectionLost(null)` follows. */
  abstract close(): void;
  abstract setProtocol(protocol: BaseProtocol): void;
  abstract getProtocol(): BaseProtocol;
}

/** A transport that reads: `asyncio.ReadTransport`. */
export interface ReadTransport extends BaseTransport {
  isReading(): boolean;
  /** No `dataReceived` until {@link resumeReading}: the other side has to wait. */
  pauseReading(): void;
  resumeReading(): void;
}

/** A transport that writes: `asyncio.WriteTransport`. */
export interface WriteTransport extends BaseTransport {
  /** Sends `data`, as soon as it can: never blocks. */
  write(data: Bytes): void;
  writelines(parts: Iterable<Bytes>): void;
  /** Closes the sending half, once the buffer is empty. @throws where {@link canWriteEof} is false. */
  writeEof(): void;
  canWriteEof(): boolean;
  /** Closes at once: what is in the buffer is lost. `connectionLost(null)` follows. */
  abort(): void;
  getWriteBufferSize(): number;
  getWriteBufferLimits(): { readonly low: number; readonly high: number };
  /** By default 64 KiB and 16 KiB. A `high` of 0 pauses whenever the buffer is not empty. */
  setWriteBufferLimits(limits?: WriteBufferLimits): void;
}

/** A transport in both directions: `asyncio.Transport`. */
export interface Transport extends ReadTransport, WriteTransport {}

/** A transport of datagrams: `asyncio.DatagramTransport`. */
export interface DatagramTransport extends BaseTransport {
  /** Sends a datagram; without an address where the endpoint has a remote one. An error goes to `errorReceived`. */
  sendto(data: Bytes, to?: DatagramAddress): void;
  abort(): void;
}

/** A child process: `asyncio.SubprocessTransport`. */
export interface SubprocessTransport extends BaseTransport {
  getPid(): number;
  /** null while it runs; negative: the number of the signal that ended it. */
  getReturncode(): number | null;
  /** The transport of one of its pipes: 0, 1 or 2; null where there is none. */
  getPipeTransport(fd: number): BaseTransport | null;
  sendSignal(signal: NodeJS.Signals | number): void;
  terminate(): void;
  kill(): void;
}
