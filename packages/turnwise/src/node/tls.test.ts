import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createSecureContext, type TLSSocket } from "node:tls";
import { describe, expect, it } from "vitest";
import type { ExceptionContext } from "../exception-handler.ts";
import { CancelledError, TimeoutError } from "../exceptions.ts";
import { createTask } from "../index.ts";
import { getRunningLoop } from "../running.ts";
import { run } from "../runners.ts";
import { sleep } from "../sleep.ts";
import { createConnection } from "./connections.ts";
import { openOn } from "./resources.ts";
import { createServer, type SocketAddress } from "./servers.ts";
import { AUTHORITY, EXPIRED, LOCALHOST, OTHER } from "./testing/certificates.ts";
import { ended, rawClient, rawServer } from "./testing/raw-peer.ts";
import { Recorder } from "./testing/recorder.ts";
import { type ServerSsl, startTls } from "./tls.ts";

/** Answers each message by itself. */
class Echo extends Recorder {
  override dataReceived(data: Buffer): void {
    super.dataReceived(data);
    this.transport.write(data);
  }
}

/** Runs `body` with a TLS server that echoes. At the end nothing may be open. */
async function withServer(
  ssl: ServerSsl,
  body: (address: SocketAddress, protocols: Echo[]) => Promise<void>,
  sslHandshakeTimeout?: number,
): Promise<void> {
  await run(async () => {
    const protocols: Echo[] = [];
    const factory = (): Echo => {
      protocols.push(new Echo());
      return protocols.at(-1) as Echo;
    };
    const server = await createServer(factory, { port: 0, host: "127.0.0.1", ssl, sslHandshakeTimeout });
    await body(server.sockets[0] as SocketAddress, protocols);
    server.close();
    server.abortClients();
    await server.waitClosed();
    while (openOn(getRunningLoop()).size > 0) await sleep(0.001);
  });
}

const recorder = (): Recorder => new Recorder();
const ssl = { ca: AUTHORITY };

describe("TLS", () => {
  it.each([
    ["Node's options", LOCALHOST],
    ["a SecureContext", createSecureContext(LOCALHOST)],
  ])("carries data both ways, on a server with %s", async (_, serverSsl) => {
    await withServer(serverSsl, async ({ port }, protocols) => {
      const [transport, client] = await createConnection(recorder, { host: "localhost", family: 4, port, ssl });
      expect(client.calls).toEqual(["made"]);
      const message = "x".repeat(300_000);
      transport.write(message);
      await client.until(() => client.text.length === message.length);
      expect(client.text).toBe(message);
      transport.close();
      await client.lost();
      await protocols[0]?.lost();
      expect(protocols[0]?.calls.slice(-2)).toEqual(["eof", "lost null"]);
    });
  });

  it("tells of the connection", async () => {
    await withServer(LOCALHOST, async ({ port }, protocols) => {
      const [transport] = await createConnection(recorder, { host: "127.0.0.1", port, ssl: createSecureContext(ssl) });
      expect(transport.getExtraInfo("peername")).toEqual({ host: "127.0.0.1", port });
      expect(transport.getExtraInfo("peercert")).toMatchObject({ subject: { CN: "localhost" } });
      expect(transport.getExtraInfo("cipher")).toMatchObject({ version: "TLSv1.3" });
      expect((transport.getExtraInfo("sslObject") as TLSSocket).encrypted).toBe(true);
      while (protocols.length === 0) await sleep(0.001);
      expect(protocols[0]?.transport.getExtraInfo("peercert", "none")).toBe("none");
      transport.abort();
    });
  });

  it.each([
    ["Node's options", LOCALHOST],
    ["a SecureContext", createSecureContext(LOCALHOST)],
  ])("sends all that was written before closeClients, on a server with %s", async (_, serverSsl) => {
    await run(async () => {
      const size = 4_000_000;
      const factory = (): Recorder => {
        const protocol = new Recorder({ made: () => protocol.transport.write(Buffer.alloc(size)) });
        return protocol;
      };
      await using server = await createServer(factory, { port: 0, host: "127.0.0.1", ssl: serverSsl });
      const { port } = server.sockets[0] as SocketAddress;
      const [, client] = await createConnection(recorder, { host: "127.0.0.1", port, ssl });
      await client.until(() => client.chunks.length > 0);
      server.close();
      server.closeClients();
      await client.lost();
      expect(Buffer.concat(client.chunks).length).toBe(size);
    });
  });

  it("has no half-closed connections", async () => {
    await withServer(LOCALHOST, async ({ port }, protocols) => {
      const [transport, client] = await createConnection(recorder, { host: "127.0.0.1", port, ssl });
      while (protocols.length === 0) await sleep(0.001);
      const server = protocols[0] as Echo;
      server.on.eof = () => true;
      expect(transport.canWriteEof()).toBe(false);
      expect(() => transport.writeEof()).toThrow("can't close its sending half alone");
      transport.close();
      await server.lost();
      expect(server.calls.slice(-2)).toEqual(["eof", "lost null"]);
      await client.lost();
    });
  });

  it("asks clients for certificates", async () => {
    const options = { ...LOCALHOST, ca: AUTHORITY, requestCert: true };
    await withServer(options, async ({ port }, protocols) => {
      const ours = { ...ssl, ...OTHER };
      const [transport, client] = await createConnection(recorder, { host: "127.0.0.1", port, ssl: ours });
      transport.write("x");
      await client.until(() => client.text === "x");
      expect(protocols[0]?.transport.getExtraInfo("peercert")).toMatchObject({ subject: { CN: "shop.example" } });
      transport.abort();
      // With TLS 1.3 a client is told only after its handshake.
      const refused = createConnection(recorder, { host: "127.0.0.1", port, ssl }).then(async ([, protocol]) => {
        await protocol.lost();
        throw protocol.error ?? new Error("closed");
      });
      await expect(refused).rejects.toThrow();
      expect(protocols).toHaveLength(1);
    });
  });
});

