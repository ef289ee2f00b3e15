/** `StreamReader`: reads a stream of bytes, by size, by separator or by line. */
import { describe } from "../describe.ts";
import type { EventLoop } from "../events.ts";
import { RuntimeError } from "../exceptions.ts";
import type { Future } from "../futures.ts";
import { getRunningLoop } from "../running.ts";
import { Thenable } from "../thenable.ts";
import { Chunks } from "./chunks.ts";
import { loopIsClosed } from "./flow-control.ts";
import { here } from "./io-errors.ts";
import { PendingRead } from "./pending-read.ts";
import { Search } from "./search.ts";
import { IncompleteReadError, LimitOverrunError } from "./stream-errors.ts";
import type { Bytes, ReadTransport } from "./transports.ts";

/** How a reader is made. */
export interface StreamReaderOptions {
  /**
   * The longest line, in bytes, that `readline` and `readuntil` take, without its separator; and half of what is
   * buffered before the other side has to wait. By default 65536.
   */
  readonly limit?: number | undefined;
  /** By default the running one. */
  readonly loop?: EventLoop | undefined;
}

/** A way to read, apart from its argument: thousands of connections wait at once, and keep a closure less each. */
export interface Kind<A, T> {
  /** What asyncio calls it in errors. */
  readonly method: string;
  /** Takes what is asked for out of the buffer; null if there is not enough yet. */
  take(reader: StreamReader, arg: A): T | null;
}

const SOME: Kind<number, Buffer> = { method: "read", take: (reader, count) => reader._takeSome(count) };
const EXACTLY: Kind<number, Buffer> = { method: "readexactly", take: (reader, count) => reader._takeExactly(count) };
const UNTIL: Kind<Search, Buffer> = { method: "readuntil", take: (reader, search) => reader._takeUntil(search) };
const LINE: Kind<Search, Buffer> = { method: "readuntil", take: (reader, search) => reader._takeLine(search) };
const NEXT_LINE: Kind<Search, IteratorResult<Buffer, void>> = {
  method: "readuntil",
  take(reader, search) {
    const line = reader._takeLine(search);
    if (line === null) return null;
    return line.length === 0 ? { done: true, value: undefined } : { done: false, value: line };
  },
};

/** asyncio's. */
export const DEFAULT_LIMIT: number = 2 ** 16;

/**
 * Reads a stream: `asyncio.StreamReader`. `openConnection` and `startServer` give one.
 *
 * What is in the buffer is given at once, without a turn of the loop. One task may wait for data at a time. Cancelling a
 * task that reads loses nothing: what came stays in the buffer. What is given may be a view of a longer chunk: copy it
 * (`Buffer.from`) to keep a few bytes for long.
 *
 * `for await (const line of reader)` gives lines until the end, as `readline` does.
 */
export class StreamReader implements AsyncIterable<Buffer> {
  readonly #loop: EventLoop;
  readonly #limit: number;
  /** {@link NOTHING} as long as it is empty: most connections are, most of the time. */
  #buffer: Chunks = NOTHING;
  #eof = false;
  #exception: unknown = null;
  /** @internal */
  _transport: ReadTransport | null = null;
  #paused = false;
  #waiter: Future<void> | null = null;
  /** Who waits can do nothing with less than this. */
  #wanted = 0;

  /** @throws RangeError if the limit is 0 or less; RuntimeError if no loop is given, and none runs. */
  constructor(options: StreamReaderOptions = {}) {
    const limit = options.limit ?? DEFAULT_LIMIT;
    if (!(limit > 0)) throw new RangeError(`Limit cannot be <= 0, got ${limit}`);
    this.#limit = limit;
    this.#loop = options.loop ?? getRunningLoop();
  }

  /**
   * Reads up to `count` bytes, as soon as there is one; everything until the end, if `count` is below 0. An empty
   * buffer means the end of the stream.
   */
  read(count = -1): Promise<Buffer> {
    return count < 0 ? this.#readAll() : this.#read(SOME, count);
  }

  /**
   * Reads `count` bytes, also more than the limit.
   * @throws IncompleteReadError at the end of the stream, with what there was.
   */
  readexactly(count: number): Promise<Buffer> {
    return this.#read(EXACTLY, count);
  }

