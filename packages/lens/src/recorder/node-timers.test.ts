import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { NodeTimers } from "./node-timers.ts";

const isSupported = Number(process.versions.node.split(".")[0]) >= 24;

test.runIf(isSupported)("timers that a task sets, in whatever way", async () => {
  let task: number | null = 1;
  let now = 10;
  const timers = new NodeTimers(
    () => task,
    () => now,
  );
  const first = delay(5);
  now = 11;
  clearTimeout(setTimeout(() => {}, 2_000));
  task = null; // Nobody's code, the loop's own for one, is not told of.
  setTimeout(() => {}, 1);
  await first;
  expect(timers.stop(10)).toEqual([
    { task: 1, made: 0, due: 0.005 },
    { task: 1, made: 1, due: 3 },
  ]);
  task = 1;
  await delay(1);
  expect(timers.stop(10)).toHaveLength(2);
});

test.runIf(isSupported)("each time of an interval counts from the one before", async () => {
  let task: number | null = 1;
  let now = 10;
  const timers = new NodeTimers(
    () => task,
    () => now,
  );
  const called = new Promise<void>((resolve) => {
    let count = 0;
    const interval = setInterval(() => {
      now = 12; // What its function takes does not count.
      if (++count < 2) return;
      clearInterval(interval);
      resolve();
    }, 5);
  });
  task = null; // Whose code it is was told when it was set.
  now = 11;
  await called;
  expect(timers.stop(10)).toEqual([
    { task: 1, made: 0, due: 0.005 },
    { task: 1, made: 1, due: 1.005 },
    { task: 1, made: 2, due: 2.005 },
  ]);
});
