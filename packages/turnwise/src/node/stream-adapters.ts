/** Adapters: readers and writers for the streams of the web and of Node, and the other way round. */
import { finished, Readable, Writable } from "node:stream";
import { runInScope } from "#async-context";
import { connectReadPipe, connectWritePipe } from "./pipes.ts";
import { connectionLost } from "./stream-errors.ts";
import { StreamReaderProtocol } from "./stream-protocol.ts";
import { DEFAULT_LIMIT, StreamReader, type StreamReaderOptions } from "./stream-reader.ts";
import type { StreamWriter } from "./stream-writer.ts";
import type { Bytes } from "./transports.ts";

/** A `WritableStream` of the web that takes bytes, and perhaps more: what its type parameter says is of no concern. */
export interface ByteSink {
  getWriter(): { write(chunk: Uint8Array<ArrayBuffer>): Promise<void> };
}

/** A reader that {@link readerFrom} made: it has its source for itself, and can end it. */
export class SourceReader extends StreamReader implements Disposable {
  /** Reads no more: a stream of the web is cancelled, one of Node's destroyed. */
  close(): void {
    this._transport?.close();
  }

  /** {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * A reader of a `ReadableStream` of the web (the body of a `fetch`), or of a `Readable` of Node's. The source has to wait
 * while the reader's buffer is full. Its error, or an end before its time, is thrown by whoever reads.
 *
 * `using reader = await readerFrom(response.body)` ends the source at the end of the block.
 *
 * @throws as `connectReadPipe`.
 */
export async function readerFrom(
  source: ReadableStream<Bytes> | Readable,
  options: StreamReaderOptions = {},
): Promise<SourceReader> {
  const reader = new SourceReader(options);
  const pipe = source instanceof ReadableStream ? outside(() => Readable.fromWeb(source)) : source;
  await connectReadPipe(() => new StreamReaderProtocol(reader), pipe);
  // A pipe that is destroyed has ended, for its transport; here that may be half a file.
  finished(pipe, { writable: false }, (error) => {
    if (error) reader.setException(error);
  });
  return reader;
}

/**
 * A writer to a `WritableStream` of the web, or to a `Writable` of Node's. `drain` waits for it; its error is thrown by
 * `drain` and `waitClosed`. To close the writer closes it.
 *
 * @throws as `connectWritePipe`.
 */
export async function writerTo(target: ByteSink | Writable): Promise<StreamWriter> {
  const protocol = new StreamReaderProtocol(new StreamReader());
  const pipe = target instanceof WritableStream ? outside(() => Writable.fromWeb(target)) : (target as Writable);
  await connectWritePipe(() => protocol, pipe);
  return protocol.writer();
}

/**
 * A `ReadableStream` of the web that reads from `reader`, when somebody reads from it. To cancel it ends the wait for
 * data; the connection is its writer's to close.
 */
export function toReadableStream(reader: StreamReader): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: (controller) =>
        outside(async () => {
          const data = await reader.read(DEFAULT_LIMIT);
          if (data.length === 0) controller.close();
          else controller.enqueue(data as Uint8Array<ArrayBuffer>);
        }),
      cancel() {
        reader._giveUp();
        if (reader instanceof SourceReader) reader.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * A `WritableStream` of the web that writes to `writer`. To close it closes the sending half, or the whole connection
 * where there are no halves; to abort it drops the connection. It fails when the connection ends.
 */
export function toWritableStream(writer: StreamWriter): WritableStream<Bytes> {
  return new WritableStream<Bytes>({
    start(controller) {
      const fail = (error: unknown): void => controller.error(error);
      void outside(() => writer.waitClosed()).then(() => fail(connectionLost()), fail);
    },
    write: (chunk) =>
      outside(async () => {
        writer.write(chunk);
        await writer.drain();
      }),
    close() {
      if (writer.canWriteEof()) writer.writeEof();
      else writer.close();
    },
    abort: () => writer.transport.abort(),
  });
}

/** {@link toReadableStream}, as a `Readable` of Node's. */
export function toReadable(reader: StreamReader): Readable {
  return outside(() => Readable.fromWeb(toReadableStream(reader)));
}

/** {@link toWritableStream}, as a `Writable` of Node's. */
export function toWritable(writer: StreamWriter): Writable {
  return outside(() => Writable.fromWeb(toWritableStream(writer)));
}

/** What a stream does for all who use it is not part of the task that made it, or that uses it just now. */
function outside<T>(body: () => T): T {
  return runInScope(undefined, body);
}
