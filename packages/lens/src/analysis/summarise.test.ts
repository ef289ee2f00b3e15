import fc from "fast-check";
import { expect, test } from "vitest";
import { formatComparison } from "./format-comparison.ts";
import { formatSummary } from "./format-summary.ts";
import { summarise } from "./summarise.ts";
import { brokenTraces } from "./testing/broken-traces.ts";
import { simulate } from "./testing/machine.ts";
import { block, join, programs, sleep, spawn, turn } from "./testing/programs.ts";
import type { Operation } from "./testing/programs.ts";
import { LINE, notesProgram, TraceBuilder } from "./testing/trace-builder.ts";

test("of the notes' second program: 5 s, blocked for 5 s, 3 s if it yielded", () => {
  const summary = summarise(notesProgram());
  expect(summary.duration).toBe(5);
  expect(summary.blocked.seconds).toBe(5);
  expect(summary.prediction.seconds).toBeCloseTo(3, 9);
  expect(summary.criticalPath.seconds).toBeCloseTo(3, 9);
  expect(summary.counts).toEqual({ tasks: 3, steps: 4, callbacks: 0, peakReady: 1 });
});

test("what was blocked is summed up by line, the worst first", () => {
  const run = new TraceBuilder();
  const [a, b, c] = [run.task("a"), run.task("b"), run.task("c")];
  const first = run.step(a, 0, 2);
  const other = { ...LINE, function: "parse", line: 20 };
  run.blocks(first, 0, 0.5).blocks(first, 1, 2);
  const second = run.step(b, 2, 2.5, { ready: 0 });
  run.computes(second, 2, 2.5, { blame: other, called: "JSON.parse" });
  run.step(c, 2.5, 2.5, { ready: 1.5 });
  const [worst, next] = summarise(run.trace()).blocked.lines;
  expect(worst).toMatchObject({
    blame: LINE,
    called: "Atomics.wait",
    seconds: 1.5,
    times: 2,
    longest: 1,
    tasks: ["a"],
  });
  expect(worst!.ready).toEqual({ most: 2, seconds: 2 }); // b for 1.5 s, c for 0.5 s.
  expect(next).toMatchObject({ blame: other, called: "JSON.parse", kind: "cpu", seconds: 0.5, tasks: ["b"] });
  expect(next!.ready).toEqual({ most: 1, seconds: 0.5 });
});

test("who waited is not said of stretches whose steps were dropped", () => {
  const trace = { ...notesProgram(), dropped: { steps: 10, tasks: 0, passages: 0, completeFrom: 2 } };
  expect(summarise(trace).blocked.lines[0]).toMatchObject({ seconds: 5, ready: { most: 0, seconds: 0 } });
});

test("a step that began when it was ready never waited", () => {
  const run = new TraceBuilder();
  for (let n = 0; n < 5; n++) run.step(null, n, n + 0.5);
  expect(summarise(run.trace()).counts).toMatchObject({ callbacks: 5, peakReady: 0 });
});

test("is plain data, whatever the trace", () => {
  fc.assert(
    fc.property(brokenTraces(), (trace) => {
      const summary = summarise(trace);
      expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
      expect(formatSummary(summary, { colour: false })).not.toMatch(/NaN|undefined|Infinity/);
      expect(formatComparison([summary, summary])).not.toMatch(/NaN|undefined|Infinity/);
    }),
    { numRuns: 500 },
  );
});

test("programs that don't block get no warning", () => {
  fc.assert(
    fc.property(programs("sleep", "outside", "join", "cancel"), (program) => {
      expect(summarise(simulate(program)).warnings).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("300,000 steps", { timeout: 60_000 }, () => {
  const worker = (n: number): Operation[] =>
    Array.from({ length: 300 }, (_, k) =>
      k % 50 === 7 ? block(0.1) : k % 3 === 0 ? turn : sleep(0.001 * ((n + k) % 17)),
    );
  const trace = simulate([...Array.from({ length: 1000 }, (_, n) => spawn(...worker(n))), join]);
  expect(trace.steps.length).toBeGreaterThan(290_000);
  const { blocked, prediction } = summarise(trace);
  expect(blocked.stretches).toBe(6000);
  expect(prediction.seconds).toBeLessThan(trace.duration / 10);
});
