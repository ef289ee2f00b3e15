/** Connections and servers made of streams, over loopback and Unix sockets. */
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer as createNodeServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { createTask } from "../coroutines.ts";
import type { ExceptionContext } from "../exception-handler.ts";
import { CancelledError } from "../exceptions.ts";
import { gather } from "../gather.ts";
import { interruptible } from "../interruptible.ts";
import { Event } from "../locks.ts";
import { run } from "../runners.ts";
import { currentTask, getRunningLoop } from "../running.ts";
import { sleep } from "../sleep.ts";
import { timeout } from "../timeouts.ts";
import { fromEvent } from "./from-event.ts";
import { openOn } from "./resources.ts";
import type { StreamHandler } from "./stream-handlers.ts";
import type { StreamReader } from "./stream-reader.ts";
import type { StreamWriter } from "./stream-writer.ts";
import { openConnection, openUnixConnection, startServer, startUnixServer } from "./streams.ts";

/** Runs `body`; nothing may be open afterwards. */
function runClean(body: () => Promise<void>): Promise<void> {
  return run(async () => {
    const loop = getRunningLoop();
    await body();
    while (openOn(loop).size > 0) await sleep(0.001);
  });
}

/** Runs `body` with a server on loopback and its port. */
function withServer(handler: StreamHandler, body: (port: number) => Promise<void>, limit?: number): Promise<void> {
  return runClean(async () => {
    await using server = await startServer(handler, { host: "127.0.0.1", port: 0, limit });
    await body((server.sockets[0] as { port: number }).port);
  });
}

const client = (port: number): Promise<[StreamReader, StreamWriter]> => openConnection({ host: "127.0.0.1", port });

async function echo(reader: StreamReader, writer: StreamWriter): Promise<void> {
  for await (const line of reader) {
    writer.write(line);
    await writer.drain();
  }
}

/** Collects what the exception handler hears. */
function reports(): ExceptionContext[] {
  const heard: ExceptionContext[] = [];
  getRunningLoop().setExceptionHandler((_loop, context) => heard.push(context));
  return heard;
}

/** What `promise` throws. */
const thrownBy = async (promise: PromiseLike<unknown>): Promise<unknown> => {
  try {
    await promise;
  } catch (thrown) {
    return thrown;
  }
  throw new Error("nothing was thrown");
};

describe("a server and a client", () => {
  test("exchange lines", () =>
    withServer(echo, async (port) => {
      const [reader, writer] = await client(port);
      await using _ = writer;
      writer.writelines(["one\n", Buffer.from("two\n")]);
      await writer.drain();
      expect(String(await reader.readline())).toBe("one\n");
      expect(String(await reader.readline())).toBe("two\n");
    }));

  test("over a Unix socket", async () => {
    const folder = await mkdtemp(join(tmpdir(), "turnwise-"));
    const path = join(folder, "echo.sock");
    await runClean(async () => {
      await using server = await startUnixServer(echo, path);
      expect(server.sockets).toEqual([path]);
      const [reader, writer] = await openUnixConnection(path);
      await using _ = writer;
      writer.write("one\n");
      expect(String(await reader.readline())).toBe("one\n");
    });
    await rm(folder, { recursive: true });
  });

  test("keep each other's bytes in order, whatever their size, and many at once", () =>
    withServer(echo, async (port) => {
      const lines = Array.from({ length: 200 }, (_, i) => `${i}:${"x".repeat((i * 7919) % 20_000)}\n`);
      await gather(
        ...Array.from({ length: 5 }, () => async () => {
          const [reader, writer] = await client(port);
          await using _ = writer;
          const sending = createTask(async () => {
            for (const line of lines) {
              writer.write(line);
              await writer.drain();
            }
            writer.writeEof();
          });
          let received = "";
          for await (const line of reader) received += String(line);
          await sending;
          expect(received).toBe(lines.join(""));
        }),
      );
    }));

  test("know each other's addresses", () =>
    withServer(
      async (_reader, writer) => {
        const { port } = writer.getExtraInfo("peername") as { port: number };
        writer.write(`${port}`);
      },
      async (port) => {
        const [reader, writer] = await client(port);
        await using _ = writer;
        expect(writer.getExtraInfo("peername")).toEqual({ host: "127.0.0.1", port });
        const own = writer.getExtraInfo("sockname") as { port: number };
        expect(String(await reader.read())).toBe(String(own.port));
      },
    ));

  test("a half that is closed leaves the other open", () =>
    withServer(
      async (reader, writer) => {
        const all = await reader.read();
        writer.write(`${all.length} bytes`);
      },
      async (port) => {
        const [reader, writer] = await client(port);
        await using _ = writer;
        expect(writer.canWriteEof()).toBe(true);
        writer.write("abc");
        writer.writeEof();
        expect(String(await reader.read())).toBe("3 bytes");
      },
    ));
});

