import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { ContextVar } from "../contextvars.ts";
import type { ExceptionContext } from "../exception-handler.ts";
import { RuntimeError } from "../exceptions.ts";
import { Event } from "../locks.ts";
import { currentTask, getRunningLoop } from "../running.ts";
import { run } from "../runners.ts";
import { sleep } from "../sleep.ts";
import { createConnection } from "./connections.ts";
import { BufferedProtocol } from "./protocols.ts";
import { openOn } from "./resources.ts";
import { createServer } from "./servers.ts";
import { rawClient } from "./testing/raw-peer.ts";
import { Recorder } from "./testing/recorder.ts";
import type { Transport } from "./transports.ts";

/** Runs `body` with a transport and the plain socket at its other end. At the end nothing may be open. */
async function withPair(
  protocol: () => Recorder,
  body: (ours: Recorder, peer: Socket, reports: ExceptionContext[]) => Promise<void>,
): Promise<void> {
  await run(async () => {
    const loop = getRunningLoop();
    const reports: ExceptionContext[] = [];
    loop.setExceptionHandler((_, context) => void reports.push(context));
    const made = new Event();
    let ours!: Recorder;
    const server = await createServer(
      () => {
        ours = protocol();
        made.set();
        return ours;
      },
      { port: 0, host: "127.0.0.1" },
    );
    const peer = await rawClient((server.sockets[0] as { port: number }).port);
    await made.wait();
    await ours.until(() => ours.calls.length > 0);
    await body(ours, peer, reports);
    peer.destroy();
    server.close();
    server.abortClients();
    await server.waitClosed();
    expect(openOn(loop).size).toBe(0);
  });
}

/** How many bytes a plain socket gets until it ends, is closed, or has `enough`. */
async function countBytes(socket: Socket, enough = Infinity): Promise<number> {
  let count = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    count += chunk.length;
    if (count >= enough) break;
  }
  return count;
}

/** Sends, and waits for as long as it would take to read it. */
async function sendInVain(peer: Socket, data: string): Promise<void> {
  await new Promise((resolve) => peer.write(data, resolve));
  await sleep(0.02);
}

describe("the calls of a protocol", () => {
  it("are made, data, eof and lost, in this order, once each but for data", async () => {
    await withPair(
      () => new Recorder(),
      async (ours, peer) => {
        peer.write("one");
        await ours.until(() => ours.text === "one");
        peer.end("two");
        await ours.lost();
        expect(ours.calls).toEqual(["made", "data one", "data two", "eof", "lost null"]);
      },
    );
  });

  it("are callbacks of the loop: in no task, one at a time, behind what was ready", async () => {
    const order: string[] = [];
    await withPair(
      () =>
        new Recorder({
          data: () => {
            order.push(`data, in ${currentTask() === null ? "no task" : "a task"}`);
            getRunningLoop().callSoon(() => order.push("after data"));
          },
        }),
      async (ours, peer) => {
        peer.write("x");
        await ours.until(() => ours.text === "x");
        await sleep(0);
        expect(order).toEqual(["data, in no task", "after data"]);
      },
    );
  });

  it("share a context of the connection's own, a copy of that in which the server was made", async () => {
    const name = new ContextVar<string>("name");
    const seen: unknown[] = [];
    name.set("outside");
    await withPair(
      () =>
        new Recorder({
          made: () => seen.push(name.get()),
          data: () => {
            seen.push(name.get());
            name.set(`${name.get()}+`);
          },
        }),
      async (ours, peer) => {
        peer.write("1");
        await ours.until(() => ours.text === "1");
        peer.write("2");
        await ours.until(() => ours.text === "12");
        expect(seen).toEqual(["outside", "outside", "outside+"]);
        expect(name.get()).toBe("outside");
      },
    );
  });

  it("go to the protocol that was set last", async () => {
    await withPair(
      () => new Recorder(),
      async (ours, peer) => {
        const other = new Recorder();
        ours.transport.setProtocol(other);
        peer.write("for the other");
        await other.until(() => other.text === "for the other");
        expect(ours.calls).toEqual(["made"]);
        expect(ours.transport.getProtocol()).toBe(other);
      },
    );
  });

  it("fill the buffers of a BufferedProtocol, of any size", async () => {
    class Filling extends BufferedProtocol {
      readonly buffer = new Uint8Array(3);
      text = "";
      readonly full = new Event();
      override getBuffer(): Uint8Array {
        return this.buffer;
      }
      override bufferUpdated(count: number): void {
        this.text += new TextDecoder().decode(this.buffer.subarray(0, count));
        if (this.text.length >= 10) this.full.set();
      }
    }
    await withPair(
      () => new Recorder(),
      async (ours, peer) => {
        const filling = new Filling();
        ours.transport.setProtocol(filling);
        peer.write("0123456789");
        await filling.full.wait();
        expect(filling.text).toBe("0123456789");
      },
    );
  });
});

