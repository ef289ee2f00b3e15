/** `StreamTransport`: a transport over a stream of Node's, in one direction or both: reading, writing, flow control. */
import type { Socket } from "node:net";
import type { Duplex, Readable, Writable } from "node:stream";
import type { Context } from "../contextvars.ts";
import { describe } from "../describe.ts";
import type { EventLoop } from "../events.ts";
import { RuntimeError } from "../exceptions.ts";
import { LoopTransport, type ProtocolFactory } from "./loop-transport.ts";
import type { BaseProtocol, BufferedProtocol, Protocol } from "./protocols.ts";
import { endReads, forgetOwnEnd, readInto, takeRead } from "./socket-reads.ts";
import type { Bytes, Transport, WriteBufferLimits } from "./transports.ts";

/** The other side will send no more. */
const EOF: unique symbol = Symbol("EOF");
type Received = Buffer | typeof EOF;

/** So many bytes may wait for the loop's turn; then Node reads no more until they are delivered. */
const MOST_UNREAD = 128 * 1024;
const HIGH_WATER = 64 * 1024;
/** asyncio logs from here on. */
const MANY_LOST_WRITES = 5;

const NOTHING = new Uint8Array(0);
const TRANSPORT: unique symbol = Symbol("transport");

/** A stream of Node's that knows its transport: so the listeners are the same functions for all. */
interface Attached {
  [TRANSPORT]?: StreamTransport;
}

/** A stream that may be read from, and may be written to. */
export type NodeStream = Readable | Writable | Duplex;

/** See the file's head. The methods of a direction that a stream has not got are not called. */
export abstract class StreamTransport extends LoopTransport implements Transport {
  protected readonly stream: Duplex;
  /** The protocol has buffers of its own. */
  #fillsBuffers = false;
  // What came, and was not delivered yet: nearly always one thing.
  #first: Received | null = null;
  #rest: Received[] | null = null;
  #unread = 0;
  #isPaused = false;
  #listens = false;
  /** What is read comes from the socket, past the stream. */
  #readsDirectly = false;
  #isStarted = false;
  #hasWrittenEof = false;
  /** It was closed with nothing to send, or aborted: errors are of no concern any more. */
  #isDone = false;
  #high = HIGH_WATER;
  #low = HIGH_WATER / 4;
  #mayResume = false;
  #onFlushed: ((error?: Error | null) => void) | null = null;
  #lostWrites = 0;

  constructor(
    loop: EventLoop,
    stream: NodeStream,
    protocol: BaseProtocol | ProtocolFactory,
    context: Context,
    isHeld = false,
  ) {
    super(loop, protocol, context, isHeld);
    this.stream = stream as Duplex;
    this.#fillsBuffers = isBuffered(protocol);
    (stream as Attached)[TRANSPORT] = this;
    stream.on("error", onError);
    stream.on("close", onClose);
  }

  /** Whether the stream is read from. */
  protected abstract readonly reads: boolean;
  /** What is said of an error of the stream's. */
  protected abstract explain(error: Error): unknown;

  override setProtocol(protocol: BaseProtocol): void {
    super.setProtocol(protocol);
    this.#fillsBuffers = isBuffered(protocol);
  }

  /** Also if the other side has ended it, and the protocol does not know yet. */
  override isClosing(): boolean {
    return this.closing || this.stream.destroyed || Boolean(this.stream.errored);
  }

  override close(): void {
    if (this.closing) return;
    this.closing = true;
    this.#dropUnread();
    this.#isDone = !(this.stream.writableLength > 0);
    this.flushAndDestroy();
  }

  abort(): void {
    this.#isDone = true;
    this.forceClose(null);
  }

  // ---- Reading.

  isReading(): boolean {
    return !this.closing && !this.#isPaused;
  }

