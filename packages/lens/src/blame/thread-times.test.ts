import { expect, test } from "vitest";
import { readOwn, timesBetween } from "./thread-times.ts";

const readings = [
  { time: 0, ran: 0, delayed: 0 },
  { time: 1, ran: 1, delayed: 0 },
  { time: 2, ran: 1, delayed: 0.5 },
];

test("between two readings, in proportion", () => {
  expect(timesBetween(readings, 0.5, 1.5)).toEqual({ ran: 0.5, delayed: 0.25 });
});

test("beyond the readings, as in the nearest stretch, but never more than passed", () => {
  expect(timesBetween(readings, 2, 3)).toEqual({ ran: 0, delayed: 0.5 });
  expect(timesBetween([readings[0]!, { time: 1, ran: 9, delayed: 0 }], 1, 2)).toEqual({ ran: 1, delayed: 0 });
});

test("one reading says nothing", () => {
  expect(timesBetween(readings.slice(0, 1), 0, 1)).toBeNull();
});

test("this thread's own time grows while it computes", () => {
  const before = readOwn(0);
  for (const until = performance.now() + 50; performance.now() < until;);
  expect(readOwn(0).ran).toBeGreaterThan(before.ran);
});
