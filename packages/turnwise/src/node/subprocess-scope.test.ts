/** How processes end with what they belong to: a block, a task, a loop. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, describe, expect, test } from "vitest";
import { createTask } from "../coroutines.ts";
import { CancelledError } from "../exceptions.ts";
import { getRunningLoop } from "../running.ts";
import { run, Runner } from "../runners.ts";
import { sleep } from "../sleep.ts";
import type { Task } from "../tasks.ts";
import { timeout } from "../timeouts.ts";
import { openOn } from "./resources.ts";
import { createSubprocessExec, createSubprocessShell, type SubprocessOptions } from "./subprocess.ts";
import { subprocess } from "./subprocess-start.ts";
import { children, leavesNothing, runs, stateOf, untilGone } from "./testing/children.ts";

const { PIPE, STDOUT, DEVNULL } = subprocess;
const directory = mkdtempSync(join(tmpdir(), "turnwise-subprocess-"));
afterAll(() => rmSync(directory, { recursive: true }));

describe("the scope of a process", () => {
  /** Runs `body` with a process in a task, cancels that once the process has written a line, and gives its PID. */
  async function cancelled(line: string, options: SubprocessOptions = {}): Promise<{ pid: number; written: string }> {
    let pid = 0;
    let written = "";
    const task: Task<void> = createTask(async () => {
      await using child = await createSubprocessShell(line, { ...options, stdin: PIPE, stdout: PIPE, stderr: DEVNULL });
      pid = child.pid;
      written = String(await child.stdout.readline()).trimEnd();
      getRunningLoop().callSoon(() => task.cancel());
      await child.communicate(Buffer.alloc(1_000_000));
    });
    await expect(task).rejects.toBeInstanceOf(CancelledError);
    return { pid, written };
  }

  test("kills and reaps it when the task that communicates is cancelled, also if it ignores SIGTERM", async () => {
    const { pid, written } = await leavesNothing(async () => {
      const gone = await cancelled("trap '' TERM; echo ready; while :; do sleep 1; done");
      expect(stateOf(gone.pid)).toBe(null);
      return gone;
    });
    expect([stateOf(pid), written]).toEqual([null, "ready"]);
  });

  test("closes the pipes that a program in the background holds", async () => {
    await leavesNothing(async () => {
      const { pid, written } = await cancelled("sleep 100 & echo $!; wait");
      expect([stateOf(pid), runs(Number(written))]).toEqual([null, true]);
      process.kill(Number(written));
    });
  });

  test("ends the programs in the background too, if it leads a session of its own", async () => {
    await leavesNothing(async () => {
      const { pid, written } = await cancelled("sleep 100 & echo $!; wait", { startNewSession: true });
      expect(stateOf(pid)).toBe(null);
      await untilGone(Number(written));
    });
  });

  test("ends them also if the process has ended, and left them with its pipe", async () => {
    await leavesNothing(async () => {
      const { written } = await cancelled("sleep 100 & echo $!", { startNewSession: true });
      await untilGone(Number(written));
    });
  });

  test("has nothing to do for a process that has ended", async () => {
    await leavesNothing(async () => {
      await using child = await createSubprocessExec("true");
      await child.wait();
    });
  });

  test("ends it when the block ends, whatever it does with its pipes", async () => {
    await leavesNothing(async () => {
      for (const line of ["yes", "cat", "exec sleep 100 >&- <&-"]) {
        await using child = await createSubprocessShell(line, { stdin: PIPE, stdout: PIPE, stderr: DEVNULL });
        child.stdin.write(Buffer.alloc(1_000_000));
        expect(child.returncode).toBe(null);
      }
    });
  });

  test.each([
    ["at once", {}],
    ["while its pipe is made", { stdout: PIPE, stderr: STDOUT } as const],
  ])("is none if it is cancelled while it is started, %s: at every turn", async (_, options) => {
    await leavesNothing(async () => {
      const ended = { started: 0, cancelled: 0 };
      for (let turns = 0; turns < 12; turns++) {
        const task = createTask(() => createSubprocessExec("sleep", ["100"], { ...options, stdin: PIPE }));
        for (let i = 0; i < turns; i++)
          await getRunningLoop()
            ._hostTurn()
            .then(() => sleep(0));
        if (task.cancel()) await expect(task).rejects.toBeInstanceOf(CancelledError);
        ended[task.cancelled() ? "cancelled" : "started"]++;
        if (!task.cancelled()) await (await task)[Symbol.asyncDispose]();
      }
      expect(ended.cancelled).toBeGreaterThan(0);
      // A pipe that is being made ends a little later.
      while (readdirSync(tmpdir()).some((name) => name.startsWith(`turnwise-pipe-${process.pid}-`))) await sleep(0.01);
    });
  });
});

describe("a process that is left when the loop is closed", () => {
  test("is killed, and leaves no zombie", async () => {
    const runner = new Runner();
    const loop = runner.getLoop();
    const child = await runner.run(() => createSubprocessExec("sleep", ["100"], { stdin: PIPE, stdout: PIPE }));
    expect(runs(child.pid)).toBe(true);
    await runner.close();
    expect(openOn(loop).size).toBe(0);
    await run(async () => {
      while (stateOf(child.pid) !== null) await sleep(0.01);
    });
    expect(children()).toEqual([]);
  });

  test("lets the program end", async () => {
    const file = join(directory, "program.mts");
    const from = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
    writeFileSync(
      file,
      `import { run } from ${from("../runners.ts")};
       import { createSubprocessExec } from ${from("subprocess.ts")};
       await run(async () => {
         const child = await createSubprocessExec("sleep", ["100"], { stdin: "pipe", stdout: "pipe" });
         console.log(child.pid);
       });`,
    );
    const flags = ["--conditions=turnwise-source", "--disable-warning=ExperimentalWarning", file];
    const pid = Number(execFileSync(process.execPath, flags, { timeout: 25_000, encoding: "utf8" }));
    expect(pid).toBeGreaterThan(0);
    await run(() => timeout(10, () => untilGone(pid)));
  });
});

test.runIf(existsSync("/proc/self/fd"))("thirty processes leave no descriptor open", async () => {
  await leavesNothing(async () => {
    const once = async () => {
      await using child = await createSubprocessExec("cat", [], { stdin: PIPE, stdout: PIPE, stderr: STDOUT });
      await child.communicate("x");
    };
    await once();
    const before = readdirSync("/proc/self/fd").length;
    for (let i = 0; i < 3; i++) await Promise.all(Array.from({ length: 10 }, () => createTask(once)));
    expect(readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(before + 2);
  });
});
