import * as asyncio from "turnwise";
import { addInstrument } from "turnwise/instrument";
import { runVirtual } from "turnwise/testing";
import { expect, test } from "vitest";
import type { TraceStep } from "../trace.ts";
import { LoopRecorder } from "./loop-recorder.ts";
import { Store } from "./store.ts";

/** What so many recorders write down of the steps of one loop, which runs `main`. */
async function stepsOf(recorders: number, main: () => Promise<unknown>): Promise<TraceStep[][]> {
  const stores = Array.from({ length: recorders }, () => new Store(0, 64, () => undefined));
  await runVirtual(async () => {
    for (const store of stores) {
      addInstrument(asyncio.getRunningLoop(), new LoopRecorder(store, Infinity, () => {}));
    }
    await asyncio.createTask(main);
  });
  return stores.map(({ steps, strings }) => steps.read(0, strings, () => null));
}

/** Callbacks, a timer's too; a gather of a task and of a future, which send notices; turns. */
async function work(): Promise<void> {
  await asyncio.sleep(0);
  const loop = asyncio.getRunningLoop();
  const future = loop.createFuture<void>();
  loop.callSoon(function soon() {});
  loop.callLater(2, function later() {
    future.setResult();
  });
  const child = async (): Promise<void> => {
    await asyncio.sleep(0);
    await asyncio.sleep(1);
  };
  await asyncio.gather(asyncio.createTask(child, { name: "child" }), future);
}

test("a step says why it was ready, and because of which one", async () => {
  const [steps] = (await stepsOf(1, work)) as [TraceStep[]];
  const of = (callback: string): TraceStep => steps.find((step) => step.callback === callback)!;
  const numbers = [...new Set(steps.map(({ task }) => task))].filter((task) => task !== null);
  const [main, child] = numbers.map((task) => steps.filter((step) => step.task === task));
  const wait = steps.indexOf(main![1]!);
  expect(main!.map(({ cause, then }) => [cause, then])).toEqual([
    ["made", "turn"],
    ["turn", "wait"],
    ["woken", "done"],
  ]);
  expect(main![1]).toMatchObject({ by: steps.indexOf(main![0]!), on: "a gather" });
  expect(main![2]).toMatchObject({ by: steps.indexOf(of("later")), ready: 2 });
  expect(of("soon")).toMatchObject({ cause: "made", by: wait, begin: 0, then: "done" });
  expect(of("later")).toMatchObject({ cause: "timer", by: wait, timerSet: 0, timerWhen: 2, ready: 2, begin: 2 });
  expect(child!.map(({ cause, by, begin }) => [cause, by, begin])).toEqual([
    ["made", wait, 0],
    ["turn", steps.indexOf(child![0]!), 0],
    ["timer", steps.indexOf(child![1]!), 1],
  ]);
});

test("recorders of one loop don't get in each other's way", async () => {
  const [alone] = await stepsOf(1, work);
  const [one, other] = await stepsOf(2, work);
  const withoutTasks = (steps: TraceStep[] | undefined): unknown[] => steps!.map((step) => ({ ...step, task: null }));
  expect(other).toEqual(one);
  expect(withoutTasks(one)).toEqual(withoutTasks(alone));
});