describe("an error in a protocol", () => {
  it.each(["made", "data", "eof"] as const)("in %s is reported, and ends the connection with it", async (where) => {
    const error = new Error("mine");
    const method = { made: "connectionMade", data: "dataReceived", eof: "eofReceived" }[where];
    await withPair(
      () =>
        new Recorder({
          [where]: () => {
            throw error;
          },
        }),
      async (ours, peer, reports) => {
        peer.end("x");
        await ours.lost();
        expect(ours.error).toBe(error);
        expect(reports).toMatchObject([
          { message: `Fatal error: protocol.${method}() call failed.`, exception: error, protocol: ours },
        ]);
        await once(peer, "close");
      },
    );
  });

  it.each(["connectionMade", "dataReceived", "eofReceived"] as const)(
    "that an async %s throws is reported too, and ends the connection",
    async (method) => {
      const error = new Error("mine");
      await withPair(
        () =>
          Object.assign(new Recorder(), {
            async [method](this: Recorder, transport: Transport) {
              if (method === "connectionMade") Recorder.prototype.connectionMade.call(this, transport);
              await sleep(0);
              throw error;
            },
          }),
        async (ours, peer, reports) => {
          peer.write("x");
          if (method === "eofReceived") peer.end();
          await ours.lost();
          await ours.until(() => reports.length > 0);
          const message = `Fatal error: protocol.${method}() call failed: it is async, and the loop calls it, and does not`;
          expect(reports).toMatchObject([
            { message: expect.stringContaining(message), exception: error, protocol: ours, transport: ours.transport },
          ]);
        },
      );
    },
  );

  it("in lost is reported, and the server forgets the connection all the same", async () => {
    const error = new Error("mine");
    await withPair(
      () =>
        new Recorder({
          lost: () => {
            throw error;
          },
        }),
      async (ours, peer, reports) => {
        peer.end();
        await ours.lost();
        expect(reports).toMatchObject([{ exception: error }]);
      },
    );
  });
});

