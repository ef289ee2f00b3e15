import { expect, test } from "vitest";
import { summarise } from "./summarise.ts";
import { LINE, TraceBuilder } from "./testing/trace-builder.ts";
import { withForeignCode } from "./foreign-code.ts";

/** Three tasks that read a file, which takes 0.1 s, block for a second, and sleep for a second. */
function readers(): TraceBuilder {
  const run = new TraceBuilder();
  const tasks = ["a", "b", "c"].map((name) => run.task(name));
  const first = tasks.map((task) => run.step(task, 0, 0, { then: "foreign" }));
  tasks.forEach((task, n) => {
    const from = n === 0 ? 0.1 : n + 0.1;
    run.blocks(null, from, n + 1.1, { task });
    run.step(task, n + 1.1, n + 1.1, { cause: "outside", on: "a sleep" });
  });
  tasks.forEach((task, n) => {
    // The recorder notes the step before for what is set outside of steps.
    const by = n === 0 ? first[2]! : first[2]! + n;
    const timer = { cause: "timer", by, timerSet: n + 1.1, timerWhen: n + 2.1, ready: n + 2.1 } as const;
    run.step(task, Math.max(3.1, n + 2.1), Math.max(3.1, n + 2.1), { ...timer, then: "done" });
  });
  return run;
}

test("what a task blocked after a promise that is not Turnwise's belongs to its step", () => {
  const { steps, blocked } = withForeignCode(readers().trace());
  expect(blocked.map(({ step }) => step)).toEqual([3, 4, 5]);
  expect(steps.slice(3, 6).map(({ begin, end }) => [begin, end])).toEqual([
    [0.1, 1.1],
    [1.1, 2.1],
    [2.1, 3.1],
  ]);
});

test("timers that it set afterwards count from there", () => {
  const { steps } = withForeignCode(readers().trace());
  expect(steps.slice(6).map(({ by }) => by)).toEqual([3, 4, 5]);
});

test("such tasks would have gone on together", () => {
  const { duration, prediction, blocked } = summarise(readers().trace());
  expect(duration).toBeCloseTo(4.1, 9);
  expect(prediction.seconds).toBeLessThanOrEqual(2.1 + 1e-9); // Their twin takes 2.1 s.
  expect(prediction.seconds).toBeGreaterThan(2);
  expect(prediction.yielded).toBeCloseTo(3, 9);
  expect(blocked.lines[0]).toMatchObject({ blame: LINE, times: 3, tasks: ["a", "b", "c"] });
});

test("other code outside of steps stays where it is", () => {
  const run = new TraceBuilder().blocks(null, 0.1, 1.1);
  run.step(run.task("a"), 1.1, 1.1, { cause: "outside" });
  const trace = run.trace();
  expect(withForeignCode(trace)).toEqual(trace);
});