  /**
   * Reads until a separator, which is part of the result. Of several separators the one that gives the shortest result
   * counts.
   * @throws IncompleteReadError at the end of the stream, with what there was; LimitOverrunError if what comes before
   * the separator is longer than the limit: it stays in the buffer.
   */
  async readuntil(separator: Bytes | readonly Bytes[] = "\n"): Promise<Buffer> {
    return await this.#read(UNTIL, new Search(separator));
  }

  /**
   * Reads a line, with its `\n`. The last one may have none; an empty buffer means the end of the stream.
   * @throws RangeError if the line is longer than the limit: what there is of it is dropped.
   */
  readline(): Promise<Buffer> {
    return this.#read(LINE, new Search("\n"));
  }

  /** Whether the stream has ended, and everything was read: asyncio's `at_eof`. */
  atEof(): boolean {
    return this.#eof && this.#buffer.size === 0;
  }

  /** The error that ended the stream; null if there is none. */
  exception(): unknown {
    return this.#exception;
  }

  [Symbol.asyncIterator](): AsyncIterator<Buffer, void, undefined> {
    return { next: () => this.#read(NEXT_LINE, new Search("\n")) };
  }

  // ---- For protocols.

  /** Where the data comes from: it is paused while the buffer is full. asyncio's `set_transport`. */
  setTransport(transport: ReadTransport): void {
    if (this._transport !== null) throw new RuntimeError("Transport already set");
    this._transport = transport;
  }

  /** Adds data, which belongs to the reader from now on: asyncio's `feed_data`. */
  feedData(data: Buffer): void {
    if (this.#eof) throw new RuntimeError("feed_data after feed_eof");
    if (data.length === 0) return;
    if (this.#buffer === NOTHING) this.#buffer = new Chunks();
    this.#buffer.push(data);
    const size = this.#buffer.size;
    if (this.#isAwaited()) {
      if (size < this.#wanted) return;
      this.#wake();
    }
    if (size > 2 * this.#limit && !this.#paused && this._transport !== null) {
      this.#paused = true;
      this._transport.pauseReading();
    }
  }

  /** There will be no more data: asyncio's `feed_eof`. */
  feedEof(): void {
    this.#eof = true;
    this.#wake();
  }

  /** The stream failed: whoever reads from now on gets the error. asyncio's `set_exception`. */
  setException(exception: unknown): void {
    this.#exception = exception;
    if (this.#isAwaited()) this.#waiter?.setException(exception);
    this.#waiter = null;
  }

  toString(): string {
    const info = ["StreamReader"];
    if (this.#buffer.size > 0) info.push(`${this.#buffer.size} bytes`);
    if (this.#eof) info.push("eof");
    if (this.#limit !== DEFAULT_LIMIT) info.push(`limit=${this.#limit}`);
    if (this.#isAwaited()) info.push(`waiter=${String(this.#waiter)}`);
    if (this.#exception !== null) info.push(`exception=${String(this.#exception)}`);
    if (this._transport !== null) info.push(`transport=${String(this._transport)}`);
    if (this.#paused) info.push("paused");
    return `<${info.join(" ")}>`;
  }

  /** @internal Takes what is buffered, to read it once more through another transport; undefined if nothing is. */
  _giveBack(): Buffer | undefined {
    const { size } = this.#buffer;
    const data = size === 0 ? undefined : this.#buffer.take(size);
    this.#buffer = NOTHING;
    return data;
  }

  /** @internal Goes on with another transport, which is not paused. */
  _moveTo(transport: ReadTransport): void {
    this._transport = transport;
    this.#paused = false;
  }

  /** @internal Cancels whoever waits for data. */
  _giveUp(): void {
    this.#waiter?.cancel();
  }

  /** Takes what is asked for, as soon as it is there. */
  #read<A, T>(kind: Kind<A, T>, arg: A): Promise<T> {
    if (this.#exception !== null) return Promise.reject(here(this.#exception));
    const result = this._attempt(kind, arg);
    return result instanceof Thenable ? result : Promise.resolve(result);
  }

  /** @internal Takes what is asked for, or waits; gives a rejected promise if that fails. */
  _attempt<A, T>(kind: Kind<A, T>, arg: A): T | Promise<T> {
    try {
      const result = kind.take(this, arg);
      if (result !== null) return result;
      if (this.#exception !== null) throw this.#exception;
      return this.#wait(kind, arg);
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  /** @internal */
  _takeSome(count: number): Buffer | null {
    if (count !== Math.trunc(count)) throw notWhole("read", count);
    const { size } = this.#buffer;
    return size > 0 || this.#eof || count === 0 ? this.#take(Math.min(count, size)) : null;
  }

  /** @internal */
  _takeExactly(count: number): Buffer | null {
    if (count < 0) throw new RangeError(`readexactly size can not be less than zero, got ${count}`);
    if (count !== Math.trunc(count)) throw notWhole("readexactly", count);
    if (this.#buffer.size >= count) return this.#take(count);
    if (this.#eof) throw new IncompleteReadError(this.#takeAll(), count);
    return null;
  }

  /** @internal */
  _takeUntil(search: Search): Buffer | null {
    const found = search.next(this.#buffer);
    if (found !== null && found.start > this.#limit) {
      throw new LimitOverrunError("Separator is found, but chunk is longer than limit", found.start);
    }
    if (found !== null) return this.#take(found.end);
    if (search.searched > this.#limit) {
      throw new LimitOverrunError("Separator is not found, and chunk exceed the limit", search.searched);
    }
    if (this.#eof) throw new IncompleteReadError(this.#takeAll(), null);
    return null;
  }

  /** @internal */
  _takeLine(search: Search): Buffer | null {
    try {
      return this._takeUntil(search);
    } catch (thrown) {
      if (thrown instanceof IncompleteReadError) return thrown.partial;
      if (!(thrown instanceof LimitOverrunError)) throw thrown;
      const end = search.find(this.#buffer, thrown.consumed)?.end;
      this.#buffer.drop(end === thrown.consumed + 1 ? end : this.#buffer.size);
      this.#wasRead();
      throw new RangeError(thrown.message);
    }
  }

  async #readAll(): Promise<Buffer> {
    const blocks: Buffer[] = [];
    for (;;) {
      const block = await this.read(this.#limit);
      if (block.length === 0) return blocks.length === 1 ? (blocks[0] as Buffer) : Buffer.concat(blocks);
      blocks.push(block);
    }
  }

  #take(count: number): Buffer {
    if (count === 0) return EMPTY;
    const data = this.#buffer.take(count);
    this.#wasRead();
    return data;
  }

  #takeAll(): Buffer {
    return this.#take(this.#buffer.size);
  }

  #wasRead(): void {
    const { size } = this.#buffer;
    if (size === 0) this.#buffer = NOTHING;
    if (this.#paused && size <= this.#limit) this.#resume();
  }

  #resume(): void {
    this.#paused = false;
    this._transport?.resumeReading();
  }

  #wait<A, T>(kind: Kind<A, T>, arg: A): PendingRead<A, T> {
    if (this.#isAwaited()) {
      throw new RuntimeError(`${kind.method}() called while another coroutine is already waiting for incoming data`);
    }
    if (this.#loop.isClosed()) throw loopIsClosed(this._transport);
    // Who waits wants more than there is, however full the buffer is.
    if (this.#paused) this.#resume();
    if (this.#buffer.size > 0) this.#buffer.settle();
    const pending = new PendingRead(this, this.#loop, kind, arg);
    this.#waiter = pending._waiter;
    this.#wanted = kind === EXACTLY ? (arg as number) : 1;
    return pending;
  }

  /** A wait that was cancelled is left where it is. */
  #isAwaited(): boolean {
    return this.#waiter !== null && !this.#waiter.done();
  }

  #wake(): void {
    if (this.#isAwaited()) this.#waiter?.setResult();
    this.#waiter = null;
  }
}

/** NaN, a fraction, or no number at all: it would get into the count of what is buffered. */
function notWhole(method: string, count: unknown): RangeError {
  return new RangeError(`${method} size must be a whole number, got ${describe(count)}`);
}

const EMPTY: Buffer = Buffer.alloc(0);
const NOTHING: Chunks = new Chunks();
