import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CriticalPath } from "../summary.ts";
import type { Trace } from "../trace.ts";
import { causesOf } from "./causes.ts";
import { criticalPath } from "./critical-path.ts";
import { predict } from "./predict.ts";
import { brokenTraces } from "./testing/broken-traces.ts";
import { simulate } from "./testing/machine.ts";
import { block, join, outside, programs, sleep, spawn, work } from "./testing/programs.ts";
import { notesProgram, TraceBuilder } from "./testing/trace-builder.ts";

const pathOf = (trace: Trace): CriticalPath => criticalPath(trace, causesOf(trace));

/** "run main", "wait a sleep": the path in short. */
function inShort(trace: Trace): string[] {
  return pathOf(trace).segments.map(({ kind, name, on }) => [kind, on === "" ? name : on].filter(Boolean).join(" "));
}

function expectTiled({ segments }: CriticalPath, duration: number): void {
  let at = 0;
  for (const { begin, end } of segments) {
    expect(begin).toBe(at);
    expect(end).toBeGreaterThan(begin);
    at = end;
  }
  expect(at).toBe(segments.length === 0 ? 0 : duration);
}

test("tiles the run from its start to its end", () => {
  fc.assert(
    fc.property(programs("block", "compute", "sleep", "outside", "join"), (program) => {
      const trace = simulate(program);
      expectTiled(pathOf(trace), trace.duration);
    }),
  );
});

test("tiles whatever trace it gets", () => {
  fc.assert(
    fc.property(brokenTraces(), (trace) => {
      expectTiled(pathOf(trace), trace.duration);
    }),
    { numRuns: 1000 },
  );
});

test("no prediction is shorter", () => {
  fc.assert(
    fc.property(programs("block", "compute", "sleep", "outside", "join"), (program) => {
      const trace = simulate(program);
      const causes = causesOf(trace);
      expect(criticalPath(trace, causes).seconds).toBeLessThanOrEqual(predict(trace, causes).seconds + 1e-9);
    }),
    { numRuns: 500 },
  );
});

test("of the notes' second program: the three sleeps of B, whose turn came after A's", () => {
  expect(pathOf(notesProgram()).seconds).toBe(3);
  expect(inShort(notesProgram())).toEqual(["queued B", "blocked B", "blocked B", "blocked B"]);
});

describe("leads from each step to what made it ready", () => {
  test("timers, children, and who woke it", () => {
    const trace = simulate([work(0.1), spawn(work(0.2), sleep(1), work(0.3)), spawn(sleep(0.5)), join, work(0.1)]);
    expect(inShort(trace)).toEqual(["run main", "run child", "wait a timer", "run child", "run main"]);
  });

  test("what came from outside", () => {
    expect(inShort(simulate([outside(1), work(0.1)]))).toEqual(["wait a promise that is not Turnwise's", "run main"]);
  });

  test("code outside of the loop", () => {
    const run = new TraceBuilder().blocks(null, 0.2, 0.7);
    run.step(run.task("main"), 1, 2, { then: "done" });
    expect(inShort(run.trace(2.5))).toEqual(["run", "blocked", "run", "run main", "run"]);
  });
});

test("what was seen late is not counted", () => {
  const trace = simulate([spawn(outside(0.5), sleep(2)), spawn(block(3)), join]);
  expect(trace.duration).toBeCloseTo(5, 9);
  expect(pathOf(trace).seconds).toBeLessThan(3.5);
});

test("what a step found done is on the way to it", () => {
  const run = new TraceBuilder();
  const [slow, main] = [run.task("slow"), run.task("main")];
  const computes = run.step(slow, 0, 1, { then: "done" });
  const last = run.step(main, 1, 3, { ready: 0, then: "done" });
  expect(inShort(run.trace())).toEqual(["queued main", "run main"]);
  run.passes(last, 1, computes, 1);
  expect(inShort(run.trace())).toEqual(["run slow", "run main"]);
});

test("what a step without length found done before it waited", () => {
  const run = new TraceBuilder();
  const [slow, main] = [run.task("slow"), run.task("main")];
  const computes = run.step(slow, 0, 1, { then: "done" });
  const finds = run.step(main, 1, 1, { ready: 0, then: "wait", on: "a turn" });
  run.passes(finds, 1, computes, 1);
  run.step(main, 1, 1, { cause: "made", by: finds, ready: 1, then: "done" });
  expect(pathOf(run.trace()).seconds).toBeCloseTo(1, 9);
});

describe("is the longest chain, whichever ended last", () => {
  test("a task that blocked for longer than the last to end took", () => {
    const trace = simulate([spawn(block(1), work(0.1)), sleep(0.01), spawn(block(0.4), work(0.2))]);
    expect(trace.steps.at(-1)!.end).toBeCloseTo(1.7, 9);
    expect(inShort(trace)).toEqual(["blocked child", "run child", "queued"]);
    expect(pathOf(trace).seconds).toBeCloseTo(1.1, 9);
  });

  test("what a task did itself before it waited for another, who was done sooner but for the queue", () => {
    const trace = simulate([spawn(sleep(0.1), work(0.1)), block(1), join, work(0.1)]);
    expect(inShort(trace)).toEqual(["blocked main", "queued main", "run main"]);
  });

  test("not what a task did that was cancelled: it need not have done that", () => {
    const run = new TraceBuilder();
    const [slow, main] = [run.task("slow", { outcome: "cancelled" }), run.task("main")];
    run.step(main, 0, 0.1, { then: "wait", on: "a sleep until 0.2 s" });
    const blocks = run.step(slow, 0.1, 2.1, { then: "wait", on: "a sleep until 9 s" });
    const cancels = run.step(main, 2.1, 2.2, { cause: "timer", by: 0, timerSet: 0.1, timerWhen: 0.2 });
    run.step(slow, 2.2, 2.3, { cause: "woken", by: cancels, ready: 2.2, then: "done" });
    run.step(main, 2.3, 2.4, { cause: "woken", by: cancels + 1, ready: 2.3, then: "done" });
    run.blocks(blocks, 0.1, 2.1);
    expect(pathOf(run.trace()).seconds).toBeCloseTo(0.5, 9);
  });
});

test("a task that came by itself, later than others, was waited for", () => {
  const run = new TraceBuilder();
  const [server, request] = [run.task("server"), run.task("request", { made: 2 })];
  run.step(server, 0.1, 0.2, { then: "wait", on: "<Event [unset]>" });
  run.step(request, 2, 3, { then: "done" });
  expect(inShort(run.trace())).toEqual(["run", "wait something outside the loop", "run request"]);
});