describe("closing", () => {
  it("sends what is in the buffer first", async () => {
    await withPair(
      () => new Recorder(),
      async (ours, peer) => {
        ours.transport.write(Buffer.alloc(4_000_000));
        expect(ours.transport.getWriteBufferSize()).toBeGreaterThan(0);
        ours.transport.close();
        expect(ours.transport.isClosing()).toBe(true);
        expect(await countBytes(peer)).toBe(4_000_000);
        peer.end();
        await ours.lost();
        expect(ours.error).toBe(null);
      },
    );
  });

  it("delivers nothing more", async () => {
    await withPair(
      () => new Recorder({ data: () => {} }),
      async (ours, peer) => {
        ours.on.data = () => ours.transport.close();
        peer.write("first");
        await ours.lost();
        peer.write("second");
        expect(ours.calls).toEqual(["made", "data first", "lost null"]);
      },
    );
  });

  it("by abort drops the buffer", async () => {
    await withPair(
      () => new Recorder(),
      async (ours, peer) => {
        ours.transport.write(Buffer.alloc(30_000_000));
        ours.transport.abort();
        await ours.lost();
        expect(ours.error).toBe(null);
        expect(await countBytes(peer).catch(() => 0)).toBeLessThan(30_000_000);
      },
    );
  });

  it("half, by writeEof, leaves the other half open", async () => {
    await withPair(
      () => new Recorder({ eof: () => true }),
      async (ours, peer) => {
        ours.transport.write("the end");
        ours.transport.writeEof();
        expect(await countBytes(peer)).toBe(7);
        expect(() => ours.transport.write("more")).toThrow("Cannot call write() after writeEof()");
      },
    );
  });

  it("does not follow the other side's end where eofReceived says so", async () => {
    await withPair(
      () => new Recorder({ eof: () => true }),
      async (ours, peer) => {
        peer.end("request");
        await ours.until(() => ours.calls.includes("eof"));
        await sleep(0);
        expect(ours.transport.isClosing()).toBe(false);
        ours.transport.write("answer");
        ours.transport.close();
        expect(await countBytes(peer)).toBe(6);
        await ours.lost();
      },
    );
  });

  it("by a reset of the other side is told with an error that says so", async () => {
    await withPair(
      () => new Recorder(),
      async (ours, peer) => {
        peer.resetAndDestroy();
        await ours.lost();
        expect(ours.error).toMatchObject({
          code: "ECONNRESET",
          message: expect.stringMatching(/^the connection with (a client of )?127\.0\.0\.1:\d+ was reset/),
        });
        expect((ours.error as Error).stack).toContain("was reset");
      },
    );
  });

  it("makes writes go nowhere, which is reported once", async () => {
    await withPair(
      () => new Recorder(),
      async (ours, _peer, reports) => {
        ours.transport.abort();
        for (let i = 0; i < 4; i++) ours.transport.write("x");
        expect(reports).toEqual([]);
        for (let i = 0; i < 10; i++) ours.transport.write("x");
        expect(reports).toMatchObject([{ message: "socket.send() raised exception.", protocol: ours }]);
        await ours.lost();
      },
    );
  });
});

