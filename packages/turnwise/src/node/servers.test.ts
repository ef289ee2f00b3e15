import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type Socket } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EventLoop } from "../events.ts";
import type { ExceptionContext } from "../exception-handler.ts";
import { CancelledError, RuntimeError } from "../exceptions.ts";
import { getRunningLoop } from "../running.ts";
import { run } from "../runners.ts";
import { sleep } from "../sleep.ts";
import { runVirtual } from "../testing.ts";
import { createTask } from "../index.ts";
import { createConnection, createUnixConnection } from "./connections.ts";
import { openOn } from "./resources.ts";
import { createServer, createUnixServer, type Server, type SocketAddress } from "./servers.ts";
import { startServer } from "./streams.ts";
import { ended, rawClient } from "./testing/raw-peer.ts";
import { Recorder } from "./testing/recorder.ts";

/** Runs `body`; then nothing may stay open. */
async function check(body: () => Promise<void>): Promise<void> {
  await run(async () => {
    await body();
    while (openOn(getRunningLoop()).size > 0) await sleep(0.001);
  });
}

const portOf = (server: Server<SocketAddress>): number => (server.sockets[0] as SocketAddress).port;
const recorder = (): Recorder => new Recorder();

/** A server that keeps its protocols. */
async function recording(): Promise<[Server<SocketAddress>, Recorder[]]> {
  const protocols: Recorder[] = [];
  const factory = (): Recorder => {
    const protocol = new Recorder();
    protocols.push(protocol);
    return protocol;
  };
  return [await createServer(factory, { port: 0, host: "127.0.0.1" }), protocols];
}

/** Waits until so many have connected. */
async function connected(protocols: Recorder[], count: number): Promise<void> {
  while (protocols.filter(({ calls }) => calls.length > 0).length < count) await sleep(0.001);
}

