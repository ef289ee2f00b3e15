import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import type { ExceptionContext } from "../exception-handler.ts";
import { createTask } from "../index.ts";
import { Event } from "../locks.ts";
import { currentTask, getRunningLoop } from "../running.ts";
import { run } from "../runners.ts";
import { sleep } from "../sleep.ts";
import { createDatagramEndpoint, type DatagramEndpointOptions } from "./datagrams.ts";
import { type DatagramAddress, DatagramProtocol } from "./protocols.ts";
import { openOn } from "./resources.ts";
import type { DatagramTransport } from "./transports.ts";

/** Notes what it hears. */
class Notes extends DatagramProtocol {
  transport!: DatagramTransport;
  readonly calls: string[] = [];
  readonly senders: DatagramAddress[] = [];
  readonly errors: unknown[] = [];
  readonly #changed = new Event();
  override connectionMade(transport: DatagramTransport): void {
    this.transport = transport;
    this.note("made");
  }
  override datagramReceived(data: Buffer, from: DatagramAddress): void {
    this.senders.push(from);
    this.note(`got ${data.toString()}`);
  }
  override errorReceived(error: unknown): void {
    this.errors.push(error);
    this.note(`error ${String((error as { code?: unknown }).code)}`);
  }
  override pauseWriting(): void {
    this.note("pause");
  }
  override resumeWriting(): void {
    this.note("resume");
  }
  override connectionLost(error: unknown): void {
    this.note(`lost ${String(error)}`);
  }
  note(call: string): void {
    this.calls.push(call);
    this.#changed.set();
  }
  async until(call: string): Promise<void> {
    while (!this.calls.includes(call)) {
      this.#changed.clear();
      await this.#changed.wait();
    }
  }
}

const LOCAL = { host: "127.0.0.1", port: 0 };
const notes = (): Notes => new Notes();
const addressOf = (transport: DatagramTransport): DatagramAddress =>
  transport.getExtraInfo("sockname") as DatagramAddress;

/** Runs `body` with an endpoint on the loopback and a plain socket. At the end nothing may be open. */
async function withEndpoint(body: (ours: Notes, at: DatagramAddress, peer: Socket) => Promise<void>): Promise<void> {
  await run(async () => {
    const [transport, ours] = await createDatagramEndpoint(notes, { localAddr: LOCAL });
    const peer = createSocket("udp4").bind(0, "127.0.0.1");
    await once(peer, "listening");
    await body(ours, addressOf(transport), peer);
    peer.close();
    transport.close();
    await ours.until("lost null");
    expect(openOn(getRunningLoop()).size).toBe(0);
  });
}