describe("a certificate that does not fit", () => {
  it("is for another host: the error names both, and what to do", async () => {
    await withServer(OTHER, async ({ port }) => {
      await expect(createConnection(recorder, { host: "127.0.0.1", port, ssl })).rejects.toMatchObject({
        code: "ERR_TLS_CERT_ALTNAME_INVALID",
        message:
          "the certificate of 127.0.0.1 is not for 127.0.0.1, it is for DNS:shop.example: connect by a name that it " +
          "is for, or give that name as serverHostname (ERR_TLS_CERT_ALTNAME_INVALID)",
      });
      const options = { host: "127.0.0.1", port, ssl, serverHostname: "shop.example" };
      const [transport] = await createConnection(recorder, options);
      transport.abort();
    });
  });

  it("is signed by nobody who is known", async () => {
    await withServer(LOCALHOST, async ({ port }) => {
      await expect(createConnection(recorder, { host: "localhost", family: 4, port, ssl: true })).rejects.toMatchObject(
        {
          message: expect.stringMatching(
            /^the certificate of localhost, for DNS:localhost, .*is signed by nobody whom this machine trusts: .*\{ ca \}/,
          ),
        },
      );
    });
  });

  it("has expired", async () => {
    await withServer(EXPIRED, async ({ port }) => {
      await expect(createConnection(recorder, { host: "localhost", family: 4, port, ssl })).rejects.toMatchObject({
        code: "CERT_HAS_EXPIRED",
        message: expect.stringMatching(
          /^the certificate of localhost, for DNS:localhost, expired on Jan {1,2}1 .* 2001/,
        ),
      });
    });
  });
});

describe("bad options", () => {
  it.each([
    ["no certificate", {}, "ssl of a server needs a certificate"],
    ["no PEM", { cert: "x", key: "y" }, "ssl can't be used"],
    ["a key of another certificate", { cert: LOCALHOST.cert, key: OTHER.key }, "ssl can't be used"],
  ])("are found before anything is opened: %s", (_, bad, words) =>
    run(async () => {
      await expect(createServer(recorder, { port: 0, ssl: bad })).rejects.toThrow(words);
      expect(openOn(getRunningLoop()).size).toBe(0);
    }),
  );

  it("of a client too", () =>
    run(async () => {
      const bad = { cert: LOCALHOST.cert, key: OTHER.key };
      await expect(createConnection(recorder, { port: 1, ssl: bad })).rejects.toThrow("ssl can't be used");
    }));
});