describe("reading", () => {
  it("stops while it is paused, and goes on where it was", async () => {
    await withPair(
      () => new Recorder(),
      async (ours, peer) => {
        ours.transport.pauseReading();
        ours.transport.pauseReading();
        expect(ours.transport.isReading()).toBe(false);
        await sendInVain(peer, "hello");
        peer.end();
        expect(ours.calls).toEqual(["made"]);
        ours.transport.resumeReading();
        ours.transport.resumeReading();
        await ours.lost();
        expect(ours.calls).toEqual(["made", "data hello", "eof", "lost null"]);
      },
    );
  });

  it("does not begin if connectionMade pauses it", async () => {
    await withPair(
      () => {
        const ours: Recorder = new Recorder({ made: () => ours.transport.pauseReading() });
        return ours;
      },
      async (ours, peer) => {
        await sendInVain(peer, "hello");
        expect(ours.calls).toEqual(["made"]);
        ours.transport.resumeReading();
        await ours.until(() => ours.text === "hello");
      },
    );
  });

  it("that is paused loses nothing of a connection that has ended on both sides", async () => {
    const total = 300_000;
    await withPair(
      () => {
        const ours: Recorder = new Recorder({ eof: () => true, data: () => ours.transport.pauseReading() });
        return ours;
      },
      async (ours, peer) => {
        peer.resume().end(Buffer.alloc(total));
        ours.transport.writeEof();
        const received = (): number => ours.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        for (let chunks = 0; received() < total;) {
          await ours.until(() => ours.chunks.length > chunks || ours.error !== undefined);
          expect(ours.error).toBe(undefined);
          chunks = ours.chunks.length;
          await sleep(0.002); // Node may close its end meanwhile.
          ours.transport.resumeReading();
        }
        ours.transport.close();
        await ours.lost();
        expect(ours.calls.at(-1)).toBe("lost null");
      },
    );
  });

  it("that is paused holds a peer back that sends and sends: under 2 MiB are kept", async () => {
    const total = 64 * 1024 * 1024;
    await withPair(
      () => new Recorder(),
      async (ours, peer) => {
        const socket = ours.transport.getExtraInfo("socket") as Socket;
        let received = 0;
        let wasPaused = false;
        ours.on.data = () => {
          received += (ours.chunks.pop() as Buffer).length;
          // In the middle of a burst, when as much as possible has been read ahead.
          if (received <= 1_000_000 || wasPaused) return;
          wasPaused = true;
          ours.transport.pauseReading();
        };
        peer.write(Buffer.alloc(total));
        await ours.until(() => wasPaused);
        const before = socket.bytesRead;
        for (let last = -1; last !== socket.bytesRead; await sleep(0.05)) last = socket.bytesRead;
        const kept = socket.bytesRead - received;
        expect(socket.bytesRead - before).toBeLessThan(total / 2);
        expect(kept).toBeLessThan(2 * 1024 * 1024);
        expect(socket.readableLength).toBeLessThan(512 * 1024);
        ours.transport.resumeReading();
        await ours.until(() => received === total);
      },
    );
  });

  it("keeps at most a few chunks where the loop has no time for them", async () => {
    await withPair(
      () => new Recorder(),
      async (ours, peer) => {
        const socket = ours.transport.getExtraInfo("socket") as Socket;
        let received = 0;
        let most = 0;
        ours.on.data = () => {
          most = Math.max(most, socket.bytesRead - received);
          received += (ours.chunks.pop() as Buffer).length;
        };
        peer.write(Buffer.alloc(16 * 1024 * 1024));
        await ours.until(() => received === 16 * 1024 * 1024);
        expect(most).toBeLessThan(1024 * 1024);
      },
    );
  });
});

