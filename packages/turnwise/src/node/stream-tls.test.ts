/** Streams with TLS: from the beginning, and begun later with `startTls`. */
import { describe, expect, test } from "vitest";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { fromEvent } from "./from-event.ts";
import { run } from "../runners.ts";
import { getRunningLoop } from "../running.ts";
import { sleep } from "../sleep.ts";
import { openOn } from "./resources.ts";
import type { StreamHandler } from "./stream-handlers.ts";
import { openConnection, startServer } from "./streams.ts";
import { AUTHORITY, LOCALHOST } from "./testing/certificates.ts";

const ssl = { ca: AUTHORITY };

/** Runs `body` with a server on loopback and its port; nothing may be open afterwards. */
function withServer(handler: StreamHandler, options: object, body: (port: number) => Promise<void>): Promise<void> {
  return run(async () => {
    const loop = getRunningLoop();
    {
      await using server = await startServer(handler, { host: "127.0.0.1", port: 0, ...options });
      await body(server.sockets[0]?.port ?? 0);
    }
    while (openOn(loop).size > 0) await sleep(0.001);
  });
}

test("both sides with TLS from the beginning: lines, large blocks, and the end", () =>
  withServer(
    async (reader, writer) => {
      for await (const line of reader) {
        writer.write(line);
        await writer.drain();
      }
    },
    { ssl: LOCALHOST, limit: 2 ** 22 },
    async (port) => {
      const [reader, writer] = await openConnection({ host: "127.0.0.1", port, ssl, limit: 2 ** 22 });
      await using _ = writer;
      expect(writer.canWriteEof()).toBe(false);
      const line = `${"x".repeat(3_000_000)}\n`;
      writer.write(line);
      await writer.drain();
      expect(String(await reader.readline()) === line).toBe(true);
    },
  ));

/** Says hello, begins TLS when asked to, and goes on as an echo. */
const upgrading: StreamHandler = async (reader, writer) => {
  writer.write("hello\n");
  if (String(await reader.readline()) !== "STARTTLS\n") throw new Error("another line was expected");
  writer.write("go ahead\n");
  await writer.startTls(LOCALHOST);
  for await (const line of reader) {
    writer.write(`secured ${String(line)}`);
    await writer.drain();
  }
};

describe("startTls", () => {
  test("goes on with TLS on both sides, with the same reader and writer", () =>
    withServer(upgrading, {}, async (port) => {
      const [reader, writer] = await openConnection({ host: "127.0.0.1", port });
      await using _ = writer;
      expect(String(await reader.readline())).toBe("hello\n");
      writer.write("STARTTLS\n");
      expect(String(await reader.readline())).toBe("go ahead\n");
      const before = writer.transport;
      await writer.startTls(ssl, { serverHostname: "localhost" });
      expect(writer.transport).not.toBe(before);
      expect(writer.getExtraInfo("cipher")).toBeTruthy();
      writer.write("line\n");
      expect(String(await reader.readline())).toBe("secured line\n");
      writer.write("another\n");
      expect(String(await reader.readline())).toBe("secured another\n");
    }));

  test("takes bytes that came with the line before for TLS: a ClientHello that was sent too early", () =>
    withServer(upgrading, {}, async (port) => {
      const socket = connect(port, "127.0.0.1");
      await fromEvent(socket, "data");
      socket.write(Buffer.concat([Buffer.from("STARTTLS\n"), await clientHello()]));
      let answer = "";
      while (answer.length <= "go ahead\n".length)
        answer += ((await fromEvent(socket, "data")) as Buffer).toString("latin1");
      // Then a ServerHello: a record (22) of TLS (3).
      expect(answer.startsWith("go ahead\n\x16\x03")).toBe(true);
      socket.destroy();
    }));

  test("does not read plain bytes as if they had come through TLS", async () => {
    const got: string[] = [];
    const errors: unknown[] = [];
    await withServer(
      async (reader, writer) => {
        await reader.readline();
        try {
          await writer.startTls(LOCALHOST);
          got.push(String(await reader.readline()));
        } catch (thrown) {
          errors.push(thrown);
        }
      },
      {},
      async (port) => {
        const [reader, writer] = await openConnection({ host: "127.0.0.1", port });
        await using _ = writer;
        writer.write("STARTTLS\nDELETE EVERYTHING\n");
        await reader.read().catch(() => {});
      },
    );
    expect(got).toEqual([]);
    expect(errors).toHaveLength(1);
  });

  test("says that the other side has gone where it had sent something, and then ended", async () => {
    const errors: unknown[] = [];
    await withServer(
      async (reader, writer) => {
        await reader.readline();
        while (!String(reader).includes("eof")) await sleep(0.001);
        errors.push(await writer.startTls(LOCALHOST).catch((thrown: unknown) => thrown));
      },
      {},
      async (port) => {
        const socket = connect(port, "127.0.0.1", () => socket.end("STARTTLS\nand something"));
        socket.on("error", () => {}).resume();
        while (errors.length === 0) await sleep(0.001);
      },
    );
    expect(errors).toEqual([expect.objectContaining({ code: "ECONNRESET" })]);
    expect(String(errors)).toContain("closed the connection during the TLS handshake");
  });
});

/** The first bytes of a TLS client. */
async function clientHello(): Promise<Buffer> {
  let hello: Buffer = Buffer.alloc(0);
  await using server = await startServer(
    async (reader) => {
      hello = await reader.read(65536);
    },
    { host: "127.0.0.1", port: 0 },
  );
  const client = connectTls({ host: "127.0.0.1", port: server.sockets[0]?.port ?? 0 });
  client.on("error", () => {});
  while (hello.length === 0) await sleep(0.001);
  client.destroy();
  return hello;
}