describe("a handler", () => {
  test("has the connection closed when it is over", () =>
    withServer(
      async (_reader, writer) => {
        writer.write("bye");
      },
      async (port) => {
        const [reader, writer] = await client(port);
        await using _ = writer;
        expect(String(await reader.read())).toBe("bye");
      },
    ));

  test("that is a plain function passes the streams on", async () => {
    const given: [StreamReader, StreamWriter][] = [];
    await withServer(
      (...streams) => void given.push(streams),
      async (port) => {
        const [reader, writer] = await client(port);
        await using _ = writer;
        writer.write("one\n");
        while (given.length === 0) await sleep(0.001);
        const [theirs, theirWriter] = given[0] as [StreamReader, StreamWriter];
        expect(String(await theirs.readline())).toBe("one\n");
        theirWriter.write("two\n");
        expect(String(await reader.readline())).toBe("two\n");
        theirWriter.close();
        expect((await reader.read()).length).toBe(0);
      },
    );
  });

  test("that fails is reported, and its connection closed", async () => {
    const error = new Error("broken");
    let heard: ExceptionContext[] = [];
    await withServer(
      async () => {
        throw error;
      },
      async (port) => {
        heard = reports();
        const [reader, writer] = await client(port);
        await using _ = writer;
        expect((await reader.read()).length).toBe(0);
      },
    );
    expect(heard).toMatchObject([{ message: "Unhandled exception in client_connected_cb", exception: error }]);
    expect(heard[0]?.transport).toBeDefined();
  });

  test("goes on when its server is closed, and is cancelled at the end of `await using`", async () => {
    const log: string[] = [];
    await runClean(async () => {
      const started = new Event();
      {
        await using server = await startServer(
          async (reader, writer) => {
            started.set();
            try {
              await reader.read();
            } catch (thrown) {
              log.push(thrown instanceof CancelledError ? "cancelled" : String(thrown));
              writer.write("sorry");
              throw thrown;
            }
          },
          { port: 0 },
        );
        const [reader, writer] = await openConnection({ host: "localhost", port: server.sockets[0]?.port ?? 0 });
        createTask(async () => {
          await using _ = writer;
          log.push(String(await reader.read()));
        });
        await started.wait();
        server.close();
        await sleep(0.01);
        expect(log).toEqual([]);
      }
      while (log.length < 2) await sleep(0.001);
    });
    expect(log).toEqual(["cancelled", "sorry"]);
  });

  test("may end its own server", () =>
    runClean(async () => {
      const ended = new Event();
      const server = await startServer(
        async (_reader, writer) => {
          await server[Symbol.asyncDispose]().finally(() => ended.set());
          writer.write("never sent");
        },
        { host: "127.0.0.1", port: 0 },
      );
      const [reader, writer] = await client(server.sockets[0]?.port ?? 0);
      await using _ = writer;
      expect((await reader.read()).length).toBe(0);
      await ended.wait();
    }));

  test("runs in a task of its own, which waits for data from its peer", async () => {
    let purpose = "";
    await withServer(
      async (reader) => {
        const task = currentTask();
        getRunningLoop().callLater(0.01, () => {
          purpose = task?._awaited?._purpose() ?? "";
        });
        await reader.read();
      },
      async (port) => {
        const [, writer] = await client(port);
        while (purpose === "") await sleep(0.001);
        const { port: own } = writer.getExtraInfo("sockname") as { port: number };
        expect(purpose).toBe(`data from 127.0.0.1:${own}`);
        writer.close();
      },
    );
  });
});

