import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createTask } from "./coroutines.ts";
import { run } from "./runners.ts";
import { getRunningLoop } from "./running.ts";
import { sleep } from "./sleep.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What is reported when `count` futures have failed and are garbage. Real time: the engine tells of it by and by. */
async function reportsOf(count: number, use: (promise: Promise<void>) => unknown): Promise<string[]> {
  const heard: string[] = [];
  await run(async () => {
    const loop = getRunningLoop();
    loop.setExceptionHandler((_, { message }) => heard.push(message));
    for (let i = 0; i < count; i++) {
      const future = loop.createFuture<void>();
      use(future);
      await sleep(0);
      future.setException(new Error("failed"));
      await sleep(0);
    }
    for (let i = 0; i < 50 && heard.length < count - 64; i++) {
      collect();
      await sleep(0.01);
    }
  });
  return heard;
}

test("failures are reported once they are garbage, and each once", async () => {
  expect(await reportsOf(200, () => {})).toEqual(Array(200).fill("Future exception was never retrieved"));
});

test("not those that somebody retrieved, however late and however many there are", async () => {
  let caught = 0;
  const reports = await reportsOf(200, (future) =>
    createTask(async () => {
      await future.catch(() => caught++);
    }),
  );
  expect([caught, reports]).toEqual([200, []]);
});
