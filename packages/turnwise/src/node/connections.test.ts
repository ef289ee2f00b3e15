import { mkdtemp, rm } from "node:fs/promises";
import { connect as connectRaw, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { EventLoop } from "../events.ts";
import { ExceptionGroup } from "../exceptions.ts";
import { getRunningLoop } from "../running.ts";
import { run } from "../runners.ts";
import { sleep } from "../sleep.ts";
import { createTask } from "../index.ts";
import { type ConnectionOptions, createConnection, createUnixConnection } from "./connections.ts";
import { openOn } from "./resources.ts";
import { ended, rawServer } from "./testing/raw-peer.ts";
import { Recorder } from "./testing/recorder.ts";

/** Runs `body` with a server of plain Node, which counts those who came. At the end nothing of ours may be open. */
async function withServer(body: (port: number, sockets: Socket[]) => Promise<void>): Promise<void> {
  await run(async () => {
    const sockets: Socket[] = [];
    const { server, port } = await rawServer((socket) => {
      socket.on("error", () => {});
      sockets.push(socket);
    });
    try {
      await body(port, sockets);
    } finally {
      server.close();
      for (const socket of sockets) socket.destroy();
    }
    while (openOn(getRunningLoop()).size > 0) await sleep(0.001);
  });
}

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const { server, port } = await rawServer(() => {});
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const recorder = (): Recorder => new Recorder();

describe("createConnection", () => {
  it("gives a transport and the protocol, whose connectionMade was called", async () => {
    await withServer(async (port) => {
      const [transport, protocol] = await createConnection(recorder, { host: "127.0.0.1", port });
      expect(protocol.calls).toEqual(["made"]);
      expect(protocol.transport).toBe(transport);
      expect(transport.getExtraInfo("peername")).toEqual({ host: "127.0.0.1", port });
      transport.close();
      await protocol.lost();
    });
  });

  it("connects by a name, from an address and a port of ours", async () => {
    await withServer(async (port) => {
      const localAddr = { host: "127.0.0.1", port: await freePort() };
      const [transport] = await createConnection(recorder, { host: "localhost", port, family: 4, localAddr });
      expect(transport.getExtraInfo("sockname")).toEqual(localAddr);
      transport.abort();
    });
  });

  it("adopts a socket that is connected", async () => {
    await withServer(async (port, sockets) => {
      const sock = connectRaw({ port, host: "127.0.0.1", allowHalfOpen: true });
      await new Promise((resolve) => sock.once("connect", resolve));
      const [transport, protocol] = await createConnection(recorder, { sock });
      while (sockets.length === 0) await sleep(0.001);
      (sockets[0] as Socket).end("hello");
      await protocol.lost();
      expect(protocol.calls).toEqual(["made", "data hello", "eof", "lost null"]);
      expect(transport.getExtraInfo("socket")).toBe(sock);
    });
  });

  it("adopts a socket that fails before the protocol is called, and tells that", async () => {
    await withServer(async (port, sockets) => {
      const sock = connectRaw({ port, host: "127.0.0.1", allowHalfOpen: true });
      sock.on("error", () => {});
      await new Promise((resolve) => sock.once("connect", resolve));
      while (sockets.length === 0) await sleep(0.001);
      const error = new Error("mine");
      const factory = (): Recorder => {
        sock.destroy(error);
        return new Recorder();
      };
      const [transport, protocol] = await createConnection(factory, { sock });
      expect(transport.isClosing()).toBe(true);
      await protocol.lost();
      expect(protocol.calls[0]).toBe("made");
      expect(protocol.error).toBe(error);
    });
  });

  it("says that nobody listens, in the message and in the stack, and keeps the code", async () => {
    await run(async () => {
      const port = await freePort();
      const error = await createConnection(recorder, { host: "127.0.0.1", port }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: "ECONNREFUSED",
        message: `nobody listens on 127.0.0.1:${port}: is the server started? (ECONNREFUSED)`,
        stack: expect.stringContaining("nobody listens on"),
      });
    });
  });

  it("says that a name does not resolve", async () => {
    await run(async () => {
      const failed = createConnection(recorder, { host: "no-such-host.invalid", port: 80 });
      await expect(failed).rejects.toMatchObject({
        code: expect.stringMatching(/^ENOTFOUND|EAI_AGAIN$/),
        message: expect.stringContaining("no-such-host.invalid:80"),
      });
    });
  });

  it("gives the error of each address if all were asked for", async () => {
    await run(async () => {
      const port = await freePort();
      const error = await createConnection(recorder, { host: "localhost", port, allErrors: true }).catch(
        (thrown: unknown) => thrown,
      );
      // A machine may have one address for the name.
      const errors = error instanceof ExceptionGroup ? error.errors : [error];
      for (const one of errors) {
        expect(one).toMatchObject({ message: expect.stringMatching(/^(nobody listens on|can't connect to) .*:\d+/) });
      }
    });
  });

  it("that is cancelled at any moment leaves nothing open", async () => {
    await withServer(async (port, sockets) => {
      let connected = 0; // In so many cases the cancellation came too late.
      for (let turns = 0; turns < 40; turns++) {
        const protocol = recorder();
        const task = createTask(() => createConnection(() => protocol, { host: "127.0.0.1", port }));
        for (let i = 0; i < turns; i++) await sleep(turns % 2 === 0 ? 0 : 0.0002);
        task.cancel();
        const [transport] = await task.catch(() => [null]);
        transport?.abort();
        if (protocol.calls.length > 0) await protocol.lost();
        if (transport !== null) connected++;
      }
      await Promise.all(sockets.map(ended));
      expect(connected).toBeGreaterThan(0);
    });
  });

  it("ends with the loop, if that is closed meanwhile", async () => {
    const sockets: Socket[] = [];
    const { server, port } = await rawServer((socket) => void sockets.push(socket));
    const loop = new EventLoop();
    loop.setExceptionHandler(() => {}); // A task is left.
    await loop.runUntilComplete(async () => {
      createTask(() => createConnection(recorder, { host: "127.0.0.1", port }));
      await sleep(0);
      await sleep(0);
    });
    const ours = process.getActiveResourcesInfo().includes("TCPSocketWrap");
    loop.close();
    expect(ours).toBe(true);
    while (process.getActiveResourcesInfo().includes("TCPSocketWrap") && sockets.length === 0) {
      await new Promise(setImmediate);
    }
    await Promise.all(sockets.map(ended));
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it("drops the connection if the factory fails", async () => {
    await withServer(async (port, sockets) => {
      const error = new Error("mine");
      const failing = (): never => {
        throw error;
      };
      await expect(createConnection(failing, { host: "127.0.0.1", port })).rejects.toBe(error);
      while (sockets.length === 0) await sleep(0.001);
      await ended(sockets[0] as Socket);
    });
  });

  it.each<[ConnectionOptions, string]>([
    [{}, "host and port was not specified and no sock specified"],
    [{ host: "localhost" }, "host and port was not specified and no sock specified"],
    [{ host: "localhost", port: 70000 }, "port must be a whole number from 0 to 65535, got 70000"],
    [{ host: 7 as never, port: 1 }, "host must be a string, got 7"],
    [{ host: "localhost", port: 1, serverHostname: "x" }, "serverHostname is only meaningful with ssl"],
    [{ host: "localhost", port: 1, ssl: "yes" as never }, "ssl must be true, Node's options for TLS"],
    [{ host: "localhost", port: 1, ssl: true, sslHandshakeTimeout: 0 }, "sslHandshakeTimeout should be a positive"],
    [{ sock: new Socket() }, "sock must be a socket of Node's that is connected, got [Socket]"],
    [{ sock: {} as never }, "sock must be a socket of Node's that is connected, got [Object]"],
    [{ sock: null as never }, "sock must be a socket of Node's that is connected, got null"],
    [{ host: "localhost", port: 1, happyEyeballsDelay: -1 }, "happyEyeballsDelay must be a number of seconds"],
  ])("refuses %j before anything is opened", async (options, message) => {
    await run(async () => {
      await expect(createConnection(recorder, options)).rejects.toThrow(message);
    });
  });
});

describe("createUnixConnection", () => {
  it("says that a file is no socket, and that a path is too long", () =>
    run(async () => {
      const file = fileURLToPath(import.meta.url);
      await expect(createUnixConnection(recorder, file)).rejects.toThrow(`${file} is not a socket`);
      await expect(createUnixConnection(recorder, tmpdir())).rejects.toThrow(`${tmpdir()} is not a socket`);
      await expect(createUnixConnection(recorder, `/tmp/${"x".repeat(200)}`)).rejects.toThrow("at most 107 bytes");
    }));

  it("says that there is no socket", async () => {
    const folder = await mkdtemp(join(tmpdir(), "turnwise-"));
    const path = join(folder, "none");
    await run(async () => {
      await expect(createUnixConnection(recorder, path)).rejects.toMatchObject({
        code: "ENOENT",
        message: expect.stringContaining(`there is no socket ${path}`),
      });
    });
    await rm(folder, { recursive: true });
  });
});
