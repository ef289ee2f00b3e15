import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockingRun, cooperativeRun } from "../../../../lens/src/report/testing/notes-traces.ts";
import { step, task, traceOf } from "../../../../lens/src/report/testing/trace-builder.ts";
import type { Trace } from "../../../../lens/src/trace.ts";
import { slowMoment } from "../../testing/slow-moment.ts";
import { timedTrace } from "../../testing/timed-trace.ts";
import { Moments, type Moment } from "./moment.ts";

const ALL = 1000;

function expectSame(trace: Trace, moment: Moment): void {
  const slow = slowMoment(trace, moment.time, moment.step);
  expect(moment.isRunning).toBe(slow.isRunning);
  for (const what of ["ready", "timers", "waiting", "unbegun"] as const) {
    expect(moment[what], `${what} at ${moment.time}, step ${moment.step}`).toEqual({
      count: slow[what].length,
      first: slow[what],
    });
  }
}

const anyTrace = fc
  .record({
    seed: fc.nat(),
    tasks: fc.integer({ min: 1, max: 12 }),
    steps: fc.integer({ min: 0, max: 60 }),
    virtual: fc.boolean(),
    blocked: fc.constantFrom(0, 0.2),
  })
  .map(({ seed, ...size }) => timedTrace(seed, size));

describe("a moment", () => {
  test("at any time is what a look at every step says", () => {
    fc.assert(
      fc.property(anyTrace, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5 }), (trace, shares) => {
        const moments = new Moments(trace);
        for (const share of shares) expectSame(trace, moments.at(share * trace.duration, ALL));
      }),
    );
  });

  test("at the beginning of each step, and at its end, is what a look at every step says", () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        const moments = new Moments(trace);
        trace.steps.forEach(({ end }, index) => {
          expectSame(trace, moments.atStep(index, ALL));
          expectSame(trace, moments.at(end, ALL));
        });
      }),
    );
  });

  test("names only as many as it is asked for, and counts all", () => {
    fc.assert(
      fc.property(anyTrace, fc.nat({ max: 4 }), (trace, most) => {
        const moments = new Moments(trace);
        trace.steps.forEach((_, index) => {
          const [few, all] = [moments.atStep(index, most), moments.atStep(index, ALL)];
          for (const what of ["ready", "timers", "waiting", "unbegun"] as const) {
            expect(few[what]).toEqual({ count: all[what].count, first: all[what].first.slice(0, most) });
          }
        });
      }),
    );
  });

  test("of the blocking program: one blocks, the other is ready, the first waits for both", () => {
    const { trace } = blockingRun();
    const moment = new Moments(trace).at(1);
    expect(moment).toMatchObject({ step: 1, isRunning: true, blocked: 0, line: { function: "sleep", line: 6 } });
    expect(moment.ready).toEqual({ count: 1, first: [2] });
    expect(moment.waiting).toEqual({ count: 1, first: [0] });
    expect(moment.timers.count).toBe(0);
  });

  test("of the cooperative program: nothing runs while two timers are set", () => {
    const { trace } = cooperativeRun();
    const moment = new Moments(trace).at(0.5);
    expect(moment).toMatchObject({ step: 2, isRunning: false, line: null, ready: { count: 0 } });
    expect(moment.timers.first).toEqual([3, 4]);
    expect(moment.waiting.first).toEqual([0, 1, 2]);
  });

  test("has the line at which the step ends, and the one at which the task had waited", () => {
    const frame = (line: number) => ({ function: "main", file: "/a.ts", line, column: 3 });
    const steps = [step(1, 0, 1, { at: frame(4) }), step(1, 2, 3, { at: frame(9), then: "done" })];
    const moments = new Moments(traceOf({ duration: 3, tasks: [task(1, "main", { done: 3 })], steps }));
    expect(moments.at(0.5)).toMatchObject({ line: { line: 4 }, resumedAt: null });
    expect(moments.at(2.5)).toMatchObject({ line: { line: 9 }, resumedAt: { line: 4 } });
    expect(moments.at(1.5)).toMatchObject({ line: null, resumedAt: null });
  });

  test("under a virtual clock steps of one time are told apart", () => {
    const steps = [0, 1, 2].map((index) => step(index + 1, 1, 1, { ready: 1, by: index - 1, then: "done" }));
    const tasks = [1, 2, 3].map((id) => task(id, `Task-${id}`, { done: 1 }));
    const moments = new Moments(traceOf({ duration: 2, tasks, steps }));
    expect(moments.atStep(0)).toMatchObject({ step: 0, isRunning: true, ready: { first: [1] } });
    expect(moments.atStep(1)).toMatchObject({ step: 1, isRunning: true, ready: { first: [2] } });
    expect(moments.at(1.5)).toMatchObject({ step: 2, isRunning: false, ready: { first: [] } });
  });

  test("of a task that never began says that it is ready", () => {
    const moments = new Moments(traceOf({ duration: 2, tasks: [task(1, "late", { made: 1 })] }));
    expect(moments.at(0.5).unbegun.count).toBe(0);
    expect(moments.at(1.5).unbegun).toEqual({ count: 1, first: [0] });
  });

  test("of a run with 100,000 steps takes no longer than it takes to draw a frame", () => {
    const trace = timedTrace(7, { tasks: 5000, steps: 100_000 });
    const moments = new Moments(trace);
    const begun = performance.now();
    for (let share = 0; share < 1; share += 0.001) moments.at(share * trace.duration);
    expect((performance.now() - begun) / 1000).toBeLessThan(8);
  });
});
