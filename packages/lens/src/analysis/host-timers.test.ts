import { expect, test } from "vitest";
import type { Trace } from "../trace.ts";
import { withForeignCode } from "./foreign-code.ts";
import { type HostTimer, HostTimers } from "./host-timers.ts";
import { summarise } from "./summarise.ts";
import { TraceBuilder } from "./testing/trace-builder.ts";

/** One task waits for a timer of Node's that is due at 0.3 s; another blocks from 0.1 s to 1 s. */
function late(): { trace: Trace; waits: number; timer: HostTimer } {
  const run = new TraceBuilder();
  const [waits, blocks] = [run.task("waits"), run.task("blocks")];
  run.step(waits, 0, 0, { then: "foreign" });
  run.blocks(run.step(blocks, 0.1, 1, { then: "done" }), 0.1, 1);
  run.step(waits, 1, 1, { cause: "outside", then: "done" });
  return { trace: run.trace(), waits, timer: { task: waits, made: 0, due: 0.3 } };
}

test("what a timer of Node's woke late was woken when it was due", () => {
  const { trace, timer } = late();
  const { steps } = withForeignCode(trace, [timer]);
  expect(steps[2]).toMatchObject({ cause: "timer", by: 0, timerSet: 0, timerWhen: 0.3 });
  const replayed = summarise(withForeignCode(trace, [timer])).prediction.steps.find(({ step }) => step === 2);
  expect(replayed?.begin).toBeCloseTo(0.3, 9);
});

test.for<[string, Partial<HostTimer>]>([
  ["another task's", { task: 2 }],
  ["one that was not due yet", { due: 1.5 }],
  ["one that was heard in time", { due: 0.02 }],
])("%s is not taken for it", ([, change]) => {
  const { trace, timer } = late();
  expect(withForeignCode(trace, [{ ...timer, ...change }])).toEqual(withForeignCode(trace));
});

test("the last that was due counts", () => {
  const { trace, timer, waits } = late();
  const timers = new HostTimers([{ ...timer, due: 0.5 }, timer, { ...timer, due: 2 }], trace.blocked);
  expect(timers.late(waits, 0, 1)?.due).toBe(0.5);
  expect(timers.late(waits, 0.6, 1)).toBeUndefined(); // It began to wait later.
});

test("a task that was woken late sets the next timer late: a step of its own", () => {
  const { trace, waits, timer } = late();
  const next = { task: waits, made: 1, due: 1.2 };
  const longer = { ...trace, steps: [...trace.steps.slice(0, 2), { ...trace.steps[2]!, begin: 1.2, end: 1.2 }] };
  const { steps } = withForeignCode({ ...longer, duration: 1.2 }, [timer, next]);
  expect(steps[2]).toMatchObject({ task: waits, begin: 1, end: 1, cause: "timer", timerWhen: 0.3, then: "foreign" });
  expect(steps).toHaveLength(4);
});
