import { expect, test } from "vitest";
import { sentence } from "./sentence.ts";
import { blockingRun, cooperativeRun } from "../report/testing/notes-traces.ts";
import { stretch, summaryOf, traceOf } from "../report/testing/trace-builder.ts";

test("the notes' second program", () => {
  expect(sentence(blockingRun().summary)).toBe("5.02 s taken, blocked for 5.00 s; 3.01 s if it yielded");
});

test("a program that never blocked", () => {
  expect(sentence(cooperativeRun().summary)).toBe("3.01 s taken, never blocked");
});

test("of dropped records nothing is claimed", () => {
  const trace = traceOf({ duration: 5, dropped: { steps: 3, tasks: 0, passages: 0, completeFrom: 2 } });
  expect(sentence(summaryOf(trace))).toBe("5.00 s taken, not blocked in the last 3.00 s");
});

test("a program without a loop of Turnwise's has nothing that could have run meanwhile", () => {
  const trace = traceOf({ duration: 2, blocked: [stretch(0, 1)] });
  expect(sentence(summaryOf(trace))).toBe("2.00 s taken, blocked for 1.00 s");
});
