/** Protocols: what a transport calls. A user derives from one, and overrides what is to happen. */
import type { BaseTransport, DatagramTransport, SubprocessTransport } from "./transports.ts";

/**
 * What every protocol hears: `asyncio.BaseProtocol`.
 *
 * `connectionMade` comes first, once; `connectionLost` last, once. All are callbacks of the loop: an error that one
 * throws goes to the loop's exception handler, and ends the connection.
 */
export class BaseProtocol {
  /** The connection is there: asyncio's `connection_made`. Keep `transport` to write. */
  connectionMade(_transport: BaseTransport): void {}

  /** The connection is over: asyncio's `connection_lost`. `error` is null where it was closed, here or there. */
  connectionLost(_error: unknown): void {}

  /** The buffer of the transport is over its high-water mark: stop to write. asyncio's `pause_writing`. */
  pauseWriting(): void {}

  /** The buffer is down at the low-water mark again: asyncio's `resume_writing`. */
  resumeWriting(): void {}
}

/** A protocol of a stream of bytes: `asyncio.Protocol`. */
export class Protocol extends BaseProtocol {
  /** Some bytes came, at least one; the buffer is the protocol's own from now on: asyncio's `data_received`. */
  dataReceived(_data: Buffer): void {}

  /**
   * The other side will send no more: asyncio's `eof_received`.
   * @returns true to keep the connection half open, for writing. Otherwise the transport closes.
   */
  eofReceived(): boolean | void {}
}

/** A protocol that reads into buffers of its own: `asyncio.BufferedProtocol`. */
export class BufferedProtocol extends BaseProtocol {
  /** Where the next bytes are to go: asyncio's `get_buffer`. Not empty. `sizeHint` is -1 where nothing is known. */
  getBuffer(_sizeHint: number): Uint8Array {
    throw new Error(`${this.constructor.name} must override getBuffer()`);
  }

  /** So many bytes are in the buffer that `getBuffer` gave: asyncio's `buffer_updated`. */
  bufferUpdated(_count: number): void {}

  /** See {@link Protocol.eofReceived}. */
  eofReceived(): boolean | void {}
}

/** Where a datagram comes from, or goes to. */
export interface DatagramAddress {
  readonly host: string;
  readonly port: number;
}

/** A protocol of datagrams: `asyncio.DatagramProtocol`. */
export class DatagramProtocol extends BaseProtocol {
  override connectionMade(_transport: DatagramTransport): void {}

  /** A datagram came: asyncio's `datagram_received`. */
  datagramReceived(_data: Buffer, _from: DatagramAddress): void {}

  /** A datagram could not be sent or received; others may still be: asyncio's `error_received`. */
  errorReceived(_error: unknown): void {}
}

/** A protocol of a child process: `asyncio.SubprocessProtocol`. */
export class SubprocessProtocol extends BaseProtocol {
  override connectionMade(_transport: SubprocessTransport): void {}

  /** The child wrote to its stdout (`fd` 1) or stderr (2): asyncio's `pipe_data_received`. */
  pipeDataReceived(_fd: number, _data: Buffer): void {}

  /** One of the child's pipes is closed: asyncio's `pipe_connection_lost`. */
  pipeConnectionLost(_fd: number, _error: unknown): void {}

  /** The child ended: asyncio's `process_exited`. */
  processExited(): void {}
}
