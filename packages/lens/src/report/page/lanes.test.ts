import { expect, test } from "vitest";
import { encode } from "../encode.ts";
import { blockingRun } from "../testing/notes-traces.ts";
import { randomTrace } from "../testing/random-trace.ts";
import { step, summaryOf, task, traceOf } from "../testing/trace-builder.ts";
import type { Trace } from "../../trace.ts";
import { actualLanes, AWAY, predictedLanes, READY, RUNS, type Lanes } from "./lanes.ts";
import { readRun } from "./run.ts";

const laneOf = (lanes: Lanes, lane: number) =>
  Array.from({ length: lanes.last(lane) - lanes.first(lane) }, (_, index) => {
    const at = lanes.first(lane) + index;
    const round = (time: number): number => Math.round(time * 1000) / 1000;
    return [["runs", "ready", "away"][lanes.kind[at]!], round(lanes.begin[at]!), round(lanes.end[at]!)];
  });

const lanesFor = (trace: Trace) => actualLanes(readRun(encode(trace, summaryOf(trace))));

test("a task's lane is when it was ready and when it ran; the loop's is all that ran", () => {
  const trace = traceOf({
    duration: 4,
    tasks: [task(7, "a"), task(9, "b")],
    steps: [step(9, 0, 1), step(7, 1, 2, { ready: 0.5 }), step(null, 2, 3, { ready: 1 })],
  });
  const lanes = lanesFor(trace);
  expect(laneOf(lanes, 0)).toEqual([
    ["runs", 0, 1],
    ["runs", 1, 2],
    ["runs", 2, 3],
  ]);
  expect(laneOf(lanes, 1)).toEqual([
    ["ready", 0.5, 1],
    ["runs", 1, 2],
  ]);
  expect(laneOf(lanes, 2)).toEqual([["runs", 0, 1]]);
});

test("a task that was woken while it still ran is ready from its end", () => {
  const trace = traceOf({ duration: 4, tasks: [task(1, "a")], steps: [step(1, 0, 1), step(1, 2, 3, { ready: 0.5 })] });
  expect(laneOf(lanesFor(trace), 1)[1]).toEqual(["ready", 1, 2]);
});

test("a lane lasts from where its task was made to where it is done, or to the end", () => {
  const trace = traceOf({
    duration: 4,
    tasks: [task(1, "a", { made: 0.5, done: 3 }), task(2, "b", { made: 1 })],
    steps: [step(1, 1, 2)],
  });
  const lanes = lanesFor(trace);
  expect([lanes.from[1], lanes.to[1]]).toEqual([0.5, 3]);
  expect([lanes.from[2], lanes.to[2]]).toEqual([1, 4]);
});

test("in the what-if, what blocked is beside the loop's lane", () => {
  const { trace, summary } = blockingRun();
  const lanes = predictedLanes(readRun(encode(trace, summary)));
  const kinds = (lane: number) =>
    Array.from({ length: lanes.last(lane) - lanes.first(lane) }, (_, at) => lanes.kind[lanes.first(lane) + at]);
  expect(kinds(2)).toEqual([RUNS, AWAY, RUNS, AWAY, RUNS]);
  expect(kinds(0)).not.toContain(AWAY);
  expect(kinds(0)).not.toContain(READY);
});

test("searches and sums agree with a walk through the lane", () => {
  const lanes = lanesFor(randomTrace(3, { tasks: 5, steps: 600 }));
  for (let lane = 0; lane < lanes.count; lane++) {
    const all = Array.from({ length: lanes.last(lane) - lanes.first(lane) }, (_, index) => lanes.first(lane) + index);
    const [first, last] = [lanes.first(lane), lanes.last(lane)];
    for (const at of all.filter((_, index) => index % 7 === 0)) {
      for (const time of [lanes.begin[at]!, lanes.end[at]!, lanes.end[at]! + 0.0001]) {
        expect(lanes.firstAfter(time, first, last)).toBe(all.find((one) => lanes.end[one]! > time) ?? last);
        expect(lanes.firstFrom(time, first, last)).toBe(all.find((one) => lanes.begin[one]! >= time) ?? last);
      }
      const ran = all
        .filter((one) => one < at && lanes.kind[one] === RUNS)
        .reduce((sum, one) => sum + lanes.end[one]! - lanes.begin[one]!, 0);
      expect(lanes.ran(first, at)).toBeCloseTo(ran, 9);
    }
  }
});
