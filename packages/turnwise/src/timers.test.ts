import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createTask } from "./coroutines.ts";
import { getRunningLoop } from "./running.ts";
import { sleep } from "./sleep.ts";
import { runVirtual } from "./testing.ts";
import { type Timer, Timers } from "./timers.ts";
import { growth, LINEAR } from "./testing/growth.ts";

class TestTimer implements Timer {
  _seq = 0;
  _dropped = false;
  readonly _when: number;
  readonly id: number;
  constructor(when: number, id: number) {
    this._when = when;
    this.id = id;
  }
  get _resumes(): boolean {
    return false;
  }
  _run(): void {}
}

test("gives timers by time, ties in order of setting, and no cancelled ones", () => {
  const operation = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("push" as const), value: fc.nat(20) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("drop" as const), value: fc.nat(1000) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("take" as const), value: fc.nat(25) }) },
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 600 }), (operations) => {
      const heap = new Timers();
      let model: TestTimer[] = [];
      for (const [id, { kind, value }] of operations.entries()) {
        if (kind === "push") {
          const timer = new TestTimer(value, id);
          heap.push(timer);
          model.push(timer);
        } else if (kind === "drop" && model.length > 0) {
          const [timer] = model.splice(value % model.length, 1) as [TestTimer];
          timer._dropped = true;
          heap.noteDropped();
        } else if (kind === "take") {
          const taken: number[] = [];
          for (let timer = heap.takeDue(value); timer !== undefined; timer = heap.takeDue(value)) {
            taken.push((timer as TestTimer).id);
          }
          const due = model.filter(({ _when }) => _when <= value).sort((a, b) => a._when - b._when || a.id - b.id);
          model = model.filter(({ _when }) => _when > value);
          expect(taken).toEqual(due.map(({ id: timer }) => timer));
        }
        const earliest = model.length === 0 ? null : Math.min(...model.map(({ _when }) => _when));
        expect(heap.nextDeadline()).toBe(earliest);
        expect(heap.size).toBeGreaterThanOrEqual(model.length);
        expect(heap.size).toBeLessThanOrEqual(Math.max(101, 2 * model.length + 1));
      }
    }),
  );
});

test("timers that are cancelled leave the heap, at the same cost each, however many they are", async () => {
  const setAndCancel = (n: number): void => {
    const heap = new Timers();
    const timers = Array.from({ length: n }, (_, i) => new TestTimer(i % 977, i));
    for (const timer of timers) heap.push(timer);
    for (const timer of timers) {
      timer._dropped = true;
      heap.noteDropped();
    }
    expect(heap.size).toBeLessThanOrEqual(100);
  };
  expect(await growth(40_000, setAndCancel)).toBeLessThan(LINEAR);
});

test("a handle that was cancelled in the iteration in which it is due does not run", () =>
  runVirtual(async () => {
    const loop = getRunningLoop();
    const log: string[] = [];
    const second = { cancel() {} };
    loop.callLater(1, () => {
      log.push("first");
      second.cancel();
    });
    const handle = loop.callLater(1, () => log.push("second"));
    second.cancel = () => handle.cancel();
    await sleep(2);
    expect(log).toEqual(["first"]);
  }));

test("cancelling sleeps that are due, many times, does not lose other timers", () =>
  runVirtual(async () => {
    let fired = 0;
    for (let i = 0; i < 150; i++) getRunningLoop().callLater(5, () => fired++);
    for (let i = 0; i < 300; i++) {
      const task = createTask(() => sleep(0.001));
      getRunningLoop().callLater(0.001, () => task.cancel());
      await task.catch(() => {});
    }
    await sleep(10);
    expect(fired).toBe(150);
  }));