describe("bad arguments are found before anything is opened", () => {
  test.each([0, -5])("the limit %d", (limit) =>
    runClean(async () => {
      await expect(startServer(echo, { port: 0, limit })).rejects.toThrow(RangeError);
      await expect(openConnection({ host: "localhost", port: 1, limit })).rejects.toThrow(RangeError);
    }),
  );

  test("a handler that is none", () =>
    runClean(async () => {
      await expect(startServer("echo" as never, { port: 0 })).rejects.toThrow(
        new TypeError('a function (reader, writer) was expected, got "echo"'),
      );
    }));

  test("nobody listens", () =>
    runClean(async () => {
      const closed = await startServer(echo, { host: "127.0.0.1", port: 0 });
      const port = closed.sockets[0]?.port ?? 0;
      closed.close();
      await closed.waitClosed();
      expect(await thrownBy(client(port))).toMatchObject({ code: "ECONNREFUSED" });
    }));
});

test("once the loop is closed, what is left of its connections says so, and does not wait for ever", async () => {
  const message = /^Event loop is closed, and the connection to (127\.0\.0\.1:\d+|the other side) with it$/;
  const ends: [StreamReader, StreamWriter][] = [];
  await run(async () => {
    const server = await startServer((...end) => void ends.push(end), { host: "127.0.0.1", port: 0 });
    ends.push(await openConnection(server.sockets[0] as { host: string; port: number }));
    while (ends.length < 2) await sleep(0.001);
  });
  for (const [reader, writer] of ends) {
    expect(() => writer.write("x")).toThrow(message);
    await expect(writer.drain()).rejects.toThrow(message);
    await expect(reader.readline()).rejects.toThrow(message);
    writer.close();
    await writer.waitClosed();
    await writer[Symbol.asyncDispose]();
  }
});

