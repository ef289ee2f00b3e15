import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Prediction } from "../summary.ts";
import type { Trace } from "../trace.ts";
import { causesOf } from "./causes.ts";
import { predict } from "./predict.ts";
import { brokenTraces } from "./testing/broken-traces.ts";
import { simulate } from "./testing/machine.ts";
import { awaits, block, compute, holding, outside, programs, sleep, spawn } from "./testing/programs.ts";
import { notesProgram, TraceBuilder } from "./testing/trace-builder.ts";

const predictionFor = (trace: Trace): Prediction => predict(trace, causesOf(trace));

test("is never longer than the run", () => {
  fc.assert(
    fc.property(programs("block", "compute", "sleep", "outside", "join", "cancel", "hold", "await"), (program) => {
      const trace = simulate(program);
      expect(predictionFor(trace).seconds).toBeLessThanOrEqual(trace.duration + 1e-9);
    }),
    { numRuns: 300 },
  );
});

test("without blocked stretches is the run itself, whatever the trace", () => {
  fc.assert(
    fc.property(brokenTraces(), (trace) => {
      const { seconds, steps, notes } = predictionFor({ ...trace, blocked: [] });
      expect(seconds).toBe(trace.duration);
      expect(steps).toHaveLength(trace.steps.length);
      expect(notes).toEqual([]);
    }),
  );
});

test("shows each part of a blocked step, on the thread or beside it", () => {
  const parts = predictionFor(simulate([spawn(block(1)), block(1)])).steps;
  expect(parts.filter(({ begin, end }) => end > begin)).toEqual([
    { step: 0, begin: 0, end: 1, where: "away" },
    { step: 1, begin: 0, end: 1, where: "away" },
  ]);
});

test("tells waiting from computing", () => {
  const { yielded, inWorker, notes } = predictionFor(simulate([block(2), compute(3)]));
  expect(yielded).toBeCloseTo(2, 9);
  expect(inWorker).toBeCloseTo(3, 9);
  expect(notes.join()).toContain("in a worker, 2 workers at most at a time");
});

describe("says what it leaves out", () => {
  test("what was seen late", () => {
    const trace = simulate([spawn(outside(0.5), sleep(2)), spawn(block(2))]);
    expect(predictionFor(trace).notes.join()).toContain("the earliest moment");
  });

  test("what was blocked outside of the loop", () => {
    const run = new TraceBuilder().blocks(null, 0, 2);
    const { seconds, notes } = predictionFor(run.trace(3));
    expect(seconds).toBe(3);
    expect(notes.join()).toContain("nothing ran on Turnwise's loop");
  });

  test("what was dropped", () => {
    const trace = { ...notesProgram(), dropped: { steps: 7, tasks: 0, passages: 0, completeFrom: 0 } };
    expect(predictionFor(trace).notes.join()).toContain("7 steps before 0 s were dropped");
  });

  test("passages that were dropped", () => {
    const trace = { ...notesProgram(), dropped: { steps: 0, tasks: 0, passages: 12, completeFrom: 0 } };
    expect(predictionFor(trace).notes.join()).toContain("12 older notes of who took or passed a lock");
  });

  test("whose items of a queue are", () => {
    const run = new TraceBuilder();
    const worker = run.task("worker");
    run.task("other");
    const first = run.step(worker, 0, 0, { on: "Queue 1" });
    run.blocks(run.step(worker, 0, 1, { cause: "turn", by: first, then: "done" }), 0, 1);
    expect(predictionFor(run.trace()).notes.join()).toContain("which item of a queue");
  });

  test("nothing where the replay is exact", () => {
    expect(predictionFor(simulate([block(1)])).notes).toEqual([]);
    const job = spawn(...holding(0, block(1)));
    expect(predictionFor(simulate([job, job, awaits(0), awaits(1)])).notes).toEqual([]);
  });
});