describe("a handshake", () => {
  it.each([
    ["Node's options", LOCALHOST],
    ["a SecureContext", createSecureContext(LOCALHOST)],
  ])("is over when the client ends its half amid it, with %s", (_, serverSsl) =>
    withServer(serverSsl, async ({ port }, protocols) => {
      const client = connect(port, "127.0.0.1");
      client.on("error", () => {});
      client.resume().end(Buffer.from([0x16, 3, 1])); // The beginning of a hello.
      await once(client, "close");
      expect(protocols).toEqual([]);
    }),
  );

  it("with somebody who does not speak TLS fails", async () => {
    await run(async () => {
      const { server, port } = await rawServer((socket) => socket.on("error", () => {}).end("SSH-2.0-OpenSSH\r\n"));
      await expect(createConnection(recorder, { host: "127.0.0.1", port, ssl })).rejects.toThrow(
        /^127\.0\.0\.1 does not speak TLS: is the port right/,
      );
      server.close();
    });
  });

  it("that takes too long fails", async () => {
    await run(async () => {
      const sockets: Socket[] = [];
      const { server, port } = await rawServer((socket) => void sockets.push(socket.resume()));
      const options = { host: "127.0.0.1", port, ssl, sslHandshakeTimeout: 0.05 };
      await expect(createConnection(recorder, options)).rejects.toThrow(TimeoutError);
      await Promise.all(sockets.map(ended));
      for (const socket of sockets) socket.destroy();
      server.close();
    });
  });

  it.each([
    ["Node's options", LOCALHOST],
    ["a SecureContext", createSecureContext(LOCALHOST)],
  ])("that a client never begins ends, on a server with %s", async (_, serverSsl) => {
    await withServer(
      serverSsl,
      async ({ port }, protocols) => {
        const peer = await rawClient(port);
        await ended(peer);
        peer.destroy();
        expect(protocols).toEqual([]);
      },
      0.05,
    );
  });

  it.each([
    ["Node's options", LOCALHOST],
    ["a SecureContext", createSecureContext(LOCALHOST)],
  ])("that goes wrong is told in debug mode only, on a server with %s", async (_, serverSsl) => {
    await withServer(serverSsl, async ({ port }) => {
      const reports: ExceptionContext[] = [];
      getRunningLoop().setExceptionHandler((_, context) => void reports.push(context));
      for (const debug of [false, true]) {
        getRunningLoop().setDebug(debug);
        const peer = await rawClient(port);
        peer.write("GET / HTTP/1.1\r\n\r\n");
        await ended(peer);
        peer.destroy();
      }
      getRunningLoop().setDebug(false);
      expect(reports.map(({ message }) => message)).toEqual(["SSL handshake failed"]);
    });
  });

  it("that is cancelled drops the connection", async () => {
    await run(async () => {
      const sockets: Socket[] = [];
      const { server, port } = await rawServer((socket) => void sockets.push(socket.resume()));
      const task = createTask(() => createConnection(recorder, { host: "127.0.0.1", port, ssl }));
      while (sockets.length === 0) await sleep(0.001);
      task.cancel();
      await expect(task).rejects.toThrow(CancelledError);
      const [socket] = sockets as [Socket];
      await ended(socket);
      socket.destroy();
      server.close();
    });
  });
});

/** Talks in the clear until the client asks for TLS, as mail servers do. */
class StartTlsServer extends Recorder {
  secured: Recorder | null = null;
  readonly ssl: ServerSsl;
  constructor(ssl: ServerSsl) {
    super();
    this.ssl = ssl;
  }
  override dataReceived(data: Buffer): void {
    super.dataReceived(data);
    if (this.text !== "STARTTLS\n") return;
    this.transport.write("GO\n");
    const secured = (this.secured = new Echo());
    void createTask(async () => {
      secured.transport = await startTls(this.transport, secured, this.ssl, { serverSide: true });
    });
  }
}