describe("drain", () => {
  test("waits while the peer does not read, several tasks at once, and goes on when it does", () =>
    withRawPeer(async (port, peer) => {
      const [, writer] = await client(port);
      const block = Buffer.alloc(2 ** 20);
      let written = 0;
      const drainers = [1, 2, 3].map(() =>
        createTask(async () => {
          for (let i = 0; i < 20; i++) {
            writer.write(block);
            written += block.length;
            await writer.drain();
          }
        }),
      );
      while (drainers.some((task) => task._awaited === null)) await sleep(0.001);
      expect(drainers.map((task) => task._awaited?._purpose())).toEqual(
        Array(3).fill(`room to write to 127.0.0.1:${port}`),
      );
      expect(written).toBeLessThan(60 * block.length);
      const socket = await peer;
      socket.resume();
      await gather(...drainers);
      writer.close();
      await fromEvent(socket, "end");
      expect(socket.bytesRead).toBe(60 * block.length);
    }));

  test("throws what ended the connection", () =>
    withRawPeer(async (port, peer) => {
      const [reader, writer] = await client(port);
      const socket = await peer;
      const writing = createTask(async () => {
        for (;;) {
          writer.write(Buffer.alloc(2 ** 20));
          await writer.drain();
        }
      });
      while (writing._awaited === null) await sleep(0.001);
      socket.resetAndDestroy();
      const thrown = await thrownBy(writing);
      expect(thrown).toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
      expect(await thrownBy(writer.drain())).toBe(thrown);
      expect(await thrownBy(reader.read())).toBe(thrown);
      expect(await thrownBy(writer.waitClosed())).toBe(thrown);
    }));

  test("throws what has in its stack who waited, each time who did so then; as reading and waitClosed do", () =>
    withRawPeer(async (port, peer) => {
      const [reader, writer] = await client(port);
      const socket = await peer;
      async function produce(): Promise<void> {
        for (;;) {
          writer.write(Buffer.alloc(2 ** 20));
          await writer.drain();
        }
      }
      const writing = createTask(produce);
      while (writing._awaited === null) await sleep(0.001);
      socket.resetAndDestroy();
      expect(((await thrownBy(writing)) as Error).stack).toMatch(/\n +at (async )?produce .*streams\.test/);
      async function again(wait: () => Promise<unknown>): Promise<void> {
        await wait();
      }
      for (const wait of [() => writer.drain(), () => reader.read(1), () => writer.waitClosed()]) {
        const { stack } = (await thrownBy(again(wait))) as Error;
        expect(stack).toMatch(/\n +at again |\n +at async again /);
        expect(stack).not.toMatch(/produce/);
        expect(stack?.match(/\bagain /g)).toHaveLength(1);
      }
    }));

  test("throws after the connection was closed", () =>
    withRawPeer(async (port) => {
      const [, writer] = await client(port);
      writer.close();
      await writer.waitClosed();
      expect(await thrownBy(writer.drain())).toMatchObject({ message: "Connection lost", code: "ECONNRESET" });
    }));

  test("a loop that writes and drains ends when the connection does", () =>
    withRawPeer(async (port) => {
      const [, writer] = await client(port);
      writer.close();
      const loop = async (): Promise<void> => {
        for (;;) {
          writer.write("x");
          await writer.drain();
        }
      };
      getRunningLoop().setExceptionHandler(() => {});
      expect(await thrownBy(loop())).toMatchObject({ code: "ECONNRESET" });
    }));

  test("takes no turn of the loop while there is room", () =>
    withRawPeer(async (port) => {
      const [, writer] = await client(port);
      let turns = 0;
      getRunningLoop().callSoon(() => turns++);
      for (let i = 0; i < 10; i++) {
        writer.write("x");
        await writer.drain();
      }
      expect(turns).toBe(0);
      writer.close();
    }));

  test("cancelled leaves nothing behind, and the connection usable", () =>
    withRawPeer(async (port, peer) => {
      const [, writer] = await client(port);
      const socket = await peer;
      writer.write(Buffer.alloc(2 ** 25));
      const draining = createTask(() => writer.drain());
      while (draining._awaited === null) await sleep(0.001);
      draining.cancel();
      await expect(draining).rejects.toThrow(CancelledError);
      socket.resume();
      await writer.drain();
      writer.close();
      await fromEvent(socket, "end");
      expect(socket.bytesRead).toBe(2 ** 25);
    }));
});

