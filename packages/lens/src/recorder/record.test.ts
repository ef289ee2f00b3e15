/** The recorder on real runs in this process. */
import * as asyncio from "turnwise";
import { expect, test } from "vitest";
import type { Trace, TraceStep, TraceTask } from "../trace.ts";
import { record, type RecordOptions } from "./record.ts";
import { bytesFor, DEFAULT_STEPS } from "./store.ts";

async function traceOf(main: () => Promise<unknown>, options: RecordOptions = {}): Promise<Trace> {
  const recording = record(options);
  try {
    await asyncio.run(main);
  } catch (error) {
    recording.stop(null);
    throw error;
  }
  return recording.stop(null);
}

function taskNamed({ tasks }: Trace, name: string): TraceTask {
  const task = tasks.find((each) => each.name === name);
  if (task === undefined) throw new Error(`no task is named ${name}: ${tasks.map((each) => each.name).join(", ")}`);
  return task;
}

function stepsOf(trace: Trace, name: string): TraceStep[] {
  const { id } = taskNamed(trace, name);
  return trace.steps.filter(({ task }) => task === id);
}

/** The name of the task whose step caused this one. */
function causer(trace: Trace, { by }: TraceStep): string | undefined {
  return trace.tasks.find(({ id }) => id === trace.steps[by]?.task)?.name;
}

const named = (name: string) => ({ name });
const foreign = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test("made: the first step of a task, by the step that made it", async () => {
  const trace = await traceOf(async () => {
    await asyncio.createTask(() => asyncio.createTask(async () => {}, named("inner")), named("outer"));
  });
  const [first] = stepsOf(trace, "inner");
  expect(first).toMatchObject({ cause: "made", then: "done" });
  expect(causer(trace, first!)).toBe("outer");
  expect(taskNamed(trace, "inner").parent).toBe(taskNamed(trace, "outer").id);
});

test("turn: a task that gives the others a turn", async () => {
  const trace = await traceOf(() => asyncio.createTask(() => asyncio.sleep(0), named("turns")));
  expect(stepsOf(trace, "turns")).toMatchObject([{ then: "turn" }, { cause: "turn", then: "done" }]);
});

test("timer: set by the task itself, for a moment", async () => {
  const trace = await traceOf(() => asyncio.createTask(() => asyncio.sleep(0.05), named("sleeps")));
  const [first, second] = stepsOf(trace, "sleeps") as [TraceStep, TraceStep];
  expect(first).toMatchObject({ then: "wait", on: "a sleep" });
  expect(second).toMatchObject({ cause: "timer", then: "done" });
  expect(trace.steps[second.by]).toBe(first);
  expect(second.timerWhen - second.timerSet).toBeCloseTo(0.05, 3);
  expect(second.timerSet).toBeGreaterThanOrEqual(first.begin);
  expect(second.timerSet).toBeLessThanOrEqual(first.end);
  expect(second.begin).toBeGreaterThanOrEqual(second.timerWhen - 0.001);
});

test("woken: by a lock's release, an event, a queue, the end of a task, a cancellation", async () => {
  const trace = await traceOf(async () => {
    const lock = new asyncio.Lock();
    const event = new asyncio.Event();
    const queue = new asyncio.Queue<number>();
    await lock.acquire();
    const waiters: asyncio.Task<unknown>[] = [
      asyncio.createTask(() => lock.with(async () => {}), named("locks")),
      asyncio.createTask(() => event.wait(), named("hears")),
      asyncio.createTask(() => queue.get(), named("gets")),
      asyncio.createTask(() => asyncio.sleep(10), named("cancelled")),
    ];
    const last = waiters.at(-1)!;
    waiters.push(asyncio.createTask(async () => void (await last.catch(() => {})), named("joins")));
    const waker = asyncio.createTask(async () => {
      await asyncio.sleep(0.01);
      lock.release();
      event.set();
      queue.putNowait(1);
      last.cancel();
    }, named("waker"));
    await asyncio.gather([waker, ...waiters], { returnExceptions: true });
  });
  for (const name of ["locks", "hears", "gets", "cancelled"]) {
    const [first, second] = stepsOf(trace, name) as [TraceStep, TraceStep];
    expect([name, first.then]).toEqual([name, "wait"]);
    expect([name, second.cause, causer(trace, second)]).toEqual([name, "woken", "waker"]);
  }
  const [waits, goesOn] = stepsOf(trace, "joins") as [TraceStep, TraceStep];
  expect(waits).toMatchObject({ on: "the task cancelled", onTask: taskNamed(trace, "cancelled").id });
  expect(causer(trace, goesOn)).toBe("cancelled");
  expect(stepsOf(trace, "locks")[0]!.on).toMatch(/^Lock \d+$/);
  expect(stepsOf(trace, "gets")[0]!.on).toMatch(/^Queue \d+$/);
});