describe("startTls", () => {
  it.each([
    ["Node's options", LOCALHOST],
    ["a SecureContext", createSecureContext(LOCALHOST)],
  ])("goes on with TLS at both ends, on a server with %s", async (_, serverSsl) => {
    await run(async () => {
      const protocols: StartTlsServer[] = [];
      const factory = (): StartTlsServer => {
        protocols.push(new StartTlsServer(serverSsl));
        return protocols.at(-1) as StartTlsServer;
      };
      const server = await createServer(factory, { port: 0, host: "127.0.0.1" });
      const [clear, client] = await createConnection(recorder, server.sockets[0] as SocketAddress);
      clear.write("STARTTLS\n");
      await client.until(() => client.text === "GO\n");
      const protocol = recorder();
      const transport = await startTls(clear, protocol, ssl, { serverHostname: "localhost" });
      expect(transport).not.toBe(clear);
      expect([clear.isClosing(), transport.isClosing()]).toEqual([true, false]);
      transport.write("secret");
      await protocol.until(() => protocol.text === "secret");
      expect(transport.getExtraInfo("sslObject")).not.toBe(null);
      // The server has it still.
      server.close();
      server.closeClients();
      await protocol.lost();
      await server.waitClosed();
      expect(protocol.calls).toEqual(["data secret", "eof", "lost null"]);
      expect(protocols[0]?.secured?.calls).toEqual(["data secret", "lost null"]);
      expect(client.calls).toEqual(["made", "data GO\n"]);
      expect(openOn(getRunningLoop()).size).toBe(0);
    });
  });

  it("takes what was sent before TLS, and not yet delivered or read, for TLS", async () => {
    await run(async () => {
      // The client's hello comes in three parts: read by the protocol, read by the transport only, and the rest.
      const protocol = new Recorder();
      const server = await createServer(() => protocol, { port: 0, host: "127.0.0.1" });
      const { port } = server.sockets[0] as SocketAddress;
      const incoming: Socket[] = [];
      const { server: proxy, port: proxyPort } = await rawServer((socket) => void incoming.push(socket));
      const client = createTask(() =>
        createConnection(recorder, { host: "127.0.0.1", port: proxyPort, ssl, serverHostname: "localhost" }),
      );
      while (incoming.length === 0) await sleep(0.001);
      const [socket] = incoming as [Socket];
      const onward = connect({ port, host: "127.0.0.1" });
      for (const end of [socket, onward]) end.on("error", () => {});
      const [hello] = (await once(socket, "data")) as [Buffer];
      onward.write(hello.subarray(0, 10));
      await protocol.until(() => protocol.chunks.length > 0);
      onward.write(hello.subarray(10, 20));
      const node = protocol.transport.getExtraInfo("socket") as Socket;
      while (node.bytesRead < 20) await sleep(0); // The loop is never idle: this goes on before the protocol is called.
      protocol.transport.pauseReading();
      onward.write(hello.subarray(20));
      socket.pipe(onward).pipe(socket);
      const secured = new Echo();
      expect(protocol.chunks).toHaveLength(1);
      const _early = protocol.chunks[0] as Buffer;
      secured.transport = await startTls(protocol.transport, secured, LOCALHOST, { serverSide: true, _early });
      const [transport, ours] = await client;
      transport.write("hello");
      await ours.until(() => ours.text === "hello");
      transport.abort();
      proxy.close();
      server.close();
      await server.waitClosed();
    });
  });

  it("sends what was written before in the clear, however much", async () => {
    await run(async () => {
      let received = Buffer.alloc(0);
      const sockets: Socket[] = [];
      const { server, port } = await rawServer((socket) => {
        socket.on("data", (data) => (received = Buffer.concat([received, data as Buffer])));
        sockets.push(socket.on("error", () => {}));
      });
      const [transport] = await createConnection(recorder, { host: "127.0.0.1", port });
      for (let i = 0; i < 50; i++) transport.write(Buffer.alloc(100_000, "x"));
      const options = { serverHostname: "localhost", sslHandshakeTimeout: 0.2 };
      await expect(startTls(transport, recorder(), ssl, options)).rejects.toThrow(TimeoutError);
      await ended(sockets[0] as Socket);
      expect(received.length).toBeGreaterThan(5_000_000);
      expect(received.subarray(0, 5_000_000).every((byte) => byte === 120)).toBe(true);
      expect(received[5_000_000]).toBe(22); // A handshake record.
      sockets[0]?.destroy();
      server.close();
    });
  });

  it("that fails tells the protocol that the connection is lost, and why", async () => {
    await withServer(OTHER, async ({ port }) => {
      const [transport] = await createConnection(recorder, { host: "127.0.0.1", port });
      const protocol = recorder();
      const failed = startTls(transport, protocol, ssl, { serverHostname: "localhost" });
      await expect(failed).rejects.toThrow("the certificate of localhost is not for localhost");
      await protocol.lost();
      expect(protocol.error).toBe(await failed.catch((thrown: unknown) => thrown));
    });
  });

  it("refuses what can't be", async () => {
    await withServer(LOCALHOST, async ({ port }) => {
      const [transport, protocol] = await createConnection(recorder, { host: "127.0.0.1", port, ssl });
      await expect(startTls(transport, protocol, ssl, { serverHostname: "x" })).rejects.toThrow("is not supported");
      transport.abort();
      const [clear] = await createConnection(recorder, { host: "127.0.0.1", port });
      await expect(startTls(clear, protocol, ssl)).rejects.toThrow("You must set serverHostname");
      clear.abort();
    });
  });
});
