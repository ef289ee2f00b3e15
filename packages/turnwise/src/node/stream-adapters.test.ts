/** Readers and writers over streams of the web and of Node, and the other way round. */
import { PassThrough, Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ReadableStream, WritableStream } from "node:stream/web";
import { describe, expect, test } from "vitest";
import { createTask } from "../coroutines.ts";
import { CancelledError } from "../exceptions.ts";
import { interruptible } from "../interruptible.ts";
import { run } from "../runners.ts";
import { getRunningLoop } from "../running.ts";
import { sleep } from "../sleep.ts";
import { openOn } from "./resources.ts";
import { readerFrom, toReadable, toReadableStream, toWritable, toWritableStream, writerTo } from "./stream-adapters.ts";
import { StreamReader } from "./stream-reader.ts";
import type { StreamWriter } from "./stream-writer.ts";
import { openConnection, startServer } from "./streams.ts";
import type { Bytes } from "./transports.ts";

/** Runs `body`; nothing may be open afterwards. */
function runClean(body: () => Promise<void>): Promise<void> {
  return run(async () => {
    const loop = getRunningLoop();
    await body();
    while (openOn(loop).size > 0) await sleep(0.001);
  });
}

/** Runs `body` with a connection to a server which sends back all that it gets. */
function withEcho(body: (reader: StreamReader, writer: StreamWriter) => Promise<void>): Promise<void> {
  return runClean(async () => {
    await using server = await startServer(
      async (reader, writer) => {
        for (let data = await reader.read(65536); data.length > 0; data = await reader.read(65536)) {
          writer.write(data);
          await writer.drain();
        }
      },
      { host: "127.0.0.1", port: 0 },
    );
    const [reader, writer] = await openConnection({ host: "127.0.0.1", port: server.sockets[0]?.port ?? 0 });
    await using _ = writer;
    await body(reader, writer);
  });
}

/** A web stream without end, that counts what was taken of it. */
function endless(): { stream: ReadableStream<Uint8Array>; state: { given: number; cancelled: boolean } } {
  const state = { given: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      state.given += 1000;
      controller.enqueue(new Uint8Array(1000));
    },
    cancel() {
      state.cancelled = true;
    },
  });
  return { stream, state };
}

/** Waits until `look` gives the same for a while. */
async function settled(look: () => number): Promise<number> {
  for (let seen = -1; ; await sleep(0.05)) {
    if (seen === look()) return seen;
    seen = look();
  }
}

describe("readerFrom", () => {
  test.each([
    ["the body of a response", () => new Response("one\ntwo").body as ReadableStream<Uint8Array>],
    ["a stream of Node's", () => Readable.from(["on", "e\ntw", "o"], { objectMode: false })],
  ])("reads lines from %s", (_what, source) =>
    runClean(async () => {
      using reader = await readerFrom(source());
      const lines: string[] = [];
      for await (const line of reader) lines.push(String(line));
      expect(lines).toEqual(["one\n", "two"]);
    }),
  );

  test("takes no more than fits, and ends the source when it is closed", () =>
    runClean(async () => {
      const { stream, state } = endless();
      {
        using reader = await readerFrom(stream);
        expect(await settled(() => state.given)).toBeLessThan(2 ** 20);
        expect(state.given).toBeGreaterThan(2 ** 16);
        expect((await reader.readexactly(2 ** 20)).length).toBe(2 ** 20);
        expect(state.cancelled).toBe(false);
      }
      while (!state.cancelled) await sleep(0.001);
    }));

  test.each([
    ["of the web", (error: Error) => new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(error) })],
    ["of Node's", (error: Error) => new Readable({ read: () => {}, construct: (done) => done(error) })],
  ])("throws the error of a source %s", (_what, source) =>
    runClean(async () => {
      const error = new Error("source failed");
      const reader = await readerFrom(source(error));
      await expect(reader.readline()).rejects.toBe(error);
    }),
  );

  test("throws where the source ends before its time", () =>
    runClean(async () => {
      const source = new PassThrough();
      const reader = await readerFrom(source);
      source.write("some");
      expect(String(await reader.readexactly(4))).toBe("some");
      const reading = createTask(() => reader.readline());
      await sleep(0);
      source.destroy();
      await expect(reading).rejects.toMatchObject({ code: "ERR_STREAM_PREMATURE_CLOSE" });
    }));
});