test("a gather and a group are woken by the last of their children", async () => {
  const trace = await traceOf(async () => {
    await asyncio.createTask(
      () =>
        asyncio.gather(
          () => asyncio.sleep(0),
          asyncio.createTask(() => asyncio.sleep(0.02), named("slow")),
        ),
      named("gathers"),
    );
    await asyncio.createTask(
      () =>
        asyncio.taskGroup(async (group) => {
          group.createTask(() => asyncio.sleep(0.01));
          group.createTask(() => asyncio.sleep(0.03), named("slower"));
        }),
      named("groups"),
    );
  });
  expect(causer(trace, stepsOf(trace, "gathers").at(-1)!)).toBe("slow");
  expect(causer(trace, stepsOf(trace, "groups").at(-1)!)).toBe("slower");
  expect(stepsOf(trace, "gathers")[0]!.on).toBe("a gather");
  expect(stepsOf(trace, "groups")[0]!.on).toMatch(/^TaskGroup \d+$/);
});

test("foreign promises: the step ends in the wait, and the task's code is seen again at its next wait", async () => {
  const trace = await traceOf(() =>
    asyncio.createTask(async () => {
      await foreign(20);
      await asyncio.sleep(0.01);
      await foreign(5);
    }, named("strays")),
  );
  const steps = stepsOf(trace, "strays");
  expect(steps.map(({ then }) => then)).toEqual(["foreign", "wait", "foreign", "done"]);
  expect(steps[1]).toMatchObject({ cause: "outside", by: -1 });
  expect(steps[1]!.begin - steps[0]!.end).toBeGreaterThan(0.015);
});

test("callbacks: callSoon, callLater, from a step or from outside", async () => {
  const trace = await traceOf(async () => {
    const loop = asyncio.getRunningLoop();
    const done = new asyncio.Event();
    loop.callSoon(function soon() {});
    loop.callLater(0.01, function later() {});
    setTimeout(() => loop.callSoon(function fromOutside() {}), 5);
    loop.callLater(0.03, function last() {
      done.set();
    });
    await asyncio.createTask(() => done.wait(), named("waits"));
  });
  const callbacks = new Map(trace.steps.filter(({ task }) => task === null).map((step) => [step.callback, step]));
  expect(callbacks.get("soon")).toMatchObject({ cause: "made" });
  expect(callbacks.get("later")).toMatchObject({ cause: "timer" });
  expect(callbacks.get("later")!.timerWhen - callbacks.get("later")!.timerSet).toBeCloseTo(0.01, 2);
  expect(callbacks.get("fromOutside")).toMatchObject({ cause: "outside", by: -1 });
  const [, woken] = stepsOf(trace, "waits") as [TraceStep, TraceStep];
  expect(trace.steps[woken.by]!.callback).toBe("last");
});

test("eager tasks: those that never wait, and those that do", async () => {
  const trace = await traceOf(async () => {
    asyncio.getRunningLoop().setTaskFactory(asyncio.eagerTaskFactory);
    await asyncio.createTask(async () => 1, named("at once"));
    await asyncio.createTask(() => asyncio.sleep(0.01), named("later"));
  });
  expect(taskNamed(trace, "at once")).toMatchObject({ outcome: "result" });
  expect(taskNamed(trace, "later")).toMatchObject({ outcome: "result" });
  expect(stepsOf(trace, "later").at(-1)).toMatchObject({ cause: "timer", then: "done" });
});

test("how tasks ended, and what they were called", async () => {
  const trace = await traceOf(async () => {
    const fails = asyncio.createTask(async function upload(): Promise<void> {
      throw new RangeError("too far");
    }, named("fails"));
    const cancelled = asyncio.createTask(() => asyncio.sleep(10), named("cancelled"));
    await asyncio.sleep(0);
    cancelled.cancel();
    await asyncio.gather([fails, cancelled], { returnExceptions: true });
  });
  expect(taskNamed(trace, "fails")).toMatchObject({
    coro: "upload",
    outcome: "error",
    error: "RangeError: too far",
  });
  expect(taskNamed(trace, "cancelled")).toMatchObject({ outcome: "cancelled", error: null });
  expect(trace.errors).toEqual([]);
  for (const { made, done } of trace.tasks) expect(done).toBeGreaterThanOrEqual(made);
});

