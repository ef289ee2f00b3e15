/** `connectReadPipe` and `connectWritePipe`: protocols over any stream of Node's, such as stdin and stdout. */
import type { Readable, Writable } from "node:stream";
import { type Context, copyContext } from "../contextvars.ts";
import { describe } from "../describe.ts";
import type { EventLoop } from "../events.ts";
import { getRunningLoop } from "../running.ts";
import { explain } from "./io-errors.ts";
import { type ProtocolFactory, started } from "./loop-transport.ts";
import type { BaseProtocol, BufferedProtocol, Protocol } from "./protocols.ts";
import { StreamTransport } from "./stream-transport.ts";
import type { ReadTransport, WriteTransport } from "./transports.ts";

/**
 * Reads from `pipe`, and gives the transport and the protocol: asyncio's `connect_read_pipe`. The pipe is a stream of
 * Node's: `process.stdin`, a child's `stdout`, a file's or a fifo's. It is the transport's from now on.
 *
 * `process.stdin` does not keep the process alive once the program on the loop is over.
 *
 * @throws TypeError if `pipe` can't be read from; RangeError if it gives objects, or strings.
 */
export async function connectReadPipe<P extends Protocol | BufferedProtocol>(
  protocolFactory: ProtocolFactory<P>,
  pipe: Readable,
): Promise<[transport: ReadTransport, protocol: P]> {
  const { readable, readableObjectMode, readableEncoding } = (pipe ?? {}) as Partial<Readable>;
  if (readable !== true) throw new TypeError(`pipe must be a stream that can be read from, got ${describe(pipe)}`);
  if (readableObjectMode === true) throw new RangeError("pipe must be a stream of bytes, not of objects");
  if (typeof readableEncoding === "string") throw new RangeError("pipe must be a stream of bytes: set no encoding");
  return await connected(protocolFactory, (...args) => new ReadPipeTransport(pipe, ...args));
}

/**
 * Writes to `pipe`, and gives the transport and the protocol: asyncio's `connect_write_pipe`. The pipe is a stream of
 * Node's: `process.stdout`, a child's `stdin`, a file's or a fifo's. It is the transport's from now on: to close the
 * transport ends it.
 *
 * @throws TypeError if `pipe` can't be written to; RangeError if it takes objects.
 */
export async function connectWritePipe<P extends BaseProtocol>(
  protocolFactory: ProtocolFactory<P>,
  pipe: Writable,
): Promise<[transport: WriteTransport, protocol: P]> {
  const { writable, writableObjectMode } = (pipe ?? {}) as Partial<Writable>;
  if (writable !== true) throw new TypeError(`pipe must be a stream that can be written to, got ${describe(pipe)}`);
  if (writableObjectMode === true) throw new RangeError("pipe must be a stream of bytes, not of objects");
  return await connected(protocolFactory, (...args) => new WritePipeTransport(pipe, ...args));
}

async function connected<P extends BaseProtocol, T extends StreamTransport>(
  protocolFactory: ProtocolFactory<P>,
  make: (loop: EventLoop, protocol: P, context: Context) => T,
): Promise<[T, P]> {
  const loop = getRunningLoop();
  const protocol = protocolFactory();
  const transport = make(loop, protocol, copyContext());
  await started(transport);
  return [transport, protocol];
}

const STANDARD: readonly string[] = ["stdin", "stdout", "stderr"];

abstract class PipeTransport extends StreamTransport {
  override getExtraInfo(name: string, fallback: unknown = null): unknown {
    if (name === "pipe") return this.stream;
    return name === "peername" ? (this.describe()[0] ?? fallback) : fallback;
  }

  protected override explain(error: Error): unknown {
    return explain(error, "connection", this.describe()[0] ?? "the pipe");
  }

  protected override describe(): string[] {
    const { fd, path } = this.stream as { fd?: unknown; path?: unknown };
    if (typeof path === "string") return [path];
    return typeof fd === "number" ? [STANDARD[fd] ?? `fd=${fd}`] : [];
  }
}

/** Reads from a stream. What it inherits of writing is not its interface's. */
class ReadPipeTransport extends PipeTransport implements ReadTransport {
  constructor(pipe: Readable, loop: EventLoop, protocol: BaseProtocol, context: Context) {
    super(loop, pipe, protocol, context);
    // Node lets the output of a child that has ended flow, whoever is there.
    pipe.pause();
    this.listen();
  }

  protected override get reads(): boolean {
    return true;
  }

  /** There is nothing to send. */
  protected override flushAndDestroy(): void {
    this.stream.destroy();
  }
}

/** Writes to a stream. */
class WritePipeTransport extends PipeTransport implements WriteTransport {
  constructor(pipe: Writable, loop: EventLoop, protocol: BaseProtocol, context: Context) {
    super(loop, pipe, protocol, context);
  }

  protected override get reads(): boolean {
    return false;
  }
}
