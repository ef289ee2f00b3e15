import { expect, test } from "vitest";
import { inWords, sentence } from "./sentence.ts";
import { blockingRun, cooperativeRun } from "./testing/notes-traces.ts";

test("the notes' second program in one sentence", () => {
  expect(sentence(blockingRun().summary)).toBe("5.02 s taken, blocked for 5.00 s; 3.01 s if it yielded");
});

test("a program that never blocked", () => {
  expect(sentence(cooperativeRun().summary)).toBe("3.01 s taken, never blocked");
});

test("lengths have three digits that matter and a unit that suits them", () => {
  const lengths = [0, 1.4e-7, 3.456e-5, 0.00999, 0.25, 0.9996, 1, 12.34, 59.96, 75, 3725];
  expect(lengths.map(inWords)).toEqual([
    "0 ns",
    "140 ns",
    "34.6 µs",
    "9.99 ms",
    "250 ms",
    "1.00 s",
    "1.00 s",
    "12.3 s",
    "1 min 0.0 s",
    "1 min 15.0 s",
    "1 h 2 min",
  ]);
});