describe("writing", () => {
  it("pauses the protocol above the high-water mark and resumes it at the low one, in turns", async () => {
    await withPair(
      () => new Recorder(),
      async (ours, peer) => {
        for (let i = 0; i < 3; i++) {
          for (let n = 0; n < 300; n++) ours.transport.write(Buffer.alloc(20_000));
          expect(ours.calls.at(-1)).toBe("pause");
          const { length } = ours.calls;
          peer.resume();
          await ours.until(() => ours.calls.length > length);
          expect(ours.transport.getWriteBufferSize()).toBeLessThanOrEqual(16 * 1024);
          peer.pause();
        }
        expect(ours.calls).toEqual(["made", "pause", "resume", "pause", "resume", "pause", "resume"]);
      },
    );
  });

  it("has limits that can be set, and are asyncio's where they are not", async () => {
    await withPair(
      () => new Recorder(),
      async ({ transport }) => {
        expect(transport.getWriteBufferLimits()).toEqual({ high: 65536, low: 16384 });
        transport.setWriteBufferLimits({ high: 1000 });
        expect(transport.getWriteBufferLimits()).toEqual({ high: 1000, low: 250 });
        transport.setWriteBufferLimits({ low: 100 });
        expect(transport.getWriteBufferLimits()).toEqual({ high: 400, low: 100 });
        expect(() => transport.setWriteBufferLimits({ high: 1, low: 2 })).toThrow(RangeError);
      },
    );
  });

  it("pauses at once if the limits are set below what is in the buffer", async () => {
    await withPair(
      () => new Recorder(),
      async (ours, peer) => {
        ours.transport.setWriteBufferLimits({ high: 100_000_000 });
        ours.transport.write(Buffer.alloc(20_000_000));
        expect(ours.calls).toEqual(["made"]);
        ours.transport.setWriteBufferLimits({ high: 0 });
        expect(ours.calls).toEqual(["made", "pause"]);
        peer.resume();
        await ours.until(() => ours.calls.at(-1) === "resume");
      },
    );
  });

  it("does not resume a protocol whose connection was reset: it is closing at once", async () => {
    await withPair(
      () => new Recorder(),
      async (ours, peer) => {
        const socket = ours.transport.getExtraInfo("socket") as Socket;
        ours.transport.write(Buffer.alloc(30_000_000));
        const closing = new Promise<boolean>((resolve) => {
          socket.prependListener("close", () => resolve(ours.transport.isClosing()));
        });
        peer.resetAndDestroy();
        expect(await closing).toBe(true);
        await ours.lost();
        expect(ours.calls).toEqual(["made", "pause", expect.stringMatching(/^lost (ECONNRESET|EPIPE)$/)]);
      },
    );
  });

  it("survives errors of pauseWriting and resumeWriting, which are reported", async () => {
    await withPair(
      () => {
        const fail = (): never => {
          throw new Error("mine");
        };
        return new Recorder({ pause: fail, resume: fail });
      },
      async (ours, peer, reports) => {
        ours.transport.write(Buffer.alloc(10_000_000));
        peer.resume();
        await ours.until(() => ours.calls.at(-1) === "resume");
        expect(reports.map(({ message }) => message)).toEqual([
          "protocol.pauseWriting() failed",
          "protocol.resumeWriting() failed",
        ]);
        expect(ours.transport.isClosing()).toBe(false);
      },
    );
  });

  it("sends strings as UTF-8, and parts in order", async () => {
    await withPair(
      () => new Recorder(),
      async (ours, peer) => {
        ours.transport.write("é");
        ours.transport.writelines(["1", new Uint8Array([50]), Buffer.from("3")]);
        ours.transport.close();
        let text = "";
        for await (const chunk of peer) text += String(chunk);
        expect(text).toBe("é123");
        peer.end();
        await ours.lost();
      },
    );
  });

  it("refuses what is neither bytes nor a string", async () => {
    await withPair(
      () => new Recorder(),
      async ({ transport }) => {
        expect(() => transport.write(7 as never)).toThrow(
          new TypeError("data must be a Uint8Array or a string, got 7"),
        );
      },
    );
  });
});

describe("what a transport tells of itself", () => {
  it("are the addresses of both ends, also when it is over", async () => {
    await withPair(
      () => new Recorder(),
      async (ours, peer) => {
        const { transport } = ours;
        const { localPort, remotePort } = peer;
        expect(transport.getExtraInfo("peername")).toEqual({ host: "127.0.0.1", port: localPort });
        expect(transport.getExtraInfo("sockname")).toEqual({ host: "127.0.0.1", port: remotePort });
        expect(String(transport)).toBe(`<SocketTransport 127.0.0.1:${localPort} read=polling write=<idle, bufsize=0>>`);
        expect(transport.getExtraInfo("nothing", "fallback")).toBe("fallback");
        peer.end();
        await ours.lost();
        expect(transport.getExtraInfo("peername")).toEqual({ host: "127.0.0.1", port: localPort });
        expect(String(transport)).toBe(`<SocketTransport 127.0.0.1:${localPort} closed>`);
      },
    );
  });
});

describe("a loop that is closed", () => {
  it("takes its connections with it", async () => {
    let transport!: Transport;
    const protocol = new Recorder();
    await run(async () => {
      const server = await createServer(() => new Recorder(), { port: 0 });
      [transport] = await createConnection(() => protocol, server.sockets[0] as { host: string; port: number });
      expect(openOn(getRunningLoop()).size).toBeGreaterThanOrEqual(2);
    });
    expect((transport.getExtraInfo("socket") as Socket).destroyed).toBe(true);
    expect(protocol.calls).toEqual(["made"]);
    expect(() => transport.write("x")).not.toThrow(RuntimeError);
  });
});