  pauseReading(): void {
    if (this.closing || this.#isPaused) return;
    this.#isPaused = true;
    this.stream.pause();
  }

  resumeReading(): void {
    if (this.closing || !this.#isPaused) return;
    this.#isPaused = false;
    if (this.#first !== null) this.schedule();
    if (this.#isStarted && this.#unread < MOST_UNREAD) this.stream.resume();
  }

  // ---- Writing.

  write(data: Bytes): void {
    if (typeof data !== "string" && !(data instanceof Uint8Array)) {
      throw new TypeError(`data must be a Uint8Array or a string, got ${describe(data)}`);
    }
    if (this.#hasWrittenEof) throw new RuntimeError("Cannot call write() after writeEof()");
    if (data.length === 0) return;
    const { stream } = this;
    if (this.closing || !stream.writable) this.#noteLostWrite();
    else if (!this.protocolIsPaused && stream.writableLength + mostBytes(data) <= this.#high) stream.write(data);
    else {
      stream.write(data, this.#flushed());
      if (!this.protocolIsPaused && stream.writableLength > this.#high) this.pauseProtocol();
    }
  }

  writelines(parts: Iterable<Bytes>): void {
    // One system call for all of them.
    this.stream.cork();
    try {
      for (const part of parts) this.write(part);
    } finally {
      this.stream.uncork();
    }
  }

  writeEof(): void {
    if (!this.canWriteEof()) {
      throw new RuntimeError(`${this.constructor.name} can't close its sending half alone: close() it`);
    }
    if (this.closing || this.#hasWrittenEof) return;
    this.#hasWrittenEof = true;
    this.stream.end();
  }

  canWriteEof(): boolean {
    return true;
  }

  getWriteBufferSize(): number {
    return this.stream.writableLength;
  }

  getWriteBufferLimits(): { readonly low: number; readonly high: number } {
    return { low: this.#low, high: this.#high };
  }

  setWriteBufferLimits(limits: WriteBufferLimits = {}): void {
    const high = limits.high ?? (limits.low === undefined ? HIGH_WATER : 4 * limits.low);
    const low = limits.low ?? Math.floor(high / 4);
    if (!(high >= low && low >= 0)) throw new RangeError(`high (${high}) must be >= low (${low}) must be >= 0`);
    this.#high = high;
    this.#low = low;
    if (this.protocolIsPaused || this.closing || !(this.stream.writableLength > high)) return;
    this.stream.write(NOTHING, this.#flushed()); // What was written before does not tell when it has gone.
    this.pauseProtocol();
  }

  override toString(): string {
    const info = [this.constructor.name, ...this.describe()];
    if (this.stream.destroyed) info.push("closed");
    else {
      if (this.closing) info.push("closing");
      if (this.reads) info.push(this.isReading() ? "read=polling" : "read=idle");
      const size = this.stream.writableLength;
      if (this.stream.writable) info.push(`write=<${size > 0 ? "polling" : "idle"}, bufsize=${size}>`);
    }
    return `<${info.join(" ")}>`;
  }

  /** The other end, in words. */
  protected abstract describe(): string[];

  // ---- What the stream tells.

  /** @internal @param last - nothing else happens after this, in the callback of Node's that tells it. */
  _received(what: Received, last = false): void {
    if (this.closing) return;
    if (this.#first === null) this.#first = what;
    else (this.#rest ??= []).push(what);
    if (what !== EOF) {
      this.#unread += what.length;
      if (this.#unread >= MOST_UNREAD) this.stream.pause();
    }
    if (!this.#isPaused) this.schedule(last);
  }

  /** @internal */
  _failed(error: Error): void {
    if (!this.#isDone) this.noteError(this.explain(error));
  }

  /** @internal */
  _over(): void {
    const isOurs = this.#readsDirectly;
    this.#endReads();
    this.over(isOurs); // Of a stream that is not ours alone, others may have to hear first.
  }

  // ---- What the loop does.

  protected override made(): void {
    const { stream } = this;
    // It may have happened before this transport listened.
    if (stream.errored) this._failed(stream.errored);
    if (stream.closed) this.over();
    if (!this.reads || this.closing) return;
    this.#isStarted = true;
    this.listen();
    if (stream.readableEnded && this.#first === null) this._received(EOF);
    if (this.#readsDirectly && !stream.isPaused()) return; // It reads since it was made.
    if (!this.#isPaused && this.#unread < MOST_UNREAD) stream.resume();
  }

  /** From now on keeps what the stream gives. */
  protected listen(): void {
    const { stream } = this;
    if (this.#listens) return;
    this.#listens = true;
    stream.on("end", onEnd);
    if (!this.#readsDirectly) stream.on("data", onData);
  }

  /** Lets the stream, a socket that nobody else reads from, read past its own queue. Call it before the protocol is. */
  protected readDirectly(): void {
    const socket = this.stream as Socket;
    this.#readsDirectly = readInto(socket, onRead);
    if (!this.#readsDirectly) return;
    forgetOwnEnd(socket);
    this.listen();
    const early: Buffer | null = socket.readableLength > 0 ? (socket.read() as Buffer | null) : null;
    if (early !== null) this._received(early);
  }

  protected override hasMore(): boolean {
    return this.#mayResume || (this.#first !== null && !this.#isPaused);
  }

  protected override holdsBack(): boolean {
    return this.#first !== null && this.#isPaused;
  }

  protected override deliver(): boolean {
    if (this.#mayResume) {
      this.#mayWriteAgain();
      return true;
    }
    const what = this.#first;
    if (what === null || this.#isPaused) return false;
    this.#first = this.#rest === null ? null : this.#next(this.#rest);
    if (what === EOF) this.#deliverEof();
    else {
      const before = this.#unread;
      this.#unread -= what.length;
      if (before >= MOST_UNREAD && this.#unread < MOST_UNREAD) this.stream.resume();
      if (this.#fillsBuffers) this.#fill(what);
      else {
        try {
          this.returned("dataReceived", (this.getProtocol() as Protocol).dataReceived(what));
        } catch (thrown) {
          this.failed("dataReceived", thrown);
        }
      }
    }
    return true;
  }

  protected override destroy(): void {
    this.#dropUnread();
    this.stream.destroy();
  }

  /** Sends what is in the buffer, then closes. */
  protected flushAndDestroy(): void {
    const { stream } = this;
    if (stream.writable) stream.end();
    if (stream.writableFinished === false) stream.on("finish", destroyStream);
    else stream.destroy();
  }

  /**
   * Takes the stream away from this transport. What was read and not delivered goes back into the stream, behind `early`,
   * which was delivered: unless that has told of its end, and takes nothing back.
   */
  protected detach(early?: Buffer): void {
    const { stream } = this;
    stream.off("data", onData).off("end", onEnd).off("error", onError).off("close", onClose);
    delete (stream as Attached)[TRANSPORT];
    stream.pause();
    this.#endReads();
    const unread = [early, this.#first, ...(this.#rest ?? [])].filter((item) => item instanceof Buffer);
    if (!stream.readableEnded) for (const chunk of unread.reverse()) stream.unshift(chunk);
    this.#dropUnread();
  }

  #endReads(): void {
    if (this.#readsDirectly) endReads(this.stream as Socket);
    this.#readsDirectly = false;
  }

  #next(rest: Received[]): Received | null {
    const next = rest.shift() ?? null;
    if (rest.length === 0) this.#rest = null;
    return next;
  }

  #dropUnread(): void {
    if (this.holdsBack()) this.schedule(); // The end may have waited for it.
    this.#first = this.#rest = null;
    this.#unread = 0;
    this.#mayResume = false;
  }

  #deliverEof(): void {
    let keepsOpen: boolean | void;
    try {
      keepsOpen = (this.getProtocol() as Protocol).eofReceived();
      this.returned("eofReceived", keepsOpen);
    } catch (thrown) {
      this.failed("eofReceived", thrown);
      return;
    }
    if (keepsOpen !== true || !this.canWriteEof()) this.close();
  }

  #fill(data: Buffer): void {
    const protocol = this.getProtocol() as BufferedProtocol;
    let method = "getBuffer";
    try {
      for (let from = 0; from < data.length && !this.closing;) {
        method = "getBuffer";
        const target = protocol.getBuffer(data.length - from);
        if (target.length === 0) throw new RuntimeError("getBuffer() returned an empty buffer");
        const part = data.subarray(from, from + target.length);
        target.set(part);
        from += part.length;
        method = "bufferUpdated";
        this.returned(method, protocol.bufferUpdated(part.length));
      }
    } catch (thrown) {
      this.failed(method, thrown);
    }
  }

  #flushed(): (error?: Error | null) => void {
    return (this.#onFlushed ??= (error) => {
      if (error || !this.protocolIsPaused || this.#isDone || this.stream.writableLength > this.#low) return;
      this.#mayResume = true;
      this.schedule();
    });
  }

  #mayWriteAgain(): void {
    this.#mayResume = false;
    // More was written since: its end will tell.
    if (!this.protocolIsPaused || this.stream.writableLength > this.#low) return;
    this.resumeProtocol();
  }

  #noteLostWrite(): void {
    if (++this.#lostWrites !== MANY_LOST_WRITES) return;
    this.loop.callExceptionHandler({
      message: "socket.send() raised exception.",
      transport: this,
      protocol: this.getProtocol(),
    });
  }
}

/** How many bytes it takes, or less. */
function mostBytes(data: Bytes): number {
  return typeof data === "string" ? data.length * 3 : data.length;
}

function onData(this: Attached, chunk: Buffer): void {
  this[TRANSPORT]?._received(chunk);
}

function onRead(this: Socket, count: number, buffer: Buffer): boolean {
  const transport = (this as Attached)[TRANSPORT];
  if (transport === undefined) return this.push(Buffer.from(buffer.subarray(0, count))); // Taken away: TLS will read.
  transport._received(takeRead(count, buffer), true);
  return true;
}

function onEnd(this: Attached): void {
  this[TRANSPORT]?._received(EOF);
}

function onError(this: Attached, error: Error): void {
  this[TRANSPORT]?._failed(error);
}

function onClose(this: Attached): void {
  this[TRANSPORT]?._over();
}

function destroyStream(this: Writable): void {
  this.destroy();
}

function isBuffered(protocol: unknown): boolean {
  return typeof (protocol as Partial<BufferedProtocol>).getBuffer === "function";
}
