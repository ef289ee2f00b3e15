import fc from "fast-check";
import { expect, test } from "vitest";
import { encode } from "../encode.ts";
import { blockingRun, cooperativeRun } from "../testing/notes-traces.ts";
import { randomTrace } from "../testing/random-trace.ts";
import { summaryOf } from "../testing/trace-builder.ts";
import { readRun } from "./run.ts";

test("what is packed is unpacked, to the nanosecond", () => {
  const size = fc.record({
    tasks: fc.integer({ min: 1, max: 20 }),
    steps: fc.integer({ min: 0, max: 200 }),
    blocked: fc.constantFrom(0, 0.2),
  });
  fc.assert(
    fc.property(fc.integer(), size, (seed, of) => {
      const trace = randomTrace(seed, of);
      const run = readRun(encode(trace, summaryOf(trace)));
      expect(run.steps.count).toBe(trace.steps.length);
      for (const [index, step] of trace.steps.entries()) {
        expect(run.steps.begin[index]).toBeCloseTo(step.begin, 8);
        expect(run.steps.end[index]).toBeCloseTo(step.end, 8);
        expect(run.steps.ready[index]).toBeCloseTo(step.ready, 8);
        expect(run.steps.by[index]).toBe(step.by);
        expect(run.steps.on(index)).toBe(step.on);
        expect(run.steps.cause(index)).toBe(step.cause);
        expect(run.tasks[run.steps.task[index]!]?.id ?? null).toBe(step.task);
      }
      for (const [index, stretch] of trace.blocked.entries()) {
        expect(run.blocked[index]!.begin).toBeCloseTo(stretch.begin, 8);
        expect(run.blocked[index]!.step).toBe(stretch.step);
      }
    }),
    { numRuns: 40 },
  );
});

test("timers keep when they were set and how late they were seen", () => {
  const { trace, summary } = cooperativeRun();
  const { steps } = readRun(encode(trace, summary));
  expect(steps.timer(3).delay).toBeCloseTo(0.999, 6);
  expect(steps.timer(3).late).toBeCloseTo(0.0008, 6);
});

test("the what-if and the critical path are in it", () => {
  const { trace, summary } = blockingRun();
  const { parts, path } = readRun(encode(trace, summary));
  expect(parts.count).toBe(summary.prediction.steps.length);
  const away = Array.from(parts.away).filter((one) => one === 1);
  expect(away).toHaveLength(5);
  expect(path.at(-1)!.end).toBeCloseTo(5.02, 8);
});