/** Runs `body` with a port, and the socket of who connects there: Node's own, which reads nothing. */
function withRawPeer(body: (port: number, peer: Promise<Socket>) => Promise<void>): Promise<void> {
  return runClean(async () => {
    const server = createNodeServer({ pauseOnConnect: true });
    const peer = new Promise<Socket>((resolve) => server.once("connection", resolve));
    await interruptible(new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
    try {
      await body((server.address() as AddressInfo).port, peer);
    } finally {
      server.close();
      (await interruptible(peer)).destroy();
    }
  });
}

describe("waitClosed", () => {
  test("waits until all that was written is sent; several tasks may wait", () =>
    withRawPeer(async (port, peer) => {
      const [, writer] = await client(port);
      const socket = await peer;
      writer.write(Buffer.alloc(2 ** 25));
      writer.close();
      expect(writer.isClosing()).toBe(true);
      const waits = [createTask(() => writer.waitClosed()), createTask(() => writer.waitClosed())];
      await sleep(0.01);
      expect(waits.some((task) => task.done())).toBe(false);
      waits[0]?.cancel();
      socket.resume();
      await waits[1];
      expect(waits[0]?.cancelled()).toBe(true);
    }));

  test("`await using`, cancelled while it waits for that, drops the rest", () =>
    withRawPeer(async (port) => {
      const task = createTask(async () => {
        const [, writer] = await client(port);
        await using _ = writer;
        writer.write(Buffer.alloc(2 ** 25));
      });
      while (task._awaited?._purpose().startsWith("the end of") !== true) await sleep(0.001);
      task.cancel();
      await expect(task).rejects.toThrow(CancelledError);
    }));
});

describe("a peer that resets", () => {
  test("is an error for who reads, and none at the end of `await using`", () =>
    withRawPeer(async (port, peer) => {
      const body = async (): Promise<void> => {
        const [reader, writer] = await client(port);
        await using _ = writer;
        (await peer).resetAndDestroy();
        await reader.read();
      };
      expect(await thrownBy(body())).toMatchObject({ code: "ECONNRESET" });
    }));
});

describe("backpressure", () => {
  const MOST = 2 * 2 ** 20;

  test("a peer that sends without end to who does not read has to wait", () =>
    runClean(async () => {
      const accepted = new Event();
      let ours: StreamWriter | null = null;
      await using server = await startServer(
        (_reader, writer) => {
          ours = writer;
          accepted.set();
        },
        { host: "127.0.0.1", port: 0 },
      );
      const peer = connect(server.sockets[0]?.port ?? 0, "127.0.0.1");
      const block = Buffer.alloc(2 ** 20);
      let stopped = false;
      const flood = (): void => {
        while (peer.write(block)) if (stopped) return;
        peer.once("drain", flood);
      };
      flood();
      await accepted.wait();
      const writer = ours as unknown as StreamWriter;
      const socket = writer.getExtraInfo("socket") as Socket;
      // Until no byte moves any more: the system's buffers are full, on both sides.
      for (let seen = -1; seen !== socket.bytesRead; await sleep(0.1)) seen = socket.bytesRead;
      expect(socket.bytesRead).toBeGreaterThan(2 ** 16);
      expect(socket.bytesRead).toBeLessThan(MOST);
      expect(String(writer)).toMatch(/paused>/);
      stopped = true;
      peer.destroy();
      writer.transport.abort();
    }));

  test("who writes to a peer that does not read has to wait", () =>
    withRawPeer(async (port, peer) => {
      const [, writer] = await client(port);
      await peer;
      const block = Buffer.alloc(2 ** 16);
      const writing = createTask(async () => {
        for (;;) {
          writer.write(block);
          await writer.drain();
        }
      });
      let seen = -1;
      const socket = writer.getExtraInfo("socket") as Socket;
      for (; seen !== socket.bytesWritten; await sleep(0.1)) seen = socket.bytesWritten;
      expect(socket.writableLength).toBeGreaterThan(0);
      expect(socket.writableLength).toBeLessThan(MOST);
      expect(writing.done()).toBe(false);
      writing.cancel();
      await expect(writing).rejects.toThrow(CancelledError);
      writer.transport.abort();
    }));

  test("1 GiB goes through a reader that reads", { timeout: 60_000 }, () =>
    withServer(
      async (_reader, writer) => {
        const block = Buffer.alloc(2 ** 20, "x");
        for (let i = 0; i < 1024; i++) {
          writer.write(block);
          await writer.drain();
        }
      },
      async (port) => {
        const [reader, writer] = await client(port);
        await using _ = writer;
        let total = 0;
        for (;;) {
          const data = await reader.read(2 ** 16);
          if (data.length === 0) break;
          total += data.length;
        }
        expect(total).toBe(2 ** 30);
      },
    ),
  );
});

test("a timeout ends a read, and loses nothing", () =>
  withServer(echo, async (port) => {
    const [reader, writer] = await client(port);
    await using _ = writer;
    await expect(timeout(0.01, () => reader.readline())).rejects.toThrow("");
    writer.write("late\n");
    expect(String(await reader.readline())).toBe("late\n");
  }));

test("in debug mode a connection whose writer is garbage is closed, with a warning", async () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on("warning", note);
  try {
    await run(
      async () => {
        await using server = await startServer((reader) => reader.read().then(() => {}), {
          host: "127.0.0.1",
          port: 0,
        });
        const connectAndForget = async (): Promise<void> => {
          await client(server.sockets[0]?.port ?? 0);
        };
        await connectAndForget();
        for (let i = 0; i < 200 && warnings.length === 0; i++) {
          gc();
          await sleep(0.01);
        }
        expect(warnings).toMatchObject([
          { name: "ResourceWarning", message: expect.stringMatching(/^unclosed <StreamWriter/) },
        ]);
        // All that is open is the server, and its side until it has heard of the end.
        while (openOn(getRunningLoop()).size > 1) await sleep(0.001);
      },
      { debug: true },
    );
  } finally {
    process.off("warning", note);
  }
});
