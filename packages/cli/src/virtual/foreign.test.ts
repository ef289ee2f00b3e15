/** `turnwise run --virtual`: promises that are not Turnwise's, settled by what keeps no process alive. */
import { expect, test } from "vitest";
import { runSource } from "../testing/program.ts";

/** What a program that ends well printed. */
async function printed(source: string): Promise<string[]> {
  const { stdout, ...rest } = await runSource(source, { flags: ["--virtual"] });
  expect(rest).toEqual({ stderr: "", code: 0, signal: null });
  return stdout.split("\n").slice(0, -1);
}

test("timers that are unref'd, AbortSignal.timeout and Atomics.waitAsync follow the one clock", async () => {
  expect(
    await printed(`
      import * as asyncio from "turnwise";
      import { once } from "node:events";
      import { setTimeout as hostSleep } from "node:timers/promises";
      const array = new Int32Array(new SharedArrayBuffer(8));
      await asyncio.run(async () => {
        const loop = asyncio.getRunningLoop();
        const begin = loop.time();
        const log = (what) => console.log(what, Math.round((loop.time() - begin) * 1000));
        const task = asyncio.createTask(async () => {
          for (let i = 0; i < 5; i++) {
            await asyncio.sleep(1000);
            log("slept");
          }
        });
        await new Promise((resolve) => setTimeout(resolve, 1_500_000).unref());
        log("timer");
        await hostSleep(1_000_000, null, { ref: false });
        log("promise of a timer");
        await once(AbortSignal.timeout(1_000_000), "abort");
        log("signal");
        log(await Atomics.waitAsync(array, 0, 0, 1_000_000).value);
        log(Atomics.waitAsync(array, 0, 1, 1000).value);
        log(Atomics.waitAsync(array, 0, 0, 0).value);
        setTimeout(() => Atomics.notify(array, 1), 100_000);
        log(await Atomics.waitAsync(array, 1, 0, 1_000_000).value);
        await task;
      });
    `),
  ).toEqual([
    "slept 1000000",
    "timer 1500000",
    "slept 2000000",
    "promise of a timer 2500000",
    "slept 3000000",
    "signal 3500000",
    "slept 4000000",
    "timed-out 4500000",
    "not-equal 4500000",
    "timed-out 4500000",
    "ok 4600000",
    "slept 5000000",
  ]);
});

test("a notification passes by an Atomics.waitAsync that has timed out", async () => {
  expect(
    await printed(`
      import { setTimeout as sleep } from "node:timers/promises";
      const array = new Int32Array(new SharedArrayBuffer(4));
      setTimeout(() => {}, 3000); // Neither of these keeps the process alive.
      const first = Atomics.waitAsync(array, 0, 0, 1000).value;
      const second = Atomics.waitAsync(array, 0, 0, 5000).value;
      console.log(await first);
      Atomics.notify(array, 0, 1);
      console.log(await Promise.race([second, sleep(1000, "nobody heard")]));
    `),
  ).toEqual(["timed-out", "ok"]);
});

test("time does not overtake a worker that is unref'd, unless it stays quiet", async () => {
  expect(
    await printed(`
      import * as asyncio from "turnwise";
      import { once } from "node:events";
      import { Worker } from "node:worker_threads";
      const worker = new Worker(
        \`const { parentPort } = require("node:worker_threads");
         parentPort.on("message", (ms) => setTimeout(() => parentPort.postMessage("done"), ms));\`,
        { eval: true },
      );
      await once(worker, "online");
      worker.unref();
      await asyncio.run(async () => {
        const task = asyncio.createTask(async () => {
          await asyncio.sleep(3600);
          console.log("slept");
          return "of another task";
        });
        const message = once(worker, "message");
        worker.unref();
        worker.postMessage(200);
        console.log(String(await message));
        let settle;
        const promise = new Promise((resolve) => (settle = resolve));
        task.addDoneCallback(() => settle("settled by another task"));
        console.log(await promise);
      });
    `),
  ).toEqual(["done", "slept", "settled by another task"]);
});

test("time does not overtake an Atomics.waitAsync that a worker wakes", async () => {
  expect(
    await printed(`
      import * as asyncio from "turnwise";
      import { Worker } from "node:worker_threads";
      const array = new Int32Array(new SharedArrayBuffer(4));
      await asyncio.run(async () => {
        asyncio.createTask(async () => {
          await asyncio.sleep(3600);
          console.log("slept");
        });
        const code = \`const { workerData } = require("node:worker_threads");
          setTimeout(() => Atomics.notify(workerData, 0), 200);\`;
        new Worker(code, { eval: true, workerData: array }).unref();
        console.log(await Atomics.waitAsync(array, 0, 0).value);
        await asyncio.sleep(3600);
      });
    `),
  ).toEqual(["ok", "slept"]);
});