test("an error that nobody asked for is in the trace, once", async () => {
  const trace = await traceOf(async () => {
    asyncio.getRunningLoop().setExceptionHandler(() => {}); // Else it is printed.
    asyncio.createTask(async () => {
      throw new Error("lost");
    }, named("loses"));
    await asyncio.sleep(0.01);
  });
  expect(trace.errors).toMatchObject([{ error: "Error: lost", task: taskNamed(trace, "loses").id }]);
});

test("tasks that are pending when the recording ends, with what they wait for", async () => {
  const recording = record();
  let trace: Trace | undefined;
  await asyncio.run(async () => {
    const lock = new asyncio.Lock();
    const holder = asyncio.createTask(() => lock.with(() => asyncio.sleep(10)), named("holder"));
    asyncio.createTask(() => lock.acquire(), named("waits"));
    asyncio.createTask(() => holder, named("joins"));
    await asyncio.sleep(0.01);
    asyncio.createTask(async () => {}, named("not begun"));
    trace = recording.stop(null);
  });
  const { id } = taskNamed(trace!, "holder");
  expect(taskNamed(trace!, "holder")).toMatchObject({ outcome: "pending", done: null });
  expect(taskNamed(trace!, "waits")).toMatchObject({ outcome: "pending", waitsForTasks: [id] });
  expect(taskNamed(trace!, "waits").waitsFor).toContain("Lock");
  expect(taskNamed(trace!, "joins").waitsForTasks).toEqual([id]);
  expect(taskNamed(trace!, "not begun")).toMatchObject({ outcome: "pending" });
});

test("several loops, one after another", async () => {
  const recording = record();
  await asyncio.run(() => asyncio.createTask(() => asyncio.sleep(0.01), named("first")));
  await asyncio.run(() => asyncio.createTask(() => asyncio.sleep(0.01), named("second")));
  const trace = recording.stop(null);
  const [first] = stepsOf(trace, "first") as [TraceStep];
  const [second] = stepsOf(trace, "second") as [TraceStep];
  expect(second.begin).toBeGreaterThan(first.end);
  expect(new Set(trace.tasks.map(({ id }) => id)).size).toBe(trace.tasks.length);
});

test("a loop that runs already is recorded from then on, and no longer when the recording has ended", async () => {
  await asyncio.run(async () => {
    const began = async (name: string): Promise<void> => asyncio.createTask(() => asyncio.sleep(0), { name });
    const loop = asyncio.getRunningLoop();
    await began("before");
    const recording = record();
    await began("during");
    const names = recording.stop(null).tasks.map(({ name }) => name);
    expect(names).toContain("during");
    expect(names).not.toContain("before");
    // Watching swaps the loop's methods: they are its own again.
    expect(Reflect.get(loop, "_drain")).toBe(Reflect.get(Object.getPrototypeOf(loop) as object, "_drain"));
    await began("after");
  });
});

test("so many different names: those that are too many share one, and the memory stays bounded", async () => {
  const trace = await traceOf(async () => {
    for (let n = 0; n < 70_000; n++) await asyncio.createTask(async () => {}, named(`name ${n}`));
  });
  expect(trace.tasks.at(-1)!.name).not.toBe("");
  const names = trace.tasks.map(({ name }) => name).filter((name) => name.startsWith("name "));
  expect(new Set(names).size).toBeLessThan(65_536);
});

test("its memory is what is stated, however much happens", async () => {
  expect(bytesFor(DEFAULT_STEPS)).toBeLessThan(32e6);
  const before = process.memoryUsage().arrayBuffers;
  const recording = record({ steps: 2 ** 16 });
  const made = process.memoryUsage().arrayBuffers;
  await asyncio.run(async () => {
    for (let n = 0; n < 100_000; n++) await asyncio.sleep(0);
  });
  const after = process.memoryUsage().arrayBuffers;
  recording.stop(null);
  expect(made - before).toBeGreaterThan(bytesFor(2 ** 16) * 0.9);
  // Each loop has a table of its timers besides.
  expect(after - before).toBeLessThan(bytesFor(2 ** 16) + 8e6);
});

test("a step that is in progress when the recording ends is there, up to the end", async () => {
  const recording = record();
  let trace: Trace | undefined;
  await asyncio.run(() =>
    asyncio.createTask(async () => {
      await asyncio.sleep(0);
      trace = recording.stop(null);
    }, named("stops")),
  );
  const last = stepsOf(trace!, "stops").at(-1)!;
  expect(last).toMatchObject({ cause: "turn", then: "foreign" });
  expect(last.end).toBe(trace!.duration);
  expect(taskNamed(trace!, "stops")).toMatchObject({ outcome: "pending", waitsFor: "nothing: its code ran" });
});
