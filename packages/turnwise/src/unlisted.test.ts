/** The virtual clock and what Node does not list as active: `runVirtual` waits for it. */
import { once } from "node:events";
import { setTimeout as hostSleep } from "node:timers/promises";
import { MessageChannel, Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { createTask } from "./coroutines.ts";
import { getRunningLoop } from "./running.ts";
import { sleep } from "./sleep.ts";
import { ForeignWaitError, runVirtual } from "./testing.ts";

/** Longer than the clock takes to believe that nothing is under way. */
const LONG = 200;

/** The virtual time after a wait for `foreign`, while another task sleeps for a second. */
function timeAfter(foreign: () => Promise<unknown>, patience?: number): Promise<number> {
  return runVirtual(
    async () => {
      createTask(() => sleep(1));
      await foreign();
      return getRunningLoop().time();
    },
    { patience },
  );
}

/** A thread that runs `code` and does not keep the process alive. */
function thread(code: string, workerData?: unknown): Worker {
  const worker = new Worker(code, { eval: true, workerData });
  worker.unref();
  return worker;
}

// Where promises can't be left out of the hook, nobody hears of these.
const hears = Number(process.versions.node.split(".")[0]) >= 26;

describe("the clock holds for", () => {
  test.runIf(hears).each<[string, () => Promise<unknown>]>([
    ["a timer that is unref'd", () => new Promise((resolve) => setTimeout(resolve, LONG).unref())],
    ["a promise of such a timer", () => hostSleep(LONG, null, { ref: false })],
    ["AbortSignal.timeout", () => once(AbortSignal.timeout(LONG), "abort")],
    [
      "a message to a port that is unref'd",
      async () => {
        const { port1, port2 } = new MessageChannel();
        const message = once(port1, "message");
        port1.unref();
        setTimeout(() => port2.postMessage("hello"), LONG).unref();
        await message;
        port1.close();
      },
    ],
    [
      "a message of a worker that is unref'd",
      async () => {
        const worker = thread(
          `const { parentPort } = require("node:worker_threads");
           parentPort.on("message", (ms) => setTimeout(() => parentPort.postMessage("done"), ms));`,
        );
        await once(worker, "online");
        await hostSleep(LONG); // What it computes to begin counts as busy.
        const message = once(worker, "message");
        worker.unref();
        worker.postMessage(LONG);
        await message;
        await worker.terminate();
      },
    ],
  ])("%s", async (_, foreign) => {
    expect(await timeAfter(foreign)).toBe(0);
  });

  test("Atomics.waitAsync, which times out", async () => {
    const array = new Int32Array(new SharedArrayBuffer(4));
    expect(await timeAfter(async () => await Atomics.waitAsync(array, 0, 0, LONG).value)).toBe(0);
  });

  test("Atomics.waitAsync, which another thread wakes", async () => {
    const array = new Int32Array(new SharedArrayBuffer(4));
    const code = `const array = require("node:worker_threads").workerData;
      setTimeout(() => Atomics.notify(array, 0), ${LONG});`;
    const worker = thread(code, array);
    await once(worker, "online");
    expect(await timeAfter(async () => await Atomics.waitAsync(array, 0, 0).value)).toBe(0);
    await worker.terminate();
  });

  test("Atomics.waitAsync in a promise beside a wait of Turnwise's", () =>
    runVirtual(async () => {
      const array = new Int32Array(new SharedArrayBuffer(4));
      const future = getRunningLoop().createFuture();
      expect(await Promise.race([future, Atomics.waitAsync(array, 0, 0, LONG).value])).toBe("timed-out");
      future.cancel();
    }));
});

describe("the clock does not hold for long for", () => {
  /** A promise that is foreign, and that another task settles an hour later. */
  const fromAnotherTask = (): Promise<void> =>
    new Promise((resolve) => {
      createTask(async () => {
        await sleep(3600);
        resolve();
      });
    });

  test.each<[string, () => unknown]>([
    ["an interval that is unref'd", () => setInterval(() => {}, 10).unref()],
    ["a timer that is far away", () => AbortSignal.timeout(3_600_000)],
    ["a port that stays quiet", () => new MessageChannel().port1.on("message", () => {}).unref()],
    ["a thread that waits for work", () => thread(`require("node:worker_threads").parentPort.on("message", () => {})`)],
    ["Atomics.waitAsync that nobody wakes", () => Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0)],
  ])("%s", async (_, begin) => {
    const begun: unknown[] = [];
    const wait = async (): Promise<void> => {
      begun.push(begin());
      await fromAnotherTask();
      await fromAnotherTask();
    };
    expect(await timeAfter(wait, 0.4)).toBe(7200);
    const [one] = begun;
    if (one instanceof Worker) await one.terminate();
    else if (one instanceof MessagePort) one.close();
    else if (typeof one === "object" && one !== null && Symbol.toPrimitive in one) clearInterval(one as never);
  });

  test("what others began", async () => {
    const timer = setTimeout(() => {}, LONG).unref();
    expect(await timeAfter(fromAnotherTask)).toBe(3600);
    clearTimeout(timer);
  });

  test("what never comes: the error names the task", async () => {
    const stuck = runVirtual(
      async () => {
        createTask(() => once(AbortSignal.timeout(3_600_000), "abort"), { name: "hangs" });
        await new Promise(() => {});
      },
      { patience: 0.05 },
    );
    await expect(stuck).rejects.toThrow(ForeignWaitError);
    await expect(stuck).rejects.toThrow(/hangs: waits for a promise that is not Turnwise's/);
  });
});

test("afterwards, Atomics.waitAsync is what it was", async () => {
  const before = Atomics.waitAsync;
  await Promise.all([runVirtual(() => sleep(1)), runVirtual(() => sleep(2))]);
  expect(Atomics.waitAsync).toBe(before);
});
