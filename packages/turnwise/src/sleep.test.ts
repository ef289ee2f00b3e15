import { expect, test } from "vitest";
import { createTask } from "./coroutines.ts";
import { CancelledError } from "./exceptions.ts";
import { gather } from "./gather.ts";
import { run } from "./runners.ts";
import { currentTask, getRunningLoop } from "./running.ts";
import { sleep } from "./sleep.ts";
import { runVirtual } from "./testing.ts";

test("a turn lets all run that are ready when it is asked for", () =>
  runVirtual(async () => {
    const log: string[] = [];
    getRunningLoop().callSoon(() => log.push("callback"));
    createTask(async () => log.push("task"));
    await sleep(0);
    log.push("main");
    expect(log).toEqual(["callback", "task", "main"]);
  }));

test("while nobody else is ready, turns cost no step, and I/O is still heard", () =>
  // Real time: it is the host's turn that is waited for.
  run(async () => {
    let heard = false;
    setImmediate(() => {
      heard = true;
    });
    let turns = 0;
    while (!heard) {
      turns++;
      await sleep(0);
    }
    expect(turns).toBeGreaterThan(0);
  }));

test("a cancellation that is due is thrown by a turn that nobody else wants", () =>
  runVirtual(async () => {
    currentTask()?.cancel("mine");
    await expect(sleep(0)).rejects.toThrow(CancelledError);
    await sleep(0);
    currentTask()?.uncancel();
  }));

test("a turn can be started as a task, and takes the steps that asyncio's takes", () =>
  runVirtual(async () => {
    const log: string[] = [];
    const turn = createTask(sleep(0));
    turn.addDoneCallback(() => log.push("turn"));
    const other = createTask(async () => void log.push("other"));
    other.addDoneCallback(() => log.push("other done"));
    await gather(turn, other, sleep(0));
    expect(log).toEqual(["other", "other done", "turn"]);
  }));

test("its result comes after the turn", () =>
  runVirtual(async () => {
    expect(await sleep(0, "result")).toBe("result");
    createTask(async () => {});
    expect(await sleep(-1, "later")).toBe("later");
  }));

test("stopping the loop is not put off by turns that nobody else wants", async () => {
  let turns = 0;
  await expect(
    run(async () => {
      getRunningLoop().stop();
      for (;;) {
        turns++;
        await sleep(0);
      }
    }),
  ).rejects.toThrow("Event loop stopped before Future completed.");
  expect(turns).toBeLessThan(10);
});
