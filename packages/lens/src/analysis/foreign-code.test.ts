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
  const { duration, prediction, blocked } = summarise(withForeignCode(readers().trace()));
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

/** A task that waits for a file, blocks, and waits for another file, three times; and one that sleeps meanwhile. */
function converter(): { run: TraceBuilder; converts: number } {
  const run = new TraceBuilder();
  const [converts, sleeps] = [run.task("converts"), run.task("sleeps")];
  run.step(converts, 0, 0, { then: "foreign" });
  const set = run.step(sleeps, 0, 0, { then: "wait", on: "a sleep" });
  for (const n of [0, 1, 2]) run.blocks(null, n + 0.5, n + 1, { task: converts });
  run.step(sleeps, 3, 3, { cause: "timer", by: set, timerWhen: 0.75, ready: 3, then: "done" });
  run.step(converts, 3.5, 3.5, { cause: "outside", then: "done" });
  return { run, converts };
}

test("what a task blocked between two foreign promises is a step of its own", () => {
  const { run, converts } = converter();
  const { steps, blocked } = withForeignCode(run.trace());
  expect(blocked.map(({ step }) => step)).toEqual([2, 3, 4]);
  expect(steps.slice(2, 5)).toMatchObject(
    [0.5, 1.5, 2.5].map((begin) => ({ task: converts, begin, end: begin + 0.5, cause: "outside", then: "foreign" })),
  );
  expect(steps.map(({ by }) => by)).toEqual([-1, -1, -1, -1, -1, 1, -1]); // By their new numbers.
});

test("others would have run between two foreign promises", () => {
  const { prediction } = summarise(withForeignCode(converter().run.trace()));
  expect(prediction.yielded).toBeCloseTo(1.5, 9);
  const sleeper = prediction.steps.find(({ step }) => step === 5);
  expect(sleeper?.begin).toBeCloseTo(0.75, 9);
});

test("what a branch of a task that waits for something of ours blocked stays outside of steps", () => {
  const run = new TraceBuilder();
  const task = run.task("forks");
  run.step(task, 0, 0, { then: "wait", on: "a sleep" });
  run.blocks(null, 0.1, 1, { task });
  run.step(task, 2, 2, { cause: "timer", by: 0, timerWhen: 2, ready: 2, then: "done" });
  expect(withForeignCode(run.trace())).toEqual(run.trace());
});

test("what a task blocked is a step of its own, also if it went on soon after others had run", () => {
  const run = new TraceBuilder();
  const [one, two] = [run.task("one"), run.task("two")];
  run.step(one, 0, 0, { then: "foreign" });
  run.step(two, 0, 0, { then: "foreign" });
  run.blocks(null, 0.1, 1.1, { task: one });
  run.step(two, 1.11, 1.11, { cause: "outside", on: "Lock 1" });
  run.step(one, 1.12, 1.12, { cause: "outside", then: "done" });
  const { steps, blocked } = withForeignCode(run.trace());
  expect(blocked.map(({ step }) => step)).toEqual([2]);
  expect(steps[2]).toMatchObject({ task: one, begin: 0.1, end: 1.1, then: "foreign" });
  expect(steps[4]).toMatchObject({ task: one, begin: 1.12, end: 1.12 });
});