describe("a datagram endpoint", () => {
  it("receives, with the address of who sent it, and answers", async () => {
    await withEndpoint(async (ours, at, peer) => {
      peer.send("hello", at.port, at.host);
      await ours.until("got hello");
      expect(ours.senders).toEqual([{ host: "127.0.0.1", port: peer.address().port }]);
      ours.transport.sendto("answer", ours.senders[0]);
      const [data] = (await once(peer, "message")) as [Buffer];
      expect(data.toString()).toBe("answer");
    });
  });

  it("keeps the order and the bounds of datagrams, the empty ones too", async () => {
    await withEndpoint(async (ours, at, peer) => {
      for (const text of ["1", "", "22", "333"]) peer.send(text, at.port, at.host);
      await ours.until("got 333");
      expect(ours.calls).toEqual(["made", "got 1", "got ", "got 22", "got 333"]);
      ours.transport.sendto("", { host: "127.0.0.1", port: peer.address().port });
      const [data] = (await once(peer, "message")) as [Buffer];
      expect(data.length).toBe(0);
    });
  });

  it("with a remote address sends to it, and receives from nobody else", async () => {
    await withEndpoint(async (ours, at, peer) => {
      const [transport, client] = await createDatagramEndpoint(notes, { remoteAddr: at });
      expect(transport.getExtraInfo("peername")).toEqual(at);
      transport.sendto("to the remote");
      await ours.until("got to the remote");
      const { port } = addressOf(transport);
      peer.send("stranger", port, "127.0.0.1");
      await new Promise((resolve) => peer.send("stranger", port, "127.0.0.1", resolve));
      ours.transport.sendto("friend", { host: "127.0.0.1", port });
      await client.until("got friend");
      expect(client.calls).toEqual(["made", "got friend"]);
      expect(() => transport.sendto("x", { host: "127.0.0.1", port: 1 })).toThrow("Invalid address: must be undefined");
      transport.abort();
      await client.until("lost null");
    });
  });

  it("tells of what could not be sent, and goes on", async () => {
    await withEndpoint(async (ours, at, peer) => {
      ours.transport.sendto(Buffer.alloc(70_000), at);
      await ours.until("error EMSGSIZE");
      expect(ours.errors[0]).toMatchObject({
        message: expect.stringContaining(`the datagram for 127.0.0.1:${at.port} is too large`),
      });
      peer.send("still there", at.port, at.host);
      await ours.until("got still there");
    });
  });

  it("tells that nobody receives at the remote address", async () => {
    await withEndpoint(async () => {
      const gone = createSocket("udp4").bind(0, "127.0.0.1");
      await once(gone, "listening");
      const { port } = gone.address();
      gone.close();
      const [transport, client] = await createDatagramEndpoint(notes, { remoteAddr: { host: "127.0.0.1", port } });
      const sending = createTask(async () => {
        for (;;) {
          transport.sendto("anybody?");
          await sleep(0.005);
        }
      });
      await client.until("error ECONNREFUSED");
      sending.cancel();
      expect(client.errors[0]).toMatchObject({
        message: expect.stringContaining(`nobody receives datagrams on 127.0.0.1:${port}`),
      });
      expect(transport.isClosing()).toBe(false);
      transport.close();
      await client.until("lost null");
    });
  });

  it("asks the protocol to pause while much is unsent, and sends all before it closes", async () => {
    await withEndpoint(async (ours, at) => {
      const [transport, client] = await createDatagramEndpoint(notes, { localAddr: LOCAL });
      for (let i = 0; i < 20; i++) transport.sendto(Buffer.alloc(5000), at);
      expect(client.calls).toEqual(["made", "pause"]);
      await client.until("resume");
      transport.sendto("the last", at);
      transport.close();
      await client.until("lost null");
      await ours.until("got the last");
    });
  });

  it("calls the protocol in the loop, in no task; an error of its own ends it", async () => {
    await withEndpoint(async (ours, at, peer) => {
      const reports: ExceptionContext[] = [];
      getRunningLoop().setExceptionHandler((_, context) => void reports.push(context));
      const error = new Error("mine");
      ours.datagramReceived = () => {
        ours.note(currentTask() === null ? "in no task" : "in a task");
        throw error;
      };
      peer.send("x", at.port, at.host);
      await ours.until(`lost ${String(error)}`);
      expect(ours.calls).toContain("in no task");
      expect(reports).toMatchObject([{ message: "Fatal error: protocol.datagramReceived() call failed." }]);
      ours.note("lost null");
    });
  });

  it.each<[DatagramEndpointOptions, string]>([
    [{}, "unexpected address family"],
    [undefined as never, "options were expected, as { localAddr }; got undefined"],
    [{ localAddr: { host: "127.0.0.1", port: 99999 } }, "port must be a whole number from 0 to 65535, got 99999"],
    [{ remoteAddr: { host: "", port: 1 } }, 'host must be a string, got ""'],
    [{ localAddr: { host: "192.0.2.1", port: 0 } }, "can't bind to 192.0.2.1:0: it is not an address of this machine"],
    [{ localAddr: { host: "no-such-host.invalid", port: 0 } }, "the name in no-such-host.invalid:0"],
  ])("refuses %j", async (options, message) => {
    await run(async () => {
      await expect(createDatagramEndpoint(notes, options)).rejects.toThrow(message);
    });
  });

  it("refuses an address that is in use", async () => {
    await withEndpoint(async (_, at) => {
      await expect(createDatagramEndpoint(notes, { localAddr: at })).rejects.toMatchObject({
        code: "EADDRINUSE",
        message: expect.stringContaining(`127.0.0.1:${at.port} is in use`),
      });
    });
  });

  it("speaks IPv6, and can broadcast where it is allowed", async () => {
    await run(async () => {
      const [transport, protocol] = await createDatagramEndpoint(notes, { family: 4, allowBroadcast: true });
      expect(addressOf(transport).host).toBe("0.0.0.0");
      transport.abort();
      await protocol.until("lost null");
      const bound = createDatagramEndpoint(notes, { localAddr: { host: "::1", port: 0 } });
      // A machine may have no IPv6.
      const six = await bound.catch((thrown: unknown) => (thrown as { code: string }).code);
      if (typeof six === "string") expect(six).toMatch(/EADDRNOTAVAIL|EAFNOSUPPORT/);
      else expect(addressOf(six[0]).host).toBe("::1");
    });
  });
});
