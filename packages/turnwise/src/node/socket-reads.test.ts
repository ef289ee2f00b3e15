/** How sockets are read. That it is done past their streams is not to be seen in what comes; but it is tested here. */
import { type AddressInfo, connect, createServer as createRawServer, Socket } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { run } from "../runners.ts";
import { createConnection } from "./connections.ts";
import { Protocol } from "./protocols.ts";
import { createServer, type SocketAddress } from "./servers.ts";
import { readInto } from "./socket-reads.ts";
import { openConnection, startServer } from "./streams.ts";
import type { Transport } from "./transports.ts";

/** Keeps what it gets. */
class Keeper extends Protocol {
  readonly chunks: Buffer[] = [];
  transport!: Transport;
  override connectionMade(transport: Transport): void {
    this.transport = transport;
  }
  override dataReceived(data: Buffer): void {
    this.chunks.push(data);
  }
}

describe("sockets", () => {
  it("are read past their streams, accepted or connected", async () => {
    await run(async () => {
      const accepted = new Keeper();
      await using server = await createServer(() => accepted, { port: 0, host: "127.0.0.1" });
      const [transport, connected] = await createConnection(() => new Keeper(), server.sockets[0] as SocketAddress);
      transport.write("hello");
      while (accepted.chunks.length === 0) await new Promise(setImmediate);
      accepted.transport.write("hello");
      while (connected.chunks.length === 0) await new Promise(setImmediate);
      for (const end of [transport, accepted.transport]) {
        const socket = end.getExtraInfo("socket") as Socket;
        expect(socket.listenerCount("data")).toBe(0);
        expect(socket.bytesRead).toBe(5);
        expect(socket.readableDidRead).toBe(false);
      }
      transport.close();
    });
  });

  it("give buffers that stay as they are, however much is read afterwards, by whomever", async () => {
    const keepers: Keeper[] = [];
    await run(async () => {
      const made = (): Keeper => {
        const keeper = new Keeper();
        keepers.push(keeper);
        return keeper;
      };
      await using server = await createServer(made, { port: 0, host: "127.0.0.1" });
      const severalInOneBuffer = new Array<number>(15).fill(10_000);
      const sizes = [1, 1000, 40_000, 200_000, 3, 65_536, 20_000, 300_000, 7, ...severalInOneBuffer, 9];
      const clients = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const client = connect((server.sockets[0] as SocketAddress).port, "127.0.0.1");
          await once(client, "connect");
          return client;
        }),
      );
      const total = sizes.reduce((sum, size) => sum + size, 0);
      for (const [round, size] of sizes.entries()) {
        for (const [i, client] of clients.entries()) client.write(Buffer.alloc(size, 16 * i + round));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      const count = ({ chunks }: Keeper): number => chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      while (keepers.some((keeper) => count(keeper) < total)) await new Promise(setImmediate);
      for (const client of clients) client.destroy();
      const firsts = keepers.map(({ chunks }) => (chunks[0] as Buffer)[0] as number);
      expect(firsts.toSorted((a, b) => a - b)).toEqual([0, 16, 32, 48]);
      for (const [i, { chunks }] of keepers.entries()) {
        const expected = Buffer.concat(sizes.map((size, round) => Buffer.alloc(size, (firsts[i] as number) + round)));
        expect(Buffer.concat(chunks).equals(expected)).toBe(true);
      }
    });
  });

  it("are read to their end where that came before anybody listened", async () => {
    const server = createRawServer((socket) => socket.end("hello")).listen(0, "127.0.0.1");
    await once(server, "listening");
    await run(async () => {
      const [reader, writer] = await openConnection({
        host: "127.0.0.1",
        port: (server.address() as AddressInfo).port,
      });
      expect(String(await reader.read())).toBe("hello");
      writer.close();
      await writer.waitClosed();
    });
    server.close();
  });

  it("of an accepted connection that has ended at once are read to their end", async () => {
    await run(async () => {
      let text = "";
      let over = (): void => {};
      const whenOver = new Promise<void>((resolve) => (over = resolve));
      const options = { port: 0, host: "127.0.0.1" };
      await using server = await startServer(async (reader) => {
        text = String(await reader.read());
        over();
      }, options);
      connect((server.sockets[0] as SocketAddress).port, "127.0.0.1").end("hello");
      await whenOver;
      expect(text).toBe("hello");
    });
  });

  it("that have got a large message and are idle keep a buffer each, but no more than 32 MiB in all", async () => {
    const SIZE = 40_000;
    const keepers = new Set<Keeper>();
    /** Whether a socket reads into a buffer of 128 KiB, which is its own. */
    const hasOwn = ({ transport }: Keeper): boolean => {
      const socket = transport.getExtraInfo("socket") as Socket & Record<symbol, unknown>;
      const kept = Object.getOwnPropertySymbols(socket).map((symbol) => socket[symbol]);
      return kept.some((value) => value instanceof Uint8Array && value.buffer.byteLength === 128 * 1024);
    };
    await run(async () => {
      const made = (): Keeper => {
        const keeper = new Keeper();
        keeper.connectionLost = () => keepers.delete(keeper);
        keepers.add(keeper);
        return keeper;
      };
      await using server = await createServer(made, { port: 0, host: "127.0.0.1" });
      const count = async (connections: number): Promise<number> => {
        const clients: Socket[] = [];
        while (clients.length < connections) {
          const client = connect((server.sockets[0] as SocketAddress).port, "127.0.0.1");
          clients.push(client);
          await once(client, "connect");
          client.write(Buffer.alloc(SIZE));
        }
        const got = ({ chunks }: Keeper): number => chunks.reduce((sum, { length }) => sum + length, 0);
        while (keepers.size < connections || [...keepers].some((keeper) => got(keeper) < SIZE))
          await new Promise(setImmediate);
        // Some came in pieces, of which none was large: until they have one that is, they have no buffer.
        const owners = [...keepers].filter(hasOwn).length;
        for (const client of clients) client.destroy();
        while (keepers.size > 0) await new Promise(setImmediate);
        return owners;
      };
      const few = await count(20);
      expect(few).toBeGreaterThan(0);
      expect(few).toBeLessThanOrEqual(20);
      const many = await count(280);
      expect(many).toBeGreaterThan(150);
      expect(many).toBeLessThanOrEqual(256);
      expect(await count(20)).toBeGreaterThan(0); // Those of connections that are over are others' to have.
    });
  });
});

describe("readInto", () => {
  it("leaves a socket alone that is not connected, or is read in a way of its own", async () => {
    const received = (): boolean => true;
    expect(readInto(new Socket(), received)).toBe(false);
    const server = createRawServer((socket) => socket.end("hello")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const text = await new Promise((resolve) => {
      const buffer = Buffer.alloc(100);
      const { port } = server.address() as AddressInfo;
      const callback = (count: number): boolean => {
        resolve(String(buffer.subarray(0, count)));
        return true;
      };
      const socket = connect({ port, host: "127.0.0.1", onread: { buffer, callback } });
      socket.on("connect", () => expect(readInto(socket, received)).toBe(false));
    });
    expect(text).toBe("hello");
    server.close();
  });
});
