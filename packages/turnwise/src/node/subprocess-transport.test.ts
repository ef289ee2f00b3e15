import process from "node:process";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { ContextVar } from "../contextvars.ts";
import type { Future } from "../futures.ts";
import { currentTask, getRunningLoop } from "../running.ts";
import { run } from "../runners.ts";
import { sleep } from "../sleep.ts";
import { SubprocessProtocol } from "./protocols.ts";
import { openOn } from "./resources.ts";
import { subprocess } from "./subprocess-start.ts";
import { ProcessLookupError, subprocessExec, subprocessShell } from "./subprocess-transport.ts";
import type { ReadTransport, SubprocessTransport, WriteTransport } from "./transports.ts";

const { PIPE } = subprocess;

/** Notes what it hears. */
class Log extends SubprocessProtocol {
  readonly heard: string[] = [];
  readonly tasks = new Set<unknown>();
  readonly over: Future<void> = getRunningLoop().createFuture();

  override connectionMade(transport: SubprocessTransport): void {
    this.note(`made ${transport.getPipeTransport(1) === null ? "without" : "with"} stdout`);
  }

  override pipeDataReceived(fd: number, data: Buffer): void {
    this.note(`data ${fd} ${String(data).trim()}`);
  }

  override pipeConnectionLost(fd: number, error: unknown): void {
    this.note(`pipe lost ${fd} ${String(error)}`);
  }

  override processExited(): void {
    this.note("exited");
  }

  override connectionLost(error: unknown): void {
    this.note(`lost ${String(error)}`);
    this.over.setResult();
  }

  note(what: string): void {
    this.heard.push(what);
    this.tasks.add(currentTask());
  }
}

describe("a subprocess's protocol", () => {
  test("hears of everything, connectionMade first and connectionLost last, as callbacks of the loop", async () => {
    await run(async () => {
      const line = "read line; echo got $line; echo error >&2; exit 2";
      const [transport, log] = await subprocessShell(() => new Log(), line, {
        stdin: PIPE,
        stdout: PIPE,
        stderr: PIPE,
      });
      expect(log.heard).toEqual(["made with stdout"]);
      (transport.getPipeTransport(0) as WriteTransport).write("it\n");
      await log.over;
      expect([log.heard.at(0), log.heard.at(-1)]).toEqual(["made with stdout", "lost null"]);
      expect(log.heard.slice(1, -1).toSorted()).toEqual([
        "data 1 got it",
        "data 2 error",
        "exited",
        "pipe lost 0 null",
        "pipe lost 1 null",
        "pipe lost 2 null",
      ]);
      expect([...log.tasks]).toEqual([null]);
      expect([transport.getReturncode(), transport.isClosing(), openOn(getRunningLoop()).size]).toEqual([2, true, 0]);
    });
  });

  test("is called with the context variables of who started the process", async () => {
    const variable = new ContextVar("variable", { defaultValue: "unset" });
    const got: string[] = [];
    class Looks extends Log {
      override note(what: string): void {
        super.note(what);
        got.push(variable.get());
      }
    }
    await run(async () => {
      variable.set("the starter's");
      const [, log] = await subprocessExec(() => new Looks(), "echo", ["text"], { stdout: PIPE });
      variable.set("later");
      await log.over;
      expect(got).toEqual(log.heard.map(() => "the starter's"));
    });
  });

  test("can do without pipes", async () => {
    await run(async () => {
      const [transport, log] = await subprocessExec(() => new Log(), "true");
      await log.over;
      expect(log.heard).toEqual(["made without stdout", "exited", "lost null"]);
      expect([0, 1, 2].map((fd) => transport.getPipeTransport(fd))).toEqual([null, null, null]);
      expect(() => transport.kill()).toThrow(ProcessLookupError);
    });
  });

  test("hears no more data once a pipe is paused, though the process ends and another writes on", async () => {
    await run(async () => {
      let received = 0;
      class Slow extends Log {
        override pipeDataReceived(_fd: number, data: Buffer): void {
          received += data.length;
          this.heard.push("data");
        }
      }
      const line = "yes 2>/dev/null &";
      const [transport, log] = await subprocessShell(() => new Slow(), line, {
        stdout: PIPE,
        startNewSession: true,
      });
      const pipe = transport.getPipeTransport(1) as ReadTransport;
      pipe.pauseReading();
      while (!log.heard.includes("exited")) await sleep(0.01);
      const before = received;
      const stream = pipe.getExtraInfo("pipe") as Socket;
      for (let look = 0; look < 20; look++) {
        await sleep(0.01);
        expect(received).toBe(before);
        expect(stream.bytesRead).toBeLessThan(2 ** 20);
      }
      pipe.resumeReading();
      while (received < before + 2 ** 21) await sleep(0.01);
      transport.close(); // Ends the group.
      await log.over;
    });
  });

  test("is asked to pause when its process does not read, and to go on", async () => {
    await run(async () => {
      class Writes extends Log {
        override pauseWriting(): void {
          this.note("pause");
        }
        override resumeWriting(): void {
          this.note("resume");
        }
      }
      const [transport, log] = await subprocessShell(() => new Writes(), "read go; cat >/dev/null", { stdin: PIPE });
      const stdin = transport.getPipeTransport(0) as WriteTransport;
      stdin.write("go\n");
      stdin.write(Buffer.alloc(4_000_000));
      stdin.writeEof();
      await log.over;
      const flow = log.heard.filter((what) => ["pause", "resume"].includes(what));
      expect(flow).toEqual(["pause", "resume"]);
    });
  });
});

describe("close", () => {
  test("kills the process, and closes its pipes", async () => {
    await run(async () => {
      const [transport, log] = await subprocessExec(() => new Log(), "cat", [], { stdin: PIPE, stdout: PIPE });
      transport.close();
      transport.close();
      expect(transport.isClosing()).toBe(true);
      await log.over;
      expect(transport.getReturncode()).toBe(-9);
      expect(log.heard.toSorted()).toEqual(
        ["made with stdout", "exited", "pipe lost 0 null", "pipe lost 1 null", "lost null"].toSorted(),
      );
      expect(() => process.kill(transport.getPid(), 0)).toThrow(/ESRCH/);
    });
  });
});

describe("an error in a callback", () => {
  test.each(["connectionMade", "processExited", "pipeDataReceived", "pipeConnectionLost"] as const)(
    "%s goes to the exception handler; the process is killed, or has ended",
    async (method) => {
      const error = new Error("mine");
      await run(async () => {
        const reported: unknown[] = [];
        getRunningLoop().setExceptionHandler((_loop, { exception }) => reported.push(exception));
        const protocol = new Log();
        protocol[method] = () => {
          throw error;
        };
        const options = { stdout: PIPE } as const;
        const [transport] = await subprocessShell(() => protocol, "echo text; exec cat", { ...options, stdin: PIPE });
        if (method !== "connectionMade") (transport.getPipeTransport(0) as WriteTransport).writeEof();
        await protocol.over;
        expect(new Set(reported)).toEqual(new Set([error]));
        expect(transport.getReturncode()).not.toBe(null);
        expect(openOn(getRunningLoop()).size).toBe(0);
      });
    },
  );

  test("a factory's goes to who called, before anything is started", async () => {
    await run(async () => {
      const failing = (): Log => {
        throw new Error("mine");
      };
      await expect(subprocessExec(failing, "true")).rejects.toThrow("mine");
      expect(openOn(getRunningLoop()).size).toBe(0);
    });
  });
});