describe("writerTo", () => {
  test("writes to a stream of the web, and closes it", () =>
    runClean(async () => {
      const got: string[] = [];
      const target = new WritableStream<Bytes>({
        write: (chunk) => void got.push(String(Buffer.from(chunk as Uint8Array))),
        close: () => void got.push("closed"),
      });
      {
        await using writer = await writerTo(target);
        writer.writelines(["one", Buffer.from("two")]);
        await writer.drain();
      }
      expect(got.join(" ")).toBe("one two closed");
    }));

  test("waits for a stream that is slow", () =>
    runClean(async () => {
      let release = (): void => {};
      const gate = new Promise<void>((resolve) => (release = resolve));
      let got = 0;
      const target = new Writable({
        write(chunk: Buffer, _encoding, done) {
          got += chunk.length;
          void gate.then(() => done());
        },
      });
      await using writer = await writerTo(target);
      let written = 0;
      const writing = createTask(async () => {
        for (let i = 0; i < 100; i++) {
          writer.write(Buffer.alloc(10_000));
          written += 10_000;
          await writer.drain();
        }
      });
      expect(await settled(() => written)).toBeLessThan(2 ** 18);
      release();
      await writing;
      writer.close();
      await writer.waitClosed();
      expect(got).toBe(1_000_000);
    }));

  test("drain throws the error of the stream", () =>
    runClean(async () => {
      const error = new Error("target failed");
      const writer = await writerTo(new Writable({ write: (_chunk, _encoding, done) => done(error) }));
      writer.write("x");
      await expect(writer.waitClosed()).rejects.toBe(error);
      await expect(writer.drain()).rejects.toBe(error);
    }));
});

describe("toReadableStream and toWritableStream", () => {
  test("carry a stream of the web over a connection, and back", () =>
    withEcho(async (reader, writer) => {
      const blocks = Array.from({ length: 300 }, (_, i) => new Uint8Array(10_000).fill(i));
      const source = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const block of blocks) controller.enqueue(block);
          controller.close();
        },
      });
      const sending = source.pipeTo(toWritableStream(writer));
      const back = await interruptible(new Response(toReadableStream(reader) as never).arrayBuffer());
      await interruptible(sending);
      expect(Buffer.from(back).equals(Buffer.concat(blocks))).toBe(true);
    }));

  test("have a source wait for a peer that does not read", () =>
    runClean(async () => {
      await using server = await startServer(() => {}, { host: "127.0.0.1", port: 0 });
      const [, writer] = await openConnection({ host: "127.0.0.1", port: server.sockets[0]?.port ?? 0 });
      const { stream, state } = endless();
      const sending = stream.pipeTo(toWritableStream(writer)).catch((error: unknown) => error);
      await settled(() => state.given);
      const { writableLength } = writer.getExtraInfo("socket") as Writable;
      expect(writableLength).toBeGreaterThan(0);
      expect(writableLength).toBeLessThan(2 ** 20);
      server.abortClients();
      expect(await interruptible(sending)).toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
      expect(state.cancelled).toBe(true);
    }));

  test("read nothing that nobody asked for", () =>
    runClean(async () => {
      const reader = new StreamReader();
      const stream = toReadableStream(reader);
      reader.feedData(Buffer.from("one\n"));
      await interruptible(new Promise((resolve) => setImmediate(resolve)));
      expect(String(await reader.readline())).toBe("one\n");
      await interruptible(stream.cancel());
    }));

  test("an error of the connection is one of the stream", () =>
    runClean(async () => {
      const reader = new StreamReader();
      const error = new Error("gone");
      const reading = toReadableStream(reader).getReader().read();
      reader.setException(error);
      await expect(interruptible(reading)).rejects.toBe(error);
    }));

  test("cancelled while it waits, it lets go of the reader", () =>
    runClean(async () => {
      const reader = new StreamReader();
      const stream = toReadableStream(reader).getReader();
      const reading = stream.read();
      await interruptible(stream.cancel());
      expect(await interruptible(reading)).toEqual({ done: true, value: undefined });
      reader.feedData(Buffer.from("one\n"));
      expect(String(await reader.readline())).toBe("one\n");
    }));

  test("a task that is cancelled while it uses the stream does not break it", () =>
    runClean(async () => {
      const reader = new StreamReader();
      const stream = toReadableStream(reader).getReader();
      const first = createTask(async () => await interruptible(stream.read()));
      await sleep(0);
      first.cancel();
      await expect(first).rejects.toThrow(CancelledError);
      const second = stream.read();
      reader.feedData(Buffer.from("one"));
      await interruptible(new Promise((resolve) => setImmediate(resolve)));
      reader.feedData(Buffer.from("two"));
      expect(String(Buffer.from((await interruptible(second)).value as Uint8Array))).toBe("two");
    }));

  test("an abort drops the connection", () =>
    withEcho(async (reader, writer) => {
      await interruptible(toWritableStream(writer).abort());
      expect((await reader.read()).length).toBe(0);
      expect(writer.isClosing()).toBe(true);
    }));
});

test("toReadable and toWritable carry streams of Node's", () =>
  withEcho(async (reader, writer) => {
    const blocks = Array.from({ length: 100 }, (_, i) => Buffer.alloc(10_000, i));
    const received: Buffer[] = [];
    const sending = pipeline(Readable.from(blocks), toWritable(writer));
    await interruptible(
      pipeline(toReadable(reader), async (source) => {
        for await (const chunk of source) received.push(chunk as Buffer);
      }),
    );
    await interruptible(sending);
    expect(Buffer.concat(received).equals(Buffer.concat(blocks))).toBe(true);
  }));
