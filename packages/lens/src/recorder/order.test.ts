/** What holds for every recording, whatever the program. */
import * as asyncio from "turnwise";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Trace } from "../trace.ts";
import { record, type RecordOptions } from "./record.ts";

async function traceOf(main: () => Promise<unknown>, options: RecordOptions = {}): Promise<Trace> {
  const recording = record(options);
  await asyncio.run(main);
  return recording.stop(null);
}

type Operation = "turn" | "sleep" | "foreign" | "spawn" | "lock" | "put" | "cancel" | "callback" | "fail" | "fork";
const OPERATIONS: readonly Operation[] = [
  "turn",
  "sleep",
  "foreign",
  "spawn",
  "lock",
  "put",
  "cancel",
  "callback",
  "fail",
  "fork",
];

/** Each task does its operations one after another; a new one takes the program that comes next. */
async function runPrograms(programs: readonly (readonly Operation[])[]): Promise<void> {
  const lock = new asyncio.Lock();
  const queue = new asyncio.Queue<number>();
  const tasks: asyncio.Task<unknown>[] = [];
  let next = 0;
  const foreign = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
  const spawn = (): void => {
    const program = programs[next++];
    if (program !== undefined) tasks.push(asyncio.createTask(() => follow(program)));
  };
  const operations: Record<Operation, () => unknown> = {
    turn: () => asyncio.sleep(0),
    sleep: () => asyncio.sleep(0.001),
    foreign,
    spawn,
    lock: () => lock.with(() => asyncio.sleep(0)),
    put: () => Promise.resolve(queue.put(1)).then(() => queue.get()),
    cancel: () => tasks.at(-1)?.cancel(),
    callback: () => asyncio.getRunningLoop().callSoon(() => {}),
    fail: () => {
      throw new Error("as it was asked to");
    },
    fork: () => Promise.all([asyncio.sleep(0.001), foreign(), asyncio.sleep(0)]),
  };
  const follow = async (program: readonly Operation[]): Promise<void> => {
    for (const operation of program) await operations[operation]();
  };
  while (next < programs.length) {
    spawn();
    await asyncio.gather(tasks.splice(0), { returnExceptions: true });
  }
}

test("steps never overlap; each is ready before it begins, and caused by an earlier one", async () => {
  const programs = fc.array(fc.array(fc.constantFrom(...OPERATIONS), { maxLength: 6 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(programs, async (all) => {
      const trace = await traceOf(() => runPrograms(all));
      expectOrder(trace);
      expect(trace.dropped).toEqual({ steps: 0, tasks: 0, passages: 0, completeFrom: 0 });
      // Nothing is left out: each task that began has its steps, up to the last one.
      for (const { id, outcome } of trace.tasks) {
        const own = trace.steps.filter(({ task }) => task === id);
        if (outcome === "result" || outcome === "error") expect(own.at(-1)?.then).toBe("done");
        expect(own.slice(0, -1).every(({ then }) => then !== "done")).toBe(true);
      }
    }),
    { numRuns: 20, interruptAfterTimeLimit: 15_000 },
  );
});

test("passages that did not fit are counted, where their steps are there", async () => {
  const trace = await traceOf(
    async () => {
      const lock = new asyncio.Lock();
      for (let n = 0; n < 3000; n++) await lock.with(async () => {});
    },
    { steps: 1024 },
  );
  expect(trace.dropped.steps).toBe(0);
  expect(trace.passages.length).toBeGreaterThan(0);
  expect(trace.passages.length + trace.dropped.passages).toBeGreaterThanOrEqual(6000);
});

test("a tiny ring: the newest steps are kept, the rest is counted, and nothing that is left is wrong", async () => {
  const trace = await traceOf(
    async () => {
      const release = new asyncio.Event();
      const long = asyncio.createTask(() => release.wait(), { name: "long" });
      for (let n = 0; n < 3000; n++) await asyncio.createTask(() => asyncio.sleep(0));
      release.set();
      await long;
    },
    { steps: 1024 },
  );
  expect(trace.steps).toHaveLength(1024);
  expect(trace.dropped.steps).toBeGreaterThan(5000);
  expect(trace.dropped.tasks).toBeGreaterThan(2000);
  expect(trace.dropped.completeFrom).toBe(trace.steps[0]!.begin);
  expectOrder(trace);
  for (const task of trace.tasks) {
    if (task.outcome === "pending") expect(task.done).toBeNull();
    else expect(task.done).toBeGreaterThanOrEqual(task.made);
  }
  // Its beginning was dropped; what is known of it is true all the same.
  expect(trace.tasks.find(({ name }) => name === "long")).toMatchObject({ outcome: "result" });
});

/** Steps never overlap; each is ready before it begins, and caused by an earlier one. */
function expectOrder({ steps, duration }: Trace): void {
  let end = 0;
  steps.forEach((step, index) => {
    expect(step.ready).toBeLessThanOrEqual(step.begin);
    expect(step.begin).toBeLessThanOrEqual(step.end);
    expect(step.begin).toBeGreaterThanOrEqual(end);
    expect(step.by).toBeLessThan(index);
    expect(step.by).toBeGreaterThanOrEqual(-1);
    ({ end } = step);
  });
  expect(end).toBeLessThanOrEqual(duration);
}
