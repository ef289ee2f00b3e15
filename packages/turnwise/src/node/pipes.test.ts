import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createReadStream, createWriteStream } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { getRunningLoop } from "../running.ts";
import { run } from "../runners.ts";
import { sleep } from "../sleep.ts";
import { connectReadPipe, connectWritePipe } from "./pipes.ts";
import { openOn } from "./resources.ts";
import { Recorder } from "./testing/recorder.ts";

const recorder = (): Recorder => new Recorder();

/** Runs `body`; then nothing may stay open. */
async function check(body: () => Promise<void>): Promise<void> {
  await run(async () => {
    await body();
    while (openOn(getRunningLoop()).size > 0) await sleep(0.001);
  });
}

describe("connectReadPipe", () => {
  it("reads a child's stdout to its end", async () => {
    await check(async () => {
      const child = spawn(process.execPath, ["-e", "process.stdout.write('hello')"]);
      const [transport, protocol] = await connectReadPipe(recorder, child.stdout);
      expect(protocol.calls).toEqual(["made"]);
      expect(transport.getExtraInfo("pipe")).toBe(child.stdout);
      await protocol.lost();
      expect(protocol.calls).toEqual(["made", "data hello", "eof", "lost null"]);
    });
  });

  it("keeps what a child wrote that ends at once", async () => {
    await check(async () => {
      const child = spawn("sh", ["-c", "echo hello"]);
      const protocol = new Recorder();
      const connected = connectReadPipe(() => protocol, child.stdout);
      await once(child, "exit"); // Node lets the output flow now.
      await connected;
      await protocol.lost();
      expect(protocol.calls).toEqual(["made", "data hello\n", "eof", "lost null"]);
    });
  });

  it("reads a file, and pauses", async () => {
    await check(async () => {
      const protocol = new Recorder({ data: () => protocol.transport.pauseReading() });
      const path = fileURLToPath(import.meta.url);
      const [transport] = await connectReadPipe(() => protocol, createReadStream(path, { highWaterMark: 1000 }));
      expect(String(transport)).toBe(`<ReadPipeTransport ${path} read=polling>`);
      await protocol.until(() => protocol.chunks.length === 1);
      expect(transport.isReading()).toBe(false);
      for (let count = 1; protocol.error === undefined; count++) {
        transport.resumeReading();
        await protocol.until(() => protocol.chunks.length > count || protocol.error === null);
      }
      expect(protocol.text).toBe(await readFile(path, "utf8"));
    });
  });

  it("tells of an error of the stream's", async () => {
    await check(async () => {
      const stream = new PassThrough();
      const [, protocol] = await connectReadPipe(recorder, stream);
      const error = new Error("mine");
      stream.destroy(error);
      await protocol.lost();
      expect(protocol.error).toBe(error);
    });
  });

  it("closes the stream when it is closed", async () => {
    await check(async () => {
      const stream = new PassThrough();
      const [transport, protocol] = await connectReadPipe(recorder, stream);
      transport.close();
      await protocol.lost();
      expect(protocol.calls).toEqual(["made", "lost null"]);
      expect(stream.destroyed).toBe(true);
    });
  });

  it("refuses what can't be read, and streams that give no bytes", async () => {
    await check(async () => {
      await expect(connectReadPipe(recorder, 0 as never)).rejects.toThrow(
        "pipe must be a stream that can be read from",
      );
      await expect(connectReadPipe(recorder, new PassThrough({ objectMode: true }))).rejects.toThrow("not of objects");
      await expect(connectReadPipe(recorder, new PassThrough().setEncoding("utf8"))).rejects.toThrow("no encoding");
    });
  });
});

describe("connectWritePipe", () => {
  it("writes to a child's stdin, with flow control, and ends it when it is closed", async () => {
    await check(async () => {
      const script = "let n = 0; process.stdin.on('data', (d) => (n += d.length)).on('end', () => console.log(n))";
      const child = spawn(process.execPath, ["-e", script]);
      const [transport, protocol] = await connectWritePipe(recorder, child.stdin);
      const [, output] = await connectReadPipe(recorder, child.stdout);
      for (let i = 0; i < 100; i++) transport.write(Buffer.alloc(20_000));
      expect(protocol.calls).toEqual(["made", "pause"]);
      await protocol.until(() => protocol.calls.at(-1) === "resume");
      transport.close();
      await output.lost();
      expect(output.text).toBe("2000000\n");
      await protocol.lost();
    });
  });

  it("writes to a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "turnwise-"));
    const path = join(folder, "file");
    await check(async () => {
      const [transport, protocol] = await connectWritePipe(recorder, createWriteStream(path));
      transport.writelines(["one\n", Buffer.from("two\n")]);
      transport.writeEof();
      await protocol.lost();
    });
    expect(await readFile(path, "utf8")).toBe("one\ntwo\n");
    await rm(folder, { recursive: true });
  });

  it("tells that the other end is closed", async () => {
    await check(async () => {
      const child = spawn(process.execPath, ["-e", ""]);
      const [transport, protocol] = await connectWritePipe(recorder, child.stdin);
      await once(child, "exit");
      transport.write(Buffer.alloc(1_000_000));
      await protocol.lost();
      // Node may have seen the end of the child before.
      if (protocol.error !== null) {
        expect(protocol.error).toMatchObject({
          message: expect.stringMatching(/^the connection with .*(EPIPE|RESET)/),
        });
      }
    });
  });
});

describe("stdin and stdout", () => {
  /** Runs a program that has the parts of Turnwise it needs. @param input - what it gets on stdin, which stays open. */
  async function program(body: string, input: string): Promise<string> {
    const source = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
    const code = `
      import { run } from ${source("../runners.ts")};
      import { Event } from ${source("../locks.ts")};
      import { connectReadPipe, connectWritePipe } from ${source("./pipes.ts")};
      import { Protocol } from ${source("./protocols.ts")};
      ${body}`;
    const flags = ["--conditions=turnwise-source", "--input-type=module-typescript"];
    const running = promisify(execFile)(process.execPath, [...flags, "-e", code]);
    running.child.stdin?.write(input);
    return (await running).stdout;
  }

  it("can be had together, and neither keeps the process alive once the program is over", async () => {
    const body = `
      class Answer extends Protocol {
        done = new Event();
        dataReceived(data) {
          output.write("you said " + data);
          this.done.set();
        }
      }
      let output;
      await run(async () => {
        [output] = await connectWritePipe(() => new Protocol(), process.stdout);
        const [, protocol] = await connectReadPipe(() => new Answer(), process.stdin);
        await protocol.done.wait();
      });
      console.log("and it is over");`;
    expect(await program(body, "hello\n")).toBe("you said hello\nand it is over\n");
  });
});
