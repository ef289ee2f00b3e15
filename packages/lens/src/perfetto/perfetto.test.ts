import fc from "fast-check";
import { expect, test } from "vitest";
import { blockingRun } from "../report/testing/notes-traces.ts";
import { randomTrace } from "../report/testing/random-trace.ts";
import { step, stretch, task, traceOf } from "../report/testing/trace-builder.ts";
import { checkPerfetto } from "./check-perfetto.ts";
import type { PerfettoEvent } from "./perfetto-event.ts";
import { OUTSIDE_THREAD, perfettoTrace, writePerfetto } from "./perfetto-trace.ts";

const slices = (events: readonly PerfettoEvent[]) => events.filter((event) => event.ph === "X");

test("the notes' second program keeps Perfetto's rules", () => {
  const { traceEvents } = perfettoTrace(blockingRun().trace);
  expect(checkPerfetto(traceEvents)).toEqual([]);
});

test("steps are slices of the loop's thread, in microseconds, with their task's name", () => {
  const trace = traceOf({ duration: 2, tasks: [task(7, "fetch")], steps: [step(7, 0.5, 1.25)] });
  expect(slices(perfettoTrace(trace).traceEvents)).toMatchObject([{ name: "fetch", ts: 500_000, dur: 750_000 }]);
});

test("a blocked stretch lies in its step and says who is to blame", () => {
  const { traceEvents } = perfettoTrace(blockingRun().trace);
  const blocked = slices(traceEvents).filter((event) => event.cat === "blocked");
  expect(blocked).toHaveLength(5);
  expect(blocked[0]).toMatchObject({ name: "blocked: Atomics.wait", ts: 3000, dur: 1_000_000 });
  expect(blocked[0]!.args!["blame"]).toBe("sleep (/home/ada/notes/examples/blocking.ts:6:11)");
});

test("a blocked stretch outside the steps has a track of its own", () => {
  const trace = traceOf({ duration: 2, blocked: [stretch(0, 0.4, { called: "readFileSync" })] });
  expect(slices(perfettoTrace(trace).traceEvents)).toMatchObject([
    { tid: OUTSIDE_THREAD, name: "blocked: readFileSync" },
  ]);
});

test("a task's slice holds its waits, named by what is waited for", () => {
  const trace = traceOf({
    duration: 4,
    tasks: [task(1, "fetch", { made: 0, done: 3 })],
    steps: [step(1, 0, 1, { on: "a sleep until 2 s" }), step(1, 2.5, 3, { ready: 2, then: "done" })],
  });
  const events = perfettoTrace(trace).traceEvents.filter((event) => event.ph === "b" || event.ph === "e");
  expect(events.map(({ ph, name, ts }) => `${ph} ${name} ${ts / 1e6}`)).toEqual([
    "b fetch 0",
    "b waits for a sleep until 2 s 1",
    "e waits for a sleep until 2 s 2",
    "b ready, waits for its turn 2",
    "e ready, waits for its turn 2.5",
    "e fetch 3",
  ]);
});

test("a task that is pending ends with the trace", () => {
  const trace = traceOf({
    duration: 4,
    tasks: [task(1, "stuck", { waitsFor: "<Lock locked>" })],
    steps: [step(1, 0, 1)],
  });
  const ends = perfettoTrace(trace).traceEvents.filter((event) => event.ph === "e");
  expect(ends.map(({ name, ts }) => `${name} ${ts}`)).toEqual(["waits for <Lock locked> 4000000", "stuck 4000000"]);
});

test("a wake is an arrow from the step that woke to the step that was woken", () => {
  const trace = traceOf({ duration: 4, steps: [step(null, 0, 1), step(null, 2, 3, { by: 0, ready: 0.5 })] });
  const arrows = perfettoTrace(trace).traceEvents.filter((event) => event.ph === "s" || event.ph === "f");
  expect(arrows).toMatchObject([
    { ph: "s", id: "1", ts: 500_000 },
    { ph: "f", id: "1", ts: 2_000_000, bp: "e" },
  ]);
});

test("the counter says how many steps wait for their turn", () => {
  const steps = [step(null, 0, 1), step(null, 1, 2, { ready: 0.25 }), step(null, 2, 3, { ready: 0.5 })];
  const counts = perfettoTrace(traceOf({ duration: 3, steps })).traceEvents.filter((event) => event.ph === "C");
  expect(counts.map(({ ts, args }) => [ts / 1e6, args!["ready"]])).toEqual([
    [0, 0],
    [0.25, 1],
    [0.5, 2],
    [1, 1],
    [2, 0],
  ]);
});

test("what was dropped is said", () => {
  const dropped = { steps: 12, tasks: 0, passages: 0, completeFrom: 1.5 };
  expect(perfettoTrace(traceOf({ duration: 3, dropped })).otherData["dropped"]).toMatch(/12 older steps.*1\.500 s/);
});

test("every trace keeps Perfetto's rules, under a virtual clock too", () => {
  const size = fc.record({
    tasks: fc.integer({ min: 1, max: 20 }),
    steps: fc.integer({ min: 0, max: 200 }),
    blocked: fc.constantFrom(0, 0.2),
    virtual: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.integer(), size, (seed, of) => {
      expect(checkPerfetto(perfettoTrace(randomTrace(seed, of)).traceEvents)).toEqual([]);
    }),
  );
});

test("what is written in pieces is what is made at once", () => {
  const trace = randomTrace(1, { tasks: 10, steps: 2000 });
  const pieces: string[] = [];
  writePerfetto(trace, (piece) => pieces.push(piece));
  expect(pieces.length).toBeGreaterThan(3);
  const whole = { ...perfettoTrace(trace), turnwise: trace };
  expect(JSON.parse(pieces.join(""))).toEqual(JSON.parse(JSON.stringify(whole)));
});

test("300,000 steps are written in pieces of moderate size", { timeout: 60_000 }, () => {
  const trace = randomTrace(2, { tasks: 1000, steps: 300_000 });
  let [longest, total] = [0, 0];
  writePerfetto(trace, (piece) => {
    longest = Math.max(longest, piece.length);
    total += piece.length;
  });
  expect(total).toBeGreaterThan(300_000 * 100);
  expect(longest).toBeLessThan(100_000);
});