describe("where a server listens", () => {
  it("is the loopback without a host: no other address of the machine, and one port", async () => {
    await check(async () => {
      await using server = await createServer(recorder, { port: 0 });
      const hosts = server.sockets.map(({ host }) => host);
      expect(hosts[0]).toBe("127.0.0.1");
      expect(hosts.slice(1)).toEqual(hosts.length > 1 ? ["::1"] : []);
      expect(new Set(server.sockets.map(({ port }) => port)).size).toBe(1);
      for (const address of server.sockets) {
        const [transport] = await createConnection(recorder, address);
        transport.abort();
      }
      const outside = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
      const other = outside.find(({ internal, family }) => !internal && family === "IPv4")?.address;
      if (other === undefined) return;
      await expect(createConnection(recorder, { host: other, port: portOf(server) })).rejects.toMatchObject({
        code: "ECONNREFUSED",
      });
    });
  });

  it("are all the hosts that are named", async () => {
    await check(async () => {
      await using server = await createServer(recorder, { port: 0, host: ["127.0.0.1", "127.0.0.2"] });
      expect(server.sockets.map(({ host }) => host)).toEqual(["127.0.0.1", "127.0.0.2"]);
      expect(String(server)).toBe(`<Server sockets=[127.0.0.1:${portOf(server)}, 127.0.0.2:${portOf(server)}]>`);
    });
  });

  it("is said where it is in use", async () => {
    await check(async () => {
      await using server = await createServer(recorder, { port: 0 });
      const port = portOf(server);
      await expect(createServer(recorder, { port })).rejects.toMatchObject({
        code: "EADDRINUSE",
        message: expect.stringContaining(`127.0.0.1:${port} is in use: stop the server that listens there`),
      });
    });
  });

  it("is said where the address is not this machine's, and nothing stays open", async () => {
    await check(async () => {
      await expect(createServer(recorder, { port: 0, host: ["127.0.0.1", "192.0.2.1"] })).rejects.toMatchObject({
        code: "EADDRNOTAVAIL",
        message: expect.stringMatching(/^can't listen on 192\.0\.2\.1:\d+: it is not an address of this machine/),
      });
    });
  });

  it.each([
    [{ port: -1 }, "port must be a whole number from 0 to 65535, got -1"],
    [{ port: 0, host: [] }, "host must not be an empty list"],
    [{ port: 0, backlog: 0 }, "backlog must be a whole number from 1, got 0"],
    [{ port: 0, ssl: true as never }, "ssl of a server must be { cert, key, ... } or a SecureContext, got true"],
    [{ port: 0, sslHandshakeTimeout: 1 }, "sslHandshakeTimeout is only meaningful with ssl"],
  ])("is refused: %j", async (options, message) => {
    await check(async () => {
      await expect(createServer(recorder, options)).rejects.toThrow(message);
    });
  });

  it("is nowhere before startServing, where that was asked for", async () => {
    await check(async () => {
      await using server = await createServer(recorder, { port: 0, startServing: false });
      expect([server.isServing(), server.sockets]).toEqual([false, []]);
      await Promise.all([server.startServing(), server.startServing()]);
      expect(server.isServing()).toBe(true);
      const [transport] = await createConnection(recorder, server.sockets[0] as SocketAddress);
      transport.abort();
    });
  });
});

describe("closing a server", () => {
  it("leaves its connections, and waitClosed waits for them", async () => {
    await check(async () => {
      const [server, protocols] = await recording();
      const peer = await rawClient(portOf(server));
      await connected(protocols, 1);
      const { port } = server.sockets[0] as SocketAddress;
      server.close();
      server.close();
      expect([server.isServing(), server.sockets]).toEqual([false, []]);
      await expect(createConnection(recorder, { host: "127.0.0.1", port })).rejects.toThrow("nobody listens");
      const closed = createTask(() => server.waitClosed());
      peer.write("still there");
      await (protocols[0] as Recorder).until(() => (protocols[0] as Recorder).text === "still there");
      expect(closed.done()).toBe(false);
      peer.end();
      await closed;
      expect((protocols[0] as Recorder).calls.at(-1)).toBe("lost null");
    });
  });

  it("with closeClients sends what is in their buffers first", async () => {
    await check(async () => {
      const [server, protocols] = await recording();
      const peer = await rawClient(portOf(server));
      await connected(protocols, 1);
      (protocols[0] as Recorder).transport.write(Buffer.alloc(4_000_000));
      server.close();
      server.closeClients();
      let count = 0;
      for await (const chunk of peer) count += (chunk as Buffer).length;
      expect(count).toBe(4_000_000);
      peer.destroy();
      await server.waitClosed();
    });
  });

  it("with abortClients does not wait for peers that do not read", async () => {
    await check(async () => {
      const [server, protocols] = await recording();
      const peers = [await rawClient(portOf(server)), await rawClient(portOf(server))];
      await connected(protocols, 2);
      for (const { transport } of protocols) transport.write(Buffer.alloc(30_000_000));
      server.close();
      server.abortClients();
      await server.waitClosed();
      for (const peer of peers) peer.destroy();
    });
  });

  it("drops who was accepted and not yet told", async () => {
    await check(async () => {
      const [server, protocols] = await recording();
      const peers = await Promise.all(Array.from({ length: 20 }, () => rawClient(portOf(server))));
      server.close();
      server.abortClients();
      await server.waitClosed();
      for (const { calls } of protocols) expect(calls).toEqual(["made", "lost null"]);
      for (const peer of peers) peer.destroy();
    });
  });

  it("happens at the end of `await using`", async () => {
    await check(async () => {
      let peer: Socket;
      let handlersEnded = false;
      {
        const [listening, protocols] = await recording();
        await using server = listening;
        server._endHandlers = async () => {
          expect(server.isServing()).toBe(false);
          await sleep(0);
          handlersEnded = true;
        };
        peer = await rawClient(portOf(server));
        await connected(protocols, 1);
      }
      expect(handlersEnded).toBe(true);
      await ended(peer);
      peer.destroy();
    });
  });

  it("makes it useless", async () => {
    await check(async () => {
      const [server] = await recording();
      server.close();
      await server.waitClosed();
      await expect(server.startServing()).rejects.toThrow(new RuntimeError("server <Server sockets=[]> is closed"));
      await expect(server.serveForever()).rejects.toThrow("is closed");
    });
  });
});

it("a peer that does not read can't hold up the end of `await using`", () =>
  runVirtual(async () => {
    const open: Socket[] = [];
    {
      await using server = await startServer(
        async (_, writer) => {
          try {
            for (;;) {
              writer.write("x".repeat(100_000));
              await writer.drain();
            }
          } finally {
            await writer.drain(); // It will not go out.
          }
        },
        { port: 0 },
      );
      const peer = await rawClient(portOf(server));
      open.push(peer.pause());
      await new Promise((resolve) => setTimeout(resolve, 50)); // Until the buffers are full.
    }
    expect(openOn(getRunningLoop()).size).toBe(0);
    for (const peer of open) peer.destroy();
  }));

describe("serveForever", () => {
  it("closes the server when it is cancelled, and not its connections", async () => {
    await check(async () => {
      const [server, protocols] = await recording();
      const task = createTask(() => server.serveForever());
      const peer = await rawClient(portOf(server));
      await connected(protocols, 1);
      await expect(server.serveForever()).rejects.toThrow("is already being awaited on serveForever()");
      task.cancel();
      await expect(task).rejects.toThrow(CancelledError);
      expect(server.isServing()).toBe(false);
      expect(peer.readableEnded).toBe(false);
      server.closeClients();
      await ended(peer);
      peer.destroy();
    });
  });

  it("ends by a CancelledError when the server is closed, as asyncio's", async () => {
    await check(async () => {
      const [server] = await recording();
      const task = createTask(() => server.serveForever());
      await sleep(0);
      server.close();
      await expect(task).rejects.toThrow(CancelledError);
    });
  });
});

describe("a factory that fails", () => {
  it("is reported, and costs that connection only", async () => {
    await check(async () => {
      const reports: ExceptionContext[] = [];
      getRunningLoop().setExceptionHandler((_, context) => void reports.push(context));
      const error = new Error("mine");
      let calls = 0;
      await using server = await createServer(
        () => {
          if (calls++ === 0) throw error;
          return new Recorder();
        },
        { port: 0 },
      );
      const peer = await rawClient(portOf(server));
      await ended(peer);
      peer.destroy();
      expect(reports).toMatchObject([
        { message: "Error on transport creation for incoming connection", exception: error },
      ]);
      const [transport] = await createConnection(recorder, server.sockets[0] as SocketAddress);
      transport.abort();
    });
  });
});

describe("a loop that is closed", () => {
  it("takes its servers with it", async () => {
    const loop = new EventLoop();
    const server = await loop.runUntilComplete(() => createServer(recorder, { port: 0 }));
    const port = portOf(server);
    loop.close();
    expect(server.isServing()).toBe(false);
    await expect(rawClient(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});

describe("createUnixServer", () => {
  /** Runs `body` with a path for a socket, in a folder of its own. */
  async function withPath(body: (path: string) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), "turnwise-"));
    try {
      await check(() => body(join(folder, "socket")));
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  it("serves at a path, which is removed at the end", async () => {
    await withPath(async (path) => {
      {
        await using server = await createUnixServer(() => new Recorder({ data: () => {} }), path);
        expect(server.sockets).toEqual([path]);
        const [transport, client] = await createUnixConnection(recorder, path);
        expect(transport.getExtraInfo("peername")).toBe(path);
        expect(String(transport)).toContain(path);
        transport.close();
        await client.lost();
      }
      expect(existsSync(path)).toBe(false);
    });
  });

  it("takes over what a dead server left", async () => {
    await withPath(async (path) => {
      const script = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 9))`;
      const { spawnSync } = await import("node:child_process");
      spawnSync(process.execPath, ["-e", script]);
      expect(existsSync(path)).toBe(true);
      await using server = await createUnixServer(recorder, path);
      const [transport] = await createUnixConnection(recorder, path);
      transport.abort();
      expect(server.isServing()).toBe(true);
    });
  });

  it("does not take over one that is served, nor a file", async () => {
    await withPath(async (path) => {
      await using server = await createUnixServer(recorder, path);
      await expect(createUnixServer(recorder, path)).rejects.toMatchObject({
        code: "EADDRINUSE",
        message: expect.stringContaining(`${path} is in use`),
      });
      const [transport] = await createUnixConnection(recorder, path);
      transport.abort();
      expect(server.isServing()).toBe(true);
      await expect(createUnixServer(recorder, import.meta.filename)).rejects.toMatchObject({
        code: "EADDRINUSE",
        message: expect.stringContaining(
          `can't listen on ${import.meta.filename}: there is something that is no socket`,
        ),
      });
      expect(existsSync(import.meta.filename)).toBe(true);
    });
  });

  it("says that the folder is not there", async () => {
    await withPath(async (path) => {
      await expect(createUnixServer(recorder, `/tmp/${"x".repeat(200)}`)).rejects.toThrow("at most 107 bytes");
      await expect(createUnixServer(recorder, join(path, "deep"))).rejects.toMatchObject({
        message: expect.stringContaining("its folder does not exist"),
      });
    });
  });
});
